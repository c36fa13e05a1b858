import type { Declaration } from '../declaration.ts';
import { placeKey } from '../declaration.ts';
import { isSecretContent } from '../deliveryContent.ts';
import { isMadeToLeave } from '../event.ts';
import { countOf, type KindTraits, nounOf } from '../kindTraits.ts';
import type { Refusal } from '../plan.ts';
import { formatSubject } from '../plan.ts';
import { type Decided, decided, lifetimeText, refuseDeclaration } from './decided.ts';
import type { DraftTask } from './draft.ts';
import type { PlanningFacts } from './facts.ts';
import { refusal } from './facts.ts';
import { makeTasks, retireTasks } from './issuanceTasks.ts';
import { bearersIn } from './oneMachine.ts';
import { refuseDeliveries } from './refuseDeliveries.ts';
import type { Share } from './share.ts';
import { shareOf } from './share.ts';

export interface PlanDraft {
  readonly tasks: readonly DraftTask[];
  readonly summary: string;
  readonly warnings: readonly string[];
  readonly consequence: string;
}

/** Where a former private key stays, since nothing is delivered to that place any more. */
function keysLeftBehind(shares: readonly Share[]): readonly string[] {
  const places = new Set(shares.flatMap((share) => share.places.map(placeKey)));
  return shares
    .flatMap(({ old }) => old.flatMap(({ copies }) => copies))
    .flatMap(({ path, backend, contents }) => {
      const secret = contents.find(isSecretContent);
      if (secret === undefined || places.has(placeKey({ path, backend }))) return [];
      const kept = secret === 'token' ? 'token' : 'private key';
      return [
        `${path} at ${backend} keeps the former ${kept}: nothing is delivered there any more. Remove it once nothing reads it.`,
      ];
    });
}

/** Another file is named for the password now: the former one is of no use to anything that this action leaves. */
function passwordsLeftBehind(shares: readonly Share[]): readonly string[] {
  const named = new Set(
    shares.flatMap(({ places }) => places.flatMap(({ keystore }) => keystore?.passwordFile ?? [])),
  );
  const former = shares.flatMap(({ old }) =>
    old.flatMap(({ copies }) => copies.flatMap(({ keystore }) => keystore?.passwordFile ?? [])),
  );
  return [...new Set(former)]
    .filter((file) => !named.has(file))
    .map((file) => `${file} keeps the password of the former key store. Remove it once nothing reads it.`);
}

/** What is made here and delivered nowhere is erased at the end, and nobody can use the credential. */
function secretLost({ key, request, deliveries, traits }: Decided): readonly string[] {
  const secret =
    request.kind === 'Token' ? 'token' : key !== null && isMadeToLeave(key.origin) ? 'private key' : null;
  if (secret === null || deliveries.some(({ contents }) => contents.some(isSecretContent))) return [];
  return [
    `No delivery holds the ${secret}: it is erased at the end, and the ${traits.one} cannot be used by anyone.`,
  ];
}

/** issue, renew, rotate: make and deliver for each bearer, verify, and only then retire what was there before. */
export function planIssuance(
  facts: PlanningFacts,
  declared: Declaration,
  traits: KindTraits,
  specDigest: string,
): PlanDraft | Refusal {
  const declaration = decided(declared, traits, facts);
  if ('refused' in declaration) return declaration;
  const refused = refuseDeclaration(facts, declaration);
  if (refused !== undefined) return refused;
  const { verb } = facts.request;
  const { identity } = declaration;
  if (!traits.verbs.includes(verb) && !(verb === 'renew' && traits.verbs.includes('rotate'))) {
    return refusal(
      identity,
      'not-offered',
      `A ${traits.one} has nothing to ${verb}.`,
      `What can be done with it: ${traits.verbs.join(', ')}.`,
    );
  }
  const all = bearersIn(facts.request, declaration);
  const subject = formatSubject(facts.request);
  const isLive = (bearer: string | null) => (facts.record.live.get(bearer)?.length ?? 0) > 0;
  const bearers = all.filter((bearer) => isLive(bearer) === (verb !== 'issue'));
  if (bearers.length === 0) {
    return verb === 'issue'
      ? refusal(identity, 'already-issued', `${subject} is issued already.`, 'Renew or rotate it.')
      : refusal(identity, 'not-issued', `${subject} has no ${traits.one} to ${verb}.`, 'Issue it first.');
  }
  const shares: Share[] = [];
  for (const bearer of bearers) {
    const share = shareOf(facts, declaration, bearer);
    if ('refused' in share) return share;
    shares.push(share);
  }
  const undeliverable = refuseDeliveries(
    facts,
    shares.flatMap(({ places }) => places),
  );
  if (undeliverable !== undefined) return undeliverable;
  const tasks = [
    ...makeTasks(facts, declaration, shares, specDigest),
    ...shares.flatMap((share) => retireTasks(facts, declaration, share)),
  ];
  // The former one is revoked where it was issued, and that may be another backend: its list is the one to publish.
  const revokedAt = tasks.flatMap((task) => (task.verb === 'revoke' ? [task.backend] : []));
  for (const backend of new Set([...revokedAt, declaration.issuer])) {
    if (!facts.issuers.get(backend)?.publishes) continue;
    tasks.push({
      verb: 'publish',
      generation: '',
      machine: null,
      class: 'repeatable',
      backend,
      consequence:
        backend === declaration.issuer
          ? 'publishes what relying parties need: trust anchors, and a fresh list of what is revoked'
          : 'publishes the new list of what is revoked',
    });
  }
  if (
    declaration.key === null ? declaration.request.kind === 'Token' : isMadeToLeave(declaration.key.origin)
  ) {
    tasks.push({
      verb: 'erase-staged',
      generation: '',
      machine: null,
      class: 'repeatable',
      consequence: 'erases the sealed copies here, now that each secret is where it belongs',
    });
  }
  const left = all.length - bearers.length;
  const warnings = [
    ...(declaration.consumers.length > 0 ? [`Used by ${declaration.consumers.join(', ')}.`] : []),
    ...(left > 0 && verb !== 'issue'
      ? [`${left} of ${all.length} machines have no ${nounOf(identity.kind)} yet: issue covers them.`]
      : []),
    ...secretLost(declaration),
    ...keysLeftBehind(shares),
    ...passwordsLeftBehind(shares),
  ];
  const changes = shares.some((share) => share.keyChanges);
  const keys =
    declaration.key === null
      ? ''
      : `, with ${changes ? 'a new key' : 'the key in use'}${shares.length === 1 ? '' : ' each'}`;
  return {
    tasks,
    warnings,
    summary: `${verb} ${subject}: ${countOf(identity.kind, shares.length)} from ${declaration.issuer} ${lifetimeText(declaration.lifetimeSeconds)}${keys}`,
    consequence:
      verb === 'issue'
        ? 'A new credential is made and delivered.'
        : 'The new credential is delivered and verified before the former one is retired.',
  };
}
