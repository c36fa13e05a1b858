/** The cases of C2SP x509-limbo, as JSON lines or as its own `limbo.json`. */
import { readFileSync } from 'node:fs';
import { parseIpAddress } from '../../server/src/core/credential/build/ipAddress.ts';
import { buildPath } from '../../server/src/core/path/buildPath.ts';
import { type PathCertificate, readPathCertificate } from '../../server/src/core/path/pathCertificate.ts';
import { readPathCrl } from '../../server/src/core/path/revocation/pathCrl.ts';
import { statusByLists } from '../../server/src/core/path/revokedInPath.ts';
import type { ReferenceName } from '../../server/src/core/path/serverIdentity.ts';
import type { PathInputs } from '../../server/src/core/path/validatePath.ts';
import { nodeSignatureVerifier } from '../../server/src/platform/crypto/signatureVerifier.ts';
import type { Outcome } from './outcome.ts';

interface Case {
  readonly id: string;
  readonly validation_kind: 'SERVER' | 'CLIENT';
  readonly validation_time: string | null;
  readonly trusted_certs: readonly string[];
  readonly untrusted_intermediates: readonly string[];
  readonly peer_certificate: string;
  readonly crls?: readonly string[];
  readonly expected_peer_name: { readonly kind: 'DNS' | 'IP' | 'RFC822'; readonly value: string } | null;
  readonly max_chain_depth: number | null;
  readonly expected_result: 'SUCCESS' | 'FAILURE';
}

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

function derOf(pem: string): Uint8Array {
  return Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
}

function nameOf(wanted: Case['expected_peer_name']): ReferenceName | undefined {
  if (wanted === null) return undefined;
  if (wanted.kind === 'DNS') return { kind: 'dns', text: wanted.value };
  const octets = wanted.kind === 'IP' ? parseIpAddress(wanted.value) : undefined;
  if (octets !== undefined) return { kind: 'ip', octets };
  return { kind: 'email', text: wanted.value };
}

export function runLimbo(file: string): Outcome {
  const text = readFileSync(file, 'utf8');
  const cases = text.trimStart().startsWith('{"version"')
    ? (JSON.parse(text) as { testcases: Case[] }).testcases
    : text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Case);
  let passed = 0;
  const failed: string[] = [];
  for (const each of cases) {
    const [result, why] = verdictOf(each);
    if (result === each.expected_result) passed += 1;
    else
      failed.push(
        `${each.id}: expected ${each.expected_result}, got ${result}${why === '' ? '' : ` (${why})`}`,
      );
  }
  return { passed, failed };
}

function verdictOf(each: Case): readonly ['SUCCESS' | 'FAILURE', string] {
  const read = (pem: string): PathCertificate | undefined => readPathCertificate(derOf(pem)).value;
  const all = (pems: readonly string[]): readonly PathCertificate[] => pems.flatMap((pem) => read(pem) ?? []);
  const leaf = read(each.peer_certificate);
  if (leaf === undefined) return ['FAILURE', 'unreadable'];
  const name = nameOf(each.expected_peer_name);
  const inputs: PathInputs = {
    now: each.validation_time === null ? new Date() : new Date(each.validation_time),
    verifier: nodeSignatureVerifier,
    usage: each.validation_kind === 'SERVER' ? SERVER_AUTH : CLIENT_AUTH,
    profile: /^(?:webpki|online)::/.test(each.id.replace(/^limbo::/, '')) ? 'webpki' : 'rfc5280',
    ...(name === undefined ? {} : { name }),
    ...(each.max_chain_depth === null || each.max_chain_depth === undefined
      ? {}
      : { maxIntermediates: each.max_chain_depth }),
  };
  const material = { anchors: all(each.trusted_certs), intermediates: all(each.untrusted_intermediates) };
  const lists = (each.crls ?? []).flatMap((pem) => readPathCrl(derOf(pem)).value ?? []);
  const status = lists.length === 0 ? {} : { status: statusByLists(lists, material, inputs, true) };
  const verdict = buildPath(leaf, material, { ...inputs, ...status });
  return verdict.verdict === 'valid'
    ? ['SUCCESS', '']
    : ['FAILURE', `${verdict.verdict}: ${verdict.reason.message} at ${verdict.reason.at}`];
}
