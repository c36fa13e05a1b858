import type { CertificateUsage, SubjectNames } from '../credential/subjectNames.ts';

/** What is asked of an issuer, by the kind of identity: everything that ends up in the credential, except its key and its dates. */
export type CredentialRequest =
  | {
      readonly kind: 'Certificate';
      readonly names: SubjectNames;
      readonly usages: readonly CertificateUsage[];
    }
  | {
      readonly kind: 'SshCertificate';
      readonly certificateType: 'user' | 'host';
      readonly principals: readonly string[];
      /** By OpenSSH's names. */
      readonly criticalOptions: Readonly<Record<string, string>>;
      readonly extensions: readonly string[];
    }
  | { readonly kind: 'SshKey'; readonly usage: 'user' | 'host' }
  | { readonly kind: 'Key'; readonly usages: readonly string[] }
  | {
      readonly kind: 'Token';
      readonly format: 'jwt' | 'opaque';
      /** Empty: the identity's own name. */
      readonly subject: string;
      readonly audience: readonly string[];
      readonly scopes: readonly string[];
    }
  | {
      readonly kind: 'Workload';
      readonly spiffeId: string;
      readonly parentId: string | null;
      readonly selectors: readonly string[];
      readonly dnsNames: readonly string[];
      readonly x509SvidTtlSeconds: number;
      readonly jwtSvidTtlSeconds: number;
      readonly federatesWith: readonly string[];
    };

export type RequestOf<K extends CredentialRequest['kind']> = Extract<CredentialRequest, { kind: K }>;

/** What it is to be used for, as issuers list what they offer. */
export function usagesOf(request: CredentialRequest): readonly string[] {
  switch (request.kind) {
    case 'Certificate':
    case 'Key':
      return request.usages;
    case 'SshCertificate':
      return [request.certificateType];
    case 'Token':
      return [request.format];
    case 'SshKey':
    case 'Workload':
      return [];
    default:
      return request satisfies never;
  }
}

const MACHINE = '{machine}';

export function fillMachine(text: string, machine: string): string {
  return text.replaceAll(MACHINE, machine);
}

export function namesMachine(text: string): boolean {
  return text.includes(MACHINE);
}

/** The request for one machine's share: a principal may name the machine. */
export function requestForBearer(
  request: CredentialRequest,
  bearer: string | null,
  machines: readonly string[],
): CredentialRequest {
  if (request.kind !== 'SshCertificate') return request;
  const bearers = bearer === null ? machines : [bearer];
  const principals = request.principals.flatMap((principal) =>
    namesMachine(principal) ? bearers.map((machine) => fillMachine(principal, machine)) : [principal],
  );
  return { ...request, principals: [...new Set(principals)] };
}
