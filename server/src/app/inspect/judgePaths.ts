/** Whether certificates that were read hold: up to what the caller trusts, for the name and purpose that it asks for. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseIpAddress } from '../../core/credential/build/ipAddress.ts';
import type { DecodedCertificate } from '../../core/credential/certificate.ts';
import type { CredentialItem } from '../../core/credential/inspect/item.ts';
import { decodePem } from '../../core/credential/pem.ts';
import { type JudgeInputs, judgePath } from '../../core/path/judgePath.ts';
import { type PathCertificate, readPathCertificate } from '../../core/path/pathCertificate.ts';
import { type PathCrl, readPathCrl } from '../../core/path/revocation/pathCrl.ts';
import { type PathOcsp, readPathOcsp } from '../../core/path/revocation/pathOcsp.ts';
import type { ReferenceName } from '../../core/path/serverIdentity.ts';
import type { PathInputs } from '../../core/path/validatePath.ts';
import { nodeHasher } from '../../platform/crypto/hasher.ts';
import { nodeSignatureVerifier } from '../../platform/crypto/signatureVerifier.ts';
import { UsageError } from '../failure.ts';
import { judgeOutside } from '../status/judgeOutside.ts';
import { type OutsideOptions, openOutsideSources } from '../status/openOutsideSources.ts';
import { findingsOf, type JudgedPath, shownOf, type ToldFinding, unreadable } from './judgedPath.ts';

export const PURPOSES = {
  server: '1.3.6.1.5.5.7.3.1',
  client: '1.3.6.1.5.5.7.3.2',
  'code-signing': '1.3.6.1.5.5.7.3.3',
  any: undefined,
} as const;

export interface PathQuestion {
  /** Files: trust anchors, intermediates besides those that were read, revocation lists, OCSP answers. */
  readonly trust: readonly string[];
  readonly chain: readonly string[];
  readonly crls: readonly string[];
  readonly answers: readonly string[];
  /** A host or an IP address. */
  readonly host: string | undefined;
  readonly purpose: keyof typeof PURPOSES;
  readonly profile: PathInputs['profile'];
  /** What certificates name is asked; undefined: nobody is. */
  readonly outside: OutsideOptions | undefined;
}

export interface JudgedItems {
  readonly items: readonly CredentialItem[];
  /** By the fingerprint of the certificate. */
  readonly judged: ReadonlyMap<string, JudgedPath>;
}

/** Every end certificate that was read is judged; those that issue others are what paths lead over. */
export async function judgePaths(
  items: readonly CredentialItem[],
  certificates: readonly DecodedCertificate[],
  question: PathQuestion,
  { now, cwd = '' }: { readonly now: Date; readonly cwd?: string },
  signal: AbortSignal,
): Promise<JudgedItems> {
  const read = async <T>(
    files: readonly string[],
    labels: readonly string[],
    open: (der: Uint8Array) => T | undefined,
  ) =>
    (await Promise.all(files.map((file) => contentsOf(path.resolve(cwd, file), file, labels, open)))).flat();
  const certificateOf = (der: Uint8Array): PathCertificate | undefined => readPathCertificate(der).value;
  const anchors = await read(question.trust, CERTIFICATES, certificateOf);
  const chain = await read(question.chain, CERTIFICATES, certificateOf);
  const crls = await read<PathCrl>(question.crls, ['X509 CRL'], (der) => readPathCrl(der).value);
  const answers = await read<PathOcsp>(question.answers, ['OCSP RESPONSE'], (der) => readPathOcsp(der).value);
  const known = certificates.flatMap(({ der }) => certificateOf(der) ?? []);
  const name = question.host === undefined ? undefined : nameOf(question.host);
  const usage = PURPOSES[question.purpose];
  const inputs: JudgeInputs = {
    now,
    hasher: nodeHasher,
    verifier: nodeSignatureVerifier,
    profile: question.profile,
    crls,
    answers,
    ...(usage === undefined ? {} : { usage }),
    ...(name === undefined ? {} : { name }),
  };
  const material = { anchors, intermediates: [...chain, ...known] };
  const sources = question.outside && openOutsideSources(question.outside, now);
  const judged = new Map<string, JudgedPath>();
  const found = new Map<string, readonly ToldFinding[]>();
  for (const { der, fingerprintSha256, facts } of certificates) {
    if (facts.certificateAuthority === true && certificates.length > 1) continue;
    if (judged.has(fingerprintSha256)) continue;
    const { value: leaf, problems } = readPathCertificate(der);
    const judgement =
      leaf === undefined
        ? unreadable(problems)
        : sources === undefined
          ? judgePath(leaf, material, inputs)
          : await judgeOutside(leaf, material, inputs, sources, signal);
    judged.set(fingerprintSha256, shownOf(judgement));
    found.set(fingerprintSha256, findingsOf(judgement));
  }
  return {
    judged,
    items: items.map((item) => {
      const own = item.fingerprintSha256 === null ? undefined : found.get(item.fingerprintSha256);
      if (own === undefined || item.type !== 'certificate') return item;
      const { file, range } = item;
      return { ...item, findings: [...item.findings, ...own.map((each) => ({ ...each, file, range }))] };
    }),
  };
}

const CERTIFICATES = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'];

/** Throws where a file cannot be read or has nothing of what it is given for: silence would look like an answer. */
async function contentsOf<T>(
  file: string,
  shown: string,
  labels: readonly string[],
  open: (der: Uint8Array) => T | undefined,
): Promise<readonly T[]> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${shown} cannot be read (${error.code})`, 'Check the path.');
  });
  const blocks = decodePem(bytes.toString('latin1')).filter(({ label }) => labels.includes(label));
  const ders = blocks.length > 0 ? blocks.map((block) => block.bytes) : [new Uint8Array(bytes)];
  const read = ders.flatMap((der) => open(der) ?? []);
  if (read.length === 0)
    throw new UsageError(`${shown} holds no ${labels[0]}`, '`idac inspect` says what it holds.');
  return read;
}

function nameOf(host: string): ReferenceName {
  const octets = parseIpAddress(host);
  return octets === undefined ? { kind: 'dns', text: host } : { kind: 'ip', octets };
}
