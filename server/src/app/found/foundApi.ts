/** What was found in a folder and how it is adopted, as the faces see it. */
import type { FoundFile, FoundKind } from '../../core/found/foundItem.ts';
import type { IdentityId } from '../../core/identity/identityId.ts';
import type { Secret } from '../../core/secret.ts';
import type { FileStanding } from '../../platform/git/standingOfFiles.ts';

export interface FoundItem {
  readonly id: string;
  readonly kind: FoundKind;
  readonly title: string;
  readonly subject: string | null;
  readonly issuer: string | null;
  readonly serialNumber: string | null;
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  /** Whole 24-hour units in UTC, rounded down; negative once expired. */
  readonly daysLeft: number | null;
  readonly keyAlgorithm: string | null;
  readonly spkiSha256: string | null;
  readonly fingerprintSha256: string | null;
  readonly files: readonly (FoundFile & {
    /** Of a file with a private key, where git can be asked. */
    readonly git: FileStanding | null;
  })[];
  /** `expires in 12 days`, `private key, git tracks it`: the words that every face shows. */
  readonly status: string;
  /** What should be looked at; sentences. */
  readonly warnings: readonly string[];
  /** What knows it already: an identity that is recorded or declared with it, or the manifest that names one of its files. */
  readonly known: string | null;
  /** The kind of manifest that would declare it; null: it cannot be adopted, and `why` says so. */
  readonly adopt: 'Certificate' | 'SshKey' | 'SshCertificate' | null;
  readonly why: string | null;
  /** What it is cannot be told without its passphrase, so it is adopted with that alone. */
  readonly locked: boolean;
}

export interface FoundReport {
  /** What can be adopted first, then by its end. */
  readonly items: readonly FoundItem[];
  /** Parts of the folder that were not looked at; empty: all was. */
  readonly cut: readonly string[];
}

export interface AdoptRequest {
  /** Ids of items, or files that they lie in. `all`: those that are locked only with a password. */
  readonly wanted: readonly string[] | 'all';
  /** The backend that is to renew what none here issued; left out: whoever renews it today goes on. */
  readonly issuer?: string;
  readonly namespace?: string;
  /** Opens key stores and encrypted keys among them. It is used for this plan, and not kept. */
  readonly password?: Secret<string>;
  /** Project file with that password, which a key store that is renewed from here goes on to have. */
  readonly passwordFile?: string;
}

/** A manifest to be written, and what will then be recorded. */
export interface Adoption {
  readonly id: string;
  readonly title: string;
  readonly identity: IdentityId;
  /** Where its manifest is to go, and nothing is; or where it is, and only the record is to know of what was put there since. */
  readonly file: string;
  readonly writes: boolean;
  readonly text: string;
  /** The backend that renews it from now on; null: whoever does so today. */
  readonly issuer: string | null;
  readonly notes: readonly string[];
}

export interface AdoptionPlan {
  readonly adoptions: readonly Adoption[];
  readonly refused: readonly { readonly id: string; readonly title: string; readonly why: string }[];
}

/** Of a folder: what lies there, and how it gets manifests. Reading needs no trust; adopting does. */
export interface Found {
  look(signal: AbortSignal): Promise<FoundReport>;
  /** Changes nothing. What it answers is kept until the next one, for `record`. */
  plan(request: AdoptRequest, signal: AbortSignal): Promise<AdoptionPlan>;
  /** For the command line: the manifests as files, none of which may be there. Gives those that were written. */
  write(plan: AdoptionPlan, signal: AbortSignal): Promise<readonly string[]>;
  /** Records what was planned last and whose manifest is saved by now. Gives the identities. */
  record(signal: AbortSignal): Promise<readonly IdentityId[]>;
}
