import type { KeyAlgorithm } from '../core/credential/keyAlgorithm.ts';
import type { CredentialRequest } from '../core/lifecycle/credentialRequest.ts';
import type { Delivery, Role } from './contract.ts';

/** The verbs of the roles, as a plan's steps use them. For a key: `revoke` disables it, `status` looks it up. */
export type UseVerb =
  | 'issue'
  | 'make'
  | 'sign'
  | 'status'
  | 'revoke'
  | 'publish'
  | 'destroy'
  | 'deliver'
  | 'read'
  | 'remove';

/** One thing that an action will ask of a backend. What is left out is any of ours: a key, a serial number, a request. */
export interface Use {
  readonly role: Role;
  readonly verb: UseVerb;
  /** What is to be issued. */
  readonly request?: CredentialRequest;
  readonly durationSeconds?: number;
  readonly algorithm?: KeyAlgorithm;
  /** The authority is to make the key, too. */
  readonly keyByService?: boolean;
  readonly keyId?: string;
  readonly serialNumber?: string;
  /** Name of the target, and what is to be delivered there; without contents where nothing is. */
  readonly target?: string;
  readonly delivery?: Omit<Delivery, 'contents'> & {
    readonly contents: readonly Delivery['contents'][number]['what'][];
  };
}

/** Whether the backend would do it, as far as it can be told without doing it. */
export interface Permit {
  /** The one that was asked about, the same object. */
  readonly use: Use;
  /** What was looked at: the rights of the login, a role, a budget, the PIN. */
  readonly what: string;
  readonly allowed: boolean | 'unknown';
  readonly detail: string;
  /** What to do; always there where it is not allowed. */
  readonly hint?: string;
}
