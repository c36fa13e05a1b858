/** Anchors at the places of manifests that name them, for rules about each. */
import type { ManifestPath } from '../manifest/path.ts';
import type { TrustBundleResource } from '../manifest/resource.ts';
import { anchorPlaces, certificateBundles, deliveryPlaces } from '../trust/bundleContents.ts';
import type { AnchorFacts } from '../trust/trustFacts.ts';
import type { RuleContext } from './context.ts';

export interface NamedAnchors {
  readonly bundle: TrustBundleResource;
  readonly path: ManifestPath;
  /** An authority that is declared here publishes the file. */
  readonly isPublished: boolean;
  readonly anchors: readonly AnchorFacts[];
}

/** Each file once for each bundle: a delivery repeats what the anchors say. */
export function* namedAnchors({ index, recorded }: RuleContext): Iterable<NamedAnchors> {
  const facts = recorded?.trust;
  if (facts === undefined) return;
  for (const bundle of certificateBundles(index)) {
    const said = new Set<string>();
    for (const { path, file, backend } of [
      ...anchorPlaces(bundle, index),
      ...deliveryPlaces(bundle, index),
    ]) {
      const anchors = (file === undefined ? undefined : facts.anchors.get(file))?.filter(
        ({ key, notAfter }) => {
          const id = `${key} ${notAfter}`;
          return !said.has(id) && said.add(id);
        },
      );
      if (anchors !== undefined && anchors.length > 0)
        yield { bundle, path, isPublished: backend !== undefined, anchors };
    }
  }
}

export function andMore({ length }: readonly unknown[]): string {
  return length === 1 ? '' : `, and ${length - 1} more`;
}
