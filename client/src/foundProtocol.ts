/** What lies in a folder, as the server tells it (docs/lsp.md): the parts that are shown. */
import { RequestType, type WorkspaceEdit } from 'vscode-languageclient/node';
import type { Refusal, SealedMessage } from './protocol.ts';

export interface FoundFile {
  readonly file: string;
  readonly line: number;
  readonly holds: readonly string[];
  readonly encrypted: boolean;
  readonly git: 'tracked' | 'ignored' | 'untracked' | null;
}

export interface FoundItem {
  readonly id: string;
  readonly kind:
    | 'certificate'
    | 'authority'
    | 'ssh-certificate'
    | 'ssh-key'
    | 'private-key'
    | 'public-key'
    | 'request'
    | 'key-store'
    | 'cert-manager';
  readonly title: string;
  readonly subject: string | null;
  readonly issuer: string | null;
  readonly notAfter: string | null;
  readonly daysLeft: number | null;
  readonly keyAlgorithm: string | null;
  readonly spkiSha256: string | null;
  readonly fingerprintSha256: string | null;
  readonly files: readonly FoundFile[];
  readonly status: string;
  readonly warnings: readonly string[];
  readonly known: string | null;
  readonly adopt: string | null;
  readonly why: string | null;
  /** It is adopted with its passphrase alone. */
  readonly locked: boolean;
}

export interface FoundPage {
  readonly root: string;
  readonly name: string;
  readonly total: number;
  readonly adoptable: number;
  readonly items: readonly FoundItem[];
  readonly cut: readonly string[];
  readonly issuers: readonly { readonly backend: string; readonly kinds: readonly string[] }[];
}

export interface AdoptAnswer {
  readonly adoptions: readonly {
    readonly title: string;
    readonly file: string;
    readonly text: string;
    readonly writes: boolean;
    readonly notes: readonly string[];
  }[];
  readonly refused: readonly { readonly title: string; readonly why: string }[];
  readonly edit: WorkspaceEdit | null;
}

export const FoundRequest = new RequestType<
  { readonly uri?: string; readonly offset?: number; readonly limit?: number },
  readonly FoundPage[],
  void
>('identity/found');
export const AdoptRequest = new RequestType<
  {
    readonly uri: string;
    readonly wanted: readonly string[] | 'all';
    readonly issuer?: string;
    readonly passphrase?: SealedMessage;
  },
  AdoptAnswer | Refusal,
  void
>('identity/adopt');
export const AdoptedRequest = new RequestType<
  { readonly uri: string },
  { readonly recorded: readonly { readonly kind: string; readonly name: string }[] } | Refusal,
  void
>('identity/adopted');
