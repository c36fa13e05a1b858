import type { Fix, RelatedPlace } from '../finding.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { Declaration } from '../lifecycle/declaration.ts';
import { declarationOf } from '../lifecycle/declarationOf.ts';
import type { WritingVerb } from '../lifecycle/plan.ts';
import type { ManifestPath, PathPart } from '../manifest/path.ts';
import type { IdentityResource } from '../manifest/resource.ts';

/** What a policy judges: one identity as it is declared, with everything that defaults fill in. */
export interface Judged {
  readonly resource: IdentityResource;
  readonly declaration: Declaration;
  /** Backends, machines and the project may be looked at; other resources belong to no judgement of this one. */
  readonly index: ProjectIndex;
  /** The day (UTC) that it is judged on. */
  readonly day: string;
  /** The verb that is about to be carried out; undefined in a check. */
  readonly acting: WritingVerb | undefined;
}

/** What a rule says of an identity by one policy's parameters. */
export interface Verdict {
  /** Of the value that is wrong. */
  readonly path: ManifestPath;
  readonly part?: PathPart;
  /** What is wrong and what would be right, in one sentence; who asks for it is added. */
  readonly message: string;
  readonly why?: string;
  /** Made only where somebody looks, of the resource where it stands then. */
  readonly fixes?: (resource: IdentityResource) => readonly Fix[];
  readonly related?: (resource: IdentityResource) => readonly RelatedPlace[];
  /** Of several policies that say the same of one place the one with the lowest is shown: the strictest limit. */
  readonly limit?: number;
}

/** Of a usable manifest. */
export function judgedOf(
  resource: IdentityResource,
  index: ProjectIndex,
  day: string,
  acting?: WritingVerb,
): Judged {
  let declaration: Declaration | undefined;
  return {
    resource,
    get declaration() {
      declaration ??= declarationOf(resource, index);
      return declaration;
    },
    index,
    day,
    acting,
  };
}
