/** What a trust bundle of certificates holds: by its manifest, and by the files of the project that it names. */
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { ManifestPath } from '../manifest/path.ts';
import type { TrustBundleResource } from '../manifest/resource.ts';
import { projectPathProblem } from '../text/relativePath.ts';
import { publishedRoots } from './publishedRoots.ts';
import type { AnchorFacts, TrustFacts } from './trustFacts.ts';

/** A place of the manifest that stands for anchors. */
export interface AnchorPlace {
  readonly path: ManifestPath;
  /** The authority whose anchors they are. */
  readonly backend?: string;
  /** Project file with them; an authority's is known where it publishes one. */
  readonly file?: string;
}

/** Bundles for X.509 certificates: those for SSH and SPIFFE hold keys without names and dates. */
export function certificateBundles(index: ProjectIndex): readonly TrustBundleResource[] {
  return index.trustBundles().filter(({ usable, spec }) => usable && purposeOf(spec) !== undefined);
}

/** `tls` and `code-signing` ask for certificates. */
export function purposeOf({
  purpose = 'tls',
}: TrustBundleResource['spec']): 'tls' | 'code-signing' | undefined {
  return purpose === 'tls' || purpose === 'code-signing' ? purpose : undefined;
}

/** Where the manifest says which anchors it has. */
export function anchorPlaces({ spec }: TrustBundleResource, index: ProjectIndex): readonly AnchorPlace[] {
  return (spec.anchors ?? []).map(({ backend, file }, place): AnchorPlace => {
    if (backend === undefined)
      return { path: ['spec', 'anchors', place, 'file'], ...(file === undefined ? {} : { file }) };
    const authority = index.backend(backend);
    const roots = authority?.usable === true ? publishedRoots(authority.spec) : undefined;
    return {
      path: ['spec', 'anchors', place, 'backend'],
      backend,
      ...(roots === undefined ? {} : { file: roots }),
    };
  });
}

/** Files of the project that it is delivered to. */
export function deliveryPlaces({ spec }: TrustBundleResource, index: ProjectIndex): readonly AnchorPlace[] {
  return (spec.deliverTo ?? []).flatMap(({ backend, path, as = 'file' }, place) =>
    as === 'file' && index.backend(backend)?.spec.type === 'local' && !path.includes('{')
      ? [{ path: ['spec', 'deliverTo', place, 'path'], file: path }]
      : [],
  );
}

/** All files that may hold certificates which bundles are about, each once. */
export function trustFiles(index: ProjectIndex): readonly string[] {
  const bundles = certificateBundles(index);
  if (bundles.length === 0) return [];
  const roots = index.backends().flatMap(({ usable, spec }) => (usable ? [publishedRoots(spec)] : []));
  const named = bundles.flatMap((bundle) =>
    [...anchorPlaces(bundle, index), ...deliveryPlaces(bundle, index)].map(({ file }) => file),
  );
  return [...new Set([...named, ...roots])].filter(
    (file): file is string => file !== undefined && projectPathProblem(file) === undefined,
  );
}

/** What relying parties get. */
export interface BundleContents {
  /** Of each copy that there is: an anchor that one of them lacks is not there for all. */
  readonly copies: readonly (readonly AnchorFacts[])[];
  /** Authorities whose anchors belong to it, whatever they are. */
  readonly backends: ReadonlySet<string>;
  /** Nothing that belongs to it is unknown here. */
  readonly isWhole: boolean;
}

/** What was delivered into the project counts; else what the manifest names, with what it includes. */
export function contentsOf(
  bundle: TrustBundleResource,
  index: ProjectIndex,
  { anchors }: TrustFacts,
): BundleContents {
  const copies = deliveryPlaces(bundle, index).flatMap(({ file = '' }) => {
    const held = anchors.get(file);
    return held === undefined ? [] : [held];
  });
  if (copies.length > 0) return { copies, backends: new Set(), isWhole: true };
  const held: AnchorFacts[] = [];
  const backends = new Set<string>();
  let isWhole = true;
  for (const each of included(bundle, index)) {
    if (each === undefined) isWhole = false;
    else
      for (const { backend, file } of anchorPlaces(each, index)) {
        if (backend !== undefined) backends.add(backend);
        const known = file === undefined ? undefined : anchors.get(file);
        if (known === undefined) isWhole = false;
        else held.push(...known);
      }
  }
  return { copies: [held], backends, isWhole };
}

/** Itself and all that it includes, in any depth; undefined for one that is not usable or not declared. */
function included(
  bundle: TrustBundleResource,
  index: ProjectIndex,
): readonly (TrustBundleResource | undefined)[] {
  const found = new Map<string, TrustBundleResource | undefined>([[bundle.name, bundle]]);
  // What is added while it is walked is walked, too.
  for (const each of found.values())
    for (const name of each?.spec.include ?? []) {
      if (found.has(name)) continue;
      const other = index.find('TrustBundle', name, '') as unknown as TrustBundleResource | undefined;
      found.set(name, other?.usable === true ? other : undefined);
    }
  return [...found.values()];
}
