/** The fields of `spec` that belong to this type, as config.schema.json admits them. */
export interface VaultConfig {
  readonly address: string;
  readonly namespace?: string;
  /** Path of a PEM file in the project. */
  readonly ca?: string;
  readonly auth?: { readonly method?: AuthMethod; readonly mount?: string; readonly role?: string };
  readonly pki?: { readonly mount?: string; readonly role: string };
  readonly transit?: { readonly mount?: string; readonly prefix?: string };
  readonly kv?: { readonly mount: string; readonly folder?: string };
  readonly ssh?: { readonly user?: SshRole; readonly host?: SshRole };
  readonly tokens?: TokenPlace;
  readonly ledger?: { readonly mount: string; readonly folder: string };
}

export interface SshRole {
  readonly mount: string;
  readonly role: string;
}

export interface TokenPlace {
  readonly method: 'token' | 'approle';
  readonly mount?: string;
  readonly role: string;
}

export const AUTH_METHODS = ['token', 'approle', 'cert', 'jwt', 'kubernetes'] as const;
export type AuthMethod = (typeof AUTH_METHODS)[number];

export function authOf({ auth = {} }: VaultConfig): {
  readonly method: AuthMethod;
  readonly mount: string;
  readonly role: string | undefined;
} {
  const method = auth.method ?? 'token';
  return { method, mount: auth.mount ?? method, role: auth.role };
}
