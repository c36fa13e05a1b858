import type { Fix, RelatedPlace } from '../finding.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { Declaration } from '../lifecycle/declaration.ts';
import { declaredBy } from '../lifecycle/declarationOf.ts';
import type { WritingVerb } from '../lifecycle/plan.ts';
import { isObject, type JsonObject, type ManifestPath, type PathPart } from '../manifest/path.ts';
import type { IdentityResource } from '../manifest/resource.ts';
import { type Defaults, defaultsFor, filledSpec } from './defaults.ts';

/** What a policy judges: one identity as it is declared, with everything that defaults fill in. */
export interface Judged {
  readonly resource: IdentityResource;
  readonly declaration: Declaration;
  /** What the manifest says, with what policies and the project fill in where it says nothing. */
  readonly manifest: JsonObject;
  readonly defaults: Defaults;
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
  let manifest: JsonObject | undefined;
  return {
    resource,
    get defaults() {
      return defaultsFor(resource, index);
    },
    get manifest() {
      manifest ??= manifestOf(resource, defaultsFor(resource, index));
      return manifest;
    },
    declaration: declaredBy(resource, index),
    index,
    day,
    acting,
  };
}

function manifestOf(resource: IdentityResource, defaults: Defaults): JsonObject {
  const { id, name, namespace, labels, annotations } = resource;
  const own: unknown = resource.spec;
  return {
    apiVersion: id.apiVersion,
    kind: resource.kind,
    metadata: { name, namespace, labels, annotations },
    spec: filledSpec(isObject(own) ? own : {}, defaults),
  };
}
