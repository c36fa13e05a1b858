import { derOf } from '../../core/credential/build/der.ts';
import { algorithmIdentifierOf } from '../../core/credential/build/signatureAlgorithm.ts';
import { encodeUtf8 } from '../../core/credential/charset.ts';
import { sameOctets, toHex } from '../../core/credential/octets.ts';
import { REVOCATION_REASONS, type RevocationReason } from '../../core/lifecycle/event.ts';
import type { Signer } from '../../core/ports.ts';
import { nodeSignatureVerifier } from '../../platform/crypto/signatureVerifier.ts';
import type { BackendContext, KeyStore, StoredKey } from '../contract.ts';
import { acting, looking } from '../local/guard.ts';
import { mechanismsOf, offeredAlgorithms, signatureOf, toBeSigned } from './algorithms.ts';
import { CKA } from './constants.ts';
import type { OpenedToken } from './host/protocol.ts';
import { keyNotes } from './keyNotes.ts';
import { findKeyObjects, type KeyObject, type KeyPair, pairsOf } from './keyObjects.ts';
import * as problems from './keyProblems.ts';
import { generatePair } from './makeKey.ts';
import type { Connection, Token } from './token.ts';

/** No hold: no verb here could end it. */
const REASONS: readonly RevocationReason[] = REVOCATION_REASONS.filter(
  (reason) => reason !== 'certificateHold',
);
/** Once begun, a change is seen through to its end; the caller is answered at once all the same. */
const TO_ITS_END = new AbortController().signal;

/**
 * Keys in the token. A key is known by its label, which is the key id, and by a CKA_ID that is derived from it, so that
 * other programs find both halves. What the token does not keep of it (since when, why disabled) stands in the notes.
 */
