import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program of this package that is bundled by itself, from wherever in the package this runs. */
export function bundledProgram(name: string, extension: 'mjs' | 'cjs' = 'mjs'): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json')) && path.dirname(folder) !== folder)
    folder = path.dirname(folder);
  return path.join(folder, 'dist', `${name}.${extension}`);
}
