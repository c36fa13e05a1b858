import type { PolicySource, Severity } from '../finding.ts';
import type { JsonObject, ManifestPath } from '../manifest/path.ts';
import type { PolicyResource } from '../manifest/resource.ts';
import type { Judged, Verdict } from './judged.ts';

/** Where a policy comes from: a manifest of the project, or something that the project's authors cannot write away. */
export type PolicyOrigin = 'project' | OutsideOrigin;

export interface OutsideOrigin {
  /** As people are told: `package @example/pki@sha256:…`, `--policy policies.yaml`. */
  readonly name: string;
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
  /** Of a rule that the policy makes itself; others are known by their id. */
  judge?(judged: Judged): Iterable<Verdict>;
}

export function sourceOf({ policy, path, waivable }: Ask): PolicySource {
  const { resource, origin } = policy;
  return {
    name: resource.name,
    origin: origin === 'project' ? 'project' : origin.name,
    binding: !waivable,
    file: resource.file,
    // Most are never shown, and the places of a file that is not open are not in memory.
    get range() {
      return resource.locate(path, 'key');
    },
  };
}

/** A policy of the project may be waived unless it says otherwise; one from outside only where it says so. */
export function isWaivable(origin: PolicyOrigin, waivable: unknown): boolean {
  return typeof waivable === 'boolean' ? waivable : origin === 'project';
}
