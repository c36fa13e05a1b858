/** A dated plan from algorithms that end to those that last: in waves, at real renewals where those are in time. */
import { formatIdentity } from '../identity/identityId.ts';
import type { CredentialCrypto } from '../impact/replacement/credentialCrypto.ts';
import type { Fallen } from '../impact/replacement/fallen.ts';
import { anotherAuthorityKey, anotherKey, type Instead } from '../impact/replacement/instead.ts';
import type { Offers } from '../impact/replacement/offers.ts';
import { byUrgency } from '../impact/replacement/urgency.ts';
import type { InventoryRow } from '../inventory/inventoryRow.ts';
import type { Lifetime } from '../outlook/lifetime.ts';
import { lastRenewalBy, latestInTime, renewalsOf } from './renewals.ts';
import type { Deadline, Purpose, RuleSet } from './ruleSets.ts';

/**
 * `renewal`: at a renewal that happens anyhow. `early`: it would still count after the deadline, or never ends, so it is
 * replaced before its time. `first`: it is not issued yet. `anchor`: those who trust it get the new one first.
 * `elsewhere`: others renew it, and know when.
 */
export type How = 'renewal' | 'early' | 'first' | 'anchor' | 'elsewhere';

export interface MigrationItem {
  /** `formatIdentity`, or `Backend/NAME`, `TrustBundle/NAME`. */
  readonly resource: string;
  readonly machine: string | null;
  readonly owner: string | null;
  readonly algorithm: string | null;
  readonly purpose: Purpose | 'authority' | 'anchor';
  readonly how: How;
  /** ISO 8601; the day to do it. Null: whoever renews it decides. */
  readonly on: string | null;
  readonly to: Instead;
  /** It has to move again: what it goes to ends, too. */
  readonly interim: boolean;
}

export interface Wave {
  readonly number: number;
  readonly title: string;
  readonly from: string;
  readonly until: string;
  readonly deadline: { readonly at: string; readonly says: Deadline['says'] };
  readonly items: readonly MigrationItem[];
}

export interface MigrationPlan {
  readonly rules: Pick<RuleSet, 'id' | 'title' | 'source'>;
  readonly now: string;
  /** By day. */
  readonly waves: readonly Wave[];
  readonly total: number;
  /** Has what lasts already. */
  readonly done: number;
  readonly atRenewals: number;
  readonly early: number;
  readonly blocked: readonly { readonly why: string; readonly count: number }[];
}

export interface MigrationInput {
  readonly lifetimes: readonly Lifetime[];
  readonly rules: RuleSet;
  readonly now: Date;
  readonly offers: Offers;
  cryptoOf(row: InventoryRow): CredentialCrypto;
  purposeOf(row: InventoryRow): Purpose;
  /** Key algorithm that an authority of ours is configured to have; undefined: not known here. */
  authorityAlgorithm(backend: string): string | undefined;
  ownerOf(resource: string): string | null;
  /** Bundles that trust the roots of that backend. */
  bundlesOf(backend: string): readonly string[];
}

const STAGES = [
  { title: 'trust anchors and authorities', share: 0.25 },
  { title: 'signing, devices, and what outlives the deadline', share: 0.5 },
  { title: 'critical and reachable from outside, at their renewals', share: 0.75 },
  { title: 'all others, at their renewals', share: 1 },
] as const;

type Stage = 0 | 1 | 2 | 3;

interface Placed {
  readonly stage: Stage;
  readonly deadline: Deadline;
  readonly item: MigrationItem;
}

