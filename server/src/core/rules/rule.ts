import type { Finding, Severity } from '../finding.ts';
import type { Generation } from '../lifecycle/record.ts';
import type { JsonObject } from '../manifest/path.ts';
import type { IdentityResource, Resource } from '../manifest/resource.ts';
import type { FieldPlace, FieldWord } from '../policy/fieldAsks.ts';
import type { Judged, Verdict } from '../policy/judged.ts';
import type { Hasher } from '../ports.ts';

/** What every rule says about itself: its page, settings, SARIF entry and completion are made from this. */
export interface RuleMeta {
  /** `<subject>/<what>`, the same as the file: core/rules/<subject>/<what>.ts. */
  readonly id: string;
  readonly severity: Severity;
  /** One line, for lists. */
  readonly title: string;
  /** Why it matters, in plain sentences. */
  readonly why: string;
  /** What to do about it. */
  readonly remedy: string;
  /** It looks at what was recorded, not at manifests alone: it runs when the record was read. */
  readonly readsRecord?: true;
  /**
   * What `check` says of a document rests on that document and on what most resources name or inherit from (`SHARED_KINDS`,
   * defaults of policies) alone. It is then asked with `only`, and with an index whose `resources`, `identities()` and `certificates()` are that
   * document's resource; what it said is kept until one of these changes. With `readsRecord` it may rest on that identity's
   * own record and on the time, too.
   */
  readonly perResource?: true;
  /** It is about what the other rules found, and runs after them. */
  readonly readsFindings?: true;
  /** The standard that says so, such as `RFC 5280, 4.2.1.6`. */
  readonly standard?: string;
}

/** What can be told of a rule that is not loaded. */
export type RuleName = Pick<RuleMeta, 'id' | 'severity' | 'title'>;

/** What rules about exceptions and findings have to know of the others. */
export type KnownRule = RuleName & Pick<RuleMeta, 'readsRecord' | 'readsFindings'>;

/** A credential that is in the record, with the manifest that declares it. */
export interface Issued {
  readonly resource: IdentityResource;
  readonly generation: Generation;
  readonly hasher: Hasher;
}

/** What a rule says of credentials of one kind as they were issued. */
export interface JudgesIssued {
  readonly kind: string;
  judge(issued: Issued, parameters: JsonObject): readonly Verdict[];
  /** Why nobody can tell whether it is as the parameters want it; undefined: what was issued tells. */
  untold(issued: Issued, parameters: JsonObject): string | undefined;
}

/** One file, one rule. It is pure: the same project gives the same findings. */
export interface Rule<Context> {
  readonly meta: RuleMeta;
  /** What is wrong whatever policies say. */
  /** With a severity of its own where a policy gives one. */
  check?(context: Context): Iterable<Omit<Finding, 'rule' | 'severity'> & Partial<Pick<Finding, 'severity'>>>;
  /** What is wrong by the parameters that a policy gives; their schema stands beside the rule. */
  judge?(judged: Judged, parameters: JsonObject): Iterable<Verdict>;
  /** What is wrong by the parameters that a policy gives with what is in the record; `check` finds it by the policies in force. */
  readonly judgesIssued?: JudgesIssued;
  /** What a policy's parameters say of one field, for whoever writes it: completion and hover. */
  ofField?(place: FieldPlace, parameters: JsonObject): Iterable<FieldWord>;
  /** Of a rule with `perResource`: what it says besides that rests on more. It is asked with the whole index each time. */
  checkTogether?(context: Context): Iterable<Omit<Finding, 'rule' | 'severity'>>;
  /** Of a rule that compares all resources: notes what it needs of one, while what that says is at hand. */
  remember?(resource: Resource): void;
}

/** A rule that has nothing to say until a policy gives it its parameters, `Parameters` by its schema. */
export function policyRule<Parameters>(rule: {
  readonly meta: RuleMeta;
  readonly judge: (judged: Judged, parameters: Parameters) => Iterable<Verdict>;
  readonly ofField?: (place: FieldPlace, parameters: Parameters) => Iterable<FieldWord>;
}): Rule<never> {
  const { meta, judge, ofField } = rule;
  // Only usable policies are asked: their manifest satisfies the schema that the type is made from.
  return {
    meta,
    judge: (judged, parameters) => judge(judged, parameters as Parameters),
    ...(ofField && { ofField: (place, parameters) => ofField(place, parameters as Parameters) }),
  };
}
