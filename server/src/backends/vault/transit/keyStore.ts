import { decodeBase64, encodeBase64 } from '../../../core/credential/base64.ts';
import { readPublicKey } from '../../../core/credential/build/publicKey.ts';
import { signatureAlgorithmOf } from '../../../core/credential/build/signatureAlgorithm.ts';
import {
  CLASSICAL_KEY_ALGORITHMS,
  type ClassicalKeyAlgorithm,
  type KeyAlgorithm,
} from '../../../core/credential/keyAlgorithm.ts';
import { concat } from '../../../core/credential/octets.ts';
import { decodePem } from '../../../core/credential/pem.ts';
import type { RevocationReason } from '../../../core/lifecycle/event.ts';
import { formatInstant } from '../../../core/text/instant.ts';
import { classicalAlgorithm } from '../../classicalAlgorithm.ts';
import type { BackendContext, KeyStore, StoredKey } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import { acting, looking } from '../../guard.ts';
import { isRecord } from '../../jsonFile.ts';
import { checkReason, OFFERED_REASONS } from '../../revocationReasons.ts';
import { garbage } from '../client.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { mapLimited } from '../limited.ts';
import { apiPath } from '../paths.ts';
import type { Vault } from '../session.ts';
import { keyIdOf, keyNameOf } from './keyName.ts';

export interface TransitPlace {
  readonly mount: string;
  /** What the names of our keys begin with: policies can be written for them. */
  readonly prefix: string;
}

const TYPES: Readonly<Record<ClassicalKeyAlgorithm, string>> = {
  'ECDSA-P256': 'ecdsa-p256',
  'ECDSA-P384': 'ecdsa-p384',
  'ECDSA-P521': 'ecdsa-p521',
  Ed25519: 'ed25519',
  'RSA-2048': 'rsa-2048',
  'RSA-3072': 'rsa-3072',
  'RSA-4096': 'rsa-4096',
};
const HASHES = { sha1: undefined, sha256: 'sha2-256', sha384: 'sha2-384', sha512: 'sha2-512' } as const;

/**
 * Keys of the transit engine. Of each only the first version is used: an identity that is rotated gets a key of its own,
 * so that its name, its certificate and its destruction belong together. A second version is made when a key is disabled,
 * for the engine stops a version from signing only when a newer one is there.
 */