export function migrationPlan(input: MigrationInput): MigrationPlan {
  const { lifetimes, rules, now } = input;
  const counted = lifetimes.filter(
    // What no manifest declares any more still counts where it is used.
    ({ row, life }) =>
      row.login === undefined && row.algorithm !== null && (life !== 'ended' || row.state === 'orphaned'),
  );
  const ordered = [...counted].sort((a, b) => byUrgency(a.row, b.row));
  const placed: Placed[] = [];
  let done = 0;
  const authorities = new Map<string, MovingAuthority>();
  for (const lifetime of ordered) {
    const place = placeOf(lifetime, input);
    if (place === undefined) done += 1;
    else placed.push(place);
    noteAuthority(authorities, lifetime.row, place, input);
  }
  const first = [...authorities].flatMap(([backend, moving]) => authorityItems(backend, moving, input));
  const waves = wavesOf([...first, ...placed], now);
  const items = waves.flatMap((wave) => wave.items);
  const blocked = new Map<string, number>();
  for (const { to } of items) if (!to.can) blocked.set(to.why, (blocked.get(to.why) ?? 0) + 1);
  const ours = items.filter(({ to }) => to.can);
  return {
    rules: { id: rules.id, title: rules.title, source: rules.source },
    now: now.toISOString(),
    waves,
    total: counted.length,
    done,
    atRenewals: ours.filter(({ how }) => how === 'renewal' || how === 'first').length,
    early: ours.filter(({ how }) => how === 'early' || how === 'anchor').length,
    blocked: [...blocked].map(([why, count]) => ({ why, count })).sort((a, b) => b.count - a.count),
  };
}

function placeOf(lifetime: Lifetime, input: MigrationInput): Placed | undefined {
  const { rules, now, purposeOf } = input;
  const { row } = lifetime;
  const purpose = purposeOf(row);
  const deadline = rules.deadline(row.algorithm ?? '', purpose);
  if (deadline === undefined) return undefined;
  const { to, interim } = target(row, deadline, purpose, input);
  const at = Math.max(deadline.at, now.getTime());
  const renewals = renewalsOf(lifetime, now.getTime());
  const latest = renewals && latestInTime(renewals, at);
  const how: How =
    !to.can && row.renewedBy !== 'idac'
      ? 'elsewhere'
      : lifetime.life === 'unissued'
        ? 'first'
        : latest === undefined
          ? 'early'
          : 'renewal';
  const stage: Stage = how === 'early' || purpose !== 'other' ? 1 : isUrgent(row) ? 2 : 3;
  const until = stageEnd(stage, at, now.getTime());
  const on = ((): number | null => {
    if (how === 'elsewhere') return null;
    if (how === 'first') return now.getTime();
    if (renewals === undefined || latest === undefined) return until;
    // After its authority, where a renewal in time is.
    const last = lastRenewalBy(renewals, until) ?? renewals.next;
    const isTooSoon = last < stageEnd(0, at, now.getTime());
    return Math.min(latest, isTooSoon ? last + renewals.period : last);
  })();
  return { stage, deadline: { ...deadline, at }, item: itemOf(row, { purpose, how, on, to, interim }) };
}

/** What lasts, if it can be had; else what does until a later deadline. */
function target(
  row: InventoryRow,
  deadline: Deadline,
  purpose: Purpose,
  { rules, offers }: MigrationInput,
): { readonly to: Instead; readonly interim: boolean } {
  const without = (matches: (algorithm: string) => boolean): Fallen => ({
    what: 'algorithm',
    name: rules.id,
    matches,
  });
  const lasting = anotherKey(
    row,
    without((algorithm) => !rules.lasts(algorithm)),
    offers,
  );
  if (lasting.can) return { to: lasting, interim: false };
  const later = anotherKey(
    row,
    without(
      (algorithm) => (rules.deadline(algorithm, purpose)?.at ?? Number.POSITIVE_INFINITY) <= deadline.at,
    ),
    offers,
  );
  return later.can ? { to: later, interim: true } : { to: lasting, interim: false };
}

interface MovingAuthority {
  readonly algorithm: string;
  /** Of itself, or of what it signs: that cannot move before it. */
  readonly deadline: Deadline;
  /** When the first of those moves. */
  readonly before: number;
}

