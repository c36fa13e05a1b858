/** Authorities that are missing between a certificate and what is trusted, from where the certificate says that they are. */
import { decodePem } from '../../core/credential/pem.ts';
import { decodeBundle } from '../../core/credential/pkcs7.ts';
import { sameName } from '../../core/path/nameKey.ts';
import { type PathCertificate, readPathCertificate } from '../../core/path/pathCertificate.ts';
import { statusPointers } from '../../core/path/revocation/statusPointers.ts';
import { nodeSignatureVerifier } from '../../platform/crypto/signatureVerifier.ts';
import type { StatusSources } from './sources.ts';

const LARGEST = 1024 * 1024;
const MOST_IN_ONE = 50;
const KEPT_MS = 24 * 60 * 60 * 1000;

export interface FetchedIssuers {
  /** Those whose key made the signature, and no others of what lay there. */
  readonly found: readonly PathCertificate[];
  readonly notes: readonly string[];
}

/** Certificates and lists name who signed them. */
type Signed = Pick<PathCertificate, 'extensions' | 'issuer' | 'signed'>;

export async function fetchIssuers(
  certificate: Signed,
  sources: StatusSources,
  signal: AbortSignal,
): Promise<FetchedIssuers> {
  const { issuers } = statusPointers(certificate.extensions);
  const notes: string[] = [];
  for (const url of issuers) {
    const key = `issuer ${url}`;
    const told = await sources.get(key, { url, name: 'the server of its issuer', largest: LARGEST }, signal);
    if (told.kind === 'silent') {
      notes.push(told.why);
      continue;
    }
    const read = certificatesIn(told.body);
    const found = read.filter((issuer) => isIssuedBy(certificate, issuer));
    if (found.length > 0) {
      await sources.keep(key, told, new Date(Date.parse(told.askedAt) + KEPT_MS).toISOString());
      return { found, notes };
    }
    notes.push(
      read.length === 0 ? `what lies at ${url} is no certificate` : `what lies at ${url} did not issue it`,
    );
  }
  return { found: [], notes };
}

/** RFC 5280, 4.2.2.1: one certificate in DER, or several in PKCS#7; PEM is met, too. */
function certificatesIn(body: Uint8Array): readonly PathCertificate[] {
  const blocks = decodePem(Buffer.from(body).toString('latin1')).filter(
    ({ label }) => label === 'CERTIFICATE',
  );
  const single = readPathCertificate(body).value;
  if (single !== undefined) return [single];
  const ders =
    blocks.length > 0 ? blocks.map(({ bytes }) => bytes) : (decodeBundle(body).value?.certificates ?? []);
  return ders.slice(0, MOST_IN_ONE).flatMap((der) => readPathCertificate(der).value ?? []);
}

function isIssuedBy({ issuer, signed }: Signed, { subject, spki }: PathCertificate): boolean {
  return (
    sameName(issuer, subject) &&
    nodeSignatureVerifier.verify(spki, signed.algorithm, signed.data, signed.signature) === 'good'
  );
}