export function transitKeyStore({
  context,
  vault,
  place,
  ledger,
}: {
  readonly context: BackendContext;
  readonly vault: Vault;
  readonly place: TransitPlace;
  readonly ledger: Ledger;
}): KeyStore {
  const { mount, prefix } = place;
  const nameOf = (keyId: string): string => {
    if (keyId === '' || keyId.length > 500)
      throw new BackendError({
        kind: 'invalid-request',
        what: 'a key id has 1 to 500 characters',
        hint: 'this is a defect: please report it',
      });
    return keyNameOf(prefix, keyId);
  };
  const keyPath = (name: string): string => apiPath(mount, 'keys', name);

  async function stored(keyId: string, signal: AbortSignal): Promise<StoredKey | undefined> {
    const name = nameOf(keyId);
    const answer = await vault.read(keyPath(name), signal);
    return answer === undefined ? undefined : describe(keyId, name, answer.data, signal);
  }

  /** A key that is there already stays as it is: to ask twice makes one. */
  async function made(
    keyId: string,
    name: string,
    algorithm: KeyAlgorithm,
    signal: AbortSignal,
  ): Promise<StoredKey | undefined> {
    const wanted = {
      type: TYPES[classicalAlgorithm(algorithm)],
      exportable: false,
      allow_plaintext_backup: false,
    };
    const answer = await vault.write(keyPath(name), wanted, signal, { repeatable: true });
    // Newer servers answer with the key as it stands, older ones with nothing.
    return isRecord(answer?.data['keys'])
      ? describe(keyId, name, answer.data, signal)
      : stored(keyId, signal);
  }

  async function describe(
    keyId: string,
    name: string,
    data: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<StoredKey> {
    const { keys, exportable, allow_plaintext_backup: backup, min_encryption_version: minimum } = data;
    if (exportable !== false || backup !== false) throw mayLeave(context.name, keyId);
    const first = isRecord(keys) ? keys['1'] : undefined;
    if (!isRecord(first)) throw firstVersionGone(context.name, keyId);
    const given = spkiOf(first['public_key']);
    const key = given === undefined ? undefined : readPublicKey(given);
    const createdAt = instantOf(first['creation_time']);
    if (key?.ok !== true || createdAt === undefined) throw garbage(context.name, keyPath(name));
    const { algorithm, spki } = key;
    const description = { keyId, algorithm, spki, createdAt };
    if (typeof minimum !== 'number' || minimum < 2) return description;
    const second = isRecord(keys) ? keys['2'] : undefined;
    const at = isRecord(second) ? instantOf(second['creation_time']) : undefined;
    const reason = (await ledger.reason(reasonName(spki), signal)) ?? 'unspecified';
    return { ...description, disabled: { at: at ?? createdAt, reason } };
  }

  /** Reasons stand beside the server, under the key's own digest: a key of the same id later is another one. */
  const reasonName = (spki: Uint8Array): string =>
    Buffer.from(context.hasher.hash('sha256', spki)).toString('hex');

  return {
    keyAlgorithms: CLASSICAL_KEY_ALGORITHMS,
    usages: ['sign', 'verify'],
    revocationReasons: OFFERED_REASONS,
    generate: acting('make the key', async (keyId, algorithm, signal) => {
      const name = nameOf(keyId);
      const key = (await stored(keyId, signal)) ?? (await made(keyId, name, algorithm, signal));
      if (key === undefined) throw garbage(context.name, keyPath(name), true);
      if (key.algorithm !== algorithm) throw otherAlgorithm(key, algorithm);
      return key;
    }),
    find: looking('look up the key', stored),
    list: looking('list the keys', async (signal) => {
      const names = await vault.list(apiPath(mount, 'keys'), signal);
      const ids = names.flatMap((name) => keyIdOf(prefix, name) ?? []);
      const keys = await mapLimited(ids, (keyId) => stored(keyId, signal));
      return keys.filter((key) => key !== undefined).sort((a, b) => (a.keyId < b.keyId ? -1 : 1));
    }),
    signer: looking('open the key', async (keyId, signal) => {
      const key = (await stored(keyId, signal)) ?? missing(keyId);
      if (key.disabled !== undefined) throw signsNoMore(keyId, key.disabled);
      const { algorithm, spki } = key;
      // What a signer is given is a core's cancellation; every caller here passes a real signal.
      const sign = acting('sign', (data: Uint8Array, each: AbortSignal) =>
        signed(keyId, algorithm, data, each),
      );
      return { algorithm, spki, sign: (data, each) => sign(data, asSignal(each)) };
    }),
    disable: acting('disable the key', async (keyId, reason, signal) => {
      const key = (await stored(keyId, signal)) ?? missing(keyId);
      if (key.disabled !== undefined) return key.disabled;
      checkReason(reason);
      const name = nameOf(keyId);
      await ledger.noteReason(reasonName(key.spki), reason, signal);
      const { data } = (await vault.read(keyPath(name), signal)) ?? {};
      if (data?.['latest_version'] === 1) await vault.write(`${keyPath(name)}/rotate`, {}, signal);
      await vault.write(`${keyPath(name)}/config`, { min_encryption_version: 2 }, signal, {
        repeatable: true,
      });
      const after = await stored(keyId, signal);
      if (after?.disabled === undefined) throw garbage(context.name, keyPath(name), true);
      return after.disabled;
    }),
    destroy: acting('destroy the key', async (keyId, signal) => {
      const path = keyPath(nameOf(keyId));
      if ((await vault.read(path, signal)) === undefined) return;
      await vault.write(`${path}/config`, { deletion_allowed: true }, signal, { repeatable: true });
      await vault.remove(path, signal);
    }),
  };

  async function signed(
    keyId: string,
    algorithm: KeyAlgorithm,
    data: Uint8Array,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const { hash } = signatureAlgorithmOf(algorithm);
    const path = apiPath(mount, 'sign', nameOf(keyId));
    const how =
      hash === undefined
        ? { input: encodeBase64(data) }
        : {
            // The digest alone travels: what is signed stays here, however long it is.
            input: encodeBase64(context.hasher.hash(hash, data)),
            prehashed: true,
            hash_algorithm: HASHES[hash],
            marshaling_algorithm: 'asn1',
            signature_algorithm: 'pkcs1v15',
          };
    const answer = await vault.write(path, { ...how, key_version: 1 }, signal, { repeatable: true });
    const text = answer?.data['signature'];
    const decoded =
      typeof text === 'string' && text.startsWith('vault:v1:') ? decodeBase64(text.slice(9)) : undefined;
    if (decoded?.ok !== true) throw garbage(context.name, path);
    return decoded.bytes;
  }
}

/** Of RFC 8410, 4: what stands before the 32 octets of a key. */
const ED25519_HEAD = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);

/** Ed25519 keys are told as bare base64, the others as PEM. */
function spkiOf(key: unknown): Uint8Array | undefined {
  if (typeof key !== 'string') return undefined;
  const [block] = decodePem(key);
  if (block !== undefined) return block.bytes;
  const raw = decodeBase64(key);
  return raw.ok ? concat(ED25519_HEAD, raw.bytes) : undefined;
}

function instantOf(value: unknown): string | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

function asSignal(cancellation: { readonly aborted: boolean }): AbortSignal {
  if (cancellation instanceof AbortSignal) return cancellation;
  return cancellation.aborted ? AbortSignal.abort() : new AbortController().signal;
}

function missing(keyId: string): never {
  throw new BackendError({
    kind: 'not-found',
    what: `there is no key "${keyId}" in this key store`,
    hint: 'it was destroyed, or was made in another store: issue with a new key',
  });
}

function signsNoMore(keyId: string, { at, reason }: { at: string; reason: RevocationReason }): BackendError {
  return new BackendError({
    kind: 'forbidden',
    what: `the key "${keyId}" signs no more since ${formatInstant(at)} (${reason})`,
    hint: 'rotate the identity to get a new key',
  });
}

function otherAlgorithm(existing: StoredKey, wanted: KeyAlgorithm): BackendError {
  return new BackendError({
    kind: 'conflict',
    what: `the key "${existing.keyId}" exists and is ${existing.algorithm}, not ${wanted}`,
    hint: 'rotate to get a new key under another id',
  });
}

function mayLeave(name: string, keyId: string): BackendError {
  return new BackendError({
    kind: 'forbidden',
    what: `the key "${keyId}" of ${name} may be exported or backed up in the clear, so it counts as one that has left`,
    hint: 'rotate the identity: its next key is made so that it cannot leave',
  });
}

function firstVersionGone(name: string, keyId: string): BackendError {
  return new BackendError({
    kind: 'corrupt',
    what: `the key "${keyId}" of ${name} was rotated there by somebody else, and its first version is no longer shown`,
    hint: 'rotate the identity, so that it gets a key of its own',
  });
}
