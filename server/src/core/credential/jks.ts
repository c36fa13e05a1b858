/** Java key stores of Sun's form (JKS). JCEKS holds serialized Java objects and is not read. */
import type { Hasher } from '../ports.ts';
import { decodeUtf8 } from './charset.ts';
import { DerError, objectIdentifier, octetString, readDer, sequence } from './der.ts';
import { JKS_KEY_PROTECTOR, JKS_MAGIC, jksDigest, openJksKey } from './jksProtection.ts';
import { sameOctets } from './octets.ts';
import { attempt, type Decoded, type Problem } from './problem.ts';

export type JksEntry =
  | { readonly kind: 'certificate'; readonly alias: string; readonly der: Uint8Array }
  /** `der` is undefined where the key stayed locked. Private: never to be shown. */
  | {
      readonly kind: 'privateKey';
      readonly alias: string;
      readonly der: Uint8Array | undefined;
      readonly chain: readonly Uint8Array[];
    };

export interface DecodedJks {
  readonly entries: readonly JksEntry[];
  /** What the digest over the file says. Certificates can be read without a password, and are then not proven whole. */
  readonly integrity: 'good' | 'bad';
}

/** How a key is encrypted there, as people know it. */
export const JKS_ENCRYPTION = 'key protector of JKS, SHA-1';

const MAX_ENTRIES = 10_000;
const MAX_CHAIN = 100;
const DIGEST_LENGTH = 20;

export function isJks(bytes: Uint8Array): boolean {
  return (
    bytes.length >= 4 && new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0) === JKS_MAGIC
  );
}

/** Tries the passwords in their order; the digest at the end tells which is right. Each length is held to what is there. */
export function decodeJks(
  bytes: Uint8Array,
  passwords: readonly string[],
  hasher: Hasher,
): Decoded<DecodedJks> {
  const problems: Problem[] = [];
  const data = bytes.subarray(0, Math.max(0, bytes.length - DIGEST_LENGTH));
  const end = bytes.subarray(data.length);
  const right = passwords.find((password) => sameOctets(jksDigest(data, password, hasher), end));
  const entries: JksEntry[] = [];
  attempt(problems, 'the Java key store', () => {
    const reader = readerOf(data);
    if (reader.number() !== JKS_MAGIC) throw new DerError('it does not begin as one', 0);
    const version = reader.number();
    if (version !== 1 && version !== 2) throw new DerError(`version ${version} is not known`, 4);
    const count = reader.number();
    if (count > MAX_ENTRIES) throw new DerError(`it says that it has ${count} entries`, 8);
    for (let index = 0; index < count; index++) {
      // A key may have a password of its own, other than that of the file.
      entries.push(readEntry(reader, version, right === undefined ? passwords : [right], hasher));
    }
    if (reader.at() !== data.length) throw new DerError('octets follow after the last entry', reader.at());
  });
  return { value: { entries, integrity: right === undefined ? 'bad' : 'good' }, problems };
}

function readEntry(reader: Reader, version: number, passwords: readonly string[], hasher: Hasher): JksEntry {
  const start = reader.at();
  const tag = reader.number();
  const alias = decodeUtf8(reader.bytes(reader.short()));
  reader.bytes(8);
  if (tag === 2) return { kind: 'certificate', alias, der: readCertificate(reader, version) };
  if (tag !== 1) throw new DerError(`an entry of type ${tag} is not known`, start);
  const sealed = readProtectedKey(reader.bytes(reader.number()));
  const count = reader.number();
  if (count > MAX_CHAIN) throw new DerError(`a chain says that it has ${count} certificates`, reader.at());
  const chain: Uint8Array[] = [];
  for (let index = 0; index < count; index++) chain.push(readCertificate(reader, version));
  const der = sealed && firstOpened(sealed, passwords, hasher);
  return { kind: 'privateKey', alias, der, chain };
}

function firstOpened(
  sealed: Uint8Array,
  passwords: readonly string[],
  hasher: Hasher,
): Uint8Array | undefined {
  for (const password of passwords) {
    const plain = openJksKey(sealed, password, hasher);
    if (plain !== undefined) return plain;
  }
  return undefined;
}

/** Undefined for one that is sealed in a way that is not Sun's: it stays locked. */
function readProtectedKey(der: Uint8Array): Uint8Array | undefined {
  return attempt([], 'the key', () => {
    const fields = sequence(readDer(der), 'the key');
    const algorithm = sequence(fields.any('the encryption'), 'the encryption');
    const oid = objectIdentifier(algorithm.any('the encryption'), 'the encryption');
    const sealed = octetString(fields.any('the encrypted data'), 'the encrypted data');
    return oid === JKS_KEY_PROTECTOR ? sealed : undefined;
  });
}

function readCertificate(reader: Reader, version: number): Uint8Array {
  if (version === 2) {
    const at = reader.at();
    const type = decodeUtf8(reader.bytes(reader.short()));
    if (type !== 'X.509') throw new DerError('a certificate is not of type X.509', at);
  }
  return reader.bytes(reader.number());
}

interface Reader {
  at(): number;
  short(): number;
  number(): number;
  bytes(length: number): Uint8Array;
}

function readerOf(data: Uint8Array): Reader {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  let at = 0;
  const take = (length: number): number => {
    if (length > data.length - at) throw new DerError('it ends too early', at);
    const start = at;
    at += length;
    return start;
  };
  return {
    at: () => at,
    short: () => view.getUint16(take(2)),
    number: () => view.getUint32(take(4)),
    bytes(length) {
      const start = take(length);
      return data.subarray(start, start + length);
    },
  };
}
