import { decodeBase64, encodeBase64 } from '../../core/credential/base64.ts';
import { readPublicKey } from '../../core/credential/build/publicKey.ts';
import { KEY_ALGORITHMS, type KeyAlgorithm } from '../../core/credential/keyAlgorithm.ts';
import { toHex } from '../../core/credential/octets.ts';
import { REVOCATION_REASONS, type RevocationReason } from '../../core/lifecycle/event.ts';
import { formatInstant } from '../../core/text/instant.ts';
import { generateSoftwareKey, publicKeyOf, softwareSigner } from '../../platform/crypto/softwareKeys.ts';
import type { BackendContext, KeyStore, StoredKey } from '../contract.ts';
import { BackendError } from '../errors.ts';
import { acting, looking } from '../guard.ts';
import { isRecord, readJson, writeJson } from '../jsonFile.ts';

/** No hold: no verb here could end it. */
const REASONS: readonly RevocationReason[] = REVOCATION_REASONS.filter(
  (reason) => reason !== 'certificateHold',
);

/**
 * Keys that are made here and stay sealed: there is no verb that gives one out. The sealed entry is the key; the public
 * file beside it says what it is, so that looking needs no unlocking. Either without the other is a run that was killed:
 * a sealed key alone is completed, a description alone is a key that was destroyed.
 */
export function localKeyStore(context: BackendContext): KeyStore {
  const { state, clock, hasher } = context;
  const sealed = context.sealed.scope('keys');
  const entryOf = (keyId: string): string =>
    toHex(hasher.hash('sha256', new TextEncoder().encode(keyId))).slice(0, 40);
  const fileOf = (entry: string): string => `keys/${entry}.json`;

  async function stored(entry: string): Promise<StoredKey | undefined> {
    if (!(await sealed.list('')).includes(entry)) return undefined;
    return readJson(state, fileOf(entry), parseKey);
  }

  async function describe(entry: string, keyId: string): Promise<StoredKey | undefined> {
    const pkcs8 = await sealed.get(entry);
    if (pkcs8 === undefined) return undefined;
    const key = readPublicKey(publicKeyOf(pkcs8));
    if (!key.ok) throw unreadable(keyId);
    const { algorithm, spki } = key;
    const description = { keyId, algorithm, spki, createdAt: clock.now().toISOString() };
    await write(entry, description);
    return description;
  }

  async function write(entry: string, { spki, ...key }: StoredKey): Promise<void> {
    await writeJson(state, fileOf(entry), { schemaVersion: 1, ...key, spki: encodeBase64(spki) });
  }

  return {
    keyAlgorithms: KEY_ALGORITHMS,
    usages: ['sign', 'verify'],
    revocationReasons: REASONS,
    generate: acting('make the key', (keyId, algorithm, signal) =>
      state.locked(
        'keys',
        async () => {
          if (keyId === '' || keyId.length > 500) throw badKeyId();
          const entry = entryOf(keyId);
          const existing = (await stored(entry)) ?? (await describe(entry, keyId));
          if (existing !== undefined) {
            if (existing.algorithm !== algorithm) throw otherAlgorithm(existing, algorithm);
            return existing;
          }
          const { pkcs8 } = await generateSoftwareKey(algorithm);
          signal.throwIfAborted();
          await sealed.put(entry, pkcs8);
          return (await describe(entry, keyId)) ?? missing(keyId);
        },
        signal,
      ),
    ),
    find: looking('look up the key', (keyId) => stored(entryOf(keyId))),
    list: looking('list the keys', async () => {
      const keys: StoredKey[] = [];
      for (const entry of await sealed.list('')) {
        const key = await stored(entry);
        if (key !== undefined) keys.push(key);
      }
      return keys.sort((a, b) => (a.keyId < b.keyId ? -1 : 1));
    }),
    signer: looking('open the key', async (keyId) => {
      const { disabled } = (await stored(entryOf(keyId))) ?? {};
      if (disabled !== undefined) throw signsNoMore(keyId, disabled);
      const pkcs8 = await sealed.get(entryOf(keyId));
      if (pkcs8 === undefined) return missing(keyId);
      const key = readPublicKey(publicKeyOf(pkcs8));
      if (!key.ok) throw unreadable(keyId);
      const signer = softwareSigner(pkcs8, key.algorithm);
      return { ...signer, sign: acting('sign', (data, signal) => signer.sign(data, signal)) };
    }),
    disable: acting('disable the key', (keyId, reason, signal) =>
      state.locked(
        'keys',
        async () => {
          const entry = entryOf(keyId);
          const key = (await stored(entry)) ?? (await describe(entry, keyId)) ?? missing(keyId);
          if (key.disabled !== undefined) return key.disabled;
          if (!REASONS.includes(reason)) throw notOffered(reason);
          const disabled = { at: clock.now().toISOString(), reason };
          await write(entry, { ...key, disabled });
          return disabled;
        },
        signal,
      ),
    ),
    destroy: acting('destroy the key', (keyId, signal) =>
      state.locked(
        'keys',
        async () => {
          const entry = entryOf(keyId);
          await sealed.remove(entry);
          await state.remove(fileOf(entry));
        },
        signal,
      ),
    ),
  };
}

