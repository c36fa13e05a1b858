import { Secret } from '../../core/secret.ts';
import type { ProjectFiles } from '../contract.ts';
import { BackendError } from '../errors.ts';

/** What we publish is ours alone, so what stands there is replaced; somebody who writes at the same moment is not. */
export async function writePublic(files: ProjectFiles, path: string, bytes: Uint8Array): Promise<void> {
  const before = await files.read(path);
  try {
    await files.write(path, new Secret(bytes), { ifVersion: before?.version ?? null, isPrivate: false });
  } catch (error) {
    if (error instanceof BackendError && error.kind === 'conflict')
      throw new BackendError({
        kind: 'conflict',
        what: `${path} changed while it was being published`,
        hint: 'run the same command again',
        cause: error,
        retryable: true,
      });
    throw error;
  }
}
