import { isSecretContent } from '../../core/lifecycle/deliveryContent.ts';
import type { Secret } from '../../core/secret.ts';
import type { BackendContext, Delivery, FileLayout, Target } from '../contract.ts';
import { holdsSecret, layOut, readBack } from '../delivered.ts';
import { BackendError } from '../errors.ts';
import { acting, looking } from '../guard.ts';
import { isKeystore, keystoreHoldsKey, layOutKeystore, readKeystore } from '../keystore.ts';

type Context = Pick<BackendContext, 'files' | 'hasher' | 'random' | 'clock'>;

/** Credentials in a file of the project. `ProjectFiles` holds the guard: paths, links, git-ignored secrets, atomicity. */
export function fileTarget(context: Context): Target {
  return laidOut(context, {});
}

function laidOut(context: Context, layout: FileLayout): Target {
  const { files, hasher } = context;
  const { keystore } = layout;
  const owner = layout.owner === undefined ? {} : { owner: layout.owner };
  return {
    preflight: looking('check the delivery', async ({ path, contents, mode }) => {
      const isPrivate = contents.some(isSecretContent);
      checkMode(path, mode, isPrivate);
      await files.preflight(path, { isPrivate, ...owner });
    }),
    read: looking('read the delivered file', async (path) => {
      const file = await files.read(path);
      if (file === undefined) return undefined;
      // What stands there may be of before its manifest asked for a key store.
      const isPacked = keystore !== undefined && isKeystore(file.bytes);
      const held = isPacked
        ? readKeystore(file.bytes, keystore.password, hasher)
        : readBack(file.bytes, hasher);
      return { version: file.version, ...held };
    }),
    deliver: acting('deliver the file', async ({ path, contents, mode }, { ifVersion }) => {
      const isPrivate = contents.some(({ what }) => isSecretContent(what));
      checkMode(path, mode, isPrivate);
      const options = { ifVersion, isPrivate, ...(mode === undefined ? {} : { mode }), ...owner };
      const bytes = keystore === undefined ? layOut(contents) : layOutKeystore(contents, keystore, context);
      return files.write(path, bytes, options);
    }),
    snapshot: looking('read the delivered file', async (path) => {
      const file = await files.read(path);
      return file && { content: file.bytes, version: file.version };
    }),
    restore: acting('put the file back', (path, content, { ifVersion }) =>
      files.write(path, content, { ifVersion, isPrivate: isSecretFile(content, context), ...owner }),
    ),
    remove: acting('remove the delivered file', (path, { ifVersion }) => files.remove(path, { ifVersion })),
    withLayout: (other) => laidOut(context, other),
  };
}

function isSecretFile(content: Secret<Uint8Array>, { hasher }: Context): boolean {
  return holdsSecret(content) || (isKeystore(content) && keystoreHoldsKey(content, hasher));
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
