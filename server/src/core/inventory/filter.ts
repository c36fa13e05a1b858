import { FIELDS, type Grouping, parseGrouping, valuesOf } from './grouping.ts';
import type { InventoryRow } from './inventoryRow.ts';

export type Matches = (row: InventoryRow) => boolean;

/** A term: a word, `field:value` with the fields that rows are grouped by; quotes hold spaces together. */
const TERM = /(?:[^\s"]|"[^"]*(?:"|$))+/g;
/** Searched without being groupings: where a backend serves otherwise than by issuing. */
const BACKEND_FIELDS = ['keystore', 'target'] as const;

/**
 * `payments owner:shop label:environment=production`: every term must be there, in whatever case. `owner:none` finds what
 * has no owner, `backend:=vault` that one and not `vault-prod`. Undefined: everything matches.
 */
export function parseFilter(text: string): Matches | undefined {
  const terms = text.match(TERM)?.map((term) => termOf(term.replaceAll('"', '').toLowerCase())) ?? [];
  const [only, ...others] = terms;
  if (only === undefined || others.length === 0) return only;
  return (row) => terms.every((matches) => matches(row));
}

function termOf(term: string): Matches {
  const colon = term.indexOf(':');
  const name = colon === -1 ? '' : term.slice(0, colon);
  const value = term.slice(colon + 1);
  if (name === 'label') return labelTerm(value);
  const field = FIELDS.find((each) => each === name);
  if (field !== undefined) return fieldTerm(field, value);
  const service = BACKEND_FIELDS.find((each) => each === name);
  if (service !== undefined)
    return ({ keyStore, targets }) => (service === 'keystore' ? keyStore === value : targets.includes(value));
  return (row) => hasText(row, term);
}

function fieldTerm(grouping: Grouping, given: string): Matches {
  const exact = given.startsWith('=');
  const value = exact ? given.slice(1) : given;
  // Words of a list are always meant whole: `state:due` is not what was `destroyed`.
  const whole = exact || grouping === 'kind' || grouping === 'state' || grouping === 'expiry';
  return (row) => {
    const values = valuesOf(row, grouping);
    if (values.length === 0) return value === 'none' || value === '';
    return values.some((each) => {
      const text = each.toLowerCase();
      return whole ? text === value : text.includes(value);
    });
  };
}

/** `label:KEY=VALUE`, or `label:KEY` for whatever has one. */
function labelTerm(text: string): Matches {
  const [key = '', value] = text.split('=', 2);
  const grouping = parseGrouping(`label:${key}`);
  return ({ labels }) =>
    grouping !== undefined &&
    Object.entries(labels).some(
      ([name, is]) => name.toLowerCase() === key && (value === undefined || is.toLowerCase() === value),
    );
}

/** What a person may know of it: its name, where it is, whose it is, or digits of its serial number or fingerprint. */
function hasText(row: InventoryRow, text: string): boolean {
  const has = (value: string | null): boolean => value?.toLowerCase().includes(text) === true;
  return (
    has(row.name) ||
    has(row.machine) ||
    has(row.namespace) ||
    has(row.kind) ||
    has(row.owner) ||
    has(row.backend) ||
    has(row.algorithm) ||
    has(`${row.kind}/${row.namespace}/${row.name}`) ||
    (row.machine === null && row.machines.some(has)) ||
    isStartOf(text, row.serialNumber) ||
    isStartOf(text, row.fingerprintSha256) ||
    Object.values(row.labels).some(has)
  );
}

/** Three digits and more: fewer are in every number. */
function isStartOf(text: string, value: string | null): boolean {
  return text.length >= 3 && value !== null && value.startsWith(text.replaceAll(':', ''));
}
