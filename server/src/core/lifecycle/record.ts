import type {
  AbandonedEvent,
  BeginningEvent,
  CredentialFacts,
  DeliveredCopy,
  IdentityEvent,
  RevokedEvent,
  VerifiedEvent,
} from './event.ts';
import { traitsOf } from './kindTraits.ts';

/** One issuance and everything that happened to it since. */
export interface Generation {
  readonly id: string;
  readonly machine: string | null;
  readonly issued: BeginningEvent;
  readonly credential: CredentialFacts;
  /** Delivered copies that were not destroyed since, the latest version of each place. */
  readonly copies: readonly DeliveredCopy[];
  readonly lastVerified: VerifiedEvent | null;
  readonly supersededBy: string | null;
  readonly revoked: RevokedEvent | null;
  /** Its secret is gone: the private key, or the token. */
  readonly keyDestroyed: boolean;
  /** Undone before use. */
  readonly forgotten: boolean;
  /** It was put back over a newer one, and still stands there: it is the one in use. */
  readonly putBack: boolean;
}

/** What stood at a place before that which stands there now. */
export interface FormerCopy {
  readonly generation: string;
  readonly copy: DeliveredCopy;
  /** The generation that stands there now, and its copy. */
  readonly over: { readonly generation: string; readonly copy: DeliveredCopy };
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
  /** One for each place where another generation stood before. */
  readonly formers: readonly FormerCopy[];
  /** Actions that were given up, until another one is done to the same share. */
  readonly givenUp: readonly AbandonedEvent[];
}

export const EMPTY_RECORD: IdentityRecord = { generations: [], live: new Map(), formers: [], givenUp: [] };

type Draft = { -readonly [Field in keyof Generation]: Generation[Field] };

function isBeginning(event: IdentityEvent): event is BeginningEvent {
  return event.type === 'issued' || event.type === 'adopted';
}

/** It was there before its manifest: nothing of it was made here. */
export function isAdopted({ issued }: Pick<Generation, 'issued'>): boolean {
  return issued.type === 'adopted';
}

function sameCopy(a: Pick<DeliveredCopy, 'backend' | 'path'>, b: Pick<DeliveredCopy, 'backend' | 'path'>) {
  return a.backend === b.backend && a.path === b.path;
}

function apply(draft: Draft, event: Exclude<IdentityEvent, BeginningEvent>): void {
  switch (event.type) {
    case 'delivered':
      draft.copies = [...draft.copies.filter((copy) => !sameCopy(copy, event.copy)), event.copy];
      return;
    case 'verified':
      draft.lastVerified = event;
      return;
    case 'superseded':
      draft.supersededBy = event.by;
      return;
    case 'revoked':
      draft.revoked ??= event;
      return;
    case 'destroyed': {
      const { what } = event;
      if ('key' in what) draft.keyDestroyed = true;
      else draft.copies = draft.copies.filter((copy) => !sameCopy(copy, what.copy));
      return;
    }
    case 'forgotten':
      draft.forgotten = true;
      return;
    case 'abandoned':
      // It says what was not done: nothing changed by it.
      return;
    default:
      event satisfies never;
  }
}

/** Nobody superseded, revoked, destroyed or forgot it. It may have expired. */
export function isLive(generation: Generation): boolean {
  return (
    generation.supersededBy === null &&
    generation.revoked === null &&
    !generation.keyDestroyed &&
    !generation.forgotten
  );
}

/** Relying parties still accept it at `now`: not ended by its date and not revoked, superseded or not. */
export function isAccepted(generation: Generation, now: Date): boolean {
  return generation.revoked === null && !generation.forgotten && !hasEnded(generation, now);
}

/** Its end has come, and relying parties know it: the end of a plain key is declared here and told to nobody. */
export function hasEnded({ credential, issued }: Generation, now: Date): boolean {
  return (
    traitsOf(issued.identity.kind)?.endsByItself !== false && Date.parse(credential.notAfter) <= now.getTime()
  );
}

/** Its secret (the private key, or the token itself) was made here or in a store that this tool works with. */
export function madeSecret({ issued }: Pick<Generation, 'issued'>): boolean {
  return issued.key === undefined ? issued.identity.kind === 'Token' : issued.key.origin !== 'machine';
}

/**
 * What was replaced has no secret of its own any more: it was erased once delivered, or goes on under the newer one. A key
 * that is a credential itself may be kept (`formerKey: keep`).
 */
function wasErased({ supersededBy, issued }: Generation): boolean {
  return supersededBy !== null && issued.identity.kind !== 'Key';
}

/** A secret or a delivered copy of it is left that this tool made: `destroy` has something to do. */
export function hasRemains(generation: Generation): boolean {
  return (
    !generation.forgotten &&
    (generation.copies.length > 0 ||
      (!generation.keyDestroyed && !wasErased(generation) && madeSecret(generation)))
  );
}

