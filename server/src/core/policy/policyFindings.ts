/**
 * What policies have to say, kept from one edit to the next. It is asked again only where something changed that it rests on: of
 * a manifest that changed by all policies, of the others by what a policy asks for in another way than before. A file is judged
 * when somebody asks for it, and its findings are made when somebody wants to have them.
 */
import type { Finding } from '../finding.ts';
import { isIdentityKind } from '../identity/identityId.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import { type Alike, alikeOf } from '../identity/selectedAlike.ts';
import type { WritingVerb } from '../lifecycle/plan.ts';
import type { ManifestDocument, ManifestFile } from '../manifest/manifestFile.ts';
import type { IdentityResource, Resource } from '../manifest/resource.ts';
import { sameItems } from '../rules/keptFiles.ts';
import { type BoundPolicy, sourceOf } from './boundPolicy.ts';
import { defaultsFor, policiesWithDefaults } from './defaults.ts';
import { type Judged, judgedOf } from './judged.ts';
import { type Effect, type PoliciesInForce, policiesInForce } from './policiesInForce.ts';
import { isSilent, type JudgingRules, type Said, say, toldBy } from './said.ts';
import { askedHere, verdictFindings } from './verdictFindings.ts';

/** One identity, by what is asked of it now. */
interface JudgedDocument {
  readonly document: ManifestDocument;
  readonly alike: Alike;
  readonly effect: Effect;
  readonly said: Said;
  findings: readonly Finding[] | undefined;
}

interface JudgedFile {
  readonly file: ManifestFile;
  readonly inForce: PoliciesInForce;
  /** Beside the file's documents; undefined where there is nobody to judge. */
  readonly documents: readonly (JudgedDocument | undefined)[];
  findings: readonly Finding[] | undefined;
}

export interface KeptVerdicts {
  inForce: PoliciesInForce | undefined;
  /** What the policies in force were made from. */
  resources: readonly object[];
  /** What verdicts rest on besides: backends, machines, the project, the day. */
  shared: readonly (readonly object[] | string)[];
  /** Of the files in `files`. */
  paths: readonly string[];
  readonly files: Map<string, JudgedFile>;
}

export function keepVerdicts(): KeptVerdicts {
  return { inForce: undefined, resources: [], shared: [], paths: [], files: new Map() };
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
  const findingsOf = policyFindingsByFile(input, kept);
  return input.index.fileList.flatMap(findingsOf);
}

/** The same of one file of the index, judged when it is asked for. Until the next call with the same `kept`. */
export function policyFindingsByFile(
  input: PolicyInput,
  kept: KeptVerdicts,
): (file: ManifestFile) => readonly Finding[] {
  const { index } = input;
  const inForce = refresh(input, kept);
  if (kept.paths !== index.paths) {
    for (const path of kept.files.keys()) if (!index.files.has(path)) kept.files.delete(path);
    kept.paths = index.paths;
  }
  if (inForce.policies.length === 0) return () => NO_FINDINGS;
  return (file) => findingsIn(judgedFile(file, input, inForce, kept), input);
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
    // What a policy found is as grave as that policy wants it: another one does not make it less.
    if (!named.has(finding.rule) || finding.identity === undefined || finding.policy !== undefined)
      return finding;
    const resource = input.index.get(finding.identity);
    const said = resource && effectOn(resource).severities.get(finding.rule);
    if (said === undefined) return finding;
    const { severity, ask } = said;
    return { ...finding, severity, related: [...finding.related, askedHere(ask)], policy: sourceOf(ask) };
  });
}

/** Judges one file for a later `policyFindings`, while what the file says is at hand. */
export function policyFindingsAhead(input: PolicyInput, file: ManifestFile, kept: KeptVerdicts): void {
  const inForce = refresh(input, kept);
  if (inForce.policies.length > 0) judgedFile(file, input, inForce, kept);
}

/** What policies say of one identity: the same, and nothing is kept. Its manifest is usable. */
export function judgeIdentity(
  resource: IdentityResource,
  input: PolicyInput,
  inForce = policiesInForce(input.index, input.now, input.outside),
): readonly Finding[] {
  const effect = inForce.effectOn(resource);
  const said = say(effect, input.rules, () => judgedBy(resource, input, inForce));
  return verdictFindings(resource, toldBy(effect, said, input.rules), defaultsFor(resource, input.index));
}

