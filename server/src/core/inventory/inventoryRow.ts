import type { Location } from '../finding.ts';
import type { KeyOrigin } from '../lifecycle/event.ts';
import type { Verb } from '../lifecycle/plan.ts';
import type { IdentityState } from '../lifecycle/standing.ts';

/** One row of the inventory: an identity, or one machine's share of it when each machine has its own credential. */
export interface InventoryRow {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly machine: string | null;
  readonly owner: string | null;
  readonly contact: string | null;
  /** Backend that issues it. */
  readonly backend: string | null;
  /** Who made it, as the credential itself says: a distinguished name, the key of an SSH authority, … Null before it was issued. */
  readonly issuer: string | null;
  /** Backend that keeps its key, where the key never leaves that. */
  readonly keyStore: string | null;
  /** Where its key is made; null: it has none of its own, or no manifest says. */
  readonly keyOrigin: KeyOrigin | null;
  /** Who renews it, as its manifest says; null: no manifest says. */
  readonly renewedBy: 'idac' | 'machine' | 'backend' | null;
  /** Backends that it is delivered to. */
  readonly targets: readonly string[];
  readonly machines: readonly string[];
  /** The last two of logins alone. */
  readonly state: IdentityState | 'missing' | 'unconfirmed';
  /** Of the kind `Login` alone: what was seen of it when its backend was opened or checked last; ISO 8601. */
  readonly login?: {
    readonly method: string;
    readonly seenAt: string | null;
    readonly expiresAt: string | null;
    readonly reach: readonly string[];
  };
  /** Who issues and renews it, where that is not ours to do: `cert-manager`. Nothing is known of it but its manifest. */
  readonly managedBy?: 'cert-manager';
  /** ISO 8601, or null before it was issued. */
  readonly notAfter: string | null;
  readonly notBefore: string | null;
  /** Whole 24-hour units in UTC, rounded down; negative once expired. */
  readonly daysLeft: number | null;
  /** Only below 48 hours. */
  readonly hoursLeft: number | null;
  /** From when on it should be renewed; ISO 8601. */
  readonly renewAfter: string | null;
  readonly algorithm: string | null;
  readonly spkiSha256: string | null;
  readonly fingerprintSha256: string | null;
  readonly serialNumber: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly consumers: readonly string[];
  /** Verbs that the backend offers and the state allows, without those that its login may not do. */
  readonly verbs: readonly Verb[];
  /** What the state allows and a backend's login does not, by what was seen when that was checked last. */
  readonly denied?: readonly { readonly verb: Verb; readonly backend: string }[];
  /** Where it is declared: the range of `metadata.name`'s value. Null when orphaned. */
  readonly declaredAt: Location | null;
  /** `expires in 12 days`, `not issued yet`, …: the words that every face shows. */
  readonly status: string;
}
