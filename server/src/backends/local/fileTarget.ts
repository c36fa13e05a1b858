import { isSecretContent } from '../../core/lifecycle/deliveryContent.ts';
import type { BackendContext, Delivery, Target } from '../contract.ts';
import { holdsSecret, layOut, readBack } from '../delivered.ts';
import { BackendError } from '../errors.ts';
import { acting, looking } from '../guard.ts';

/** Credentials in a file of the project. `ProjectFiles` holds the guard: paths, links, git-ignored secrets, atomicity. */
export function fileTarget({ files, hasher }: BackendContext): Target {
  return {
    preflight: looking('check the delivery', async ({ path, contents, mode }) => {
      const isPrivate = contents.some(isSecretContent);
      checkMode(path, mode, isPrivate);
      await files.preflight(path, { isPrivate });
    }),
    read: looking('read the delivered file', async (path) => {
      const file = await files.read(path);
      return file && { version: file.version, ...readBack(file.bytes, hasher) };
    }),
    deliver: acting('deliver the file', async ({ path, contents, mode }, { ifVersion }) => {
      const isPrivate = contents.some(({ what }) => isSecretContent(what));
      checkMode(path, mode, isPrivate);
      const options = { ifVersion, isPrivate, ...(mode === undefined ? {} : { mode }) };
      return files.write(path, layOut(contents), options);
    }),
    snapshot: looking('read the delivered file', async (path) => {
      const file = await files.read(path);
      return file && { content: file.bytes, version: file.version };
    }),
    restore: acting('put the file back', (path, content, { ifVersion }) =>
      files.write(path, content, { ifVersion, isPrivate: holdsSecret(content) }),
    ),
    remove: acting('remove the delivered file', (path, { ifVersion }) => files.remove(path, { ifVersion })),
  };
}

function checkMode(path: Delivery['path'], mode: number | undefined, isPrivate: boolean): void {
  if (mode === undefined) return;
  if (!Number.isInteger(mode) || mode < 0 || mode > 0o777 || (mode & 0o400) === 0)
    throw new BackendError({
      kind: 'invalid-request',
      what: `the mode ${mode.toString(8)} for ${path} is none that its owner could read`,
      hint: 'declare a mode such as "0644"; "0600" for a private key or a token',
    });
  if (isPrivate && (mode & 0o077) !== 0)
    throw new BackendError({
      kind: 'forbidden',
      what: `${path} would hold a private key or a token that others than its owner can reach (mode ${mode.toString(8)})`,
      hint: 'declare mode "0600"',
    });
}
