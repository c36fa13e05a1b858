import { statSync } from 'node:fs';
import path from 'node:path';
import { decodePem } from '../../core/credential/pem.ts';
import { splitChain } from '../../core/credential/splitChain.ts';
import type { Generation } from '../../core/lifecycle/record.ts';
import { sameName } from '../../core/path/nameKey.ts';
import { type PathCertificate, readPathCertificate } from '../../core/path/pathCertificate.ts';
import { perValue } from '../../core/rules/perValue.ts';
import type { AnchorFacts, Signers, TrustFacts } from '../../core/trust/trustFacts.ts';
import { nodeHasher } from '../../platform/crypto/hasher.ts';
import { nodeSignatureVerifier } from '../../platform/crypto/signatureVerifier.ts';
import { readOwnText } from '../../platform/disk/ownText.ts';

export interface AnchorFiles {
  read(files: readonly string[]): TrustFacts;
}

/** The largest public bundles have a few hundred kilobytes. */
const LARGEST = 2 * 1024 * 1024;
/** More than any project has; each is read from disk. */
const MOST_FILES = 100;
/** In all files; those beyond are as if they were not there. */
const MOST_CERTIFICATES = 20_000;
/** Who signed what is asked of so many pairs; what is left then rests on nobody knows whom. */
const MOST_SIGNATURES = 2_000;
/** Authorities above each other: more are made to keep somebody busy. */
const LONGEST_PATH = 10;

interface Read {
  readonly stamp: string;
  readonly certificates: readonly PathCertificate[];
}

export function openAnchorFiles(root: string): AnchorFiles {
  let known = new Map<string, Read>();
  let latest: { readonly stamps: string; readonly facts: TrustFacts } | undefined;
  return {
    read(files) {
      const now = new Map<string, Read>();
      let count = 0;
      for (const file of files.slice(0, MOST_FILES)) {
        if (count > MOST_CERTIFICATES) break;
        const stamp = stampOf(path.join(root, file));
        if (stamp === undefined) continue;
        const before = known.get(file);
        const read = before?.stamp === stamp ? before : { stamp, certificates: readFile(root, file) };
        now.set(file, read);
        count += read.certificates.length;
      }
      known = now;
      const stamps = JSON.stringify([...now].map(([file, { stamp }]) => [file, stamp]));
      if (latest?.stamps !== stamps) latest = { stamps, facts: factsOf(now) };
      return latest.facts;
    },
  };
}

function stampOf(file: string): string | undefined {
  const state = statSync(file, { throwIfNoEntry: false, bigint: true });
  return state && `${state.mtimeNs} ${state.ctimeNs} ${state.size}`;
}

function readFile(root: string, file: string): readonly PathCertificate[] {
  const read = readOwnText(root, file, LARGEST);
  return read.kind === 'text' ? certificatesIn(read.text) : [];
}

function certificatesIn(text: string): readonly PathCertificate[] {
  return decodePem(text).flatMap(({ label, bytes }) => {
    if (!label.endsWith('CERTIFICATE')) return [];
    const { value } = readPathCertificate(bytes);
    return value === undefined ? [] : [value];
  });
}

function factsOf(files: ReadonlyMap<string, Read>): TrustFacts {
  const anchors = new Map<string, readonly AnchorFacts[]>();
  for (const [file, { certificates }] of files)
    if (certificates.length > 0)
      anchors.set(
        file,
        certificates.map((each) => ({
          subject: each.subjectText,
          key: keyOf(each),
          notAfter: each.notAfter,
        })),
      );
  const all = [...files.values()].flatMap(({ certificates }) => certificates);
  // One authority may stand in many files, and in one many times.
  const authorities = [
    ...new Map(all.map((each) => [`${keyOf(each)} ${each.subjectText} ${each.issuerText}`, each])).values(),
  ];
  const budget = { signatures: MOST_SIGNATURES };
  const byIssuers = new Map<string, Signers | undefined>();
  const known = new WeakMap<Generation, { readonly signers: Signers | undefined }>();
  return {
    anchors,
    signersOf(generation) {
      const before = known.get(generation);
      if (before !== undefined) return before.signers;
      const { publicText } = generation.issued;
      // All that one authority issued come with the same issuers, whose certificates are read once.
      const issuers = splitChain(publicText)?.issuers.trim() ?? '';
      const key = issuers === '' ? publicText : issuers;
      if (!byIssuers.has(key)) byIssuers.set(key, signersIn(publicText, authorities, budget));
      const signers = byIssuers.get(key);
      known.set(generation, { signers });
      return signers;
    },
  };
}

/** Up through what was delivered with it, and on through what lies in files, by signatures. */
function signersIn(
  publicText: string,
  authorities: readonly PathCertificate[],
  budget: { signatures: number },
): Signers | undefined {
  const [leaf, ...above] = certificatesIn(publicText);
  if (leaf === undefined) return undefined;
  while (above.length < LONGEST_PATH) {
    const last = above.at(-1) ?? leaf;
    const next = last.selfIssued
      ? undefined
      : authorities.find(
          (each) => sameName(last.issuer, each.subject) && budget.signatures-- > 0 && signed(each, last),
        );
    if (budget.signatures < 0) return undefined;
    if (next === undefined || above.includes(next)) break;
    above.push(next);
  }
  const highest = above.at(-1);
  // Who issued it is in no file: it may rest on anything.
  if (highest === undefined) return undefined;
  return {
    authority: highest.selfIssued ? highest.subjectText : highest.issuerText,
    keys: new Set(above.map(keyOf)),
  };
}

function signed(authority: PathCertificate, { signed: by }: PathCertificate): boolean {
  return nodeSignatureVerifier.verify(authority.spki, by.algorithm, by.data, by.signature) !== 'bad';
}

/** Asked of a bundle's certificates again and again. */
const keyOf = perValue(({ spki }: PathCertificate): string => nodeHasher.hex('sha256', spki));
