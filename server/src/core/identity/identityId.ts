export const API_VERSION = 'identity-as-code/v1';
export const DEFAULT_NAMESPACE = 'default';

/** Kinds that declare one credential each. */
export const IDENTITY_KINDS = [
  'Certificate',
  'Key',
  'SshKey',
  'SshCertificate',
  'Token',
  'Workload',
] as const;
export type IdentityKind = (typeof IDENTITY_KINDS)[number];

export function isIdentityKind(kind: string): kind is IdentityKind {
  return IDENTITY_KINDS.some((each) => each === kind);
}

/** What an identity is called inside one project root. References never cross roots. */
export interface IdentityId {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** `Certificate/payments/api`, `Login/vault-prod` where a kind has no namespace: the form that the command line takes and every face shows. */
export function formatIdentity(id: Pick<IdentityId, 'kind' | 'namespace' | 'name'>): string {
  return id.namespace === '' ? `${id.kind}/${id.name}` : `${id.kind}/${id.namespace}/${id.name}`;
}

/** Reads `KIND/NAME` or `KIND/NAMESPACE/NAME`; undefined when the text has another form. */
export function parseIdentity(text: string): IdentityId | undefined {
  const parts = text.split('/');
  if (parts.some((part) => part === '')) return undefined;
  const [kind, second, third] = parts;
  if (kind === undefined || second === undefined || parts.length > 3) return undefined;
  return third === undefined
    ? { apiVersion: API_VERSION, kind, namespace: DEFAULT_NAMESPACE, name: second }
    : { apiVersion: API_VERSION, kind, namespace: second, name: third };
}

export function sameIdentity(a: IdentityId, b: IdentityId): boolean {
  return (
    a.apiVersion === b.apiVersion && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name
  );
}
