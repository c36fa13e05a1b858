/** How a project stands by one pack of policies: its controls, and for each the evidence of every identity that it is about. */
import type { Finding, Severity } from '../finding.ts';
import { formatIdentity, isIdentityKind } from '../identity/identityId.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import { selects } from '../identity/selects.ts';
import { isObject, type JsonObject } from '../manifest/path.ts';
import type { IdentityResource } from '../manifest/resource.ts';
import { type Ask, type BoundPolicy, sourceOf } from '../policy/boundPolicy.ts';
import { asksOf } from '../policy/effectivePolicy.ts';
import { judgedOf, type Verdict } from '../policy/judged.ts';
import type { JudgingRules } from '../policy/said.ts';
import { verdictFindings } from '../policy/verdictFindings.ts';
import type { Exception } from '../rules/exceptions.ts';
import { type IssuedInUse, untoldOf } from '../rules/issuedAsks.ts';
import type { RuleName } from '../rules/rule.ts';
import type { Position } from '../text/position.ts';

/** `unknown`: what stands there cannot be judged, and `why` says so. */
export type EvidenceState = 'kept' | 'broken' | 'excepted' | 'unknown';

/** `not-applicable`: it is about no identity here. `not-yet`: all that it asks for begins later. */
export type ControlState = EvidenceState | 'not-applicable' | 'not-yet';

export interface Place {
  readonly file: string;
  /** As people count. */
  readonly line: number;
  readonly column: number;
}

export interface Shortcoming extends Place {
  readonly severity: Severity;
  readonly message: string;
  readonly end: { readonly line: number; readonly column: number };
}

export interface Evidence extends Place {
  readonly identity: string;
  readonly state: EvidenceState;
  readonly findings: readonly Shortcoming[];
  readonly exceptions: readonly (Omit<Exception, 'range'> & { readonly line: number })[];
  readonly why?: string;
}

export interface Control {
  /** `<policy>/<rule>`: unique in the pack. */
  readonly id: string;
  readonly policy: string;
  readonly rule: string;
  readonly title: string;
  readonly cites: string | null;
  readonly severity: Severity;
  /** In the pack. */
  readonly source: { readonly file: string; readonly line: number };
  readonly state: ControlState;
  readonly evidence: readonly Evidence[];
  /** Steps that begin later, and who does not keep them as things are now. */
  readonly upcoming: readonly { readonly from: string; readonly broken: readonly string[] }[];
}

export interface ComplianceReport {
  readonly controls: readonly Control[];
  readonly notJudged: readonly {
    readonly policy: string;
    readonly cites: string | null;
    readonly about: string;
    readonly why: string;
  }[];
  /** Identities that no policy of the pack is about. */
  readonly outOfScope: readonly string[];
  readonly totals: Readonly<Record<ControlState, number>>;
}

export interface ComplianceInput {
  readonly index: ProjectIndex;
  readonly policies: readonly BoundPolicy[];
  readonly now: Date;
  readonly rules: JudgingRules;
  readonly metas: ReadonlyMap<string, RuleName>;
  /** What all other rules say, whether it is excepted or not. */
  readonly found: readonly Finding[];
  readonly issued: IssuedInUse;
  /** By day: what is excepted today may not be then. */
  readonly exceptionsOn: (day: string) => (finding: Finding) => Exception | undefined;
}

export function complianceReport(input: ComplianceInput): ComplianceReport {
  const { index, policies } = input;
  const identities = index.resources
    .filter(({ kind }) => isIdentityKind(kind))
    // The kind decides the type of the specification.
    .map((resource) => resource as unknown as IdentityResource)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const project = index.project();
  const defaultTeam = project?.usable === true ? project.spec.defaults?.owner?.team : undefined;
  const selected = new Map(
    policies.map((policy) => [
      policy,
      identities.filter((each) => selects(policy.resource.spec.selector, each, defaultTeam)),
    ]),
  );
  const controls = policies.flatMap((policy) =>
    asksOf(policy).map((ask) => controlOf(ask, selected.get(policy) ?? [], input)),
  );
  const inScope = new Set([...selected.values()].flat());
  const states: readonly ControlState[] = [
    'kept',
    'broken',
    'excepted',
    'unknown',
    'not-applicable',
    'not-yet',
  ];
  return {
    controls,
    notJudged: policies.flatMap(({ resource }) =>
      (resource.spec.notJudged ?? []).map(({ cites, about, why }) => ({
        policy: resource.name,
        cites: cites ?? null,
        about,
        why,
      })),
    ),
    outOfScope: identities.filter((each) => !inScope.has(each)).map(({ key }) => key),
    totals: Object.fromEntries(
      states.map((state) => [state, controls.filter((each) => each.state === state).length]),
    ) as ComplianceReport['totals'],
  };
}