function noteAuthority(
  authorities: Map<string, MovingAuthority>,
  row: InventoryRow,
  place: Placed | undefined,
  { cryptoOf, authorityAlgorithm, rules, purposeOf }: MigrationInput,
): void {
  if (row.kind !== 'Certificate' || row.backend === null) return;
  const algorithm = cryptoOf(row).authorities[0]?.key ?? authorityAlgorithm(row.backend);
  const own = algorithm === undefined ? undefined : rules.deadline(algorithm, purposeOf(row));
  if (algorithm === undefined || own === undefined) return;
  const known = authorities.get(row.backend);
  const soonest = [known?.deadline, place?.deadline, own]
    .flatMap((each) => each ?? [])
    .reduce((a, b) => (b.at < a.at ? b : a));
  const moves =
    place?.item.how === 'renewal' || place?.item.how === 'early'
      ? Date.parse(place.item.on ?? '')
      : Number.NaN;
  const before = Math.min(
    known?.before ?? Number.POSITIVE_INFINITY,
    Number.isNaN(moves) ? Number.POSITIVE_INFINITY : moves,
  );
  authorities.set(row.backend, { algorithm, deadline: soonest, before });
}

/** Whoever trusts it has the new root before it signs anything; then the authority changes. */
function authorityItems(
  backend: string,
  { algorithm, deadline, before }: MovingAuthority,
  { rules, offers, now, bundlesOf, ownerOf }: MigrationInput,
): readonly Placed[] {
  const fallen: Fallen = { what: 'algorithm', name: rules.id, matches: (each) => !rules.lasts(each) };
  const to = anotherAuthorityKey(backend, algorithm, fallen, offers);
  const at = Math.max(deadline.at, now.getTime());
  const on = new Date(Math.min(before, stageEnd(0, at, now.getTime()))).toISOString();
  const common = { machine: null, algorithm, on, to, interim: false } as const;
  const placed = (resource: string, purpose: 'authority' | 'anchor'): Placed => ({
    stage: 0,
    deadline: { ...deadline, at },
    item: {
      ...common,
      resource,
      owner: ownerOf(resource),
      purpose,
      how: purpose === 'anchor' ? 'anchor' : 'early',
    },
  });
  return [
    ...bundlesOf(backend).map((bundle) => placed(bundle, 'anchor')),
    placed(`Backend/${backend}`, 'authority'),
  ];
}

function isUrgent({ labels }: InventoryRow): boolean {
  const { criticality, exposure } = labels;
  return (
    criticality === 'critical' || criticality === 'high' || exposure === 'external' || exposure === 'public'
  );
}

function itemOf(
  row: InventoryRow,
  more: {
    readonly purpose: Purpose;
    readonly how: How;
    readonly on: number | null;
    readonly to: Instead;
    readonly interim: boolean;
  },
): MigrationItem {
  return {
    resource: formatIdentity(row),
    machine: row.machine,
    owner: row.owner,
    algorithm: row.algorithm,
    ...more,
    on: more.on === null ? null : new Date(more.on).toISOString(),
  };
}

function stageEnd(stage: Stage, deadline: number, now: number): number {
  return now + Math.floor((deadline - now) * STAGES[stage].share);
}

function wavesOf(placed: readonly Placed[], now: Date): readonly Wave[] {
  const groups = new Map<
    string,
    { readonly stage: Stage; readonly deadline: Deadline; readonly items: MigrationItem[] }
  >();
  for (const { stage, deadline, item } of placed) {
    const key = `${deadline.at}/${deadline.says}/${stage}`;
    const group = groups.get(key) ?? { stage, deadline, items: [] };
    groups.set(key, group);
    group.items.push(item);
  }
  return [...groups.values()]
    .map((group) => ({ ...group, until: stageEnd(group.stage, group.deadline.at, now.getTime()) }))
    .sort((a, b) => a.until - b.until || a.stage - b.stage)
    .map(({ stage, deadline, until, items }, at) => ({
      number: at + 1,
      title: STAGES[stage].title,
      from: now.toISOString(),
      until: new Date(until).toISOString(),
      deadline: { at: new Date(deadline.at).toISOString(), says: deadline.says },
      // Anchors stay before their authority; the rest by day, and in the order of their weight on one day.
      items: stage === 0 ? items : [...items].sort((a, b) => compare(a.on ?? '~', b.on ?? '~')),
    }));
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
