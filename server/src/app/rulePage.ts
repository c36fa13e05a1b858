import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

let pages: URL | undefined;

/** The pages ship with the program, in `dist/rules` beside its package.json: a link works offline and leads nowhere else. */
function pagesFolder(): URL {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json')) && path.dirname(folder) !== folder) {
    folder = path.dirname(folder);
  }
  return pathToFileURL(`${path.join(folder, 'dist', 'rules')}${path.sep}`);
}

/** File URI of the page that explains a rule. */
export function rulePage(rule: string): string {
  pages ??= pagesFolder();
  // What a policy's own rule says is written there; the page says what such rules are.
  const page = rule.startsWith('custom/') ? 'custom/rule' : rule;
  return new URL(`${page}.md`, pages).href;
}
