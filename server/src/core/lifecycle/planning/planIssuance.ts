import { formatDuration } from '../../text/duration.ts';
import type { Declaration } from '../declaration.ts';
import { placeKey } from '../declaration.ts';
import type { Refusal } from '../plan.ts';
import { formatSubject } from '../plan.ts';
import { decided, refuseDeclaration } from './decided.ts';
import type { DraftTask } from './draft.ts';
import type { PlanningFacts } from './facts.ts';
import { refusal } from './facts.ts';
import { makeTasks, retireTasks } from './issuanceTasks.ts';
import { bearersIn } from './oneMachine.ts';
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
    .filter((copy) => copy.contents.includes('privateKey') && !places.has(placeKey(copy)))
    .map(
      ({ path, backend }) =>
        `${path} at ${backend} keeps the former private key: nothing is delivered there any more. Remove it once nothing reads it.`,
    );
}

/** issue, renew, rotate: make and deliver for each bearer, verify, and only then retire what was there before. */
export function planIssuance(
  facts: PlanningFacts,
  declared: Declaration,
  specDigest: string,
): PlanDraft | Refusal {
  const declaration = decided(declared, facts);
  const refused = refuseDeclaration(facts, declaration);
  if (refused !== undefined) return refused;
  const { verb } = facts.request;
  const { identity } = declaration;
  const all = bearersIn(facts.request, declaration);
  const subject = formatSubject(facts.request);
  const isLive = (bearer: string | null) => (facts.record.live.get(bearer)?.length ?? 0) > 0;
  const bearers = all.filter((bearer) => isLive(bearer) === (verb !== 'issue'));
  if (bearers.length === 0) {
    return verb === 'issue'
      ? refusal(identity, 'already-issued', `${subject} is issued already.`, 'Renew or rotate it.')
      : refusal(identity, 'not-issued', `${subject} has no certificate to ${verb}.`, 'Issue it first.');
  }
  const shares: Share[] = [];
  for (const bearer of bearers) {
    const share = shareOf(facts, declaration, bearer);
    if ('refused' in share) return share;
    shares.push(share);
  }
  const tasks = [
    ...shares.flatMap((share) => makeTasks(facts, declaration, share, specDigest)),
    ...shares.flatMap((share) => retireTasks(facts, declaration, share)),
  ];
  if (facts.issuers.get(declaration.issuer)?.publishes) {
    tasks.push({
      verb: 'publish',
      generation: '',
      machine: null,
      class: 'repeatable',
      backend: declaration.issuer,
      consequence: 'publishes a fresh certificate revocation list and the roots',
    });
  }
  if (declaration.key.origin === 'engine') {
    tasks.push({
      verb: 'erase-staged',
      generation: '',
      machine: null,
      class: 'repeatable',
      consequence: 'erases the sealed copies of the keys here, now that each is where it belongs',
    });
  }
  const left = all.length - bearers.length;
  const warnings = [
    ...(declaration.consumers.length > 0 ? [`Used by ${declaration.consumers.join(', ')}.`] : []),
    ...(left > 0 && verb !== 'issue'
      ? [`${left} of ${all.length} machines have no certificate yet: issue covers them.`]
      : []),
    ...(declaration.key.origin === 'engine' &&
    !declaration.deliveries.some((d) => d.contents.includes('privateKey'))
      ? [
          'No delivery holds the private key: it is erased at the end, and the certificate cannot be used by anyone.',
        ]
      : []),
    ...keysLeftBehind(shares),
  ];
  const count = shares.length === 1 ? 'one certificate' : `${shares.length} certificates`;
  const changes = shares.some((share) => share.keyChanges);
  const keys = `${changes ? 'a new key' : 'the key in use'}${shares.length === 1 ? '' : ' each'}`;
  return {
    tasks,
    warnings,
    summary: `${verb} ${subject}: ${count} from ${declaration.issuer} for ${formatDuration(declaration.durationSeconds)}, with ${keys}`,
    consequence:
      verb === 'issue'
        ? 'A new credential is made and delivered.'
        : 'The new credential is delivered and verified before the former one is retired.',
  };
}
