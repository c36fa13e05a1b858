/** Key revocation lists (OpenSSH's PROTOCOL.krl), read. */
import { DerError } from '../der.ts';
import { sameOctets, toHex } from '../octets.ts';
import { attempt, type Decoded, type Problem } from '../problem.ts';
import { isoOfSeconds } from './publicKey.ts';
import { KRL_CERTIFICATES, KRL_FORMAT, KRL_MAGIC, KRL_SECTION } from './revocationListFormat.ts';
import { type SshReader, sshReader } from './wire.ts';

/** Serial numbers of certificates, both ends included. */
export interface SerialRange {
  readonly first: bigint;
  readonly last: bigint;
}

export interface RevokedSshCertificates {
  /** The authority's public key in wire format; empty: of any authority. */
  readonly authority: Uint8Array;
  readonly serials: readonly SerialRange[];
  readonly keyIds: readonly string[];
}

export interface SshRevocationList {
  readonly version: bigint;
  /** ISO 8601. */
  readonly generatedAt: string | undefined;
  readonly comment: string;
  readonly certificates: readonly RevokedSshCertificates[];
  /** Whole keys in wire format. */
  readonly keys: readonly Uint8Array[];
  /** Hex hashes of keys in wire format. */
  readonly sha1: readonly string[];
  readonly sha256: readonly string[];
  /** It carries signatures, which OpenSSH does not look at any more. */
  readonly signed: boolean;
  /** All there are; the lists above hold no more than the limit altogether. */
  readonly entryCount: number;
}

interface Collector {
  readonly certificates: RevokedSshCertificates[];
  readonly keys: Uint8Array[];
  readonly sha1: string[];
  readonly sha256: string[];
  signed: boolean;
  entryCount: number;
  /** Whether one more is kept; counts it in any case. */
  keep(): boolean;
}

export function isSshRevocationList(bytes: Uint8Array): boolean {
  return sameOctets(bytes.subarray(0, KRL_MAGIC.length), KRL_MAGIC);
}

/**
 * Keeps the first `limit` entries and counts the rest. From a section that cannot be read on nothing is told: OpenSSH
 * refuses such a list as a whole, and with it every key.
 */
export function decodeSshRevocationList(
  bytes: Uint8Array,
  limit: number,
): Decoded<SshRevocationList | undefined> {
  const problems: Problem[] = [];
  const reader = sshReader(bytes);
  const head = attempt(problems, 'the revocation list', () => readHead(reader));
  if (head === undefined) return { value: undefined, problems };
  const found: Collector = {
    certificates: [],
    keys: [],
    sha1: [],
    sha256: [],
    signed: false,
    entryCount: 0,
    keep: () => ++found.entryCount <= limit,
  };
  attempt(problems, 'a section of the revocation list', () => {
    while (reader.more()) readSection(reader, found);
  });
  const { keep, ...read } = found;
  return { value: { ...head, ...read }, problems };
}

function readHead(reader: SshReader): Pick<SshRevocationList, 'version' | 'generatedAt' | 'comment'> {
  for (const octet of KRL_MAGIC) {
    if (reader.byte('the mark') !== octet) throw new DerError('it does not begin as a list does', 0);
  }
  const format = reader.uint32('the format');
  if (format !== KRL_FORMAT)
    throw new DerError(`its format is ${format}; only ${KRL_FORMAT} is known`, KRL_MAGIC.length);
  const version = reader.uint64('the version');
  const generatedAt = isoOfSeconds(reader.uint64('the date'));
  reader.uint64('the flags');
  reader.string('the reserved field');
  return { version, generatedAt, comment: reader.text('the comment') };
}

function readSection(reader: SshReader, found: Collector): void {
  const start = reader.position();
  const type = reader.byte('a section');
  const section = sshReader(reader.string('a section'));
  switch (type) {
    case KRL_SECTION.certificates:
      found.certificates.push(readCertificates(section, found));
      break;
    case KRL_SECTION.keys:
      while (section.more()) {
        const key = section.string('a key');
        if (found.keep()) found.keys.push(key);
      }
      break;
    case KRL_SECTION.sha1:
      readHashes(section, 20, found.sha1, found);
      break;
    case KRL_SECTION.sha256:
      readHashes(section, 32, found.sha256, found);
      break;
    case KRL_SECTION.signature:
      // Its key was this string; the signature follows.
      reader.string('the signature');
      found.signed = true;
      break;
    case KRL_SECTION.extension:
      readExtension(section, start);
      break;
    default:
      throw new DerError(`section ${type} is not known`, start);
  }
}

function readHashes(section: SshReader, length: number, hashes: string[], found: Collector): void {
  while (section.more()) {
    const hash = section.string('a fingerprint');
    if (hash.length !== length)
      throw new DerError(`a fingerprint has ${hash.length} octets in place of ${length}`, section.position());
    if (found.keep()) hashes.push(toHex(hash));
  }
}

function readExtension(section: SshReader, start: number): void {
  const name = section.text('the name of an extension');
  if (section.byte('whether it is critical') !== 0)
    throw new DerError(`the critical extension ${name.slice(0, 80)} is not known`, start);
  section.string('an extension');
}

function readCertificates(section: SshReader, found: Collector): RevokedSshCertificates {
  const authority = section.string('the key of the authority');
  section.string('the reserved field');
  const serials: SerialRange[] = [];
  const keyIds: string[] = [];
  const keepRange = (first: bigint, last: bigint): void => {
    if (found.keep()) serials.push({ first, last });
  };
  while (section.more()) {
    const start = section.position();
    const type = section.byte('a section');
    const inner = sshReader(section.string('a section'));
    switch (type) {
      case KRL_CERTIFICATES.serialList:
        while (inner.more()) {
          const serial = inner.uint64('a serial number');
          keepRange(serial, serial);
        }
        break;
      case KRL_CERTIFICATES.serialRange: {
        const first = inner.uint64('a serial number');
        const last = inner.uint64('a serial number');
        if (first > last) throw new DerError('a range of serial numbers ends before it begins', start);
        keepRange(first, last);
        break;
      }
      case KRL_CERTIFICATES.serialBitmap:
        readBitmap(inner, keepRange);
        break;
      case KRL_CERTIFICATES.keyIds:
        while (inner.more()) {
          const keyId = inner.text('a key id');
          if (found.keep()) keyIds.push(keyId);
        }
        break;
      case KRL_CERTIFICATES.extension:
        readExtension(inner, start);
        break;
      default:
        throw new DerError(`section ${type} of certificates is not known`, start);
    }
  }
  return { authority, serials, keyIds };
}

/** The bit of value 2^n of a big-endian number stands for the serial number `offset + n`. */
function readBitmap(inner: SshReader, keepRange: (first: bigint, last: bigint) => void): void {
  const offset = inner.uint64('the first serial number');
  const bits = inner.string('the bit map');
  let first = -1;
  const count = bits.length * 8;
  for (let bit = 0; bit <= count; bit++) {
    const set = bit < count && ((bits[bits.length - 1 - (bit >> 3)] ?? 0) & (1 << (bit & 7))) !== 0;
    if (set && first < 0) first = bit;
    if (set || first < 0) continue;
    keepRange(offset + BigInt(first), offset + BigInt(bit - 1));
    first = -1;
  }
}
