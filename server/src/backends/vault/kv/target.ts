import type { Hasher } from '../../../core/ports.ts';
import { Secret } from '../../../core/secret.ts';
import type { Target } from '../../contract.ts';
import { readBack } from '../../delivered.ts';
import { BackendError } from '../../errors.ts';
import { acting, looking } from '../../guard.ts';
import { type Capabilities, needText } from '../capabilities.ts';
import { contentOf, deliveredFields, fieldsIn, textOf } from './fields.ts';
import type { Fields, KvSecrets } from './secrets.ts';

/** Credentials as secrets of a kv-v2 mount. Former versions stay there until the mount drops them, or all are removed. */
export function kvTarget(
  name: string,
  capabilities: Capabilities,
  secrets: KvSecrets,
  hasher: Hasher,
): Target {
  const stateOf = (fields: Fields, version: string) => ({
    version,
    ...readBack(new Secret<Uint8Array>(new TextEncoder().encode(textOf(fields))), hasher),
  });

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
      return found && { ...stateOf(found.fields, found.version), content: contentOf(found.fields) };
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
    formerVersion: looking('read a former version', async (path, version, signal) => {
      const found = await secrets.readVersion(path, version, signal);
      if (typeof found === 'string')
        return { there: false, ...GONE[found](secrets.shownPath(path), version) };
      return { there: true, content: contentOf(found), state: stateOf(found, version) };
    }),
    remove: acting('remove the delivered secret', (path, { ifVersion }, signal) =>
      secrets.destroy(path, { ifVersion }, signal),
    ),
  };
}

/** Why a version is not there, by what became of it. */
const GONE = {
  deleted: (place: string, version: string) => ({
    why: `version ${version} of ${place} was deleted on the server`,
    hint: `Have it brought back (bao kv undelete -versions=${version} ${place}), or rotate.`,
  }),
  destroyed: (place: string, version: string) => ({
    why: `version ${version} of ${place} was destroyed on the server`,
    hint: 'Nothing of it is left: rotate, so that a new one is made and delivered.',
  }),
  dropped: (place: string, version: string) => ({
    why: `the server keeps no version ${version} of ${place} any more`,
    hint: 'It keeps as many versions as max_versions of the mount or the secret says: rotate, so that a new one is made and delivered.',
  }),
} as const;

function noMode(path: string): BackendError {
  return new BackendError({
    kind: 'invalid-request',
    what: `${path} is a secret, which has no file mode`,
    hint: 'leave mode out, or deliver it to a file',
  });
}