export function tokenKeyStore(
  token: Token,
  opened: OpenedToken,
  canDisable: boolean,
  context: BackendContext,
): KeyStore {
  const { state, clock, hasher } = context;
  const notes = keyNotes(context);
  /** By public key; handles are good as long as the connection. */
  const handles = new WeakMap<Connection, Map<string, Uint8Array>>();
  const idOf = (keyId: string) => hasher.hash('sha256', encodeUtf8(keyId)).slice(0, 20);

  /** The private half of that id. Of several under one label the one with our CKA_ID counts; else nobody can tell. */
  async function lookUpPrivate(
    { driver }: Connection,
    keyId: string,
    signal: AbortSignal,
  ): Promise<KeyObject | undefined> {
    const all = await findKeyObjects(driver, 'privateKey', [[CKA.label, keyId]], signal);
    const [meant, second] = ofOurs(all, keyId);
    if (second !== undefined) throw problems.ambiguous(token.where, keyId);
    return meant;
  }

  async function lookUp(
    connection: Connection,
    keyId: string,
    signal: AbortSignal,
  ): Promise<KeyPair | undefined> {
    const privateKey = await lookUpPrivate(connection, keyId, signal);
    if (privateKey === undefined) return undefined;
    const publicKeys = await findKeyObjects(connection.driver, 'publicKey', [[CKA.label, keyId]], signal);
    const [pair] = pairsOf([privateKey], publicKeys);
    if (pair === undefined) throw problems.halfAKey(token.where, keyId);
    return pair;
  }

  function ofOurs(keys: readonly KeyObject[], keyId: string): readonly KeyObject[] {
    const ours = keys.filter(({ id }) => sameOctets(id, idOf(keyId)));
    return ours.length > 0 ? ours : keys;
  }

  async function destroyObjects(
    { driver }: Connection,
    objects: readonly (KeyObject | undefined)[],
  ): Promise<void> {
    for (const object of objects)
      if (object !== undefined) await driver.call('destroy', { handle: object.handle }, TO_ITS_END);
  }

  /** Public halves of that id whose private half is gone, or is about to go. */
  async function publicRest(
    { driver }: Connection,
    keyId: string,
    id: Uint8Array,
  ): Promise<readonly KeyObject[]> {
    const template = [
      [CKA.label, keyId],
      [CKA.id, id],
    ] as const;
    return findKeyObjects(driver, 'publicKey', template, TO_ITS_END);
  }

  async function describe(keyId: string, { privateKey, algorithm, spki }: KeyPair): Promise<StoredKey> {
    const { createdAt, disabled } = await notes.of(spki);
    // The token's word counts: whoever has the PIN can let a key sign again.
    if (privateKey.sign !== false) return { keyId, algorithm, spki, createdAt };
    const since = disabled ?? { at: clock.now().toISOString(), reason: 'unspecified' as const };
    if (disabled === undefined) await notes.write(spki, { createdAt, disabled: since });
    return { keyId, algorithm, spki, createdAt, disabled: since };
  }

  async function handleOf(
    connection: Connection,
    keyId: string,
    spki: Uint8Array,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const known = handles.get(connection)?.get(toHex(spki));
    if (known !== undefined) return known;
    const pair = await lookUp(connection, keyId, signal);
    if (pair === undefined || !sameOctets(pair.spki, spki)) throw problems.missing(token.where, keyId);
    remember(connection, pair);
    return pair.privateKey.handle;
  }

  function remember(connection: Connection, { spki, privateKey }: KeyPair): void {
    const known = handles.get(connection) ?? new Map<string, Uint8Array>();
    known.set(toHex(spki), privateKey.handle);
    handles.set(connection, known);
  }

  async function sign(
    { algorithm, spki }: KeyPair,
    keyId: string,
    data: Uint8Array,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const raw = await token.use(
      `sign with the key "${keyId}"`,
      false,
      async (connection) => {
        const handle = await handleOf(connection, keyId, spki, signal);
        const request = {
          handle,
          mechanism: mechanismsOf(algorithm).sign,
          data: toBeSigned(algorithm, data, hasher),
        };
        return connection.driver.call('sign', request, signal);
      },
      signal,
    );
    // A driver or token at fault would else spoil a certificate, or give its key away (Boneh, DeMillo, Lipton 1997).
    const signature = signatureOf(algorithm, raw);
    const identifier = derOf(algorithmIdentifierOf(algorithm));
    if (signature === undefined || nodeSignatureVerifier.verify(spki, identifier, data, signature) !== 'good')
      throw problems.badSignature(token.where, keyId);
    return signature;
  }

  /** By the rule of `lookUpPrivate`: where a label does not tell which key is meant, none is listed. */
  function byKeyId(pairs: readonly KeyPair[]): ReadonlyMap<string, KeyPair> {
    const byLabel = new Map<string, KeyPair[]>();
    for (const pair of pairs) {
      const { label } = pair.privateKey;
      byLabel.set(label, [...(byLabel.get(label) ?? []), pair]);
    }
    const chosen = new Map<string, KeyPair>();
    for (const [label, all] of byLabel) {
      const [meant, second] = ofOurs(
        all.map(({ privateKey }) => privateKey),
        label,
      );
      const pair = all.find(({ privateKey }) => privateKey === meant);
      if (label !== '' && pair !== undefined && second === undefined) chosen.set(label, pair);
    }
    return chosen;
  }

  const store: KeyStore = {
    keyAlgorithms: offeredAlgorithms(opened),
    usages: ['sign', 'verify'],
    revocationReasons: canDisable ? REASONS : [],
    generate: acting('make the key', (keyId, algorithm, signal) =>
      token.use(
        `make the key "${keyId}"`,
        true,
        (connection) =>
          state.locked(
            'keys',
            async () => {
              problems.checkKeyId(keyId);
              const existing = await lookUp(connection, keyId, signal);
              if (existing !== undefined) {
                if (existing.algorithm !== algorithm)
                  throw problems.otherAlgorithm(token.where, keyId, existing.algorithm, algorithm);
                problems.checkKept(token.where, keyId, existing.privateKey);
                return describe(keyId, existing);
              }
              signal.throwIfAborted();
              // What a destruction that was killed left behind.
              await destroyObjects(connection, await publicRest(connection, keyId, idOf(keyId)));
              const label = { label: keyId, id: idOf(keyId) };
              await generatePair(connection.driver, label, algorithm, TO_ITS_END);
              const made = await lookUp(connection, keyId, TO_ITS_END);
              if (made === undefined) throw problems.notKept(token.where, keyId);
              const wrong = problems.wrongWith(made, algorithm);
              if (wrong !== undefined) {
                await destroyObjects(connection, [made.privateKey, made.publicKey]);
                throw problems.madeWrong(token.where, keyId, wrong);
              }
              await notes.write(made.spki, { createdAt: clock.now().toISOString() });
              return describe(keyId, made);
            },
            TO_ITS_END,
          ),
        signal,
      ),
    ),
    find: looking('look up the key', (keyId, signal) =>
      token.use(
        `look up the key "${keyId}"`,
        false,
        async (connection) => {
          const pair = await lookUp(connection, keyId, signal);
          return pair === undefined ? undefined : describe(keyId, pair);
        },
        signal,
      ),
    ),
    list: looking('list the keys', (signal) =>
      token.use(
        'list the keys',
        false,
        async ({ driver }) => {
          const privateKeys = await findKeyObjects(driver, 'privateKey', [], signal);
          const publicKeys = await findKeyObjects(driver, 'publicKey', [], signal);
          const keys: StoredKey[] = [];
          for (const [keyId, pair] of byKeyId(pairsOf(privateKeys, publicKeys)))
            keys.push(await describe(keyId, pair));
          return keys.sort((a, b) => (a.keyId < b.keyId ? -1 : 1));
        },
        signal,
      ),
    ),
    signer: looking('open the key', async (keyId, signal): Promise<Signer> => {
      const pair = await token.use(
        `open the key "${keyId}"`,
        false,
        async (connection) => {
          const found = await lookUp(connection, keyId, signal);
          if (found === undefined) throw problems.missing(token.where, keyId);
          problems.checkKept(token.where, keyId, found.privateKey);
          remember(connection, found);
          const { disabled } = await describe(keyId, found);
          if (disabled !== undefined) throw problems.signsNoMore(token.where, keyId, disabled);
          return found;
        },
        signal,
      );
      return {
        algorithm: pair.algorithm,
        spki: pair.spki,
        sign: acting('sign', (data, signal) => sign(pair, keyId, data, signal)),
      };
    }),
    destroy: acting('destroy the key', (keyId, signal) =>
      token.use(
        `destroy the key "${keyId}"`,
        true,
        (connection) =>
          state.locked(
            'keys',
            async () => {
              const privateKey = await lookUpPrivate(connection, keyId, signal);
              signal.throwIfAborted();
              const rest = await publicRest(connection, keyId, privateKey?.id ?? idOf(keyId));
              const [pair] = privateKey === undefined ? [] : pairsOf([privateKey], rest);
              // The private half first: what a killed run leaves is of use to nobody.
              await destroyObjects(connection, [privateKey, ...rest]);
              if (pair !== undefined) await notes.forget(pair.spki);
            },
            TO_ITS_END,
          ),
        signal,
      ),
    ),
  };
  if (!canDisable) return store;
  return {
    ...store,
    disable: acting('disable the key', (keyId, reason, signal) =>
      token.use(
        `disable the key "${keyId}"`,
        true,
        (connection) =>
          state.locked(
            'keys',
            async () => {
              const pair = await lookUp(connection, keyId, signal);
              if (pair === undefined) throw problems.missing(token.where, keyId);
              const { createdAt, disabled } = await notes.of(pair.spki);
              if (!REASONS.includes(reason)) throw problems.notOffered(reason, REASONS);
              const first = disabled ?? { at: clock.now().toISOString(), reason };
              await notes.write(pair.spki, { createdAt, disabled: first });
              const { handle, sign } = pair.privateKey;
              if (sign !== false)
                await connection.driver.call('set', { handle, template: [[CKA.sign, false]] }, TO_ITS_END);
              return first;
            },
            TO_ITS_END,
          ),
        signal,
      ),
    ),
  };
}
