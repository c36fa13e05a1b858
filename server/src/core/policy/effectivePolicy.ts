import type { Severity } from '../finding.ts';
import { type Selectable, selects } from '../identity/selects.ts';
import { isObject, type JsonObject } from '../manifest/path.ts';
import { perValue } from '../rules/perValue.ts';
import { type Ask, type BoundPolicy, isWaivable } from './boundPolicy.ts';
import { customAsks } from './customRules.ts';
import { extendsTo } from './extendsTo.ts';
import { schemaAsks } from './schema/schemaAsks.ts';

/** What is asked of one identity, and who asks. */
export interface EffectivePolicy {
  /** Those that select it. */
  readonly policies: readonly BoundPolicy[];
  /** All hold together, so of several limits the strictest decides. */
  readonly asks: readonly Ask[];
  /** What gave way to the rule of a policy that extends its own. */
  readonly replaced: readonly { readonly ask: Ask; readonly by: Ask }[];
}

/**
 * The rules that hold for an identity, with their sources. The model is a short one: each policy that selects it holds by
 * itself, so none loosens another; only a rule that says `overridable` gives way, to the same rule of a policy which extends
 * that one and selects the identity too.
 */
export function effectivePolicy(
  identity: Selectable,
  policies: readonly BoundPolicy[],
  defaultTeam?: string,
): EffectivePolicy {
  return effectOf(
    policies.filter(
      ({ resource }) => resource.usable && selects(resource.spec.selector, identity, defaultTeam),
    ),
  );
}

/** The same of those that select it. */
export function effectOf(policies: readonly BoundPolicy[]): EffectivePolicy {
  const all = policies.flatMap((policy) => asksOf(policy));
  const resources = policies.map(({ resource }) => resource);
  const replaced = all.flatMap((ask) => {
    if (!ask.overridable) return [];
    const by = all.find(
      (other) =>
        other.rule === ask.rule && extendsTo(other.policy.resource, ask.policy.resource.name, resources),
    );
    return by === undefined ? [] : [{ ask, by }];
  });
  const gone = new Set(replaced.map(({ ask }) => ask));
  return { policies, asks: all.filter((ask) => !gone.has(ask)), replaced };
}

/** What a usable policy asks, rule by rule, in its order. */
export const asksOf = perValue((policy: BoundPolicy): readonly Ask[] => {
  const { spec } = policy.resource;
  return [
    ...Object.entries(spec.rules ?? {}).map(([rule, asked]) => askOf(policy, rule, asked)),
    ...customAsks(policy),
    ...schemaAsks(policy),
  ];
});

function askOf(policy: BoundPolicy, rule: string, asked: unknown): Ask {
  const { severity, overridable, waivable, cites, ...parameters }: JsonObject = isObject(asked) ? asked : {};
  return {
    rule,
    policy,
    path: ['spec', 'rules', rule],
    severity: severity as Severity | undefined,
    parameters,
    overridable: overridable === true,
    waivable: isWaivable(policy.origin, waivable),
    ...(typeof cites === 'string' ? { cites } : {}),
  };
}
