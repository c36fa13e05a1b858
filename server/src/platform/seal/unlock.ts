import type { Secret } from '../../core/secret.ts';

/** How the sealed store is opened. */
export type Unlock =
  | { readonly how: 'passphrase'; readonly passphrase: Secret<string> }
  /** 32 bytes that VS Code's secret storage (or another keychain) holds. */
  | { readonly how: 'key'; readonly key: Secret<Uint8Array>; readonly keyName: string }
  | { readonly how: 'none' };
