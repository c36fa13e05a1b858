import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const known = new Map<string, string>();

/** What ships with the program lies in `dist` beside its package.json: it is there offline, and can be opened. */
export function shippedFolder(name: string): string {
  const before = known.get(name);
  if (before !== undefined) return before;
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json')) && path.dirname(folder) !== folder) {
    folder = path.dirname(folder);
  }
  const found = path.join(folder, 'dist', name);
  known.set(name, found);
  return found;
}
