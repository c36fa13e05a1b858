import type { ProjectIndex } from '../core/identity/projectIndex.ts';
import { keyBindingOf } from '../core/outlook/keyBinding.ts';
import { type Lifetime, lifetimeOf } from '../core/outlook/lifetime.ts';
import type { InventoryRow } from './api.ts';

interface Known {
  readonly index: ProjectIndex;
  readonly project: string;
  readonly lifetimes: readonly Lifetime[];
}

/** As long as rows and manifests are the same: a dashboard asks again for each day that it looks at. */
const known = new WeakMap<readonly InventoryRow[], Known>();

/** The rows of a project, as what is foretold rests on them. */
export function lifetimesOf(
  rows: readonly InventoryRow[],
  index: ProjectIndex,
  project: string,
): readonly Lifetime[] {
  const before = known.get(rows);
  if (before?.index === index && before.project === project) return before.lifetimes;
  // The embedded store makes keys of every algorithm that the schema names; of others only their own systems know.
  const makesAny = (store: string) => index.backend(store)?.spec.type === 'local';
  const lifetimes = rows.map((row) => lifetimeOf(row, project, keyBindingOf(row, makesAny)));
  known.set(rows, { index, project, lifetimes });
  return lifetimes;
}
