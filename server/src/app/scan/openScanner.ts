import type { Finding } from '../../core/finding.ts';
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
    readonly skipped: readonly Skipped[];
  };
}

export function openScanner(): FileScanner {
  const scanner = secretScanner(DETECTORS, { hasher: nodeHasher, decryptor: nodeDecryptor, latin1 });
  return {
    scan(path, bytes) {
      const { found, cut } = scanner.scan(path, bytes);
      const rangeOf = rangesOfOctets(bytes);
      return {
        findings: found.map((each) => findingOf(each, path, rangeOf(each.start, each.end))),
        skipped: cut === undefined ? [] : [{ path, why: cut }],
      };
    },
  };
}

function latin1({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('latin1');
}

/** It names what stands there, and shows no part of it. */
function findingOf({ rule, what, spki, start, end }: Detection, file: string, range: Range): ScannedFinding {
  const { id, severity } = rule;
  const said = `${what} stands here`;
  const finding = { rule: id, severity, message: messageOf(said), file, range, related: [], fixes: [] };
  const scanned = { finding, what, said, octets: { start, end } };
  if (spki === undefined) return scanned;
  return { ...scanned, spkiSha256: Buffer.from(nodeHasher.hash('sha256', spki)).toString('hex') };
}

/** The same of what does not stand in the file as it is now. */
export function saidAs(where: string, scanned: ScannedFinding): ScannedFinding {
  const said = `${scanned.what} ${where}`;
  return { ...scanned, said, finding: { ...scanned.finding, message: messageOf(said) } };
}

function messageOf(said: string): string {
  return `${said}; take it as known to others`;
}
