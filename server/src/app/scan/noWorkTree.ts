import { BackendError } from '../../backends/errors.ts';

export function noWorkTree(folder: string, hint: string): BackendError {
  return new BackendError({
    kind: 'invalid-request',
    what: `${folder} is in no work tree of git, or git is not installed`,
    hint,
  });
}
