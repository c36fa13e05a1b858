import type { PolicySource, Severity } from '../finding.ts';
import type { JsonObject, ManifestPath } from '../manifest/path.ts';
import type { PolicyResource } from '../manifest/resource.ts';
import { perValue } from '../rules/perValue.ts';
import type { FieldPlace, FieldWord } from './fieldAsks.ts';
import type { Judged, Verdict } from './judged.ts';

/** Where a policy comes from: a manifest of the project, or something that the project's authors cannot write away. */
export type PolicyOrigin = 'project' | OutsideOrigin;

export interface OutsideOrigin {
  /** As people are told: `pack cabf-tls 0.1.0`, `git https://git.example.com/pki.git@0123456789ab`, `policies/tls.yaml`. */
  readonly name: string;
  /** Of all that is in it. */
  readonly digest?: string;
  /** The folder or file that its policies stand in; absolute, with forward slashes. */
  readonly folder?: string;
  /** Who asks for it. What the project's own authors ask for they may waive as they may their own. */
  readonly by?: 'project' | 'machine' | 'invocation';
}

/** A policy that is in force. */
export interface BoundPolicy {
  readonly resource: PolicyResource;
  readonly origin: PolicyOrigin;
}

/** What one policy asks by one rule. */
export interface Ask {
  /** Rule id; `custom/<id>` for a rule of the policy's own. */
  readonly rule: string;
  readonly policy: BoundPolicy;
  /** Where it stands in the policy. */
  readonly path: ManifestPath;
  /** Undefined: as the rule has it. */
  readonly severity: Severity | undefined;
  /** Of the rule, by its schema. */
  readonly parameters: JsonObject;
  readonly overridable: boolean;
  readonly waivable: boolean;
  /** The standard that says so, as the policy cites it. */
  readonly cites?: string;
  /** Of a rule that the policy makes itself; others are known by their id. */
  judge?(judged: Judged): Iterable<Verdict>;
  /** Of such a rule: what it says of a field. */
  ofField?(place: FieldPlace): Iterable<FieldWord>;
}

/** Thousands of findings may come of one ask. */
export const sourceOf = perValue(({ policy, path, waivable, cites }: Ask): PolicySource => {
  const { resource, origin } = policy;
  return {
    name: resource.name,
    origin: origin === 'project' ? 'project' : origin.name,
    ...(origin === 'project' || origin.digest === undefined ? {} : { digest: origin.digest }),
    binding: !waivable,
    ...(cites === undefined ? {} : { cites }),
    file: resource.file,
    // Most are never shown, and the places of a file that is not open are not in memory.
    get range() {
      return resource.locate(path, 'key');
    },
  };
});

/** A policy of the project may be waived unless it says otherwise; one from outside only where it says so. */
export function isWaivable(origin: PolicyOrigin, waivable: unknown): boolean {
  return typeof waivable === 'boolean' ? waivable : origin === 'project' || origin.by === 'project';
}
