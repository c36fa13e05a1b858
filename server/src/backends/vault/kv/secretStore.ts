import { decodeBase64, encodeBase64 } from '../../../core/credential/base64.ts';
import { Secret } from '../../../core/secret.ts';
import type { SecretStore } from '../../contract.ts';
import { acting, looking } from '../../guard.ts';
import { contentOf } from './fields.ts';
import type { Fields, KvSecrets } from './secrets.ts';

/** One value a path: text under `value`; other octets in base64, which `encoding` says. */
export function kvSecretStore(secrets: KvSecrets): SecretStore {
  return {
    read: looking('read the secret', async (path, signal) => {
      const found = await secrets.read(path, signal);
      return found && { value: valueIn(found.fields), version: found.version };
    }),
    write: acting('write the secret', (path, value, options, signal) =>
      secrets.write(path, fieldsOf(value), options, signal),
    ),
    destroy: acting('destroy the secret', (path, signal) =>
      secrets.destroy(path, { ifVersion: undefined }, signal),
    ),
    list: looking('list the secrets', (folder, signal) => secrets.list(folder, signal)),
  };
}

function fieldsOf(value: Secret<Uint8Array>): Fields {
  const octets = value.reveal();
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
    if (!text.includes('\0')) return { value: text };
  } catch {
    // Below: octets that are no text.
  }
  return { value: encodeBase64(octets), encoding: 'base64' };
}

/** A secret with other fields is somebody else's: it is given as it stands, in JSON. */
function valueIn(fields: Fields): Secret<Uint8Array> {
  const { value, encoding } = fields;
  const decoded = encoding === 'base64' && typeof value === 'string' ? decodeBase64(value) : undefined;
  if (decoded?.ok === true) return new Secret(decoded.bytes);
  return encoding === undefined && typeof value === 'string'
    ? new Secret<Uint8Array>(new TextEncoder().encode(value))
    : contentOf(fields);
}
