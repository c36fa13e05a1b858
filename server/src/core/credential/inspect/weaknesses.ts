/** What of a credential is too weak by today's rules, whatever file it came in. */
import type { Finding } from '../../finding.ts';
import { algorithmFacts } from '../../outlook/algorithmFacts.ts';
import type { RuleMeta } from '../../rules/rule.ts';
import { keyWeak } from '../findings/keyWeak.ts';
import { weakSignature } from '../findings/weakSignature.ts';
import type { CredentialItem } from './item.ts';

/** NIST SP 800-131A: what is weaker is disallowed for signing and for agreeing on keys. */
const LEAST_STRENGTH = 112;

/** Curves that NIST does not list have about half their size as strength. */
const LEAST_CURVE_BITS = 2 * LEAST_STRENGTH;

export function withWeaknesses(items: readonly CredentialItem[]): readonly CredentialItem[] {
  return items.map((item) => {
    const found = [...keyFindings(item), ...signatureFindings(item)];
    return found.length === 0 ? item : { ...item, findings: [...item.findings, ...found] };
  });
}

function keyFindings(item: CredentialItem): readonly Finding[] {
  const problem = item.keyAlgorithm === null ? undefined : strengthProblem(item.keyAlgorithm, item.keyBits);
  return problem === undefined ? [] : [findingOf(item, keyWeak, problem)];
}

/** Why a key is weaker than is allowed; undefined where it is not. */
export function strengthProblem(algorithm: string, bits: number | null): string | undefined {
  const { family, parameter, strength } = algorithmFacts(algorithm);
  if (family === 'DSA') return `the key is a DSA key (${algorithm}), which nothing new may use`;
  if (algorithm === 'ECDSA-explicit-parameters')
    return 'the key writes the parameters of its curve out, so nobody can tell which curve it is';
  const isWeak =
    strength === null
      ? family === 'ECDSA' && bits !== null && bits < LEAST_CURVE_BITS
      : strength < LEAST_STRENGTH;
  if (!isWeak) return undefined;
  const least = family === 'ECDSA' ? 'P-256' : '2048 bits';
  return `the key is ${family} ${parameter ?? `${bits} bit`}, and ${least} is the least`;
}

const BROKEN_DIGEST = /(?:^|[-_])(MD2|MD4|MD5|SHA1|SHA-1)\b/i;

function signatureFindings(item: CredentialItem): readonly Finding[] {
  const digest = BROKEN_DIGEST.exec(item.signatureAlgorithm ?? '')?.[1];
  if (digest === undefined || isRoot(item)) return [];
  return [
    findingOf(
      item,
      weakSignature,
      `it is signed with ${item.signatureAlgorithm}, and ${digest} can be forged`,
    ),
  ];
}

/** It is trusted for itself: its own signature proves nothing to anybody. */
function isRoot({ type, subject, issuer, certificateAuthority }: CredentialItem): boolean {
  return type === 'certificate' && subject !== null && subject === issuer && certificateAuthority === true;
}

function findingOf({ file, range }: CredentialItem, rule: RuleMeta, message: string): Finding {
  return {
    rule: rule.id,
    severity: rule.severity,
    message,
    why: rule.why,
    file,
    range,
    related: [],
    fixes: [],
  };
}