/** The policies in force. Where verdicts rest on something that changed, none is kept. */
function refresh({ index, now, outside = [], acting }: PolicyInput, kept: KeptVerdicts): PoliciesInForce {
  const shared = [
    index.ofKind('Backend'),
    index.ofKind('Machine'),
    index.ofKind('Project'),
    policiesWithDefaults(index.policies()),
    now.toISOString().slice(0, 10),
    acting ?? '',
  ];
  const isAsBefore = isSame(shared, kept.shared);
  if (!isAsBefore) kept.files.clear();
  const resources = [...index.ofKind('Policy'), ...outside];
  if (kept.inForce !== undefined && isAsBefore && sameItems(resources, kept.resources)) return kept.inForce;
  kept.inForce = policiesInForce(index, now, outside, kept.inForce);
  kept.resources = resources;
  kept.shared = shared;
  return kept.inForce;
}

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

function judgedFile(
  file: ManifestFile,
  input: PolicyInput,
  inForce: PoliciesInForce,
  kept: KeptVerdicts,
): JudgedFile {
  const before = kept.files.get(file.path);
  if (before?.file === file && before.inForce === inForce) return before;
  const knownOf = before === undefined ? () => undefined : knownIn(before, file);
  let isAsBefore = before?.documents.length === file.documents.length;
  const documents = file.documents.map((document, place) => {
    const known = knownOf(document, place);
    const now = judgedDocument(document, known, file.path, input, inForce);
    isAsBefore = isAsBefore && now === before?.documents[place];
    return now;
  });
  const judged = { file, inForce, documents, findings: isAsBefore ? before?.findings : undefined };
  kept.files.set(file.path, judged);
  return judged;
}

/** What was judged of the same words, wherever in the file they stand now. */
function knownIn(
  before: JudgedFile,
  file: ManifestFile,
): (document: ManifestDocument, place: number) => JudgedDocument | undefined {
  if (before.file === file) return (_, place) => before.documents[place];
  let byContent: Map<object, JudgedDocument> | undefined;
  return (document, place) => {
    const there = before.documents[place];
    if (there?.document === document) return there;
    byContent ??= new Map(
      before.documents.flatMap((each) => (each === undefined ? [] : [[each.document.content, each]])),
    );
    return byContent.get(document.content);
  };
}

function judgedDocument(
  document: ManifestDocument,
  known: JudgedDocument | undefined,
  file: string,
  input: PolicyInput,
  inForce: PoliciesInForce,
): JudgedDocument | undefined {
  const { resource } = document;
  if (resource === undefined || !isJudged(resource)) return undefined;
  const alike = known?.alike ?? alikeOf(resource);
  const effect = inForce.effectOnAlike(alike, file);
  if (known?.document === document && known.effect === effect) return known;
  const said = say(
    effect,
    input.rules,
    () => {
      document.remember();
      return judgedBy(resource, input, inForce);
    },
    known?.said,
  );
  return { document, alike, effect, said, findings: isSilent(said) ? NO_FINDINGS : undefined };
}

/** The kind decides the type of the specification. */
function isJudged(resource: Resource): resource is Resource & IdentityResource {
  return isIdentityKind(resource.kind) && resource.usable;
}

function judgedBy(
  resource: IdentityResource,
  { index, acting }: PolicyInput,
  { day }: PoliciesInForce,
): Judged {
  return judgedOf(resource, index, day, acting);
}

const NO_FINDINGS: readonly Finding[] = [];

function findingsIn(judged: JudgedFile, { index, rules }: PolicyInput): readonly Finding[] {
  judged.findings ??= judged.documents.flatMap((each) => {
    if (each === undefined) return NO_FINDINGS;
    const { document, effect, said } = each;
    const { resource } = document;
    if (resource !== undefined && isJudged(resource))
      each.findings ??= verdictFindings(resource, toldBy(effect, said, rules), defaultsFor(resource, index));
    return each.findings ?? NO_FINDINGS;
  });
  return judged.findings;
}
