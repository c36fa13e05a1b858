/** Which key algorithms the backends take or make, and how that is known. */

export type OfferingRole = 'CertificateAuthority' | 'KeyStore' | 'SshAuthority' | 'TokenIssuer';

export interface Offer {
  readonly backend: string;
  readonly role: OfferingRole;
  readonly algorithms: readonly string[];
  /** `built-in`: it is a part of this program. `seen`: it said so when it was opened last, at `at`. */
  readonly source: 'built-in' | 'seen';
  readonly at: string | null;
}

export interface Offers {
  /** Undefined: nobody opened it yet, or it has no such role. */
  of(backend: string, role: OfferingRole): Offer | undefined;
  /** Undefined: nothing of that name is declared. */
  typeOf(backend: string): string | undefined;
  readonly all: readonly Offer[];
}

export function roleFor(kind: string): OfferingRole | undefined {
  switch (kind) {
    case 'Certificate':
      return 'CertificateAuthority';
    case 'Key':
      return 'KeyStore';
    case 'SshKey':
    case 'SshCertificate':
      return 'SshAuthority';
    case 'Token':
      return 'TokenIssuer';
    default:
      return undefined;
  }
}
