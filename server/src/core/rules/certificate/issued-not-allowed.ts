import { type DecodedCertificate, decodeCertificate } from '../../credential/certificate.ts';
import { decodePem } from '../../credential/pem.ts';
import type { Generation } from '../../lifecycle/record.ts';
import type { Verdict } from '../../policy/judged.ts';
import { limitVerdicts } from '../../policy/limits.ts';
import type { Hasher } from '../../ports.ts';
import type { CertificateIssuedNotAllowedRule } from '../../schema/generated/specs.ts';
import { matchesGlob } from '../../text/glob.ts';
import { quotable } from '../../text/quote.ts';
import { issuedRule } from '../issuedAsks.ts';
import { NAME, of } from '../recorded.ts';
import type { Issued } from '../rule.ts';

export const rule = issuedRule<CertificateIssuedNotAllowedRule>({
  kind: 'Certificate',
  meta: {
    id: 'certificate/issued-not-allowed',
    severity: 'error',
    title: 'A certificate was issued in a way that a policy does not allow',
    why: 'Who signs a certificate and with what digest, and whether it could sign others, is decided by its issuer: a manifest does not say it, and what was issued does.',
    remedy:
      'Correct the issuer or choose another, and renew the certificate. What is in use goes on being judged by the record.',
    standard: 'RFC 5280, 4.1.1.2, 4.2.1.9 and 4.2.1.10',
  },
  judge,
  untold,
});

function* judge(
  { resource, generation, hasher }: Issued,
  limits: CertificateIssuedNotAllowedRule,
): Generator<Omit<Verdict, 'path'>> {
  const chain = chainOf(generation, hasher);
  const [leaf] = chain;
  // What is not in the record, or cannot be read, is a finding of others.
  if (leaf === undefined) return;
  const whose = `the certificate${of(generation)}`;
  const { facts, signatureAlgorithm } = leaf;
  if (limits.signatureAlgorithms !== undefined && signatureAlgorithm !== undefined)
    yield* limitVerdicts(
      { resource },
      [{ text: signatureAlgorithm, path: NAME }],
      limits.signatureAlgorithms,
      { what: `signature algorithm of ${whose}`, parent: NAME },
    );
  const isAuthority = facts.certificateAuthority === true;
  if (limits.authority === false && isAuthority)
    yield { message: `${whose} could sign others, and no authority is allowed; have it issued as a leaf` };
  const most = limits.maximumPathLength;
  if (most !== undefined && isAuthority && (facts.pathLength ?? Number.POSITIVE_INFINITY) > most)
    yield {
      message: `${whose} allows ${facts.pathLength ?? 'any number of'} authorities below it, and ${most} are allowed`,
      limit: most,
    };
  if (limits.roots !== undefined) yield* rootVerdicts(chain, limits.roots, of(generation));
  const authorities = chain.slice(1);
  if (
    limits.nameConstraints === true &&
    authorities.length > 0 &&
    !authorities.some((each) => each.facts.nameConstraints !== undefined)
  )
    yield { message: `no authority in the chain of ${whose} is bound to names; choose one that is` };
}

function untold(
  { generation, hasher }: Issued,
  { roots, nameConstraints, signatureAlgorithms }: CertificateIssuedNotAllowedRule,
): string | undefined {
  const chain = chainOf(generation, hasher);
  const [leaf] = chain;
  const isUnread = signatureAlgorithms !== undefined && leaf?.signatureAlgorithm === undefined;
  if (leaf === undefined || isUnread) return `the certificate${of(generation)} cannot be read in the record`;
  const asksForChain = roots !== undefined || nameConstraints === true;
  return asksForChain && isLeafAlone(chain)
    ? `the record has no chain of the certificate${of(generation)}, so nobody can say where it leads`
    : undefined;
}

function isLeafAlone(chain: readonly DecodedCertificate[]): boolean {
  const [leaf] = chain;
  return chain.length === 1 && leaf?.issuer !== leaf?.subject;
}

function* rootVerdicts(
  chain: readonly DecodedCertificate[],
  { allow, deny = [] }: NonNullable<CertificateIssuedNotAllowedRule['roots']>,
  whose: string,
): Generator<Omit<Verdict, 'path'>> {
  // Of a leaf alone nobody knows where its chain leads.
  const root = chain.at(-1)?.issuer;
  if (root === undefined || isLeafAlone(chain)) return;
  const fits = (patterns: readonly string[]): boolean => patterns.some((each) => matchesGlob(each, root, ''));
  if (!fits(deny) && (allow === undefined || fits(allow))) return;
  // Names of authorities are public; one that is unusual is not shown all the same.
  const name = quotable(root.replaceAll(/[=,]/g, ' ')) === undefined ? 'a root' : root;
  yield { message: `its chain${whose} leads to ${name}, which is not allowed` };
}

const known = new WeakMap<Generation['issued'], readonly DecodedCertificate[]>();

/** Leaf first. A record is read again and again, and what was issued stays as it was. */
function chainOf({ issued }: Generation, hasher: Hasher): readonly DecodedCertificate[] {
  const before = known.get(issued);
  if (before !== undefined) return before;
  const chain = decodePem(issued.publicText)
    .filter(({ label }) => label === 'CERTIFICATE')
    .flatMap(({ bytes }) => decodeCertificate(bytes, hasher).value ?? []);
  known.set(issued, chain);
  return chain;
}
