import type { InventoryRow, Project } from '../app/api.ts';
import { UsageError } from '../app/failure.ts';
import {
  API_VERSION,
  formatIdentity,
  IDENTITY_KINDS,
  type IdentityId,
  parseIdentity,
  sameIdentity,
} from '../core/identity/identityId.ts';
import { meant } from './meant.ts';

export interface Selection {
  readonly identities: readonly IdentityId[];
  /** One identity, asked for by its name: its answer is printed bare, every other selection's as a list. */
  readonly single: boolean;
  /** Sentences about identities that a machine was named for, and that other machines bear too. */
  readonly notes: readonly string[];
}

export interface SelectionRequest {
  readonly operands: readonly string[];
  readonly selector: string | undefined;
  /** Only those whose renewal is due. */
  readonly due: boolean;
}

/** `KIND/[NAMESPACE/]NAME…`, `Machine/NAME`, `-l SELECTOR` and `--due`; several narrow each other down. */
export async function select(
  project: Project,
  request: SelectionRequest,
  signal: AbortSignal,
): Promise<Selection> {
  const { operands, selector, due } = request;
  if (operands.length === 0 && selector === undefined && !due) {
    throw new UsageError(
      'KIND/[NAMESPACE/]NAME is missing',
      'Name an identity such as Certificate/default/web, a machine such as Machine/web-1, or select with -l key=value. `idac inventory` lists what there is.',
    );
  }
  const rows = await project.inventory(signal);
  const identities = await project.identities(signal);
  const named = operands.flatMap((operand) => resolveOperand(operand, identities, rows));
  const matches = selector === undefined ? undefined : parseSelector(selector);
  const rowsOf = (identity: IdentityId) => rows.filter((row) => sameIdentity(identityOf(row), identity));
  const chosen = unique(operands.length === 0 ? identities : named)
    .filter((identity) => matches === undefined || rowsOf(identity).some((row) => matches(row.labels)))
    .filter((identity) => !due || rowsOf(identity).some(isDue));
  if (chosen.length === 0 && !due) {
    throw new UsageError(
      `No identity matches ${selector}`,
      '`idac inventory --format json` shows the labels.',
    );
  }
  const single = operands.length === 1 && selector === undefined && !due && !isMachine(operands[0] ?? '');
  const notes = operands
    .filter(isMachine)
    .flatMap((operand) => sharedBeyond(machineOf(operand), chosen, rowsOf));
  return { identities: chosen, single, notes };
}

/** An action is about an identity on all its machines; who names one machine should know of the others. */
function sharedBeyond(
  machine: string,
  identities: readonly IdentityId[],
  rowsOf: (identity: IdentityId) => readonly InventoryRow[],
): readonly string[] {
  return identities.flatMap((identity) => {
    const machines = rowsOf(identity)[0]?.machines ?? [];
    const others = machines.filter((each) => each !== machine);
    return machines.includes(machine) && others.length > 0
      ? [`${formatIdentity(identity)} is on ${others.join(', ')} too: an action is for all its machines.`]
      : [];
  });
}

function machineOf(operand: string): string {
  return operand.slice(operand.indexOf('/') + 1);
}

/** Due by its own dates, and ours to renew. */
function isDue(row: InventoryRow): boolean {
  return (row.state === 'due' || row.state === 'expired') && row.verbs.includes('renew');
}

function isMachine(operand: string): boolean {
  return /^machine\//i.test(operand);
}

function resolveOperand(
  operand: string,
  identities: readonly IdentityId[],
  rows: readonly InventoryRow[],
): readonly IdentityId[] {
  if (isMachine(operand)) return onMachine(machineOf(operand), rows);
  return [resolveIdentity(operand, identities)];
}

/** The declared or recorded identity of that name. Kinds are read in any case; the namespace `default` may be left out. */
export function resolveIdentity(operand: string, identities: readonly IdentityId[]): IdentityId {
  const wanted = parseIdentity(operand);
  if (wanted === undefined) {
    const inAnyNamespace = identities.filter((each) => each.name === operand).map(formatIdentity);
    throw new UsageError(
      `"${operand}" is not KIND/NAME or KIND/NAMESPACE/NAME`,
      inAnyNamespace.length === 0
        ? `Write it such as Certificate/default/${operand.replaceAll('/', '') || 'web'}.`
        : `Did you mean ${inAnyNamespace.join(' or ')}?`,
    );
  }
  const kind = IDENTITY_KINDS.find((each) => each.toLowerCase() === wanted.kind.toLowerCase()) ?? wanted.kind;
  const found = identities.find((each) => sameIdentity(each, { ...wanted, kind }));
  if (found !== undefined) return found;
  const known = identities.map(formatIdentity);
  const elsewhere = identities.find((each) => each.kind === kind && each.name === wanted.name);
  const guess =
    elsewhere === undefined ? meant(formatIdentity({ ...wanted, kind }), known) : formatIdentity(elsewhere);
  throw new UsageError(
    `There is no ${formatIdentity({ ...wanted, kind })}`,
    guess === undefined ? '`idac inventory` lists what there is.' : `Did you mean ${guess}?`,
  );
}

function onMachine(machine: string, rows: readonly InventoryRow[]): readonly IdentityId[] {
  const found = rows
    .filter((row) => row.machine === machine || row.machines.includes(machine))
    .map(identityOf);
  if (found.length > 0) return found;
  const guess = meant(
    machine,
    rows.flatMap((row) => row.machines),
  );
  throw new UsageError(
    `No identity is on Machine/${machine}`,
    guess === undefined ? '`idac inventory` lists what there is.' : `Did you mean Machine/${guess}?`,
  );
}

function identityOf(row: InventoryRow): IdentityId {
  return { apiVersion: API_VERSION, kind: row.kind, namespace: row.namespace, name: row.name };
}

function unique(identities: readonly IdentityId[]): readonly IdentityId[] {
  return [...new Map(identities.map((each) => [formatIdentity(each), each])).values()];
}

type Labels = Readonly<Record<string, string>>;

const TERM = /^(!?)([A-Za-z0-9][A-Za-z0-9._/-]*)(?:(!?==?)([A-Za-z0-9._-]*))?$/;

/** Equality selectors as Kubernetes reads them: `key=value`, `key==value`, `key!=value`, `key`, `!key`. */
export function parseSelector(selector: string): (labels: Labels) => boolean {
  const terms = selector.split(',').map((text) => {
    const [matched, not, key, operator, value] = TERM.exec(text.trim()) ?? [];
    if (matched === undefined || key === undefined || (not === '!' && operator !== undefined)) {
      throw new UsageError(
        `-l cannot read "${text.trim()}"`,
        'Write key=value, key!=value, key or !key, joined by commas.',
      );
    }
    return (labels: Labels): boolean => {
      const actual = Object.hasOwn(labels, key) ? labels[key] : undefined;
      if (operator === undefined) return (actual !== undefined) !== (not === '!');
      return (actual === value) === !operator.startsWith('!');
    };
  });
  return (labels) => terms.every((term) => term(labels));
}
