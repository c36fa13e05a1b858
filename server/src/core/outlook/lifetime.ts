import { expiryGroup } from '../inventory/expiryGroup.ts';
import type { InventoryRow } from '../inventory/inventoryRow.ts';
import type { KeyBinding } from './keyBinding.ts';

/**
 * In what way time matters to it. `dated`: it ends on a day. `endless`: in force, without an end. `unissued`: there is
 * nothing yet. `elsewhere`: others keep it, and nobody told its end. `ended`: it is over, whatever its date says.
 */
export type Life = 'dated' | 'endless' | 'unissued' | 'elsewhere' | 'ended';

/** A row with its dates as numbers: read once, asked for many days. Milliseconds since 1970. */
export interface Lifetime {
  readonly row: InventoryRow;
  /** The project that it belongs to: names of backends mean something in one alone. */
  readonly project: string;
  readonly binding: KeyBinding;
  readonly life: Life;
  /** Only where `dated`. */
  readonly begin: number;
  readonly end: number;
  /** When its renewal is due; its end, where none is planned. */
  readonly due: number;
}

export function lifetimeOf(row: InventoryRow, project: string, binding: KeyBinding): Lifetime {
  const life = lifeOf(row);
  if (life !== 'dated') return { row, project, binding, life, begin: 0, end: 0, due: 0 };
  // A login that was refused is over, though nobody knows since when.
  const end = row.notAfter === null ? 0 : Date.parse(row.notAfter);
  return {
    row,
    project,
    binding,
    life,
    begin: row.notBefore === null ? 0 : Date.parse(row.notBefore),
    end,
    due: row.renewAfter === null ? end : Math.min(end, Date.parse(row.renewAfter)),
  };
}

/** As in the tree of expiry, so that both count the same. */
function lifeOf(row: InventoryRow): Life {
  const group = expiryGroup(row);
  switch (group) {
    case 'elsewhere':
      return 'elsewhere';
    case 'other':
      return 'ended';
    case 'notIssued':
    case 'notSignedIn':
      return 'unissued';
    case 'expired':
      return 'dated';
    case 'within7Days':
    case 'within30Days':
    case 'within90Days':
    case 'later':
      return row.notAfter === null ? 'endless' : 'dated';
    default:
      return group satisfies never;
  }
}
