import type { Hasher } from '../../core/ports.ts';
import type { Target } from '../contract.ts';
import { layOut, readBack } from '../delivered.ts';
import { BackendError } from '../errors.ts';
import { acting, looking } from '../guard.ts';
import { checkPath } from '../secretPath.ts';
import type { LocalSecretStore } from './secretStore.ts';

/** Credentials in the backend's own secret store: one secret per path, its versions are the target's. */
export function secretTarget(secrets: LocalSecretStore, hasher: Hasher): Target {
  return {
    preflight: looking('check the delivery', async ({ path, mode }) => {
      checkPath(path);
      if (mode !== undefined) throw noMode(path);
    }),
    read: looking('read the delivered secret', async (path, signal) => {
      const secret = await secrets.read(path, signal);
      return secret && { version: secret.version, ...readBack(secret.value, hasher) };
    }),
    deliver: acting('deliver the secret', async ({ path, contents, mode }, options, signal) => {
      if (mode !== undefined) throw noMode(path);
      return secrets.write(path, layOut(contents), options, signal);
    }),
    snapshot: looking('read the delivered secret', async (path, signal) => {
      const secret = await secrets.read(path, signal);
      return secret && { content: secret.value, version: secret.version };
    }),
    restore: acting('put the secret back', (path, content, options, signal) =>
      secrets.write(path, content, options, signal),
    ),
    remove: acting('remove the delivered secret', (path, { ifVersion }, signal) =>
      secrets.remove(path, { ifVersion }, signal),
    ),
  };
}

function noMode(path: string): BackendError {
  return new BackendError({
    kind: 'invalid-request',
    what: `${path} is a secret, which has no file mode`,
    hint: 'leave mode out, or deliver it as: file',
  });
}
