/** ML-DSA with pyca/cryptography as the other side: it judges what we make, and we judge what it makes. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readProvenKey } from '../../server/src/core/credential/build/requestProof.ts';
import { sameOctets } from '../../server/src/core/credential/octets.ts';
import { buildPath } from '../../server/src/core/path/buildPath.ts';
import { type PathCertificate, readPathCertificate } from '../../server/src/core/path/pathCertificate.ts';
import { ocspStatus } from '../../server/src/core/path/revocation/ocspStatus.ts';
import { readPathCrl } from '../../server/src/core/path/revocation/pathCrl.ts';
import { readPathOcsp } from '../../server/src/core/path/revocation/pathOcsp.ts';
import { statusByLists } from '../../server/src/core/path/revokedInPath.ts';
import type { PathInputs } from '../../server/src/core/path/validatePath.ts';
import { nodeDecryptor } from '../../server/src/platform/crypto/decryptor.ts';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';
import { nodeSignatureVerifier } from '../../server/src/platform/crypto/signatureVerifier.ts';
import { present } from '../backends/contract/expectations.ts';
import { named, newRequest, SIGNAL } from '../backends/contract/requests.ts';
import { makeBench } from '../backends/localTools.ts';
import type { Outcome } from './outcome.ts';

const SCRIPT = fileURLToPath(new URL('mlDsa.py', import.meta.url));
const SETS = ['44', '65', '87'] as const;
/** Within the days for which the other side's certificates are made. */
const NOW = new Date('2026-06-02T00:00:00Z');

export async function runMlDsa(python: string): Promise<Outcome> {
  const folder = mkdtempSync(path.join(tmpdir(), 'idac-ml-dsa-'));
  try {
    const ours = await judgedByOther(python, folder);
    execFileSync(python, [SCRIPT, 'make', folder]);
    return sum([...ours, ...SETS.flatMap((set) => judgedByUs(folder, set))]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Verdict {
  readonly case: string;
  readonly holds: boolean;
  readonly why?: string;
}

function sum(verdicts: readonly Verdict[]): Outcome {
  const failed = verdicts.filter(({ holds }) => !holds);
  return {
    passed: verdicts.length - failed.length,
    failed: failed.map((each) => `${each.case}: ${each.why ?? 'does not hold'}`),
  };
}

async function judgedByOther(python: string, folder: string): Promise<readonly Verdict[]> {
  for (const set of SETS) {
    const bench = await makeBench({ authority: { keyAlgorithm: `ML-DSA-${set}` } });
    try {
      const { request, pkcs8 } = await newRequest({ names: named('gate.example.test') }, `ML-DSA-${set}`);
      const { chain, root } = await bench.issue(request);
      const put = (name: string, bytes: Uint8Array | undefined): void =>
        writeFileSync(path.join(folder, `${set}-${name}`), present(bytes, name));
      put('leaf.der', chain[0]);
      put('issuing.der', chain[1]);
      put('root.der', root);
      put('leaf.csr', request.csr);
      put('leaf.key', pkcs8.reveal());
      put('list.crl', await bench.authority.crl?.(SIGNAL));
      execFileSync(python, [SCRIPT, 'ask', folder]);
      const question = readFileSync(path.join(folder, `${set}.ocspreq`));
      put('leaf.ocsp', await bench.authority.ocsp?.(question, SIGNAL));
    } finally {
      await bench.cleanup();
    }
  }
  const said = execFileSync(python, [SCRIPT, 'judge', folder], { encoding: 'utf8' });
  return said
    .trim()
    .split('\n')
    .map((line) => {
      const verdict = JSON.parse(line) as Verdict;
      return { ...verdict, case: `pyca on ours, ${verdict.case}` };
    });
}

function judgedByUs(folder: string, set: string): readonly Verdict[] {
  const read = (name: string): Uint8Array => readFileSync(path.join(folder, `${set}${name}`));
  const certificate = (name: string, alter = false): PathCertificate => {
    const der = Uint8Array.from(read(name));
    if (alter) der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
    return present(readPathCertificate(der).value, name);
  };
  const root = certificate('-root.der');
  const material = { anchors: [root], intermediates: [] };
  const said = (name: string, alter = false): string => {
    const inputs: PathInputs = { now: NOW, verifier: nodeSignatureVerifier, profile: 'path' };
    const status = statusByLists(
      [present(readPathCrl(read('.crl')).value, 'the list')],
      material,
      inputs,
      true,
    );
    const verdict = buildPath(certificate(name, alter), material, { ...inputs, status });
    return verdict.verdict === 'valid' ? 'valid' : `${verdict.verdict} ${verdict.reason.problem}`;
  };
  const expected = (what: string, want: string, got: string): Verdict => ({
    case: `ours on pyca's, ${set} ${what}`,
    holds: got === want,
    why: `${got}, and not ${want}`,
  });
  const answered = (name: string, alter = false): string => {
    const der = Uint8Array.from(read(`-${name}.ocsp`));
    if (alter) der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
    const answers = [present(readPathOcsp(der).value, 'the answer')];
    return ocspStatus(certificate(`-${name}.der`), root, {
      answers,
      now: NOW,
      hasher: nodeHasher,
      verifier: nodeSignatureVerifier,
    }).status;
  };
  const request = readProvenKey(read('.csr'), nodeSignatureVerifier);
  const spki = nodeDecryptor.publicKeyOf(read('.key'));
  const isItsKey = request.ok && spki !== undefined && sameOctets(spki, request.spki);
  return [
    expected('leaf that is in no list', 'valid', said('-good.der')),
    expected('leaf that is in the list', 'invalid revoked', said('-revoked.der')),
    expected('altered leaf', 'invalid bad-signature', said('-good.der', true)),
    expected('OCSP answer: good', 'good', answered('good')),
    expected('OCSP answer: revoked', 'revoked', answered('revoked')),
    expected('altered OCSP answer', 'unknown', answered('good', true)),
    expected('request', 'proven', request.ok ? 'proven' : request.why),
    expected('private key', 'the key of the request', isItsKey ? 'the key of the request' : 'another key'),
  ];
}
