import type { CertificateFacts, DeliveredCopy, IssuedEvent, RevokedEvent } from './event.ts';

/** One issuance and everything that happened to it since. */
export interface Generation {
  readonly id: string;
  readonly machine: string | null;
  readonly issued: IssuedEvent;
  readonly certificate: CertificateFacts;
  readonly copies: readonly DeliveredCopy[];
  readonly supersededBy: string | null;
  readonly revoked: RevokedEvent | null;
  readonly keyDestroyed: boolean;
  /** Undone before use. */
  readonly forgotten: boolean;
}

/** All that the record says about one identity. Computed from its events, never stored. */
export interface IdentityRecord {
  /** Oldest first. */
  readonly generations: readonly Generation[];
  /**
   * By machine (null: no machine named, or one key for all): generations that nobody superseded, revoked, destroyed or
   * forgot, newest last. More than one that do not replace each other: two branches rotated.
   */
  readonly live: ReadonlyMap<string | null, readonly Generation[]>;
}
