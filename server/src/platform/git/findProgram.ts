import { constants } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import path from 'node:path';

/**
 * The full path of a program, from the absolute folders of PATH alone: Windows would look in the current folder first,
 * which here is a repository that nobody has to trust. A program inside `notIn` does not count either.
 */
export async function findProgram(
  name: string,
  notIn: string,
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Promise<string | undefined> {
  const variable = Object.keys(env).find((key) => key.toUpperCase() === 'PATH');
  const folders = (env[variable ?? 'PATH'] ?? '').split(path.delimiter);
  const file = platform === 'win32' ? `${name}.exe` : name;
  for (const folder of folders) {
    if (!path.isAbsolute(folder)) continue;
    const candidate = path.join(folder, file);
    try {
      await access(candidate, constants.X_OK);
      if (!`${await realpath(candidate)}${path.sep}`.startsWith(`${notIn}${path.sep}`)) return candidate;
    } catch {
      // Not here: the next folder.
    }
  }
  return undefined;
}
