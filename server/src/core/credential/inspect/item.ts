import type { Finding } from '../../finding.ts';
import type { Range } from '../../text/position.ts';
import type { RequestAttribute } from '../certificateRequest.ts';
import type { NamePart } from '../distinguishedName.ts';
import type { NameConstraints } from '../extension.ts';
import type { PrivateKeyForm } from '../postQuantum.ts';
import type { SignedTimestamp } from '../signedTimestamps.ts';
import type { SshCertificate } from '../ssh/publicKey.ts';

export type CredentialType =
  | 'certificate'
  | 'certificate-request'
  | 'crl'
  | 'public-key'
  | 'private-key'
  | 'ssh-certificate'
  | 'ssh-revocation-list'
  | 'symmetric-key'
  | 'token'
  /** A safe that stayed locked: what is inside cannot be told. */
  | 'encrypted'
  /** A bundle with nothing in it. */
  | 'container'
  | 'parameters'
  | 'unknown';

export type CredentialFormat =
  | 'X.509'
  | 'PKCS#1'
  | 'PKCS#7'
  | 'PKCS#8'
  | 'PKCS#10'
  | 'PKCS#12'
  | 'JKS'
  | 'SEC1'
  | 'SPKI'
  | 'OpenSSL'
  | 'OpenSSH'
  | 'SSH2'
  | 'PuTTY'
  | 'JWK'
  | 'JWT';

export interface ExtensionItem {
  readonly oid: string;
  /** Null: not known here, see `value`. */
  readonly name: string | null;
  readonly critical: boolean;
  /** Hex of the DER. */
  readonly value: string;
}

interface RevocationListFacts {
  readonly number: string | null;
  readonly baseNumber: string | null;
  readonly entryCount: number;
  /** The first ones; `entryCount` is all. */
  readonly entries: readonly {
    readonly serialNumber: string;
    readonly revokedAt: string;
    readonly reason: string | null;
  }[];
}

/** Of OpenSSH: it names keys by fingerprint, and tells neither dates nor reasons. */
interface KeyRevocationListFacts {
  readonly version: string;
  readonly entryCount: number;
  /** The first entries; `entryCount` is all. */
  readonly certificates: readonly {
    /** Fingerprint of the authority's key; null: of any. */
    readonly authority: string | null;
    /** Hex; a range as two with a hyphen between. */
    readonly serialNumbers: readonly string[];
    readonly keyIds: readonly string[];
  }[];
  readonly keys: readonly string[];
}

/** One credential of a file. A member is null where it has no meaning for this type or could not be read. */
export interface CredentialItem {
  readonly file: string;
  readonly range: Range;
  readonly type: CredentialType;
  readonly format: CredentialFormat | null;
  /** What it was wrapped in, outermost first, such as `PEM`, `PKCS#12`. */
  readonly wrapping: readonly string[];
  /** Friendly name, comment or key id that stands with it. */
  readonly label: string | null;
  /** Of X.509: 3, mostly. */
  readonly version: number | null;
  /** RFC 4514. */
  readonly subject: string | null;
  readonly issuer: string | null;
  /** The same, attribute by attribute in the order of the file. */
  readonly subjectParts: readonly NamePart[];
  readonly issuerParts: readonly NamePart[];
  /** Hex, lower case, no leading zero octet. */
  readonly serialNumber: string | null;
  /** ISO 8601, UTC. Of a CRL: its own date and the date of the next one. */
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  /** Whole 24-hour units, rounded down; negative once expired. */
  readonly daysLeft: number | null;
  readonly keyAlgorithm: string | null;
  readonly keyBits: number | null;
  readonly spkiSha256: string | null;
  /** Of the whole credential (certificate, request, CRL). */
  readonly fingerprintSha256: string | null;
  readonly fingerprintSha1: string | null;
  /** As ssh-keygen shows it. */
  readonly sshFingerprint: string | null;
  /** Holds private material, encrypted or not; none of it is in this value. */
  readonly private: boolean;
  readonly encrypted: boolean;
  /** How it is encrypted. */
  readonly encryption: string | null;
  /** Of a post-quantum private key: whether its seed stands there, the key that is computed of it, or both. */
  readonly privateKeyForm: PrivateKeyForm | null;
  readonly signatureAlgorithm: string | null;
  /** Whether a request is signed by its own key; `cannot-verify-here` is no verdict. */
  readonly selfSignature: 'good' | 'bad' | 'cannot-verify-here' | null;
  readonly subjectAltNames: readonly { readonly kind: string; readonly value: string }[];
  readonly keyUsages: readonly string[];
  readonly extendedKeyUsages: readonly string[];
  readonly certificateAuthority: boolean | null;
  readonly pathLength: number | null;
  readonly subjectKeyId: string | null;
  readonly authorityKeyId: string | null;
  readonly crlUrls: readonly string[];
  readonly ocspUrls: readonly string[];
  readonly issuerUrls: readonly string[];
  readonly policies: readonly string[];
  readonly nameConstraints: NameConstraints | null;
  /** What logs of certificate transparency promised. */
  readonly timestamps: readonly SignedTimestamp[];
  readonly tlsFeatures: readonly string[];
  /** Of a request, beside the extensions that it asks for. */
  readonly attributes: readonly RequestAttribute[];
  readonly extensions: readonly ExtensionItem[];
  readonly revocationList: RevocationListFacts | null;
  readonly keyRevocationList: KeyRevocationListFacts | null;
  readonly ssh: SshCertificate | null;
  /** Of an SSH key or certificate, where lists of revoked keys were given. */
  readonly sshRevocation: {
    readonly status: 'good' | 'revoked' | 'unknown';
    readonly reason: string | null;
  } | null;
  /** Of a JSON Web Token; of its claims the names alone. */
  readonly token: {
    readonly type: string | null;
    readonly audience: readonly string[];
    readonly claims: readonly string[];
  } | null;
  /** What stands before an SSH key in its line: host patterns or options. */
  readonly hosts: string | null;
  readonly options: string | null;
  readonly findings: readonly Finding[];
}

/** All that an item can lack. */
export const BLANK: Omit<CredentialItem, 'file' | 'range' | 'type' | 'format' | 'wrapping'> = {
  label: null,
  version: null,
  subject: null,
  issuer: null,
  subjectParts: [],
  issuerParts: [],
  serialNumber: null,
  notBefore: null,
  notAfter: null,
  daysLeft: null,
  keyAlgorithm: null,
  keyBits: null,
  spkiSha256: null,
  fingerprintSha256: null,
  fingerprintSha1: null,
  sshFingerprint: null,
  private: false,
  encrypted: false,
  encryption: null,
  privateKeyForm: null,
  signatureAlgorithm: null,
  selfSignature: null,
  subjectAltNames: [],
  keyUsages: [],
  extendedKeyUsages: [],
  certificateAuthority: null,
  pathLength: null,
  subjectKeyId: null,
  authorityKeyId: null,
  crlUrls: [],
  ocspUrls: [],
  issuerUrls: [],
  policies: [],
  nameConstraints: null,
  timestamps: [],
  tlsFeatures: [],
  attributes: [],
  extensions: [],
  revocationList: null,
  keyRevocationList: null,
  ssh: null,
  sshRevocation: null,
  token: null,
  hosts: null,
  options: null,
  findings: [],
};
