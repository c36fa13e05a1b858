import { AsnConvert } from '@peculiar/asn1-schema';
import {
  Certificate,
  Extensions,
  type Name,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import type { Cancellation, Hasher, Signer } from '../../ports.ts';
import type { KeyAlgorithm } from '../keyAlgorithm.ts';
import type { CertificateUsage, SubjectNames } from '../subjectNames.ts';
import { algorithmIdentifierOf } from './algorithmIdentifier.ts';
import { bufferOf, derOf, positiveInteger, wholeSeconds } from './der.ts';
import * as extension from './extensions.ts';
import { generalNamesOf, subjectOf } from './names.ts';
import { keyIdentifierOf } from './publicKey.ts';
import { type Extension, KeyUsageFlags } from './x509.ts';

/** Whose name and key sign. */
export interface Issuer {
  readonly name: Name;
  readonly keyIdentifier: Uint8Array;
  readonly signer: Signer;
}

/** Inclusive at both ends (RFC 5280, 4.1.2.5). */
export interface ValidityPeriod {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

interface Common {
  /** Magnitude, at most 20 octets with its top bit clear (RFC 5280, 4.1.2.2). */
  readonly serialNumber: Uint8Array;
  readonly validity: ValidityPeriod;
}

export interface RootContent extends Common {
  readonly name: Name;
  readonly signer: Signer;
}

export interface IntermediateContent extends Common {
  readonly name: Name;
  readonly spki: Uint8Array;
  readonly pathLength: number;
  readonly issuer: Issuer;
}

export interface LeafContent extends Common {
  readonly names: SubjectNames;
  readonly spki: Uint8Array;
  readonly keyAlgorithm: KeyAlgorithm;
  readonly usages: readonly CertificateUsage[];
  readonly urls: extension.AuthorityUrls;
  readonly issuer: Issuer;
}

const AUTHORITY_USAGE = KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature;

/** A self-signed trust anchor, DER. */
export function buildRoot(content: RootContent, hasher: Hasher, signal: Cancellation): Promise<Uint8Array> {
  const { signer, name } = content;
  const keyIdentifier = keyIdentifierOf(signer.spki, hasher);
  return build(
    content,
    { name, keyIdentifier, signer },
    name,
    signer.spki,
    [
      extension.basicConstraints({}),
      extension.keyUsage(AUTHORITY_USAGE),
      extension.subjectKeyIdentifier(keyIdentifier),
    ],
    signal,
  );
}

/** A CA certificate below another one, DER. */
export function buildIntermediate(
  content: IntermediateContent,
  hasher: Hasher,
  signal: Cancellation,
): Promise<Uint8Array> {
  const { issuer, name, spki, pathLength } = content;
  return build(
    content,
    issuer,
    name,
    spki,
    [
      extension.basicConstraints({ pathLength }),
      extension.keyUsage(AUTHORITY_USAGE),
      extension.subjectKeyIdentifier(keyIdentifierOf(spki, hasher)),
      extension.authorityKeyIdentifier(issuer.keyIdentifier),
    ],
    signal,
  );
}

/**
 * An end-entity certificate, DER. Throws `UnbuildableNames` for names that `problemsOfNames` complains of, and what the
 * signer throws.
 */
export function buildLeaf(content: LeafContent, hasher: Hasher, signal: Cancellation): Promise<Uint8Array> {
  const { issuer, names, spki, usages } = content;
  const subject = subjectOf(names);
  const general = generalNamesOf(names);
  return build(
    content,
    issuer,
    subject,
    spki,
    [
      extension.basicConstraints(undefined),
      extension.keyUsage(leafKeyUsage(content.keyAlgorithm, usages)),
      ...(usages.length > 0 ? [extension.extendedKeyUsage(usages)] : []),
      ...(general.length > 0 ? [extension.subjectAlternativeName(general, subject.length === 0)] : []),
      extension.subjectKeyIdentifier(keyIdentifierOf(spki, hasher)),
      extension.authorityKeyIdentifier(issuer.keyIdentifier),
      ...extension.pointers(content.urls),
      // RFC 6960, 4.2.2.2.1: who may vouch for revocation is short-lived in place of being looked up itself.
      ...(usages.includes('ocspSigning') ? [extension.ocspNoCheck()] : []),
    ],
    signal,
  );
}

/**
 * RFC 5280, 4.2.1.12 names the bits that go with each purpose; RFC 8410, 5 leaves Ed25519 only signing. RSA keys
 * encipher too (TLS 1.2 key transport, S/MIME), EC keys agree for S/MIME only.
 */
function leafKeyUsage(algorithm: KeyAlgorithm, usages: readonly CertificateUsage[]): KeyUsageFlags {
  const mail = usages.includes('emailProtection');
  if (algorithm.startsWith('RSA') && (mail || usages.includes('serverAuth')))
    return KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment;
  if (algorithm.startsWith('ECDSA') && mail)
    return KeyUsageFlags.digitalSignature | KeyUsageFlags.keyAgreement;
  return KeyUsageFlags.digitalSignature;
}

async function build(
  common: Common,
  issuer: Issuer,
  subject: Name,
  spki: Uint8Array,
  extensions: readonly Extension[],
  signal: Cancellation,
): Promise<Uint8Array> {
  const algorithm = algorithmIdentifierOf(issuer.signer.algorithm);
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: positiveInteger(common.serialNumber),
    signature: algorithm,
    issuer: issuer.name,
    validity: new Validity({
      notBefore: wholeSeconds(common.validity.notBefore),
      notAfter: wholeSeconds(common.validity.notAfter),
    }),
    subject,
    subjectPublicKeyInfo: AsnConvert.parse(spki, SubjectPublicKeyInfo),
    extensions: new Extensions(extension.asnExtensions(extensions)),
  });
  const signatureValue = bufferOf(await issuer.signer.sign(derOf(tbsCertificate), signal));
  return derOf(new Certificate({ tbsCertificate, signatureAlgorithm: algorithm, signatureValue }));
}
