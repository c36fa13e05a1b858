import { BackendError } from '../../backends/errors.ts';
import { errno } from './errno.ts';

/** Runs work on the disk; an error of the file system becomes a BackendError that says what to do. */
export async function onDisk<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = errno(error);
    if (code === undefined || error instanceof BackendError || !('syscall' in Object(error))) throw error;
    throw diskError(where, code, error);
  }
}

function diskError(where: string, code: string, cause: unknown): BackendError {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new BackendError({
        kind: 'internal',
        what: `${where}: the disk is full (${code})`,
        hint: 'make room and try again; what was there before is unchanged',
        cause,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new BackendError({
        kind: 'forbidden',
        what: `${where}: this user may not do that (${code})`,
        hint: 'check owner and permissions of the file and its folders',
        cause,
      });
    case 'ENOTDIR':
    case 'EISDIR':
    case 'EEXIST':
    case 'ENOTEMPTY':
      return new BackendError({
        kind: 'conflict',
        what: `${where}: a file stands where a folder is needed, or the other way round (${code})`,
        hint: 'move it away and try again',
        cause,
      });
    case 'ENOENT':
      return new BackendError({
        kind: 'conflict',
        what: `${where}: a folder on the way was removed in the same moment (${code})`,
        hint: 'try again; if it stays, look at who changes files in this folder',
        cause,
        retryable: true,
      });
    case 'EMFILE':
    case 'ENFILE':
    case 'EBUSY':
    case 'EIO':
    case 'ESTALE':
      return new BackendError({
        kind: 'internal',
        what: `${where}: the system could not do it now (${code})`,
        hint: 'try again; if it stays, check the disk',
        cause,
        retryable: true,
      });
    default:
      return new BackendError({
        kind: 'internal',
        what: `${where}: ${code}`,
        hint: 'check that the disk is there and in order',
        cause,
      });
  }
}
