// Holds the dependency directions of docs/architecture.md: core ← platform, backends ← app ← lsp, cli; the client stands alone.
// An import that points outwards, or from core to anything of the platform, fails `npm test`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Folder → the folders it may import from (besides itself). */
const MAY_IMPORT = {
  'server/src/core': [],
  'server/src/platform': ['server/src/core', 'server/src/backends'],
  'server/src/backends': ['server/src/core', 'server/src/platform'],
  'server/src/app': ['server/src/core', 'server/src/backends', 'server/src/platform'],
  'server/src/lsp': ['server/src/core', 'server/src/app'],
  'server/src/cli': ['server/src/core', 'server/src/app', 'server/src/lsp'],
  'client/src': [],
};
/** Files that are no code. */
const DATA = ['server/package.json', 'client/language/snippets.json'];
/** Packages that a ring must not see. `node:` stands for every built-in module. */
const FORBIDDEN_PACKAGES = {
  'server/src/core': [/^node:/, /^vscode/],
  'server/src/platform': [/^vscode/],
  'server/src/backends': [/^vscode/],
  'server/src/app': [/^vscode/],
  'server/src/cli': [/^vscode/],
  'client/src': [/^(yaml|ajv|@peculiar)/],
};

const files = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name).replaceAll(path.sep, '/'));

/** Folder of the backend that a file belongs to: one with a `backend.ts`. */
const backendOf = (file) => {
  const [folder] = /^server\/src\/backends\/[^/]+(?=\/)/.exec(file) ?? [];
  return folder !== undefined && existsSync(`${folder}/backend.ts`) ? folder : undefined;
};

const problems = [];
for (const [ring, allowed] of Object.entries(MAY_IMPORT)) {
  for (const file of files(ring)) {
    const text = readFileSync(file, 'utf8');
    for (const [, specifier] of text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) {
      if (specifier.startsWith('.')) {
        const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier));
        const known = [ring, ...allowed].some((folder) => target.startsWith(`${folder}/`));
        if (!known && !DATA.includes(target))
          problems.push(
            `${file} imports ${target}: ${ring} may import ${allowed.join(', ') || 'nothing'} besides itself`,
          );
        const [own, other] = [backendOf(file), backendOf(target)];
        if (own !== undefined && other !== undefined && own !== other)
          problems.push(`${file} imports ${target}: what several backends use lies in server/src/backends`);
      } else if ((FORBIDDEN_PACKAGES[ring] ?? []).some((pattern) => pattern.test(specifier))) {
        problems.push(`${file} imports ${specifier}: not in ${ring}`);
      }
    }
  }
}
for (const problem of problems) console.error(problem);
console.log(`imports: ${problems.length === 0 ? 'all point inwards' : `${problems.length} wrong`}`);
process.exitCode = problems.length === 0 ? 0 : 1;
