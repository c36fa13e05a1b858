import { decodeUtf8 } from '../../core/credential/charset.ts';
import type { IdentityId } from '../../core/identity/identityId.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import type { IdentityEvent } from '../../core/lifecycle/event.ts';
import { recordFolder } from '../../core/lifecycle/eventFile.ts';
import { nounOf } from '../../core/lifecycle/kindTraits.ts';
import { parseEvent } from '../../core/lifecycle/parseEvent.ts';
import type { Refusal } from '../../core/lifecycle/plan.ts';
import { refusal } from '../../core/lifecycle/planning/facts.ts';
import { isLive, reduceRecord } from '../../core/lifecycle/record.ts';
import { formatInstant } from '../../core/text/instant.ts';
import { shellWord } from '../../core/text/shellWord.ts';
import type { Ledger } from './ledgers.ts';
import type { Services } from './services.ts';

/** Events that other branches have and this one does not; what cannot be read as an event is left out. */
export async function eventsElsewhere(
  identities: readonly IdentityId[],
  here: ReadonlySet<string>,
  services: Pick<Services, 'git'>,
  signal: AbortSignal,
): Promise<readonly { readonly ref: string; readonly event: IdentityEvent }[]> {
  if (services.git === undefined) return [];
  const found = new Map<string, { readonly ref: string; readonly event: IdentityEvent }>();
  for (const { ref, bytes } of await services.git.eventsOnOtherRefs(identities.map(recordFolder), signal)) {
    const parsed = parseEvent(parseJson(decodeUtf8(bytes)));
    if ('event' in parsed && !here.has(parsed.event.id))
      found.set(parsed.event.id, { ref, event: parsed.event });
  }
  return [...found.values()];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A live generation that another branch records and this one does not. */
export interface NewerElsewhere {
  readonly ref: string;
  readonly since: string;
}

/** What is live when everything on all branches is taken together, and is not recorded on this one. */
export async function newerElsewhere(
  identities: readonly IdentityId[],
  events: readonly IdentityEvent[],
  services: Services,
  signal: AbortSignal,
): Promise<NewerElsewhere | undefined> {
  const here = new Set(events.map((event) => event.id));
  const elsewhere = new Map(
    (await eventsElsewhere(identities, here, services, signal)).map((each) => [each.event.id, each]),
  );
  const all = [...events, ...[...elsewhere.values()].map(({ event }) => event)];
  for (const generation of reduceRecord(all).generations) {
    const found = elsewhere.get(generation.issued.id);
    if (found !== undefined && isLive(generation)) {
      return { ref: shortRef(found.ref), since: generation.credential.notBefore };
    }
  }
  return undefined;
}

function shortRef(ref: string): string {
  return ref.replace(/^refs\/(?:heads|remotes|tags)\//, '');
}

/**
 * The world is ahead of this record when another branch, or the authority itself, knows a live credential of the
 * identity that the record here does not. Acting on the older one would retire or shadow the newer.
 */
export function worldAhead(
  identity: IdentityId,
  events: readonly IdentityEvent[],
  branch: NewerElsewhere | undefined,
  ledgers: ReadonlyMap<string, Ledger>,
  clock: Services['clock'],
): Refusal | undefined {
  if (branch !== undefined) {
    return refusal(
      identity,
      'world-ahead',
      `${branch.ref} records a newer ${nounOf(identity.kind)} of ${formatIdentity(identity)} (valid from ${branch.since.slice(0, 16).replace('T', ' ')} UTC) that this branch does not know.`,
      `Bring its record here first: git merge ${shellWord(branch.ref)}`,
    );
  }
  const known = new Set(
    reduceRecord(events).generations.map((generation) => generation.credential.serialNumber),
  );
  const now = clock.now().getTime();
  for (const [issuer, ledger] of ledgers) {
    const unknown = [...ledger.values()].find(
      (entry) =>
        entry.revoked === undefined && !known.has(entry.serialNumber) && Date.parse(entry.notAfter) > now,
    );
    if (unknown === undefined) continue;
    return refusal(
      identity,
      'world-ahead',
      `${issuer} issued ${nounOf(identity.kind)} ${unknown.serialNumber} for ${formatIdentity(unknown.identity ?? identity)} at ${formatInstant(unknown.issuedAt)}, which the record here does not know.`,
      'If it was issued from this folder, `idac resume` puts its record back. If another clone issued it, pull its commits first. If its action was given up, revoke it at the issuer itself.',
    );
  }
  return undefined;
}