function parseKey(value: unknown): StoredKey | undefined {
  if (!isRecord(value) || value['schemaVersion'] !== 1) return undefined;
  const { keyId, createdAt } = value;
  const algorithm = KEY_ALGORITHMS.find((name) => name === value['algorithm']);
  const disabled = parseDisabled(value['disabled']);
  const spki = typeof value['spki'] === 'string' ? decodeBase64(value['spki']) : undefined;
  return typeof keyId === 'string' &&
    typeof createdAt === 'string' &&
    algorithm !== undefined &&
    spki?.ok === true &&
    (value['disabled'] === undefined || disabled !== undefined)
    ? { keyId, algorithm, spki: spki.bytes, createdAt, ...(disabled && { disabled }) }
    : undefined;
}

function parseDisabled(value: unknown): StoredKey['disabled'] {
  if (!isRecord(value) || typeof value['at'] !== 'string') return undefined;
  const reason = REASONS.find((each) => each === value['reason']);
  return reason === undefined ? undefined : { at: value['at'], reason };
}

function missing(keyId: string): never {
  throw new BackendError({
    kind: 'not-found',
    what: `there is no key "${keyId}" in this key store`,
    hint: 'it was destroyed, or was made in another store: issue with a new key',
  });
}

function signsNoMore(keyId: string, { at, reason }: NonNullable<StoredKey['disabled']>): BackendError {
  return new BackendError({
    kind: 'forbidden',
    what: `the key "${keyId}" signs no more since ${formatInstant(at)} (${reason})`,
    hint: 'rotate the identity to get a new key',
  });
}

function notOffered(reason: RevocationReason): BackendError {
  return new BackendError({
    kind: 'invalid-request',
    what: `the reason ${reason} is not offered, since this version cannot end a hold`,
    hint: `use one of ${REASONS.join(', ')}`,
  });
}

function unreadable(keyId: string): BackendError {
  return new BackendError({
    kind: 'corrupt',
    what: `the sealed entry of the key "${keyId}" holds no key that is known here`,
    hint: 'restore the sealed store from a backup, or destroy the key and make a new one',
  });
}

function otherAlgorithm(existing: StoredKey, wanted: KeyAlgorithm): BackendError {
  return new BackendError({
    kind: 'conflict',
    what: `the key "${existing.keyId}" exists and is ${existing.algorithm}, not ${wanted}`,
    hint: 'rotate to get a new key under another id',
  });
}

function badKeyId(): BackendError {
  return new BackendError({
    kind: 'invalid-request',
    what: 'a key id has 1 to 500 characters',
    hint: 'this is a defect: please report it',
  });
}
