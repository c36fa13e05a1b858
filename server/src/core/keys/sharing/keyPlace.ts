import type { Location } from '../../finding.ts';
import type { IdentityId } from '../../identity/identityId.ts';
import type { CredentialFacts } from '../../lifecycle/event.ts';
import type { SightedKey } from '../keySighting.ts';

/** A key where it stands. */
export interface KeyPlace extends SightedKey, Location {
  readonly spkiSha256: string;
  /** The backend that told of it; its place is then that of the backend's manifest. */
  readonly backend?: string;
}

/** An identity that has this key, by the record. */
export interface KeyClaim {
  readonly identity: IdentityId;
  /** Null: no machine is named, or one key serves all. */
  readonly machine: string | null;
  /** What was issued for it with this key, the oldest first. */
  readonly credentials: readonly CredentialFacts[];
  /** Null: no manifest declares it any more. */
  readonly declaredAt: Location | null;
}
