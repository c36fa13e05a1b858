import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * The folder for everything of this user that must not lie in a work tree: sealed store, journals, locks, staged keys.
 * `IDAC_STATE_HOME` decides; else the platform's own place (XDG Base Directory: a relative XDG_STATE_HOME is ignored).
 */
export function userStateFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string {
  const chosen = env['IDAC_STATE_HOME'];
  if (chosen !== undefined && chosen !== '') return path.resolve(chosen);
  switch (platform) {
    case 'win32': {
      const local = env['LOCALAPPDATA'] || path.join(env['USERPROFILE'] || homedir(), 'AppData', 'Local');
      return path.join(local, 'idac');
    }
    case 'darwin':
      return path.join(env['HOME'] || homedir(), 'Library', 'Application Support', 'idac');
    default: {
      const xdg = env['XDG_STATE_HOME'];
      const base =
        xdg !== undefined && path.isAbsolute(xdg)
          ? xdg
          : path.join(env['HOME'] || homedir(), '.local', 'state');
      return path.join(base, 'idac');
    }
  }
}

/** One folder per project root, found by its real path; the root's name stands in front for people who look. */
export async function projectStateFolder(stateHome: string, root: string): Promise<string> {
  const real = await realpath(root);
  const digest = createHash('sha256').update(real).digest('hex').slice(0, 32);
  const name = path
    .basename(real)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 24);
  return path.join(stateHome, 'projects', `${name.replace(/^-|-$/g, '') || 'root'}-${digest}`);
}
