/**
 * Certificate policies of a path as RFC 9618 has them: a graph with one node for each policy at each depth, where RFC 5280's
 * tree had one for each way to get there, which is exponential.
 */
import { ANY_POLICY, type PathCertificate } from './pathCertificate.ts';

interface PolicyNode {
  readonly policy: string;
  expected: ReadonlySet<string>;
  /** Policies of nodes one depth above. */
  readonly parents: ReadonlySet<string>;
}

type Depth = ReadonlyMap<string, PolicyNode>;

export interface PolicyInputs {
  /** Undefined: any will do. */
  readonly wanted?: ReadonlySet<string>;
  readonly explicit: boolean;
  readonly inhibitMapping: boolean;
  readonly inhibitAny: boolean;
}

export interface PolicyState {
  /** RFC 5280, 6.1.3 (d) to (f). Undefined: it holds so far. */
  enter(certificate: PathCertificate, isLast: boolean): string | undefined;
  /** 6.1.4 (a), (b), (h) to (j): what it says about those that it issues. */
  leave(certificate: PathCertificate): string | undefined;
  /** 6.1.5 (a), (b), (g). */
  end(certificate: PathCertificate): string | undefined;
}

/** So many nodes at one depth: more are made to keep somebody busy. */
const MOST_POLICIES = 4096;

/** `length`: certificates of the path without the trust anchor. */
export function policyState(length: number, inputs: PolicyInputs): PolicyState {
  const start: PolicyNode = { policy: ANY_POLICY, expected: new Set([ANY_POLICY]), parents: new Set() };
  let depths: Depth[] | undefined = [new Map([[ANY_POLICY, start]])];
  let explicit = inputs.explicit ? 0 : length + 1;
  let mapping = inputs.inhibitMapping ? 0 : length + 1;
  let inhibitAny = inputs.inhibitAny ? 0 : length + 1;

  const prune = (): void => {
    if (depths === undefined) return;
    const kept = keptDepths(depths);
    depths = (kept.at(-1)?.size ?? 0) === 0 ? undefined : kept;
  };

  return {
    enter({ policies, selfIssued }, isLast) {
      if (policies === undefined) depths = undefined;
      const above = depths?.at(-1);
      if (depths !== undefined && above !== undefined && policies !== undefined) {
        if (policies.length > MOST_POLICIES) return 'there are more policies than anybody needs';
        depths.push(nextDepth(above, policies, inhibitAny > 0 || (!isLast && selfIssued)));
        prune();
      }
      return explicit > 0 || depths !== undefined ? undefined : 'no policy is left that the whole path has';
    },
    leave({
      policyMappings = [],
      selfIssued,
      requireExplicitPolicy,
      inhibitPolicyMapping,
      inhibitAnyPolicy,
    }) {
      if (policyMappings.some(({ issuer, subject }) => issuer === ANY_POLICY || subject === ANY_POLICY))
        return 'any policy is mapped, which nobody may';
      const last = depths?.at(-1);
      if (depths !== undefined && last !== undefined && policyMappings.length > 0) {
        depths[depths.length - 1] = mapped(last, policyMappings, mapping > 0);
        prune();
      }
      if (!selfIssued) {
        explicit = Math.max(0, explicit - 1);
        mapping = Math.max(0, mapping - 1);
        inhibitAny = Math.max(0, inhibitAny - 1);
      }
      explicit = Math.min(explicit, requireExplicitPolicy ?? explicit);
      mapping = Math.min(mapping, inhibitPolicyMapping ?? mapping);
      inhibitAny = Math.min(inhibitAny, inhibitAnyPolicy ?? inhibitAny);
      return undefined;
    },
    end({ requireExplicitPolicy }) {
      explicit = Math.max(0, explicit - 1);
      if (requireExplicitPolicy === 0) explicit = 0;
      const holds = depths !== undefined && isWanted(depths, inputs.wanted);
      return explicit > 0 || holds ? undefined : 'no policy that is wanted is one of the whole path';
    },
  };
}

function nextDepth(above: Depth, policies: readonly string[], anyCounts: boolean): Depth {
  const next = new Map<string, PolicyNode>();
  const expecting = new Map<string, Set<string>>();
  for (const { policy, expected } of above.values())
    for (const each of expected) expecting.set(each, (expecting.get(each) ?? new Set()).add(policy));
  const add = (policy: string, parents: ReadonlySet<string>): void => {
    next.set(policy, { policy, expected: new Set([policy]), parents });
  };
  for (const policy of policies) {
    if (policy === ANY_POLICY) continue;
    const parents = expecting.get(policy);
    if (parents !== undefined) add(policy, parents);
    else if (above.has(ANY_POLICY)) add(policy, new Set([ANY_POLICY]));
  }
  if (anyCounts && policies.includes(ANY_POLICY))
    for (const [policy, parents] of expecting) if (!next.has(policy)) add(policy, parents);
  return next;
}

function mapped(
  last: Depth,
  mappings: readonly { issuer: string; subject: string }[],
  allowed: boolean,
): Depth {
  const next = new Map(last);
  const targets = new Map<string, Set<string>>();
  for (const { issuer, subject } of mappings)
    targets.set(issuer, (targets.get(issuer) ?? new Set()).add(subject));
  const any = last.get(ANY_POLICY);
  for (const [issuer, subjects] of targets) {
    const node = next.get(issuer);
    if (!allowed) next.delete(issuer);
    else if (node !== undefined) next.set(issuer, { ...node, expected: subjects });
    else if (any !== undefined)
      next.set(issuer, { policy: issuer, expected: subjects, parents: any.parents });
  }
  return next;
}

/** Without what leads to no node at the last depth. */
function keptDepths(depths: readonly Depth[]): Depth[] {
  const kept: Depth[] = [];
  let needed: ReadonlySet<string> | undefined;
  for (const depth of depths.toReversed()) {
    const nodes =
      needed === undefined ? depth : new Map([...depth].filter(([policy]) => needed?.has(policy)));
    kept.push(nodes);
    needed = new Set([...nodes.values()].flatMap(({ parents }) => [...parents]));
  }
  return kept.reverse();
}

/**
 * RFC 9618, 5.5: in terms of the authority that the trust anchor stands for, which is that of the nodes below any policy. A
 * node of any policy at the last depth is whatever is wanted.
 */
function isWanted(depths: readonly Depth[], wanted: ReadonlySet<string> | undefined): boolean {
  if (wanted === undefined || wanted.has(ANY_POLICY)) return true;
  if (depths.at(-1)?.has(ANY_POLICY) === true) return true;
  return depths.some((depth, place) =>
    [...depth.values()].some(
      ({ policy, parents }) =>
        place > 0 && policy !== ANY_POLICY && parents.has(ANY_POLICY) && wanted.has(policy),
    ),
  );
}
