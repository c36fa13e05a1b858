import type { Severity } from '../finding.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import { type Selectable, selects } from '../identity/selects.ts';
import { perValue } from '../rules/perValue.ts';
import { canonicalJson } from '../text/canonicalJson.ts';
import type { Ask, BoundPolicy, OutsideOrigin } from './boundPolicy.ts';
import { type EffectivePolicy, effectOf as effectOfAll } from './effectivePolicy.ts';

/** All policies that are in force in a project on one day, and what they ask of whom. */
export interface PoliciesInForce {
  readonly policies: readonly BoundPolicy[];
  readonly day: string;
  readonly defaultTeam: string | undefined;
  /** What all selectors ask, and by what they look at which places of `policies` select it. */
  readonly selectors: string;
  readonly selected: Map<object, Map<string, string>>;
  /** By those places. */
  readonly effects: ReadonlyMap<string, Effect>;
  /** The same object for all identities that the same policies select. */
  effectOn(identity: Selectable): Effect;
}

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

/** `before`: those of an earlier edit. What selectors said of identities holds as long as no selector changes. */
export function policiesInForce(
  index: ProjectIndex,
  now: Date,
  outside: readonly BoundPolicy[] = [],
  before?: PoliciesInForce,
): PoliciesInForce {
  const policies = policiesOf(index, outside);
  const project = index.project();
  const defaultTeam = project?.usable === true ? project.spec.defaults?.owner?.team : undefined;
  const byPaths = policies.some(({ resource }) => resource.spec.selector?.matchPaths !== undefined);
  const selectors = JSON.stringify([
    defaultTeam ?? null,
    policies.map(({ resource }) => resource.spec.selector ?? {}),
  ]);
  const selected = before?.selectors === selectors ? before.selected : new Map<object, Map<string, string>>();
  const effects = new Map<string, Effect>();
  const effectOn = (identity: Selectable): Effect => {
    const { selection, kind, namespace, file } = identity;
    const word = byPaths ? `${kind}/${namespace}/${file}` : `${kind}/${namespace}`;
    const alike = selected.get(selection) ?? new Map<string, string>();
    const known = alike.get(word);
    const which =
      known ??
      policies
        .flatMap(({ resource }, place) =>
          selects(resource.spec.selector, identity, defaultTeam) ? [place] : [],
        )
        .join();
    if (known === undefined) selected.set(selection, alike.set(word, which));
    const effect = effects.get(which) ?? effectOf(policies, which, before?.effects.get(which));
    effects.set(which, effect);
    return effect;
  };
  const day = now.toISOString().slice(0, 10);
  return { policies, day, defaultTeam, selectors, selected, effects, effectOn };
}

/** Of the policies at these places. Digests that are as before are the same list. */
function effectOf(policies: readonly BoundPolicy[], which: string, before: Effect | undefined): Effect {
  const mine = which === '' ? [] : which.split(',').flatMap((place) => policies[Number(place)] ?? []);
  const effect = withDigests(effectOfAll(mine));
  const isSame =
    before !== undefined &&
    before.digests.length === effect.digests.length &&
    before.digests.every((digest, place) => digest === effect.digests[place]);
  return isSame ? { ...effect, digests: before.digests } : effect;
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
