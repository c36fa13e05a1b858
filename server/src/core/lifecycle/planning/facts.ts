import type { KeyAlgorithm } from '../../credential/keyAlgorithm.ts';
import type { IdentityId, IdentityKind } from '../../identity/identityId.ts';
import type { Attestation } from '../attestation.ts';
import type { Declaration } from '../declaration.ts';
import { NO_END, type RevocationReason } from '../event.ts';
import type { ActionRequest, Refusal } from '../plan.ts';
import type { IdentityRecord } from '../record.ts';
import type { IdSource } from '../sortableId.ts';

/** What an issuer offers, read before the plan is made. */
export interface IssuerFacts {
  /** What it can make in the role that the identity's kind needs. */
  readonly kinds: readonly IdentityKind[];
  /** Keys that it takes; none where there is no key. */
  readonly keyAlgorithms: readonly KeyAlgorithm[];
  /** Keys that it makes itself and gives out; none where it makes none for others. */
  readonly serviceKeyAlgorithms: readonly KeyAlgorithm[];
  /** What it makes credentials for, in the words of `usagesOf`. */
  readonly usages: readonly string[];
  /** None: it cannot end what it made. */
  readonly revocationReasons: readonly RevocationReason[];
  readonly maximumDurationSeconds: number;
  /** How long it issues for when nobody says. */
  readonly defaultDurationSeconds: number | null;
  readonly publishes: boolean;
}

/** A certificate request, or a public key, that a machine made. */
export interface RequestFacts {
  readonly path: string;
  readonly version: string;
  readonly spkiSha256: string;
  readonly algorithm: string;
}

/** A command that tells a service of its new copies. */
export type ReloadFacts = { readonly program: string } | { readonly howToAllow: string };

export type FormerFacts =
  | { readonly there: true }
  | { readonly there: false; readonly why: string; readonly hint: string };

/** Everything a plan rests on, as it was read from the world. The planner itself reads nothing. */
export interface PlanningFacts {
  readonly request: ActionRequest;
  readonly now: Date;
  readonly newId: IdSource;
  readonly record: IdentityRecord;
  /** By generation; a missing one: the backend that issued it is declared no more. */
  readonly attested: ReadonlyMap<string, Attestation>;
  /** Limits of policies that are waived for it, as a person reads them. */
  readonly exceptions?: readonly string[];
  /** Null: the manifest is gone; only what ends a credential can be planned then. */
  readonly declaration: Declaration | null;
  readonly specDigest: string | null;
  /** By backend name; a missing one does not play the role. */
  readonly issuers: ReadonlyMap<string, IssuerFacts>;
  /** Which backends keep keys, and which algorithms each makes. */
  readonly keyStores: ReadonlyMap<string, readonly KeyAlgorithm[]>;
  /** Team and contact of each backend that has an owner, as a person reads them. */
  readonly backendOwners: ReadonlyMap<string, string>;
  readonly defaultTargetOf: (backend: string) => string;
  /** Version of what stands at each place of `placeKey`; a missing one: nothing stands there. */
  readonly versions: ReadonlyMap<string, string>;
  /** Password files that key stores of other identities have, in lower case. */
  readonly passwordFilesElsewhere: ReadonlySet<string>;
  /** By name: what the deliveries ask for, as this machine allows it or not. */
  readonly reloads: ReadonlyMap<string, ReloadFacts>;
  /** By `placeKey`, for `restore`: whether what stood there before can be had, or why not. */
  readonly formers: ReadonlyMap<string, FormerFacts>;
  /** By bearer, for `origin: machine`. */
  readonly requests: ReadonlyMap<string | null, RequestFacts>;
}

export function refusal(identity: IdentityId, code: string, what: string, hint: string): Refusal {
  return { refused: true, code: `refused/${code}`, what, hint, identity };
}

/** `machine payments-1` or nothing: where a sentence names one bearer. */
export function ofBearer(bearer: string | null): string {
  return bearer === null ? '' : ` for machine ${bearer}`;
}

/** `valid until 2027-01-07`: how long it counts, in UTC. */
export function untilText(notAfter: string): string {
  return notAfter === NO_END ? 'valid without end' : `valid until ${notAfter.slice(0, 10)}`;
}
