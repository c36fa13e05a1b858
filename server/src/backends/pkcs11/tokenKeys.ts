import { encodeUtf8 } from '../../core/credential/charset.ts';
import { sameOctets } from '../../core/credential/octets.ts';
import type { Hasher } from '../../core/ports.ts';
import { CKA } from './constants.ts';
import { findKeyObjects, type KeyObject, type KeyPair, pairsOf } from './keyObjects.ts';
import { ambiguous, halfAKey } from './keyProblems.ts';
import type { Connection } from './token.ts';

/** Once begun, a change is seen through to its end; the caller is answered at once all the same. */
export const TO_ITS_END = new AbortController().signal;

/** Keys by their ids: the label of a key is its id, and its CKA_ID is derived from that. */
export type TokenKeys = ReturnType<typeof tokenKeys>;

export function tokenKeys(where: string, hasher: Hasher) {
  const idOf = (keyId: string) => hasher.hash('sha256', encodeUtf8(keyId)).slice(0, 20);

  /** The private half of that id. Of several under one label the one with our CKA_ID counts; else nobody can tell. */
  async function lookUpPrivate(
    { driver }: Connection,
    keyId: string,
    signal: AbortSignal,
  ): Promise<KeyObject | undefined> {
    const all = await findKeyObjects(driver, 'privateKey', [[CKA.label, keyId]], signal);
    const [meant, second] = ofOurs(all, keyId);
    if (second !== undefined) throw ambiguous(where, keyId);
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
    if (pair === undefined) throw halfAKey(where, keyId);
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

  return { idOf, lookUpPrivate, lookUp, byKeyId, publicRest, destroyObjects };
}
