/**
 * Keys that were seen, a few columns in place of objects: a bundle has hundreds of thousands, and all that is asked of most is
 * whether they stand anywhere else. What a certificate says of its key stays in its DER until then.
 */
import type { Hasher } from '../ports.ts';
import type { Range } from '../text/position.ts';
import type { FoundKey, SightedKey } from './keySighting.ts';
import { certifiedSighting } from './keysOfDer.ts';
import type { KeyPlace } from './sharing/keyPlace.ts';

const NOWHERE: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** Keys of one file. It goes between threads as it is. */
export interface KeyPack {
  readonly file: string;
  /** Of each key the hex SHA-256 of its SubjectPublicKeyInfo: the same for one key in every form. */
  readonly hashes: readonly string[];
  /** What is said of keys, once where it is the same for several, as that they are in certificates. */
  readonly said: readonly SightedKey[];
  /** Of each key the numbers of `COLUMN`. */
  readonly numbers: Uint32Array;
  /** Certificates, and what of keys does not stand in one. */
  readonly octets: Uint8Array;
}

const COLUMN = {
  said: 0,
  startLine: 1,
  startCharacter: 2,
  endLine: 3,
  endCharacter: 4,
  /** In `octets`; up to the same: it is in none. */
  certificate: 5,
  certificateEnd: 6,
  spki: 7,
  spkiEnd: 8,
} as const;
const COLUMNS = 9;

export function packKeys(
  file: string,
  keys: readonly FoundKey[],
  ranges: readonly Range[],
  hasher: Hasher,
): KeyPack {
  const numbers = new Uint32Array(keys.length * COLUMNS);
  const octets = new Uint8Array(keys.reduce((size, key) => size + sizeOf(key), 0));
  const hashes: string[] = [];
  const said: SightedKey[] = [];
  let size = 0;
  const put = (some: Uint8Array): number => {
    octets.set(some, size);
    size += some.length;
    return size - some.length;
  };
  for (const [index, key] of keys.entries()) {
    const { said: one, spki, certificate } = key;
    const { start, end } = ranges[index] ?? NOWHERE;
    const before = said.at(-1);
    // One certificate follows the other.
    if (certificate === undefined || before === undefined || !isSame(one, before)) said.push(one);
    const row = index * COLUMNS;
    numbers[row + COLUMN.said] = said.length - 1;
    numbers[row + COLUMN.startLine] = start.line;
    numbers[row + COLUMN.startCharacter] = start.character;
    numbers[row + COLUMN.endLine] = end.line;
    numbers[row + COLUMN.endCharacter] = end.character;
    if (certificate !== undefined) {
      numbers[row + COLUMN.certificate] = put(certificate);
      numbers[row + COLUMN.certificateEnd] = size;
    }
    const from = isWithin(spki, certificate)
      ? size - certificate.length + spki.byteOffset - certificate.byteOffset
      : put(spki);
    numbers[row + COLUMN.spki] = from;
    numbers[row + COLUMN.spkiEnd] = from + spki.length;
    hashes.push(hasher.hex('sha256', spki));
  }
  return { file, hashes, said, numbers, octets };
}

function sizeOf({ spki, certificate }: FoundKey): number {
  return (certificate?.length ?? 0) + (isWithin(spki, certificate) ? 0 : spki.length);
}

/** As it stands there. It was brought to another form otherwise. */
function isWithin(spki: Uint8Array, certificate: Uint8Array | undefined): certificate is Uint8Array {
  if (certificate === undefined || spki.buffer !== certificate.buffer) return false;
  const from = spki.byteOffset - certificate.byteOffset;
  return from >= 0 && from + spki.length <= certificate.length;
}

/** Of keys in certificates, of which nothing else is said here. */
function isSame(one: SightedKey, other: SightedKey): boolean {
  return one.form === other.form && one.what === other.what && one.algorithm === other.algorithm;
}

/** Some of its keys, in a pack of their own. */
export function somePacked(pack: KeyPack, indexes: readonly number[], hasher: Hasher): KeyPack {
  const keys = indexes.map((index): FoundKey => {
    const certificate = certificateOf(pack, index);
    const key = { said: saidOf(pack, index), start: 0, end: 0, spki: spkiOf(pack, index) };
    return certificate === undefined ? key : { ...key, certificate };
  });
  const ranges = indexes.map((index) => rangeOf(pack, index));
  return packKeys(pack.file, keys, ranges, hasher);
}

/** The key where it stands, with all that is said of it there. */
export function placeOf(pack: KeyPack, index: number, hasher: Hasher): KeyPlace {
  const certificate = certificateOf(pack, index);
  const said = saidOf(pack, index);
  return {
    ...(certificate === undefined ? said : certifiedSighting(said, certificate, hasher)),
    file: pack.file,
    range: rangeOf(pack, index),
    spkiSha256: pack.hashes[index] ?? '',
  };
}

/** Places of the keys that are asked for, in their order. */
export function* placesOf(
  packs: Iterable<KeyPack>,
  isAsked: (spkiSha256: string) => boolean,
  hasher: Hasher,
): Generator<KeyPlace> {
  for (const pack of packs)
    for (const [index, spkiSha256] of pack.hashes.entries())
      if (isAsked(spkiSha256)) yield placeOf(pack, index, hasher);
}

/** But for what its certificate says. */
export function saidOf({ said, numbers }: KeyPack, index: number): SightedKey {
  return said[numbers[index * COLUMNS + COLUMN.said] ?? 0] as SightedKey;
}

/** Its normalized SubjectPublicKeyInfo. */
export function spkiOf({ octets, numbers }: KeyPack, index: number): Uint8Array {
  const row = index * COLUMNS;
  return octets.subarray(numbers[row + COLUMN.spki], numbers[row + COLUMN.spkiEnd]);
}

export function certificateOf({ octets, numbers }: KeyPack, index: number): Uint8Array | undefined {
  const row = index * COLUMNS;
  const certificate = octets.subarray(
    numbers[row + COLUMN.certificate],
    numbers[row + COLUMN.certificateEnd],
  );
  return certificate.length === 0 ? undefined : certificate;
}

function rangeOf({ numbers }: KeyPack, index: number): Range {
  const at = (column: number): number => numbers[index * COLUMNS + column] ?? 0;
  return {
    start: { line: at(COLUMN.startLine), character: at(COLUMN.startCharacter) },
    end: { line: at(COLUMN.endLine), character: at(COLUMN.endCharacter) },
  };
}
