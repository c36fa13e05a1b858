import path from 'node:path';
import { readSshRevokedKeys, type SshRevokedKeys } from '../../core/credential/ssh/revokedKeys.ts';
import { nodeHasher } from '../../platform/crypto/hasher.ts';
import { UsageError } from '../failure.ts';
import { readInput, SIZE_LIMIT } from './readInput.ts';

/** Lists of revoked SSH keys. Throws where one cannot be had: silence would look as if nothing was revoked. */
export function readRevokedKeys(
  files: readonly string[],
  cwd: string,
  signal: AbortSignal,
): Promise<readonly SshRevokedKeys[]> {
  return Promise.all(
    files.map(async (file) => {
      const content = await readInput(path.resolve(cwd, file), true, signal);
      switch (content.kind) {
        case 'bytes':
          return readSshRevokedKeys(file, content.bytes, nodeHasher);
        case 'unreadable':
          throw new UsageError(`${file} cannot be read: ${content.reason}`, 'Check the path.');
        case 'too-large':
          throw new UsageError(`${file} is larger than ${SIZE_LIMIT / (1024 * 1024)} MiB`, 'Split it.');
        case 'folder':
        case 'special':
          throw new UsageError(
            `${file} is no file`,
            'Name a key revocation list, as ssh-keygen -k makes it.',
          );
        default:
          return content satisfies never;
      }
    }),
  );
}
