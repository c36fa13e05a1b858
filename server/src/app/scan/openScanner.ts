import { publicKeyFacts } from '../../core/credential/spki.ts';
import type { Finding } from '../../core/finding.ts';
import { KEY_FINDERS } from '../../core/keys/keyFinders.ts';
import { type KeyPack, packKeys } from '../../core/keys/keyPack.ts';
import type { FoundKey } from '../../core/keys/keySighting.ts';
import type { Detection } from '../../core/secrets/detector.ts';
import type { FollowedScan, SecretsFound } from '../../core/secrets/followedScan.ts';
import { DETECTORS } from '../../core/secrets/generated/registry.ts';
import type { FileScan } from '../../core/secrets/judgement.ts';
import type { Piece } from '../../core/secrets/piecesScan.ts';
import { secretScanner } from '../../core/secrets/scanner.ts';
import type { Range } from '../../core/text/position.ts';
import { nodeDecryptor } from '../../platform/crypto/decryptor.ts';
import { nodeHasher } from '../../platform/crypto/hasher.ts';
import { gunzip } from '../../platform/gunzip.ts';
import { inCommon } from './inCommon.ts';
import { characterStart, placeAfter, START } from './octetPlace.ts';
import { type Octets, placed } from './placed.ts';
import type { Skipped } from './walkTree.ts';

export interface ScannedFinding {
  readonly finding: Finding;
  /** `an RSA-2048 private key (PKCS#8)`. */
  readonly what: string;
  /** What, and where it is: the message before what to think of it. */
  readonly said: string;
  /** Of the file, or of the content that git has. */
  readonly octets: { readonly start: number; readonly end: number };
  /** The id of that content; absent where the file itself was read. */
  readonly content?: string;
  /** The id of the commit that brought it there, where git was asked for the history. */
  readonly commit?: string;
  /** Of a private key: the hex SHA-256 of its SubjectPublicKeyInfo. */
  readonly spkiSha256?: string;
  /** The first other files that have the same value. */
  readonly sameIn?: readonly string[];
}

const NOWHERE: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** What is known of a content. It goes between threads and into the cache, and holds no part of a secret. */
export interface ScannedContent {
  readonly findings: readonly ScannedFinding[];
  /** Public keys in any form, and those of the private keys; by place within each of the two. */
  readonly keys: readonly KeyPack[];
  readonly skipped: readonly Skipped[];
}

export interface FileScanner {
  scan(path: string, bytes: Uint8Array): ScannedContent;
  /** The same of a content that is too large to be had at once. */
  inPieces(path: string): ScannedPieces;
  /** Secrets alone, in a text that is typed into; `rangeOf` knows its octets. */
  follow(path: string): FollowedScan;
  saidOf(path: string, found: SecretsFound, rangeOf: (each: Octets) => Range): ScannedSecrets;
}

export type ScannedSecrets = Omit<ScannedContent, 'keys'>;

export interface ScannedPieces {
  /** `next`: where the next piece will begin. */
  look(piece: Piece, next: number): void;
  end(): ScannedContent;
}

/** `versions`: contents that come one after the other are for the most part versions of one file. */
export function openScanner({ versions = false }: { readonly versions?: boolean } = {}): FileScanner {
  const tools = { hasher: nodeHasher, decryptor: nodeDecryptor, latin1, gunzip };
  const scanner = secretScanner(DETECTORS, KEY_FINDERS, tools, versions ? inCommon : undefined);
  return {
    scan(path, bytes) {
      const scan = scanner.scan(path, bytes);
      const ranges = new Map(placed([...scan.found, ...scan.keys], START, { bytes, base: 0 }));
      return said(path, scan, (each) => ranges.get(each));
    },
    inPieces(path) {
      const pieces = scanner.inPieces(path);
      const ranges = new Map<Octets, Range>();
      const packs: KeyPack[] = [];
      let known = START;
      return {
        look(piece, next) {
          pieces.look(piece);
          const { bytes, base } = piece;
          const { found } = pieces.scan();
          const recent = found.slice(found.findLastIndex(({ start }) => start < base) + 1);
          for (const [each, range] of placed(
            recent.filter((one) => !ranges.has(one)),
            known,
            piece,
          ))
            ranges.set(each, range);
          const keys = pieces.takeKeys();
          const places = new Map(placed(keys, known, piece));
          packs.push(
            ...packed(
              path,
              keys,
              keys.map((each) => places.get(each) ?? NOWHERE),
            ),
          );
          known = placeAfter(known, base + characterStart(bytes, next - base), bytes, base);
        },
        end() {
          const { keys, ...scanned } = said(path, pieces.scan(), (each) => ranges.get(each));
          return { ...scanned, keys: [...packs, ...keys] };
        },
      };
    },
    follow: scanner.follow,
    saidOf: saidSecrets,
  };
}

function latin1({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('latin1');
}

function said(
  path: string,
  { found, keys, cut }: FileScan,
  rangeOf: (each: Octets) => Range | undefined,
): ScannedContent {
  const at = (each: Octets): Range => rangeOf(each) ?? NOWHERE;
  const own = found.flatMap((each) => privateKey(each).map((key) => ({ each, key })));
  return {
    ...saidSecrets(path, { found, ...(cut === undefined ? {} : { cut }) }, at),
    keys: packed(
      path,
      [...keys, ...own.map(({ key }) => key)],
      [...keys.map(at), ...own.map(({ each }) => at(each))],
    ),
  };
}

function packed(path: string, keys: readonly FoundKey[], ranges: readonly Range[]): readonly KeyPack[] {
  return keys.length === 0 ? [] : [packKeys(path, keys, ranges, nodeHasher)];
}

function saidSecrets(
  path: string,
  { found, cut }: SecretsFound,
  rangeOf: (each: Octets) => Range,
): ScannedSecrets {
  return {
    findings: found.map((each) => findingOf(each, path, rangeOf(each))),
    skipped: cut === undefined ? [] : [{ path, why: cut }],
  };
}

function privateKey({ spki, what, start, end }: Detection): readonly FoundKey[] {
  const facts = spki && publicKeyFacts(spki);
  if (facts === undefined) return [];
  const { algorithm, spki: normalized } = facts;
  return [{ said: { form: 'private-key', what, algorithm }, spki: normalized, start, end }];
}

/** It names what stands there, and shows no part of it. */
function findingOf({ rule, what, spki, start, end }: Detection, file: string, range: Range): ScannedFinding {
  const { id, severity } = rule;
  const said = `${what} stands here`;
  const finding = { rule: id, severity, message: messageOf(said), file, range, related: [], fixes: [] };
  const scanned = { finding, what, said, octets: { start, end } };
  return spki === undefined ? scanned : { ...scanned, spkiSha256: nodeHasher.hex('sha256', spki) };
}

/** The same of what does not stand in the file as it is now. */
export function saidAs(where: string, scanned: ScannedFinding): ScannedFinding {
  return withSaid(`${scanned.what} ${where}`, scanned);
}

export function withSaid(said: string, scanned: ScannedFinding): ScannedFinding {
  return { ...scanned, said, finding: { ...scanned.finding, message: messageOf(said) } };
}

function messageOf(said: string): string {
  return `${said}; take it as known to others`;
}
