import type { Hasher } from '../../../ports.ts';
import { visible } from '../../../text/visible.ts';
import type { Task } from '../../task.ts';
import type { PlanningFacts } from '../facts.ts';
import { endingChanges } from './endingChanges.ts';
import { issuanceChanges } from './issuanceChanges.ts';
import type { ChangeSubject, PlanChange } from './preview.ts';

/** A line for one machine's share, before those that say the same are joined. */
export type ShareChange = Omit<PlanChange, 'machines' | 'changes'> & {
  readonly machine: string | null;
  /** Left out: it changes where before and after differ. */
  readonly changes?: boolean;
};

/** In which order a person reads them. */
const ORDER: readonly ChangeSubject[] = [
  'machines',
  'subject',
  'names',
  'usages',
  'limits',
  'issuer',
  'key',
  'validity',
  'former',
  'status',
  'delivery',
  'copy',
];

/** As long as a list of names may be. */
const LONGEST = 1_000;

/** What the steps change, before and after. What is the same for all machines is one line. */
export function changesOf(
  facts: PlanningFacts,
  tasks: readonly Task[],
  hasher: Hasher,
): readonly PlanChange[] {
  const changes = [...issuanceChanges(facts, tasks, hasher), ...endingChanges(facts, tasks)];
  const everybody = new Set(changes.flatMap(({ what, machine }) => (what === 'machines' ? [] : [machine])));
  const joined = new Map<string, ShareChange & { readonly machines: (string | null)[] }>();
  for (const change of changes) {
    const { what, title, before, after } = change;
    const key = JSON.stringify([what, title, before, after]);
    const known = joined.get(key);
    if (known === undefined) joined.set(key, { ...change, machines: [change.machine] });
    else if (!known.machines.includes(change.machine)) known.machines.push(change.machine);
  }
  return [...joined.values()]
    .map(({ machines, ...change }) => lineOf(change, machines, machines.length === everybody.size))
    .sort((a, b) => ORDER.indexOf(a.what) - ORDER.indexOf(b.what));
}

function lineOf(
  { what, title, before, after, changes }: ShareChange,
  machines: readonly (string | null)[],
  all: boolean,
): PlanChange {
  const named = machines.filter((machine) => machine !== null);
  return {
    what,
    title: visible(title),
    ...(named.length === 0 || all ? {} : { machines: named }),
    before: before === null ? null : visible(before, LONGEST),
    after: after === null ? null : visible(after, LONGEST),
    changes: changes ?? before !== after,
  };
}
