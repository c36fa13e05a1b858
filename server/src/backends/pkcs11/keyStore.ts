import type { KeyAlgorithm } from '../../core/credential/keyAlgorithm.ts';
import { toHex } from '../../core/credential/octets.ts';
import { REVOCATION_REASONS, type RevocationReason } from '../../core/lifecycle/event.ts';
import type { Signer } from '../../core/ports.ts';
import type { BackendContext, KeyStore, StoredKey } from '../contract.ts';
import { acting, looking } from '../guard.ts';
import { offeredAlgorithms } from './algorithms.ts';
import { CKA } from './constants.ts';
import type { OpenedToken } from './host/protocol.ts';
import { keyNotes } from './keyNotes.ts';
import { findKeyObjects, type KeyPair, pairsOf } from './keyObjects.ts';
import * as problems from './keyProblems.ts';
import { keySigning } from './keySigning.ts';
import { generatePair } from './makeKey.ts';
import type { Connection, Token } from './token.ts';
import { TO_ITS_END, tokenKeys } from './tokenKeys.ts';

/** No hold: no verb here could end it. */
const REASONS: readonly RevocationReason[] = REVOCATION_REASONS.filter(
  (reason) => reason !== 'certificateHold',
);

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
  const { clock, hasher } = context;
  const notes = keyNotes(context);
  const keys = tokenKeys(token.where, hasher);
  const signing = keySigning(token, keys, hasher);

  async function describe(keyId: string, { privateKey, algorithm, spki }: KeyPair): Promise<StoredKey> {
    const { createdAt, disabled } = await notes.of(spki);
    // The token's word counts: whoever has the PIN can let a key sign again.
    if (privateKey.sign !== false) return { keyId, algorithm, spki, createdAt };
    const since = disabled ?? { at: clock.now().toISOString(), reason: 'unspecified' as const };
    if (disabled === undefined) await notes.write(spki, { createdAt, disabled: since });
    return { keyId, algorithm, spki, createdAt, disabled: since };
  }

  async function make(
    connection: Connection,
    keyId: string,
    algorithm: KeyAlgorithm,
    signal: AbortSignal,
  ): Promise<StoredKey> {
    const existing = await keys.lookUp(connection, keyId, signal);
    if (existing !== undefined) {
      if (existing.algorithm !== algorithm)
        throw problems.otherAlgorithm(token.where, keyId, existing.algorithm, algorithm);
      problems.checkKept(token.where, keyId, existing.privateKey);
      return describe(keyId, existing);
    }
    signal.throwIfAborted();
    const id = keys.idOf(keyId);
    // What a destruction that was killed left behind.
    await keys.destroyObjects(connection, await keys.publicRest(connection, keyId, id));
    await generatePair(connection.driver, { label: keyId, id }, algorithm, TO_ITS_END);
    const made = await keys.lookUp(connection, keyId, TO_ITS_END);
    if (made === undefined) throw problems.notKept(token.where, keyId);
    const wrong = problems.wrongWith(made, algorithm);
    if (wrong !== undefined) {
      await keys.destroyObjects(connection, [made.privateKey, made.publicKey]);
      throw problems.madeWrong(token.where, keyId, wrong);
    }
    await notes.write(made.spki, { createdAt: clock.now().toISOString() });
    return describe(keyId, made);
  }

  async function listAll({ driver }: Connection, signal: AbortSignal): Promise<readonly StoredKey[]> {
    const privateKeys = await findKeyObjects(driver, 'privateKey', [], signal);
    const publicKeys = await findKeyObjects(driver, 'publicKey', [], signal);
    const listed: StoredKey[] = [];
    for (const [keyId, pair] of keys.byKeyId(pairsOf(privateKeys, publicKeys)))
      listed.push(await describe(keyId, pair));
    return listed.sort((a, b) => (a.keyId < b.keyId ? -1 : 1));
  }

  async function open(connection: Connection, keyId: string, signal: AbortSignal): Promise<KeyPair> {
    const found = await keys.lookUp(connection, keyId, signal);
    if (found === undefined) throw problems.missing(token.where, keyId);
    problems.checkKept(token.where, keyId, found.privateKey);
    const { disabled } = await describe(keyId, found);
    if (disabled !== undefined) throw problems.signsNoMore(token.where, keyId, disabled);
    signing.remember(connection, found);
    return found;
  }

  async function destroy(connection: Connection, keyId: string, signal: AbortSignal): Promise<void> {
    const privateKey = await keys.lookUpPrivate(connection, keyId, signal);
    signal.throwIfAborted();
    const rest = await keys.publicRest(connection, keyId, privateKey?.id ?? keys.idOf(keyId));
    const [pair] = privateKey === undefined ? [] : pairsOf([privateKey], rest);
    // The private half first: what a killed run leaves is of use to nobody.
    await keys.destroyObjects(connection, [privateKey, ...rest]);
    if (pair !== undefined) await notes.forget(pair.spki);
  }

  async function disable(
    connection: Connection,
    keyId: string,
    reason: RevocationReason,
    signal: AbortSignal,
  ): Promise<NonNullable<StoredKey['disabled']>> {
    const pair = await keys.lookUp(connection, keyId, signal);
    if (pair === undefined) throw problems.missing(token.where, keyId);
    const { createdAt, disabled } = await notes.of(pair.spki);
    if (!REASONS.includes(reason)) throw problems.notOffered(reason, REASONS);
    const first = disabled ?? { at: clock.now().toISOString(), reason };
    signal.throwIfAborted();
    await notes.write(pair.spki, { createdAt, disabled: first });
    const { handle, sign } = pair.privateKey;
    if (sign !== false)
      await connection.driver.call('set', { handle, template: [[CKA.sign, false]] }, TO_ITS_END);
    return first;
  }

  const change = <T>(
    what: string,
    keyId: string,
    work: (connection: Connection) => Promise<T>,
    signal: AbortSignal,
  ) => token.change(`${what} the key "${keyId}"`, toHex(keys.idOf(keyId)), work, signal);

  return {
    keyAlgorithms: offeredAlgorithms(opened),
    usages: ['sign', 'verify'],
    revocationReasons: canDisable ? REASONS : [],
    generate: acting('make the key', async (keyId, algorithm, signal) => {
      problems.checkKeyId(keyId);
      return change('make', keyId, (connection) => make(connection, keyId, algorithm, signal), signal);
    }),
    find: looking('look up the key', (keyId, signal) =>
      token.use(
        `look up the key "${keyId}"`,
        async (connection) => {
          const pair = await keys.lookUp(connection, keyId, signal);
          return pair === undefined ? undefined : describe(keyId, pair);
        },
        signal,
      ),
    ),
    list: looking('list the keys', (signal) =>
      token.use('list the keys', (connection) => listAll(connection, signal), signal),
    ),
    signer: looking('open the key', async (keyId, signal): Promise<Signer> => {
      const pair = await token.use(
        `open the key "${keyId}"`,
        (connection) => open(connection, keyId, signal),
        signal,
      );
      const { algorithm, spki } = pair;
      return {
        algorithm,
        spki,
        sign: acting('sign', (data, signal) => signing.sign(pair, keyId, data, signal)),
      };
    }),
    destroy: acting('destroy the key', (keyId, signal) =>
      change('destroy', keyId, (connection) => destroy(connection, keyId, signal), signal),
    ),
    ...(canDisable && {
      disable: acting('disable the key', (keyId, reason, signal) =>
        change('disable', keyId, (connection) => disable(connection, keyId, reason, signal), signal),
      ),
    }),
  };
}
