/** NIST PKITS: certificates and lists from one package of Python, expected results from another. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildPath } from '../../server/src/core/path/buildPath.ts';
import { type PathCertificate, readPathCertificate } from '../../server/src/core/path/pathCertificate.ts';
import { type PathCrl, readPathCrl } from '../../server/src/core/path/revocation/pathCrl.ts';
import { statusByLists } from '../../server/src/core/path/revokedInPath.ts';
import type { PathInputs } from '../../server/src/core/path/validatePath.ts';
import { nodeSignatureVerifier } from '../../server/src/platform/crypto/signatureVerifier.ts';
import type { Outcome } from './outcome.ts';

interface Case {
  readonly id: string;
  readonly name: string;
  readonly cert: string;
  readonly other_certs?: readonly string[];
  readonly crls?: readonly string[];
  readonly revocation?: boolean;
  readonly error?: { readonly msg_regex: string };
  readonly params?: {
    readonly user_initial_policy_set?: readonly string[];
    readonly initial_explicit_policy?: boolean;
    readonly initial_policy_mapping_inhibit?: boolean;
    readonly initial_any_policy_inhibit?: boolean;
  };
}

/** Within the years for which its certificates were made. */
const NOW = new Date('2022-05-01T00:00:00Z');

export function runPkits(vectors: string, expected: string): Outcome {
  const cases = JSON.parse(readFileSync(expected, 'utf8')) as readonly Case[];
  const file = (folder: string, name: string): Uint8Array => readFileSync(path.join(vectors, folder, name));
  const certificate = (name: string): PathCertificate | undefined =>
    readPathCertificate(file('certs', name)).value;
  const list = (name: string): PathCrl | undefined => readPathCrl(file('crls', name)).value;
  const anchors = [certificate('TrustAnchorRootCertificate.crt')].flatMap((each) => each ?? []);
  let passed = 0;
  const failed: string[] = [];
  for (const each of cases) {
    const want = each.error === undefined ? 'valid' : 'not valid';
    const [got, why] = verdictOf(each);
    if (got === want) passed += 1;
    else
      failed.push(
        `${each.id} ${each.name}: expected ${want}, got ${got} (${why}; ${each.error?.msg_regex ?? ''})`,
      );
  }
  return { passed, failed };

  function verdictOf({
    cert,
    other_certs = [],
    crls = [],
    params = {},
    revocation,
  }: Case): readonly [string, string] {
    const leaf = certificate(cert);
    if (leaf === undefined) return ['not valid', 'unreadable'];
    const material = { anchors, intermediates: other_certs.flatMap((name) => certificate(name) ?? []) };
    const lists = ['TrustAnchorRootCRL.crl', ...crls].flatMap((name) => list(name) ?? []);
    const inputs: PathInputs = {
      now: NOW,
      verifier: nodeSignatureVerifier,
      profile: 'path',
      policies: {
        explicit: params.initial_explicit_policy === true,
        inhibitMapping: params.initial_policy_mapping_inhibit === true,
        inhibitAny: params.initial_any_policy_inhibit === true,
        ...(params.user_initial_policy_set === undefined
          ? {}
          : { wanted: new Set(params.user_initial_policy_set) }),
      },
    };
    const verdict = buildPath(leaf, material, {
      ...inputs,
      status: statusByLists(lists, material, inputs, revocation !== false),
    });
    return verdict.verdict === 'valid'
      ? ['valid', '']
      : ['not valid', `${verdict.verdict}: ${verdict.reason.message} at ${verdict.reason.at}`];
  }
}
