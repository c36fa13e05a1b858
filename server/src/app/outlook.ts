import { formatIdentity } from '../core/identity/identityId.ts';
import type { ProjectIndex } from '../core/identity/projectIndex.ts';
import type { IdentityResource } from '../core/manifest/resource.ts';
import { type Holding, holdingOf } from '../core/outlook/holding.ts';
import { type KeyBinding, keyBindingOf } from '../core/outlook/keyBinding.ts';
import type { InventoryRow } from './api.ts';

interface Known {
  readonly index: ProjectIndex;
  readonly project: string;
  readonly holdings: readonly Holding[];
}

/** As long as rows and manifests are the same: a dashboard asks again for each day that it looks at. */
const known = new WeakMap<readonly InventoryRow[], Known>();

/** The rows of a project, as what is foretold rests on them. */
export function holdingsOf(
  rows: readonly InventoryRow[],
  index: ProjectIndex,
  project: string,
): readonly Holding[] {
  const before = known.get(rows);
  if (before?.index === index && before.project === project) return before.holdings;
  const bindingOf = bindings(index);
  const holdings = rows.map((row) => holdingOf(row, project, bindingOf(row)));
  known.set(rows, { index, project, holdings });
  return holdings;
}

function bindings(index: ProjectIndex): (row: InventoryRow) => KeyBinding {
  const project = index.project();
  // The embedded store makes keys of every algorithm that the schema names; of others only their own systems know.
  const makesAny = (store: string) => index.backend(store)?.spec.type === 'local';
  return (row) => {
    if (row.managedBy !== undefined) return 'elsewhere';
    if (row.declaredAt === null) return 'undeclared';
    if (row.login !== undefined) return 'none';
    const resource = index.get({ ...row, key: formatIdentity(row) });
    return resource === undefined
      ? 'undeclared'
      : keyBindingOf(resource as unknown as IdentityResource, project, makesAny);
  };
}
