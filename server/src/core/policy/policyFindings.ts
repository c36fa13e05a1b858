/**
 * What policies have to say, kept from one edit to the next. It is asked again only where something changed that it rests on: of
 * a manifest that changed by all policies, of the others by what a policy asks for in another way than before.
 */
import type { Finding, Severity } from '../finding.ts';
import { isIdentityKind } from '../identity/identityId.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { WritingVerb } from '../lifecycle/plan.ts';
import type { ManifestDocument, ManifestFile } from '../manifest/manifestFile.ts';
import type { JsonObject } from '../manifest/path.ts';
import type { IdentityResource } from '../manifest/resource.ts';
import { findingsPerFile, type KeptFiles, type SaidOfFile, sameItems } from '../rules/keptFiles.ts';
import { type BoundPolicy, sourceOf } from './boundPolicy.ts';
import { type Defaults, defaultsFor, policiesWithDefaults } from './defaults.ts';
import type { FieldPlace, FieldWord } from './fieldAsks.ts';
import { type Judged, judgedOf, type Verdict } from './judged.ts';
import { type Effect, type PoliciesInForce, policiesInForce } from './policiesInForce.ts';
import { askedHere, type Told, verdictFindings } from './verdictFindings.ts';

/** The part of a rule that a policy asks. */
export interface JudgingRule {
  readonly severity: Severity;
  judge(judged: Judged, parameters: JsonObject): Iterable<Verdict>;
  ofField?(place: FieldPlace, parameters: JsonObject): Iterable<FieldWord>;
}

export type JudgingRules = ReadonlyMap<string, JudgingRule>;

export interface KeptVerdicts extends KeptFiles<SaidOfFile> {
  inForce: PoliciesInForce | undefined;
  /** What verdicts rest on besides: backends, machines, the project, the day. */
  shared: readonly (readonly object[] | string)[];
  /** By a document's content, wherever it stands. */
  said: WeakMap<object, Said>;
}

export function keepVerdicts(): KeptVerdicts {
  return { inForce: undefined, shared: [], paths: [], files: [], ahead: new Map(), said: new WeakMap() };
}

export interface PolicyInput {
  readonly index: ProjectIndex;
  readonly now: Date;
  readonly outside?: readonly BoundPolicy[];
  /** The verb that is about to be carried out; left out in a check. */
  readonly acting?: WritingVerb;
  readonly rules: JudgingRules;
}

/** What all policies say of all identities. */
export function policyFindings(input: PolicyInput, kept: KeptVerdicts): readonly Finding[] {
  const { index } = input;
  const inForce = refresh(input, kept);
  if (inForce.policies.length === 0) {
    kept.files = [];
    return [];
  }
  return findingsPerFile(index, kept, (file) => judgeFile(file, input, inForce, kept));
}

/** The same findings, as grave as the policies say that select their identities. */
export function gradedByPolicies(
  findings: readonly Finding[],
  input: PolicyInput,
  kept: KeptVerdicts,
): readonly Finding[] {
  const { policies, effectOn } = refresh(input, kept);
  const named = new Set(
    policies.flatMap(({ resource }) =>
      Object.entries(resource.spec.rules ?? {}).flatMap(([rule, asked]) =>
        asked?.severity === undefined ? [] : [rule],
      ),
    ),
  );
  if (named.size === 0) return findings;
  return findings.map((finding) => {
    if (!named.has(finding.rule) || finding.identity === undefined) return finding;
    const resource = input.index.get(finding.identity);
    const said = resource && effectOn(resource).severities.get(finding.rule);
    if (said === undefined) return finding;
    const { severity, ask } = said;
    // It is a policy that found it, and names all who ask.
    if (finding.policy !== undefined) return { ...finding, severity };
    return { ...finding, severity, related: [...finding.related, askedHere(ask)], policy: sourceOf(ask) };
  });
}

/** Says of one file what a later `policyFindings` finds, while what the file says is at hand. */
export function policyFindingsAhead(input: PolicyInput, file: ManifestFile, kept: KeptVerdicts): void {
  const inForce = refresh(input, kept);
  if (inForce.policies.length > 0) kept.ahead.set(file.path, judgeFile(file, input, inForce, kept));
}

/** Where policies are others than before all files are gone through; what was said by the same words is not asked again. */
function refresh({ index, now, outside = [], acting }: PolicyInput, kept: KeptVerdicts): PoliciesInForce {
  const day = now.toISOString().slice(0, 10);
  const shared = [
    index.ofKind('Backend'),
    index.ofKind('Machine'),
    index.ofKind('Project'),
    policiesWithDefaults(index.policies()),
    day,
    acting ?? '',
  ];
  if (!isSame(shared, kept.shared)) kept.said = new WeakMap();
  const known = kept.inForce;
  const resources = [...index.ofKind('Policy'), ...outside];
  if (
    known !== undefined &&
    isSame(shared, kept.shared) &&
    sameItems(resources, resourcesOf.get(known) ?? [])
  )
    return known;
  const inForce = policiesInForce(index, now, outside, known);
  resourcesOf.set(inForce, resources);
  kept.inForce = inForce;
  kept.shared = shared;
  kept.files = [];
  kept.ahead.clear();
  return inForce;
}

