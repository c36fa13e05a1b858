import type { Severity } from '../finding.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import { type Alike, alikeOf } from '../identity/selectedAlike.ts';
import { type Selectable, selects } from '../identity/selects.ts';
import { sameItems } from '../rules/keptFiles.ts';
import { perValue } from '../rules/perValue.ts';
import { canonicalJson } from '../text/canonicalJson.ts';
import type { Ask, BoundPolicy, OutsideOrigin } from './boundPolicy.ts';
import { type EffectivePolicy, effectOf as effectOfAll } from './effectivePolicy.ts';

/** All policies that are in force in a project on one day, and what they ask of whom. */
export interface PoliciesInForce {
  readonly policies: readonly BoundPolicy[];
  readonly day: string;
  readonly defaultTeam: string | undefined;
  /** The same object for all identities that the same policies select, and after an edit as long as none of these changes. */
  effectOn(identity: Selectable): Effect;
  /** The same of those that are alike in one file. */
  effectOnAlike(alike: Alike, file: string): Effect;
  readonly known: KnownEffects;
}

/** What the next edit starts from. */
interface KnownEffects {
  /** By what a selector asks: whom it selects. */
  readonly bySelector: ReadonlyMap<string, Selected<boolean>>;
  /** What all selectors ask, in their order, and which places of `policies` select whom. */
  readonly selectors: string;
  readonly places: Selected<string>;
  /** By those places. */
  readonly effects: ReadonlyMap<string, Effect>;
  /** Lists of digests by what is in them: the same list means that the same is asked. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
}

/** By file, which is empty where none counts; then by what selectors see of an identity. */
type Selected<Value> = Map<string, Map<Alike, Value>>;

export interface Effect extends EffectivePolicy {
  /** Beside each of `asks`: the same text asks the same of an identity, whenever and wherever it was asked. */
  readonly digests: readonly string[];
  /** By rule: how severe it is here, where a policy says so. The highest counts. */
  readonly severities: ReadonlyMap<string, { readonly severity: Severity; readonly ask: Ask }>;
}

const bound = perValue((resource: BoundPolicy['resource']): BoundPolicy => ({ resource, origin: 'project' }));

/** Those of the project, then those from outside. One that cannot be read is a finding, and asks nothing. */
export function policiesOf(
  index: ProjectIndex,
  outside: readonly BoundPolicy[] = [],
): readonly BoundPolicy[] {
  return [...index.policies().map(bound), ...outside].filter(({ resource }) => resource.usable);
}

/** `before`: those of an earlier edit. What a selector said holds as long as it asks the same. */
export function policiesInForce(
  index: ProjectIndex,
  now: Date,
  outside: readonly BoundPolicy[] = [],
  before?: PoliciesInForce,
): PoliciesInForce {
  const policies = policiesOf(index, outside);
  const project = index.project();
  const defaultTeam = project?.usable === true ? project.spec.defaults?.owner?.team : undefined;
  const known = before?.defaultTeam === defaultTeam ? before?.known : undefined;
  const bySelector = new Map<string, Selected<boolean>>();
  const selecting = policies.map(({ resource }) => {
    const text = selectorText(resource);
    const selected = bySelector.get(text) ?? known?.bySelector.get(text) ?? new Map();
    bySelector.set(text, selected);
    const { selector } = resource.spec;
    return { selector, selected, byPaths: selector?.matchPaths !== undefined };
  });
  const byPaths = selecting.some((each) => each.byPaths);
  const selectors = policies.map(({ resource }) => selectorText(resource)).join('\n');
  const places: Selected<string> = known?.selectors === selectors ? known.places : new Map();
  const effects = new Map<string, Effect>();
  const lists = new Map<string, readonly string[]>();
  const found: Selected<Effect> = new Map();

  const placesOn = (alike: Alike, file: string): string =>
    selecting
      .flatMap(({ selector, selected, byPaths: isByPath }, place) =>
        ofAlike(selected, isByPath ? file : '', alike, () =>
          selects(selector, { ...alike, file }, defaultTeam),
        )
          ? [place]
          : [],
      )
      .join();
  const effectAt = (which: string): Effect => {
    const made =
      effects.get(which) ??
      effectOf(policies, which, known?.effects.get(which), (digests) => {
        const text = digests.join('\n');
        const list = lists.get(text) ?? known?.lists.get(text) ?? digests;
        lists.set(text, list);
        return list;
      });
    effects.set(which, made);
    return made;
  };
  const effectOnAlike = (alike: Alike, path: string): Effect => {
    const file = byPaths ? path : '';
    return ofAlike(found, file, alike, () =>
      effectAt(ofAlike(places, file, alike, () => placesOn(alike, path))),
    );
  };
  return {
    policies,
    day: now.toISOString().slice(0, 10),
    defaultTeam,
    effectOn: (identity) => effectOnAlike(alikeOf(identity), identity.file),
    effectOnAlike,
    known: { bySelector, selectors, places, effects, lists },
  };
}

const selectorText = perValue(({ spec }: BoundPolicy['resource']): string =>
  canonicalJson(spec.selector ?? {}),
);

function ofAlike<Value>(all: Selected<Value>, file: string, alike: Alike, make: () => Value): Value {
  let ofFile = all.get(file);
  if (ofFile === undefined) {
    ofFile = new Map();
    all.set(file, ofFile);
  }
  let value = ofFile.get(alike);
  if (value === undefined) {
    value = make();
    ofFile.set(alike, value);
  }
  return value;
}

/** Of the policies at these places. As long as they are the same ones, so is the effect. */
function effectOf(
  policies: readonly BoundPolicy[],
  which: string,
  before: Effect | undefined,
  known: (digests: readonly string[]) => readonly string[],
): Effect {
  const mine = which === '' ? [] : which.split(',').flatMap((place) => policies[Number(place)] ?? []);
  const effect =
    before !== undefined && sameItems(before.policies, mine) ? before : withDigests(effectOfAll(mine));
  const digests = known(effect.digests);
  return digests === effect.digests ? effect : { ...effect, digests };
}

function withDigests(effect: EffectivePolicy): Effect {
  const severities = new Map<string, { readonly severity: Severity; readonly ask: Ask }>();
  for (const ask of effect.asks) {
    const { severity } = ask;
    if (severity === undefined) continue;
    const before = severities.get(ask.rule);
    if (before === undefined) severities.set(ask.rule, { severity, ask });
    else {
      const graver = isGraver(severity, before.severity);
      // Whoever allows no exception speaks: a policy of the project that asks the same opens no way around it.
      const speaks = before.ask.waivable === ask.waivable ? graver : before.ask.waivable;
      severities.set(ask.rule, {
        severity: graver ? severity : before.severity,
        ask: speaks ? ask : before.ask,
      });
    }
  }
  return { ...effect, digests: effect.asks.map(digestOf), severities };
}

const digestOf = perValue(({ rule, parameters, policy: { resource, origin } }: Ask): string =>
  canonicalJson([rule, parameters, resource.name, (origin as OutsideOrigin).name ?? '']),
);

const WEIGHT: Readonly<Record<Severity, number>> = { error: 2, warning: 1, info: 0 };

export function isGraver(one: Severity, other: Severity): boolean {
  return WEIGHT[one] > WEIGHT[other];
}
