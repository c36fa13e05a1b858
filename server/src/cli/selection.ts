import type { InventoryRow, Project } from '../app/api.ts';
import { UsageError } from '../app/failure.ts';
import { isCertManagerKind } from '../core/identity/certManager.ts';
import {
  API_VERSION,
  formatIdentity,
  IDENTITY_KINDS,
  type IdentityId,
  parseIdentity,
  sameIdentity,
} from '../core/identity/identityId.ts';
import { type ActionSubject, formatSubject } from '../core/lifecycle/plan.ts';
import { meant } from './meant.ts';

export interface Selection {
  readonly subjects: readonly ActionSubject[];
  /** One identity, asked for by its name: its answer is printed bare, every other selection's as a list. */
  readonly single: boolean;
}

export interface SelectionRequest {
  readonly operands: readonly string[];
  readonly selector: string | undefined;
  /** Only this machine's share of each. */
  readonly machine: string | undefined;
  /** Only those whose renewal is due. */
  readonly due: boolean;
}

/**
 * `KIND/[NAMESPACE/]NAME…`, `Machine/NAME`, `-l SELECTOR`, `--machine` and `--due`; several narrow each other down.
 * Who names a machine means its share alone.
 */
export async function select(
  project: Project,
  request: SelectionRequest,
  signal: AbortSignal,
): Promise<Selection> {
  const { operands, selector, machine, due } = request;
  if (operands.length === 0 && selector === undefined && !due) {
    throw new UsageError(
      'KIND/[NAMESPACE/]NAME is missing',
      'Name an identity such as Certificate/default/web, a machine such as Machine/web-1, or select with -l key=value. `idac inventory` lists what there is.',
    );
  }
  const rows = await project.inventory(signal);
  const identities = await project.identities(signal);
  const matches = selector === undefined ? undefined : parseSelector(selector);
  const chosen = unique(subjectsOf(request, identities, rows))
    .filter((subject) => matches === undefined || rowsOf(subject, rows).some((row) => matches(row.labels)))
    .filter((subject) => !due || rowsOf(subject, rows).some(isDue));
  if (chosen.length === 0 && !due) {
    throw new UsageError(
      `No identity${machine === undefined ? '' : ` on Machine/${machine}`} matches ${selector}`,
      '`idac inventory --format json` shows the labels.',
    );
  }
  const single = operands.length === 1 && selector === undefined && !due && !isMachine(operands[0] ?? '');
  return { subjects: chosen, single };
}

/** What is named, before labels and dates narrow it down; without a name, everything that could be. */
function subjectsOf(
  { operands, machine }: SelectionRequest,
  identities: readonly IdentityId[],
  rows: readonly InventoryRow[],
): readonly ActionSubject[] {
  if (operands.length === 0) {
    return machine === undefined ? identities.map((identity) => ({ identity })) : onMachine(machine, rows);
  }
  return operands.flatMap((operand): readonly ActionSubject[] => {
    if (!isMachine(operand)) {
      const identity = resolveIdentity(operand, identities);
      return [machine === undefined ? { identity } : { identity, machine }];
    }
    if (machine !== undefined && machine !== machineOf(operand)) {
      throw new UsageError(
        `${operand} and --machine ${machine} exclude each other`,
        'Name one machine, or run the command once for each.',
      );
    }
    return onMachine(machineOf(operand), rows);
  });
}

/** The rows that the subject is about; a shared credential's row is every machine's. */
function rowsOf(
  { identity, machine }: ActionSubject,
  rows: readonly InventoryRow[],
): readonly InventoryRow[] {
  return rows.filter(
    (row) =>
      sameIdentity(identityOf(row), identity) &&
      (machine === undefined || row.machine === null || row.machine === machine),
  );
}

function machineOf(operand: string): string {
  return operand.slice(operand.indexOf('/') + 1);
}

/** Due by its own dates, and ours to renew. What a login may not do is tried and told, never left out without a word. */
function isDue({ state, verbs, denied = [] }: InventoryRow): boolean {
  const possible = [...verbs, ...denied.map(({ verb }) => verb)];
  return (
    (state === 'due' || state === 'expired') && (possible.includes('renew') || possible.includes('rotate'))
  );
}

function isMachine(operand: string): boolean {
  return /^machine\//i.test(operand);
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
  if (isCertManagerKind(wanted.kind.toLowerCase())) {
    throw new UsageError(
      `${formatIdentity(wanted)} is issued and renewed by cert-manager, never from here`,
      `\`cmctl renew ${wanted.name} --namespace ${wanted.namespace}\` renews it in the cluster. \`idac inventory --format json\` says where it is declared.`,
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

/**
 * The machine's share of every identity that it bears or once bore. One key on several machines has no shares: it is
 * named with the machine all the same, so that the action is refused and never widened.
 */
function onMachine(machine: string, rows: readonly InventoryRow[]): readonly ActionSubject[] {
  const found = rows
    .filter((row) => row.machine === machine || (row.machine === null && row.machines.includes(machine)))
    .map((row): ActionSubject => {
      const identity = identityOf(row);
      return row.machine === null && row.machines.length === 1 ? { identity } : { identity, machine };
    });
  if (found.length > 0) return found;
  const guess = meant(
    machine,
    rows.flatMap((row) => (row.machine === null ? row.machines : [row.machine])),
  );
  throw new UsageError(
    `No identity is on Machine/${machine}`,
    guess === undefined ? '`idac inventory` lists what there is.' : `Did you mean Machine/${guess}?`,
  );
}

function identityOf(row: InventoryRow): IdentityId {
  return { apiVersion: API_VERSION, kind: row.kind, namespace: row.namespace, name: row.name };
}

/** Each once; who names an identity whole and one of its machines besides means all of it. */
function unique(subjects: readonly ActionSubject[]): readonly ActionSubject[] {
  const whole = new Set(
    subjects.filter(({ machine }) => machine === undefined).map(({ identity }) => formatIdentity(identity)),
  );
  const kept = subjects.filter(
    ({ identity, machine }) => machine === undefined || !whole.has(formatIdentity(identity)),
  );
  return [...new Map(kept.map((each) => [formatSubject(each), each])).values()];
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
