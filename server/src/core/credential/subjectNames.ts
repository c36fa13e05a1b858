/** Purposes that a certificate is issued for (RFC 5280, 4.2.1.12). */
export const CERTIFICATE_USAGES = [
  'serverAuth',
  'clientAuth',
  'codeSigning',
  'emailProtection',
  'timeStamping',
  'ocspSigning',
] as const;
export type CertificateUsage = (typeof CERTIFICATE_USAGES)[number];

/** Whom a certificate names, as a manifest says it. */
export interface SubjectNames {
  /** RFC 4514 text; absent: the first name is the CN only if it fits in 64 characters. */
  readonly subject?: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly uris: readonly string[];
  readonly emailAddresses: readonly string[];
}
