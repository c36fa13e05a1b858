import type { KeyAlgorithm } from '../credential/keyAlgorithm.ts';
import type { CredentialRequest } from './credentialRequest.ts';
import type { DeliveryContent } from './deliveryContent.ts';
import type { CredentialFacts, KeyOrigin, RevocationReason } from './event.ts';
import type { KeystorePlace } from './keystorePlace.ts';
import type { Plan } from './plan.ts';

/** Where a credential is delivered to: one entry of `deliverTo` with the machine's name filled in. */
export interface DeliveryPlace {
  readonly backend: string;
  /** Which of the backend's targets. */
  readonly as: string;
  readonly path: string;
  readonly contents: readonly DeliveryContent[];
  readonly mode?: number;
  /** Absent: text, one part after the other. */
  readonly keystore?: KeystorePlace;
  /** `user` or `user:group` that the file belongs to. */
  readonly owner?: string;
  /** Command of this machine that is run once the copy is written. */
  readonly reload?: string;
}

export interface KeyChoice {
  readonly origin: KeyOrigin;
  readonly algorithm: KeyAlgorithm;
  /** Backend that keeps the key (origin `store`). */
  readonly store?: string;
  /** What the store calls it. */
  readonly keyId?: string;
}

/**
 * What a step does, with everything that it needs to do it again after a crash. Public data only: private keys are
 * staged in the sealed store under the plan's id. The journal holds these, so their shape is a file format.
 */
export type Task =
  | (TaskBase & { readonly verb: 'make-key'; readonly key: KeyChoice })
  | (TaskBase & {
      readonly verb: 'read-request';
      readonly path: string;
      /** SHA-256 of the request file that the plan saw. */
      readonly version: string;
      readonly key: KeyChoice;
    })
  | (TaskBase & {
      readonly verb: 'issue';
      readonly backend: string;
      readonly requestId: string;
      /** Null: it has no key of its own. */
      readonly key: KeyChoice | null;
      readonly request: CredentialRequest;
      /** Null: without end. */
      readonly durationSeconds: number | null;
      readonly replaces: readonly string[];
      readonly specDigest: string;
      readonly declaredIn: string;
      readonly eventId: string;
    })
  | (TaskBase & {
      readonly verb: 'deliver';
      readonly place: DeliveryPlace;
      /** What stood there when the plan was made; null: nothing. */
      readonly ifVersion: string | null;
      /** Another identity's key store has the same password file: undoing leaves it. */
      readonly sharesPassword?: boolean;
      readonly eventId: string;
    })
  /** Tells a service that its copies changed. It stands after all deliveries of the action that name it. */
  | (TaskBase & { readonly verb: 'reload'; readonly command: string })
  | (TaskBase & {
      /** `generation` is the former one, which is put back; `over` the one that stands there. */
      readonly verb: 'put-back';
      readonly place: Omit<DeliveryPlace, 'mode'>;
      readonly over: string;
      /** What the target calls the version that is put back. */
      readonly version: string;
      /** What stood there when the plan was made. */
      readonly ifVersion: string;
      /** By what the former content is told. */
      readonly issued: { readonly credential: CredentialFacts; readonly publicText: string };
      readonly eventId: string;
    })
  | (TaskBase & {
      readonly verb: 'verify';
      readonly backend: string;
      readonly places: readonly DeliveryPlace[];
      readonly expect: 'good' | 'revoked';
      readonly serialNumber?: string;
      /** Endpoints that must serve the new certificate before the old one is retired. */
      readonly endpoints: readonly string[];
      /** Fingerprints of what the identity's other machines serve, possibly behind the same endpoint. */
      readonly servedByOthers: readonly string[];
      readonly eventId: string;
    })
  | (TaskBase & {
      readonly verb: 'supersede';
      /** The generation that takes over; `generation` is the one that ends. */
      readonly by: string;
      /** Seconds that both stay usable after the new one was verified. */
      readonly overlapSeconds: number;
      readonly eventId: string;
    })
  | (TaskBase & {
      readonly verb: 'revoke';
      readonly backend: string;
      readonly serialNumber: string;
      readonly reason: RevocationReason;
      readonly eventId: string;
    })
  | (TaskBase & { readonly verb: 'publish'; readonly backend: string })
  | (TaskBase & {
      readonly verb: 'destroy-copy';
      readonly place: Omit<DeliveryPlace, 'mode'>;
      readonly ifVersion: string;
      /** Nothing else needs the key store's password file: if it was made here, it goes with the key store. */
      readonly endsPassword?: boolean;
      readonly eventId: string;
    })
  | (TaskBase & {
      readonly verb: 'destroy-key';
      readonly store: string | null;
      readonly keyId: string | null;
      readonly eventId: string;
    })
  | (TaskBase & { readonly verb: 'erase-staged' });

interface TaskBase {
  readonly n: number;
  /** The generation that it makes or ends; empty for steps about the action as a whole. */
  readonly generation: string;
  readonly machine: string | null;
}

export type TaskOf<V extends Task['verb']> = Extract<Task, { verb: V }>;

/** A plan and how to carry it out: step n of the plan is task n. */
export interface PlannedAction {
  readonly plan: Plan;
  readonly tasks: readonly Task[];
}
