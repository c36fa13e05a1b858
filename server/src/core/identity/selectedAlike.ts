import type { Selection } from './selection.ts';
import type { Selectable } from './selects.ts';

/** What selectors see of an identity, apart from the file that it stands in: the same object for all of which they see the same. */
export type Alike = Omit<Selectable, 'file'>;

/** By selection, kind and namespace. */
const known = new WeakMap<Selection, Map<string, Map<string, Alike>>>();

export function alikeOf({ selection, kind, namespace }: Selectable): Alike {
  const kinds = known.get(selection) ?? new Map<string, Map<string, Alike>>();
  known.set(selection, kinds);
  const namespaces = kinds.get(kind) ?? new Map<string, Alike>();
  kinds.set(kind, namespaces);
  const alike = namespaces.get(namespace) ?? { selection, kind, namespace };
  namespaces.set(namespace, alike);
  return alike;
}