/** What the policies in force were made from. */
const resourcesOf = new WeakMap<PoliciesInForce, readonly object[]>();

function isSame(a: KeptVerdicts['shared'], b: KeptVerdicts['shared']): boolean {
  return (
    a.length === b.length &&
    a.every((each, place) => {
      const other = b[place];
      return typeof each === 'string' || typeof other === 'string' || other === undefined
        ? each === other
        : sameItems(each, other);
    })
  );
}

function judgeFile(
  file: ManifestFile,
  input: PolicyInput,
  inForce: PoliciesInForce,
  kept: KeptVerdicts,
): SaidOfFile {
  const findings: Finding[] = [];
  for (const document of file.documents) {
    const { resource } = document;
    if (resource === undefined || !isIdentityKind(resource.kind) || !resource.usable) continue;
    const effect = inForce.effectOn(resource);
    if (effect.asks.length === 0) continue;
    // The kind decides the type of the specification.
    const identity = resource as unknown as IdentityResource;
    const told = judgeDocument(document, identity, effect, input, kept);
    findings.push(...verdictFindings(identity, told, defaultsFor(identity, input.index)));
  }
  return { file, findings };
}

function judgeDocument(
  document: ManifestDocument,
  resource: IdentityResource,
  effect: Effect,
  input: PolicyInput,
  kept: KeptVerdicts,
): readonly Told[] {
  const { content } = document;
  const defaults = defaultsFor(resource, input.index);
  const known = kept.said.get(content);
  // The same text in another file may be filled in otherwise.
  const before = known?.defaults === defaults ? known : undefined;
  if (before?.digests !== effect.digests) document.remember();
  const verdicts = verdictsOf(resource, effect, input, before);
  if (verdicts !== before?.verdicts || effect.digests !== before.digests)
    kept.said.set(content, { defaults, digests: effect.digests, verdicts });
  return toldBy(effect, verdicts, input.rules);
}

/** Beside each of an effect's asks, what was said by it. Nothing at all is one and the same list. */
export interface Said {
  readonly defaults: Defaults;
  readonly digests: readonly string[];
  readonly verdicts: readonly (readonly Verdict[])[];
}

function verdictsOf(
  resource: IdentityResource,
  { asks, digests }: Effect,
  { index, now, rules, acting }: PolicyInput,
  before?: Said,
): Said['verdicts'] {
  if (before?.digests === digests) return before.verdicts;
  const places = before === undefined ? [] : placesIn(digests, before.digests);
  const judged = judgedOf(resource, index, now.toISOString().slice(0, 10), acting);
  let isSilent = true;
  const all = asks.map((ask, place) => {
    const known = places[place] ?? -1;
    const verdicts =
      before === undefined || known === -1
        ? listOf(ask.judge?.(judged) ?? rules.get(ask.rule)?.judge(judged, ask.parameters) ?? NOTHING)
        : (before.verdicts[known] ?? NOTHING);
    if (verdicts.length > 0) isSilent = false;
    return verdicts;
  });
  return isSilent ? SILENCE : all;
}

/** Where each of the digests stands in another list; -1 where it does not. */
function placesIn(digests: readonly string[], others: readonly string[]): readonly number[] {
  const known = placesKnown.get(digests) ?? new WeakMap<readonly string[], readonly number[]>();
  placesKnown.set(digests, known);
  const before = known.get(others);
  if (before !== undefined) return before;
  const places = digests.map((digest) => others.indexOf(digest));
  known.set(others, places);
  return places;
}

/** Thousands of identities ask for the same few pairs. */
const placesKnown = new WeakMap<readonly string[], WeakMap<readonly string[], readonly number[]>>();

function toldBy({ asks }: Effect, verdicts: Said['verdicts'], rules: JudgingRules): readonly Told[] {
  if (verdicts === SILENCE) return [];
  return asks.flatMap((ask, place) => {
    const severity = ask.severity ?? rules.get(ask.rule)?.severity;
    const said = verdicts[place] ?? NOTHING;
    return severity === undefined ? [] : said.map((verdict) => ({ ask, verdict, severity }));
  });
}

/** What policies say of one identity: the same, and nothing is kept. Its manifest is usable. */
export function judgeIdentity(resource: IdentityResource, input: PolicyInput): readonly Finding[] {
  const effect = policiesInForce(input.index, input.now, input.outside).effectOn(resource);
  const told = toldBy(effect, verdictsOf(resource, effect, input), input.rules);
  return verdictFindings(resource, told, defaultsFor(resource, input.index));
}

const NOTHING: readonly Verdict[] = [];
const SILENCE: readonly (readonly Verdict[])[] = [];

function listOf(verdicts: Iterable<Verdict>): readonly Verdict[] {
  const list = [...verdicts];
  return list.length === 0 ? NOTHING : list;
}