/** A place holds what was delivered there last, whatever became of either generation. */
function dropOverwritten(generations: Iterable<Draft>, latest: Draft, copy: DeliveredCopy): void {
  for (const other of generations) {
    if (other !== latest) other.copies = other.copies.filter((older) => !sameCopy(older, copy));
  }
}

interface Held {
  readonly draft: Draft;
  readonly copy: DeliveredCopy;
}

/** A place, with what stands there and what another generation had there before. */
interface Place {
  holder: Held;
  former: Held | null;
}

function deliverTo(places: Place[], draft: Draft, copy: DeliveredCopy): void {
  const place = places.find(({ holder }) => sameCopy(holder.copy, copy));
  if (place === undefined) places.push({ holder: { draft, copy }, former: null });
  else {
    if (place.holder.draft !== draft) place.former = place.holder;
    place.holder = { draft, copy };
  }
}

/** With what stood there, everything that it had stood over is gone. */
function leave(places: Place[], draft: Draft, copy: Pick<DeliveredCopy, 'backend' | 'path'>): void {
  const at = places.findIndex(({ holder }) => holder.draft === draft && sameCopy(holder.copy, copy));
  if (at >= 0) places.splice(at, 1);
}

/**
 * Computes the record from events in any order; the union of two branches' events needs no merge.
 * Events of a generation whose first event is missing are left out: they come back with it.
 */
export function reduceRecord(events: readonly IdentityEvent[]): IdentityRecord {
  const ordered = [...events].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const drafts = new Map<string, Draft>();
  for (const event of ordered) {
    if (!isBeginning(event)) continue;
    drafts.set(event.generation, {
      id: event.generation,
      machine: event.machine ?? null,
      issued: event,
      credential: event.credential,
      copies: [],
      lastVerified: null,
      supersededBy: null,
      revoked: null,
      keyDestroyed: false,
      forgotten: false,
      putBack: false,
    });
  }
  // What was undone put the former content back where it had been delivered.
  const undone = new Set(ordered.filter(({ type }) => type === 'forgotten').map((event) => event.generation));
  const places: Place[] = [];
  for (const event of ordered) {
    if (isBeginning(event)) continue;
    const draft = drafts.get(event.generation);
    if (draft === undefined) continue;
    apply(draft, event);
    if (undone.has(draft.id)) continue;
    if (event.type === 'delivered') {
      dropOverwritten(drafts.values(), draft, event.copy);
      deliverTo(places, draft, event.copy);
    }
    if (event.type === 'destroyed' && 'copy' in event.what) leave(places, draft, event.what.copy);
  }
  for (const { holder, former } of places) {
    if (former === null || former.draft.issued.id < holder.draft.issued.id) continue;
    holder.draft.putBack = true;
    // It is in use again, whatever took over from it in between.
    holder.draft.supersededBy = null;
  }
  const formers = places.flatMap(({ holder, former }) =>
    former === null
      ? []
      : [
          {
            generation: former.draft.id,
            copy: former.copy,
            over: { generation: holder.draft.id, copy: holder.copy },
          },
        ],
  );
  const generations = [...drafts.values()];
  const live = new Map<string | null, Generation[]>();
  for (const generation of generations) {
    if (!isLive(generation)) continue;
    const ofMachine = live.get(generation.machine);
    if (ofMachine === undefined) live.set(generation.machine, [generation]);
    else ofMachine.push(generation);
  }
  return { generations, live, formers, givenUp: givenUpIn(ordered) };
}

function givenUpIn(ordered: readonly IdentityEvent[]): readonly AbandonedEvent[] {
  let givenUp: readonly AbandonedEvent[] = [];
  for (const event of ordered) {
    givenUp = givenUp.filter(({ planId, machine }) => planId === event.planId || machine !== event.machine);
    if (event.type === 'abandoned') givenUp = [...givenUp, event];
  }
  return givenUp;
}

/** Those that no other live one is to take over from. */
function heads(live: readonly Generation[]): readonly Generation[] {
  const replaced = new Set(live.flatMap((generation) => generation.issued.replaces));
  return live.filter((generation) => !replaced.has(generation.id));
}

/** Live generations of one machine of which neither is to take over from the other: two branches rotated. */
export function rivals(live: readonly Generation[]): readonly Generation[] {
  const ends = heads(live);
  return ends.length > 1 ? ends : [];
}

/**
 * The generation that stands for a machine: one that was put back, else the newest live one, else the newest that was not
 * undone. Who replaces whom counts more than time, since a clock may have been set back.
 */
export function currentGeneration(record: IdentityRecord, machine: string | null): Generation | undefined {
  const live = record.live.get(machine) ?? [];
  return (
    live.findLast(({ putBack }) => putBack) ??
    heads(live).at(-1) ??
    live.at(-1) ??
    record.generations.filter((generation) => generation.machine === machine && !generation.forgotten).at(-1)
  );
}
