import { algorithmIdentifierOf } from '../../core/credential/build/algorithmIdentifier.ts';
import { derOf } from '../../core/credential/build/der.ts';
import { sameOctets, toHex } from '../../core/credential/octets.ts';
import type { Hasher } from '../../core/ports.ts';
import { nodeSignatureVerifier } from '../../platform/crypto/signatureVerifier.ts';
import { mechanismsOf, signatureOf, toBeSigned } from './algorithms.ts';
import type { KeyPair } from './keyObjects.ts';
import { badSignature, missing } from './keyProblems.ts';
import type { Connection, Token } from './token.ts';
import type { TokenKeys } from './tokenKeys.ts';

/** Signs with keys that were looked up before; they are not looked up again as long as the connection lasts. */
export function keySigning(token: Token, keys: TokenKeys, hasher: Hasher) {
  /** By public key. */
  const handles = new WeakMap<Connection, Map<string, Uint8Array>>();

  async function handleOf(
    connection: Connection,
    keyId: string,
    spki: Uint8Array,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const known = handles.get(connection)?.get(toHex(spki));
    if (known !== undefined) return known;
    const pair = await keys.lookUp(connection, keyId, signal);
    if (pair === undefined || !sameOctets(pair.spki, spki)) throw missing(token.where, keyId);
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
      throw badSignature(token.where, keyId);
    return signature;
  }

  return { remember, sign };
}
