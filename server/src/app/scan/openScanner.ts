import { publicKeyFacts } from '../../core/credential/spki.ts';
import type { Finding } from '../../core/finding.ts';
import { KEY_FINDERS } from '../../core/keys/keyFinders.ts';
import type { FoundKey, KeySighting } from '../../core/keys/keySighting.ts';
import type { Detection } from '../../core/secrets/detector.ts';
import { DETECTORS } from '../../core/secrets/generated/registry.ts';
import { secretScanner } from '../../core/secrets/scanner.ts';
import type { Range } from '../../core/text/position.ts';
import { nodeDecryptor } from '../../platform/crypto/decryptor.ts';
import { nodeHasher } from '../../platform/crypto/hasher.ts';
import { rangesOfOctets } from './rangesOfOctets.ts';
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
  /** Of a private key: the hex SHA-256 of its SubjectPublicKeyInfo. */
  readonly spkiSha256?: string;
}

export interface FileScanner {
  scan(
    path: string,
    bytes: Uint8Array,
  ): {
    readonly findings: readonly ScannedFinding[];
    /** Public keys in any form, and those of the private keys; by place within each of the two. */
    readonly keys: readonly KeySighting[];
    readonly skipped: readonly Skipped[];
  };
}

export function openScanner(): FileScanner {
  const scanner = secretScanner(DETECTORS, KEY_FINDERS, {
    hasher: nodeHasher,
    decryptor: nodeDecryptor,
    latin1,
  });
  return {
    scan(path, bytes) {
      const { found, keys, cut } = scanner.scan(path, bytes);
      return {
        findings: placed(found, bytes).map(([each, range]) => findingOf(each, path, range)),
        keys: placed([...keys, ...found.flatMap(privateKey)], bytes).map(([each, range]) =>
          sightingOf(each, path, range),
        ),
        skipped: cut === undefined ? [] : [{ path, why: cut }],
      };
    },
  };
}

function latin1({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('latin1');
}

function placed<Found extends { readonly start: number; readonly end: number }>(
  found: readonly Found[],
  bytes: Uint8Array,
): readonly (readonly [Found, Range])[] {
  const rangeOf = rangesOfOctets(bytes);
  return found.map((each) => [each, rangeOf(each.start, each.end)]);
}

function privateKey({ spki, what, start, end }: Detection): readonly FoundKey[] {
  const facts = spki && publicKeyFacts(spki);
  if (facts === undefined) return [];
  return [{ form: 'private-key', what, algorithm: facts.algorithm, spki: facts.spki, start, end }];
}

function sightingOf(
  { start: _start, end: _end, spki, ...said }: FoundKey,
  file: string,
  range: Range,
): KeySighting {
  return { ...said, file, range, spki: Buffer.from(spki).toString('base64'), spkiSha256: spkiHash(spki) };
}

function spkiHash(spki: Uint8Array): string {
  return Buffer.from(nodeHasher.hash('sha256', spki)).toString('hex');
}

/** It names what stands there, and shows no part of it. */
function findingOf({ rule, what, spki, start, end }: Detection, file: string, range: Range): ScannedFinding {
  const { id, severity } = rule;
  const said = `${what} stands here`;
  const finding = { rule: id, severity, message: messageOf(said), file, range, related: [], fixes: [] };
  const scanned = { finding, what, said, octets: { start, end } };
  return spki === undefined ? scanned : { ...scanned, spkiSha256: spkiHash(spki) };
}

/** The same of what does not stand in the file as it is now. */
export function saidAs(where: string, scanned: ScannedFinding): ScannedFinding {
  const said = `${scanned.what} ${where}`;
  return { ...scanned, said, finding: { ...scanned.finding, message: messageOf(said) } };
}

function messageOf(said: string): string {
  return `${said}; take it as known to others`;
}