function controlOf(ask: Ask, identities: readonly IdentityResource[], input: ComplianceInput): Control {
  const { rule, policy, parameters } = ask;
  const day = input.now.toISOString().slice(0, 10);
  const { name, cites, file, range } = sourceOf(ask);
  const evidence = identities.map((resource) => evidenceOf(ask, resource, day, input));
  const later = daysOf(parameters).filter((from) => from > day);
  const isLater =
    later.length > 0 && isOnlySchedule(parameters) && daysOf(parameters).every((from) => from > day);
  return {
    id: `${name}/${rule}`,
    policy: name,
    rule,
    title: titleOf(ask, input),
    cites: cites ?? null,
    severity: ask.severity ?? input.metas.get(rule)?.severity ?? 'error',
    source: { file: inPack(file, policy), line: range.start.line + 1 },
    state: isLater ? 'not-yet' : stateOf(evidence),
    evidence: isLater ? [] : evidence,
    upcoming: later.map((from) => ({
      from,
      broken: identities
        .filter((resource) => evidenceOf(ask, resource, from, input).state === 'broken')
        .map(({ key }) => key),
    })),
  };
}

/** The worst decides. */
function stateOf(evidence: readonly Evidence[]): ControlState {
  const order: readonly EvidenceState[] = ['broken', 'unknown', 'excepted', 'kept'];
  return order.find((state) => evidence.some((each) => each.state === state)) ?? 'not-applicable';
}

function titleOf({ rule, parameters }: Ask, { metas }: ComplianceInput): string {
  const own = parameters['message'];
  return metas.get(rule)?.title ?? (typeof own === 'string' ? own : rule);
}

function evidenceOf(ask: Ask, resource: IdentityResource, day: string, input: ComplianceInput): Evidence {
  const place = placeOf(resource.file, resource.locate(['metadata', 'name'], 'value').start);
  const about = { identity: resource.key, ...place };
  const unknown = (why: string): Evidence => ({
    ...about,
    state: 'unknown',
    findings: [],
    exceptions: [],
    why,
  });
  if (!resource.usable) return unknown('its manifest has errors');
  const findings = findingsOf(ask, resource, day, input);
  if (findings === undefined) return unknown(`this version has no rule ${ask.rule}`);
  const excepted = findings.map(input.exceptionsOn(day));
  const open = findings.filter((_, place) => excepted[place] === undefined);
  const untold = findings.length > 0 ? undefined : untoldOf(ask, resource, input.issued);
  if (untold !== undefined) return unknown(untold);
  return {
    ...about,
    state: open.length > 0 ? 'broken' : findings.length > 0 ? 'excepted' : 'kept',
    findings: findings.map(({ severity, message, file, range }) => ({
      severity,
      message,
      ...placeOf(file, range.start),
      end: { line: range.end.line + 1, column: range.end.character + 1 },
    })),
    exceptions: excepted.flatMap((each) => {
      if (each === undefined) return [];
      const { range, ...exception } = each;
      return [{ ...exception, file: inPack(exception.file, ask.policy), line: range.start.line + 1 }];
    }),
  };
}

/** Undefined: the rule is not about what was issued. */
function verdictsOnIssued(
  { rule, parameters }: Ask,
  resource: IdentityResource,
  { rules, hasher, of }: ComplianceInput['issued'],
): readonly Verdict[] | undefined {
  const about = rules.get(rule);
  if (about === undefined) return undefined;
  if (about.kind !== resource.kind) return [];
  return of(resource).flatMap((generation) => about.judge({ resource, generation, hasher }, parameters));
}

/** Undefined: nobody can tell. */
function findingsOf(
  ask: Ask,
  resource: IdentityResource,
  day: string,
  { index, rules, metas, found, issued }: ComplianceInput,
): readonly Finding[] | undefined {
  const rule = rules.get(ask.rule);
  const judged = judgedOf(resource, index, day);
  const verdicts =
    ask.judge?.(judged) ?? rule?.judge(judged, ask.parameters) ?? verdictsOnIssued(ask, resource, issued);
  if (verdicts !== undefined) {
    const severity = ask.severity ?? rule?.severity ?? metas.get(ask.rule)?.severity ?? 'error';
    return verdictFindings(
      resource,
      [...verdicts].map((verdict) => ({ ask, verdict, severity })),
      judged.defaults,
    );
  }
  if (!metas.has(ask.rule)) return undefined;
  return found
    .filter(
      ({ rule: id, identity }) =>
        id === ask.rule && identity !== undefined && formatIdentity(identity) === resource.key,
    )
    .map((finding) => ({
      ...finding,
      severity: ask.severity ?? finding.severity,
      policy: sourceOf(ask),
    }));
}

/** Days on which parts of it begin. */
function daysOf({ schedule }: JsonObject): readonly string[] {
  const steps: readonly unknown[] = Array.isArray(schedule) ? schedule : [];
  return steps.flatMap((step) => (isObject(step) && typeof step['from'] === 'string' ? [step['from']] : []));
}

function isOnlySchedule(parameters: JsonObject): boolean {
  return Object.keys(parameters).every((name) => name === 'schedule');
}

function placeOf(file: string, { line, character }: Position): Place {
  return { file, line: line + 1, column: character + 1 };
}

/** Where the pack lies is another place on each machine. */
function inPack(file: string, { origin }: BoundPolicy): string {
  if (origin === 'project' || origin.folder === undefined || !file.startsWith(origin.folder)) return file;
  const below = file.slice(origin.folder.length).replace(/^\//, '');
  return below === '' ? (file.split('/').at(-1) ?? file) : below;
}
