import { keyReused } from '../../credential/findings/keyReused.ts';
import { keyShared } from '../../credential/findings/keyShared.ts';
import type { Finding, Location, RelatedPlace } from '../../finding.ts';
import { formatIdentity } from '../../identity/identityId.ts';
import type { Bearer } from './bearer.ts';
import { bearersOf } from './bearersOf.ts';
import type { KeyPlace } from './keyPlace.ts';
import { isAllowed, type KeyPolicy } from './keyPolicy.ts';
import { renewalsWithKey } from './renewals.ts';
import { type KeysSeen, placesByKey, type SharedKey, sharedKeys } from './sharedKeys.ts';
import { placeText, sharingText } from './sharingText.ts';

/** Others are counted. */
const MOST_RELATED = 10;

export interface SharingContext extends KeysSeen {
  /** What policies say of a rule on keys. */
  policiesOn(rule: string): readonly KeyPolicy[];
  readonly now: Date;
  /** A file where a key was seen, as the project calls it. */
  inProject(file: string): string;
  /** A file of the project, as the places of keys are called. */
  fromProject(file: string): string;
}

/** One finding for each key that is shared and that no policy allows, and for each that a policy wants to be another by now. */
export function sharingFindings(context: SharingContext): readonly Finding[] {
  const { now, inProject } = context;
  const policies = context.policiesOn(keyShared.id);
  const shared = sharedKeys(context).flatMap((each) => {
    const mine = policies.filter(({ covers }) => covers(each.bearers));
    return mine.some((policy) => isAllowed(policy, each, inProject, now))
      ? []
      : [findingOf(each, mine, context)];
  });
  return [...shared, ...reused(context)];
}

function findingOf(shared: SharedKey, policies: readonly KeyPolicy[], context: SharingContext): Finding {
  const { bearers, copies, places } = shared;
  const declared = declarations(bearers, context);
  const [first, ...others] = [
    ...declared,
    ...(bearers.length < 2 ? copies : onePlaceEach(bearers, places)).map(relatedPlace),
  ];
  return {
    rule: keyShared.id,
    severity: severityOf(policies) ?? keyShared.severity,
    message: sharingText(shared),
    why: keyShared.why,
    ...placeOf(first),
    ...identityOf(bearers),
    related: others.slice(0, MOST_RELATED),
    fixes: [],
    ...(declared.length === 0 ? {} : { acts: { verbs: ['rotate'] } }),
  };
}

/** First one of each that has the key, then what else there is of it. */
function onePlaceEach(bearers: readonly Bearer[], places: readonly KeyPlace[]): readonly KeyPlace[] {
  const firsts = bearers.flatMap(({ places: [first] }) => first ?? []);
  const chosen = new Set(firsts);
  return [...firsts, ...places.filter((place) => !chosen.has(place))];
}

function declarations(bearers: readonly Bearer[], { fromProject }: SharingContext): readonly RelatedPlace[] {
  return bearers.flatMap(({ name, claim }) => {
    if (claim === undefined || claim.declaredAt === null) return [];
    const { file, range } = claim.declaredAt;
    return [{ file: fromProject(file), range, message: `${name} has this key` }];
  });
}

function relatedPlace(place: KeyPlace): RelatedPlace {
  return { file: place.file, range: place.range, message: placeText(place) };
}

function placeOf(place: Location | undefined): Location {
  const start = { line: 0, character: 0 };
  return { file: place?.file ?? '', range: place?.range ?? { start, end: start } };
}

function identityOf(bearers: readonly Bearer[]): Pick<Finding, 'identity'> {
  const claim = bearers.find((each) => each.claim !== undefined)?.claim;
  return claim === undefined ? {} : { identity: claim.identity };
}

function severityOf(policies: readonly KeyPolicy[]): Finding['severity'] | undefined {
  return policies.find(({ severity }) => severity !== undefined)?.severity;
}

function reused(context: SharingContext): readonly Finding[] {
  const policies = context.policiesOn(keyReused.id);
  if (policies.length === 0) return [];
  const { places, claims = new Map(), isNamed } = context;
  return [...placesByKey(places, claims.keys())].flatMap(([spkiSha256, group]) =>
    bearersOf(group, claims.get(spkiSha256) ?? [], isNamed).flatMap((bearer) => {
      const mine = policies.filter(({ covers }) => covers([bearer]));
      return mine.length === 0 ? [] : reusedBy(bearer, mine, context);
    }),
  );
}

function reusedBy(
  bearer: Bearer,
  policies: readonly KeyPolicy[],
  context: SharingContext,
): readonly Finding[] {
  const { claim, name, places } = bearer;
  const renewals = renewalsWithKey(places);
  const serials = new Set([
    ...(claim?.credentials ?? []).map(({ fingerprintSha256 }) => fingerprintSha256),
    ...renewals.map(({ fingerprintSha256 }) => fingerprintSha256),
  ]);
  if (serials.size < 2) return [];
  const [first, ...others] = [...declarations([bearer], context), ...renewals.map(relatedPlace)];
  const rotate =
    claim === undefined ? 'replace it' : `rotate it: idac rotate ${formatIdentity(claim.identity)}`;
  return [
    {
      rule: keyReused.id,
      severity: severityOf(policies) ?? keyReused.severity,
      message: `${serials.size} certificates in a row have one key, that of ${name}, and ${policies[0]?.name} wants a new one; ${rotate}`,
      why: keyReused.why,
      ...placeOf(first),
      ...identityOf([bearer]),
      related: others.slice(0, MOST_RELATED),
      fixes: [],
      ...(claim === undefined ? {} : { acts: { verbs: ['rotate'] } }),
    },
  ];
}
