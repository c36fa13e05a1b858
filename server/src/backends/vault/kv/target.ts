import type { Hasher } from '../../../core/ports.ts';
import { Secret } from '../../../core/secret.ts';
import type { Target } from '../../contract.ts';
import { readBack } from '../../delivered.ts';
import { BackendError } from '../../errors.ts';
import { acting, looking } from '../../guard.ts';
import { type Capabilities, needText } from '../capabilities.ts';
import { contentOf, deliveredFields, fieldsIn, textOf } from './fields.ts';
import type { KvSecrets } from './secrets.ts';

/** Credentials as secrets of a kv-v2 mount. Former versions stay there until the mount drops them, or all are removed. */
export function kvTarget(
  name: string,
  capabilities: Capabilities,
  secrets: KvSecrets,
  hasher: Hasher,
): Target {
  return {
    preflight: looking('check the delivery', async ({ path, mode }, signal) => {
      if (mode !== undefined) throw noMode(path);
      const lacking = await capabilities.lacking(secrets.needs(path).deliver, signal);
      // What cannot be asked is told by the server itself when it is delivered.
      if (lacking === undefined || lacking.length === 0) return;
      throw new BackendError({
        kind: 'forbidden',
        what: `the login at ${name} may not deliver to ${path}: it lacks ${lacking.map(needText).join(', ')}`,
        hint: 'ask for a policy that allows it; docs/backends/vault.md has the smallest one',
      });
    }),
    read: looking('read the delivered secret', async (path, signal) => {
      const found = await secrets.read(path, signal);
      return (
        found && {
          version: found.version,
          ...readBack(new Secret<Uint8Array>(new TextEncoder().encode(textOf(found.fields))), hasher),
        }
      );
    }),
    deliver: acting('deliver the secret', async ({ path, contents, mode }, options, signal) => {
      if (mode !== undefined) throw noMode(path);
      return secrets.write(path, deliveredFields(contents), options, signal);
    }),
    snapshot: looking('read the delivered secret', async (path, signal) => {
      const found = await secrets.read(path, signal);
      return found && { content: contentOf(found.fields), version: found.version };
    }),
    restore: acting('put the secret back', async (path, content, options, signal) => {
      const fields = fieldsIn(content);
      if (fields !== undefined) return secrets.write(path, fields, options, signal);
      throw new BackendError({
        kind: 'corrupt',
        what: `what is to be put back at ${path} is not what was taken from there`,
        hint: 'look at the former versions of that secret on the server',
      });
    }),
    remove: acting('remove the delivered secret', (path, { ifVersion }, signal) =>
      secrets.destroy(path, { ifVersion }, signal),
    ),
  };
}

function noMode(path: string): BackendError {
  return new BackendError({
    kind: 'invalid-request',
    what: `${path} is a secret, which has no file mode`,
    hint: 'leave mode out, or deliver it to a file',
  });
}
