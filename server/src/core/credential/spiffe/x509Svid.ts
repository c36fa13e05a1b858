/** X.509-SVIDs (X509-SVID standard): a certificate whose one URI name is the SPIFFE ID of who holds its key. */
import type { DecodedCertificate } from '../certificate.ts';
import { dateProblem, type PathContext, pathProblem, readStrictly } from './certificatePath.ts';
import { parseSpiffeId, spiffeIdProblem } from './spiffeId.ts';
import type { TrustBundle } from './trustBundle.ts';

export type SvidJudgement =
  | {
      readonly valid: true;
      readonly spiffeId: string;
      /** ISO 8601. */
      readonly notAfter: string;
    }
  | {
      readonly valid: false;
      /** What it claims to be, where it can be read; null where it cannot. */
      readonly spiffeId: string | null;
      readonly why: string;
    };

/**
 * Judges DER certificates, leaf first, against the X.509 authorities of a bundle (X509-SVID 5): first that the leaf is
 * an SVID of the bundle's trust domain, then its dates and its path.
 */
export function judgeX509Svid(
  chain: readonly Uint8Array[],
  bundle: TrustBundle,
  at: PathContext,
): SvidJudgement {
  const [first, ...presented] = chain;
  if (first === undefined) return { valid: false, spiffeId: null, why: 'there is no certificate' };
  const read = readStrictly(first, at.hasher);
  if (!read.ok)
    return { valid: false, spiffeId: null, why: `the certificate cannot be relied on: ${read.why}` };
  const leaf = read.certificate;
  const spiffeId = soleUri(leaf);
  if (spiffeId === undefined) {
    const why = `it has ${urisOf(leaf).length} URI names where an X.509-SVID has exactly one (X509-SVID 2)`;
    return { valid: false, spiffeId: null, why };
  }
  const why =
    idProblem(spiffeId, bundle.trustDomain) ??
    leafProblem(leaf) ??
    dateProblem(leaf, at.now) ??
    pathProblem(
      leaf,
      presented,
      bundle.x509Authorities,
      (authority) => authorityProblem(authority, bundle.trustDomain),
      at,
    );
  if (why !== undefined) return { valid: false, spiffeId, why };
  return { valid: true, spiffeId, notAfter: leaf.notAfter ?? '' };
}

/** Why a SPIFFE ID names no workload of that trust domain; undefined when it does. */
export function idProblem(spiffeId: string, trustDomain: string): string | undefined {
  const wrong = spiffeIdProblem(spiffeId);
  if (wrong !== undefined) return `its name is no SPIFFE ID: ${wrong}`;
  const id = parseSpiffeId(spiffeId);
  if (id?.trustDomain !== trustDomain)
    return `it belongs to the trust domain ${id?.trustDomain}, not to ${trustDomain}`;
  return id.path === '' ? 'it names a trust domain, no workload: its path is missing' : undefined;
}

function urisOf({ facts }: DecodedCertificate): readonly string[] {
  return (facts.subjectAltNames ?? []).flatMap(({ kind, value }) => (kind === 'uri' ? [value] : []));
}

function soleUri(certificate: DecodedCertificate): string | undefined {
  const [uri, ...others] = urisOf(certificate);
  return others.length === 0 ? uri : undefined;
}

/** X509-SVID 4.1, 4.3, 4.4 and 5.2. */
function leafProblem({ facts, extensions }: DecodedCertificate): string | undefined {
  const { keyUsages, extendedKeyUsages } = facts;
  if (facts.certificateAuthority === true)
    return 'it is a CA certificate, and only leaves identify workloads';
  if (keyUsages === undefined) return 'it says nothing of its key usage';
  if (!extensions.some(({ name, critical }) => name === 'keyUsage' && critical))
    return 'its key usage is not marked critical';
  if (!keyUsages.includes('digitalSignature')) return 'its key usage lacks digitalSignature';
  const authority = ['keyCertSign', 'cRLSign'].find((usage) => keyUsages.includes(usage));
  if (authority !== undefined) return `its key usage has ${authority}, which is for CAs`;
  if (extendedKeyUsages !== undefined && !forBothSides(extendedKeyUsages))
    return 'its extended key usage lacks serverAuth or clientAuth: an X.509-SVID has both or none';
  return undefined;
}

function forBothSides(usages: readonly string[]): boolean {
  return usages.includes('serverAuth') && usages.includes('clientAuth');
}

/** X509-SVID 3.1 and 4.1: a CA may have a SPIFFE ID, then of its trust domain and without a path. */
function authorityProblem(authority: DecodedCertificate, trustDomain: string): string | undefined {
  const uris = urisOf(authority);
  if (uris.some((uri) => uri !== `spiffe://${trustDomain}`) || uris.length > 1)
    return `as a CA it may name spiffe://${trustDomain} and no other URI`;
  const usages = authority.facts.extendedKeyUsages;
  const limited = usages !== undefined && !usages.includes('anyExtendedKeyUsage') && !forBothSides(usages);
  return limited ? 'its extended key usage does not cover serverAuth and clientAuth' : undefined;
}
