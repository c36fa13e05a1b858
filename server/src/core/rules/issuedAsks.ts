/** What policies ask of credentials that were issued: their own octets tell, and no manifest does beforehand. */
import type { Finding } from '../finding.ts';
import type { Generation, IdentityRecord } from '../lifecycle/record.ts';
import type { IdentityResource } from '../manifest/resource.ts';
import type { Ask } from '../policy/boundPolicy.ts';
import { defaultsFor } from '../policy/defaults.ts';
import { asksOf } from '../policy/effectivePolicy.ts';
import type { Verdict } from '../policy/judged.ts';
import { policiesInForce, policiesOf } from '../policy/policiesInForce.ts';
import { verdictFindings } from '../policy/verdictFindings.ts';
import type { Hasher } from '../ports.ts';
import type { RuleContext } from './context.ts';
import { NAME, recordedIdentities } from './recorded.ts';
import type { Issued, JudgesIssued, Rule, RuleMeta } from './rule.ts';

/** A rule about credentials of one kind as they were issued, `Parameters` by its schema. */
export function issuedRule<Parameters>(rule: {
  readonly meta: RuleMeta;
  readonly kind: IdentityResource['kind'];
  readonly judge: (issued: Issued, parameters: Parameters) => Iterable<Omit<Verdict, 'path'>>;
  readonly untold: (issued: Issued, parameters: Parameters) => string | undefined;
}): Rule<RuleContext> {
  const { meta, kind } = rule;
  const judge: JudgesIssued['judge'] = (issued, parameters) =>
    // Only usable policies ask: their manifest satisfies the schema that the type is made from.
    Array.from(rule.judge(issued, parameters as Parameters), (verdict) => ({ ...verdict, path: NAME }));
  const untold: JudgesIssued['untold'] = (issued, parameters) =>
    rule.untold(issued, parameters as Parameters);
  const judgesIssued = { kind, judge, untold };
  return {
    meta: { ...meta, readsRecord: true },
    judgesIssued,
    check: (context) => askedOfIssued(context, meta, judgesIssued),
  };
}

/** What rules say of what was issued, and what is in use by the record. */
export interface IssuedInUse {
  readonly rules: ReadonlyMap<string, JudgesIssued>;
  readonly hasher: Hasher;
  of(identity: { readonly key: string }): readonly Generation[];
}

/** Why nobody can tell whether an identity has what is asked; undefined: it shows, or what was issued is not asked about. */
export function untoldOf(
  { rule, parameters }: Ask,
  resource: IdentityResource,
  { rules, hasher, of }: IssuedInUse,
): string | undefined {
  const about = rules.get(rule);
  if (about?.kind !== resource.kind) return undefined;
  const inUse = of(resource);
  if (inUse.length === 0) return 'nothing that was issued for it is in use, so nobody can look at it';
  for (const generation of inUse) {
    const why = about.untold({ resource, generation, hasher }, parameters);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** What is in use: the newest of each bearer. */
export function inUseOf({ live }: IdentityRecord): readonly Generation[] {
  return [...live.values()].flatMap((all) => all.at(-1) ?? []);
}

function* askedOfIssued(
  context: RuleContext,
  { id, severity }: RuleMeta,
  { kind, judge }: JudgesIssued,
): Generator<Finding> {
  const { recorded, index, now, policies } = context;
  if (recorded === undefined) return;
  const { hasher } = recorded;
  // In most projects nobody asks: then no identity is looked at.
  if (!policiesOf(index, policies).some((policy) => asksOf(policy).some(({ rule }) => rule === id))) return;
  const inForce = policiesInForce(index, now, policies);
  for (const { resource, record } of recordedIdentities(context)) {
    const asks = inForce.effectOn(resource).asks.filter(({ rule }) => rule === id);
    if (resource.kind !== kind || asks.length === 0) continue;
    const told = inUseOf(record).flatMap((generation) =>
      asks.flatMap((ask) =>
        judge({ resource, generation, hasher }, ask.parameters).map((verdict) => ({
          ask,
          verdict,
          severity: ask.severity ?? severity,
        })),
      ),
    );
    yield* verdictFindings(resource, told, defaultsFor(resource, index));
  }
}
