import type { Translate } from './planText.ts';
import type { PlanChange, PlanReach } from './protocol.ts';

/** Columns of a title with its text behind it; a longer one, such as a path, has a line of its own, and so has a longer text. */
const TITLE_COLUMNS = 12;
const TEXT_COLUMNS = 40;
const INDENT = '  ';
const UNDER = ' '.repeat(6);

/** What is new, what changes and what stays as it is, each as one foldable part. */
export function changeSections(changes: readonly PlanChange[], t: Translate): readonly string[] {
  const parts: readonly (readonly [string, readonly PlanChange[]])[] = [
    [t('New'), changes.filter((each) => each.changes && each.before === null)],
    [t('Changes'), changes.filter((each) => each.changes && each.before !== null)],
    [t('Stays as it is'), changes.filter((each) => !each.changes)],
  ];
  return parts.flatMap(([title, of]) =>
    of.length === 0 ? [] : [title, ...of.flatMap((change) => changeLines(change, t)), ''],
  );
}

function changeLines(
  { title, machines, before, after, changes }: PlanChange,
  t: Translate,
): readonly string[] {
  const shown = machines === undefined ? title : `${title} (${machines.join(', ')})`;
  if (!changes || before === null) return titled(shown, after ?? before ?? '');
  return [`${INDENT}${shown}`, `${UNDER}${before}`, `    → ${after ?? t('gone')}`];
}

function titled(title: string, text: string): readonly string[] {
  return title.length > TITLE_COLUMNS || text.length > TEXT_COLUMNS
    ? [`${INDENT}${title}`, `${UNDER}${text}`]
    : [`${INDENT}${title.padEnd(TITLE_COLUMNS)}  ${text}`];
}

/** Backends with their owners, who uses it, what is probed, and the outage; those of whom the same is said, in one line. */
export function reachSection(reach: readonly PlanReach[], t: Translate): readonly string[] {
  if (reach.length === 0) return [];
  const joined = new Map<string, PlanReach[]>();
  for (const each of reach) {
    const key = JSON.stringify([each.what, each.detail]);
    joined.set(key, [...(joined.get(key) ?? []), each]);
  }
  const lines = [...joined.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const names = same.map(({ name }) => name).join(', ');
    return titled(reachTitle(first.what, t), names === '' ? first.detail : `${names}: ${first.detail}`);
  });
  return [t('Reaches'), ...lines, ''];
}

function reachTitle(what: PlanReach['what'], t: Translate): string {
  switch (what) {
    case 'backend':
      return t('Backend');
    case 'consumer':
      return t('Used by');
    case 'endpoint':
      return t('Endpoint');
    case 'outage':
      return t('Outage');
    default:
      return what satisfies never;
  }
}
