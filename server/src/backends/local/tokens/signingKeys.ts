import { decodeBase64, encodeBase64 } from '../../../core/credential/base64.ts';
import { readPublicKey } from '../../../core/credential/build/publicKey.ts';
import { KEY_ALGORITHMS, type KeyAlgorithm } from '../../../core/credential/keyAlgorithm.ts';
import { sameOctets } from '../../../core/credential/octets.ts';
import { jwkThumbprint, publicJwk } from '../../../core/credential/publicJwk.ts';
import type { Signer } from '../../../core/ports.ts';
import type { Secret } from '../../../core/secret.ts';
import { generateSoftwareKey, publicKeyOf, softwareSigner } from '../../../platform/crypto/softwareKeys.ts';
import type { BackendContext } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import { isRecord, readJson, writeJson } from '../../jsonFile.ts';
import type { TokenSettings } from '../configuration.ts';
import type { Entries } from '../entries.ts';
import type { TokenEntry } from './ledger.ts';

export interface SigningKey {
  readonly number: number;
  /** RFC 7638 thumbprint. */
  readonly keyId: string;
  readonly algorithm: KeyAlgorithm;
  readonly spki: Uint8Array;
  /** ISO 8601. */
  readonly createdAt: string;
  /** End of the last token that a former key signed; absent for the one that signs now. */
  readonly verifiesUntil?: string;
}

/** The one lock for the list of tokens and for the keys that sign them. */
export const TOKEN_LOCK = 'tokens';

/** The keys that sign JWTs. One signs; those that did before verify until the last of their tokens has ended. */
export interface SigningKeys {
  /** What exists, newest first; makes nothing. */
  list(): Promise<readonly SigningKey[]>;
  /** Those by which a token can still count; makes nothing. */
  verifying(): Promise<readonly SigningKey[]>;
  /** The one that signs; made when there is none of the algorithm that is configured. Under `TOKEN_LOCK`. */
  current(signal: AbortSignal): Promise<SigningKey>;
  /** Sees to it that there is one that signs; takes the lock only where there is none. */
  ensure(signal: AbortSignal): Promise<void>;
  signerOf(key: SigningKey): Promise<Signer>;
}

export function openSigningKeys(
  context: BackendContext,
  settings: TokenSettings,
  ledger: Entries<TokenEntry>,
): SigningKeys {
  const { state, clock, hasher } = context;
  const sealed = context.sealed.scope('tokens/signing');

  async function list(): Promise<readonly SigningKey[]> {
    const found: SigningKey[] = [];
    for (let number = 1; ; number++) {
      const key = await readJson(state, keyFile(number), (value) => parseKey(number, value));
      if (key === undefined) return found.reverse();
      found.push(key);
    }
  }

  const verifies = ({ verifiesUntil }: SigningKey): boolean =>
    verifiesUntil === undefined || verifiesUntil > clock.now().toISOString();

  /** The one that signs, where nothing has to be made or retired first. */
  async function settled(): Promise<SigningKey | undefined> {
    const [key, ...others] = (await list()).filter(({ verifiesUntil }) => verifiesUntil === undefined);
    return others.length === 0 && key?.algorithm === settings.keyAlgorithm ? key : undefined;
  }

  /**
   * A key that still verifies is taken up again, so that two manifests which share a store and differ do not make one
   * after the other. The new one is written before the former ones get their end: a run that was killed between has two
   * without an end, and the next one completes it.
   */
  async function current(signal: AbortSignal): Promise<SigningKey> {
    const standing = await settled();
    if (standing !== undefined) return standing;
    const keys = await list();
    const known = keys.find((key) => key.algorithm === settings.keyAlgorithm && verifies(key));
    const signing = known ?? (await make((keys[0]?.number ?? 0) + 1, signal));
    if (signing.verifiesUntil !== undefined) {
      const { verifiesUntil: _end, ...again } = signing;
      await write(again);
    }
    for (const key of keys)
      if (key.number !== signing.number && key.verifiesUntil === undefined) await retire(key);
    return signing;
  }

  /** The key is sealed before the file that tells of it is written; one that a killed run left sealed is taken. */
  async function make(number: number, signal: AbortSignal): Promise<SigningKey> {
    const { algorithm, spki } = await sealedKey(number, signal);
    const jwk = publicJwk(spki);
    if (jwk === undefined) throw keyLost();
    const keyId = jwkThumbprint(jwk, hasher);
    const key = { number, keyId, algorithm, spki, createdAt: clock.now().toISOString() };
    await write(key);
    return key;
  }

  async function sealedKey(
    number: number,
    signal: AbortSignal,
  ): Promise<{ readonly algorithm: KeyAlgorithm; readonly spki: Uint8Array }> {
    const left = await sealed.get(String(number));
    const known = left && readPublicKey(publicKeyOf(left));
    if (known?.ok === true && known.algorithm === settings.keyAlgorithm) return known;
    const { pkcs8, spki } = await generateSoftwareKey(settings.keyAlgorithm);
    signal.throwIfAborted();
    await sealed.put(String(number), pkcs8);
    return { algorithm: settings.keyAlgorithm, spki };
  }

  async function retire(key: SigningKey): Promise<void> {
    const its = (await ledger.all()).filter(({ keyId }) => keyId === key.keyId);
    const ends = [clock.now().toISOString(), ...its.map(({ notAfter }) => notAfter)].sort();
    await write({ ...key, verifiesUntil: ends.at(-1) ?? '' });
  }

  async function write({ number, spki, ...rest }: SigningKey): Promise<void> {
    await writeJson(state, keyFile(number), { schemaVersion: 1, ...rest, spki: encodeBase64(spki) });
  }

  return {
    list,
    current,
    verifying: async () => (await list()).filter(verifies),
    ensure: async (signal) => {
      if ((await settled()) !== undefined) return;
      await state.locked(TOKEN_LOCK, () => current(signal), signal);
    },
    signerOf: async ({ number, spki, algorithm }) => {
      const pkcs8: Secret<Uint8Array> | undefined = await sealed.get(String(number));
      if (pkcs8 === undefined || !sameOctets(publicKeyOf(pkcs8), spki)) throw keyLost();
      return softwareSigner(pkcs8, algorithm);
    },
  };
}

function keyFile(number: number): string {
  return `tokens/keys/${number}.json`;
}

function parseKey(number: number, value: unknown): SigningKey | undefined {
  if (!isRecord(value) || value['schemaVersion'] !== 1) return undefined;
  const { keyId, createdAt, verifiesUntil } = value;
  const algorithm = KEY_ALGORITHMS.find((name) => name === value['algorithm']);
  const spki = typeof value['spki'] === 'string' ? decodeBase64(value['spki']) : undefined;
  return typeof keyId === 'string' &&
    typeof createdAt === 'string' &&
    algorithm !== undefined &&
    spki?.ok === true
    ? {
        number,
        keyId,
        algorithm,
        spki: spki.bytes,
        createdAt,
        ...(typeof verifiesUntil === 'string' ? { verifiesUntil } : {}),
      }
    : undefined;
}

function keyLost(): BackendError {
  return new BackendError({
    kind: 'corrupt',
    what: 'the private key that signs tokens is not in the sealed store, or is another one',
    hint: 'restore the sealed store from a backup; if there is none, change spec.tokens.keyAlgorithm, which makes a new key, and issue again',
  });
}
