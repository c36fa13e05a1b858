import { formatIdentity } from '../../identity/identityId.ts';
import type { InventoryRow } from '../../inventory/inventoryRow.ts';

const CRITICALITY = ['critical', 'high', 'medium', 'normal'];
const EXPOSURE = ['public', 'external', 'partner', 'internal'];

/** What has no label is less urgent than what is said to be, and more than what is said to be of little weight. */
function place(scale: readonly string[], label: string | undefined, last: string): number {
  const at = scale.indexOf(label ?? '');
  if (at !== -1) return at;
  return label === last ? scale.length + 1 : scale.length;
}

/**
 * In what order to replace: what is critical, then what others can reach, then what would be accepted longest, then what
 * most depend on.
 */
export function byUrgency(a: InventoryRow, b: InventoryRow): number {
  return (
    place(CRITICALITY, a.labels['criticality'], 'low') - place(CRITICALITY, b.labels['criticality'], 'low') ||
    place(EXPOSURE, a.labels['exposure'], 'none') - place(EXPOSURE, b.labels['exposure'], 'none') ||
    compare(b.notAfter ?? '', a.notAfter ?? '') ||
    b.consumers.length + b.machines.length - (a.consumers.length + a.machines.length) ||
    compare(nameOf(a), nameOf(b))
  );
}

function nameOf(row: InventoryRow): string {
  return `${formatIdentity(row)}@${row.machine ?? ''}`;
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
