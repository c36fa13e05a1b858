import type { InventoryRow } from '../../app/api.ts';
import { projectCbom } from '../../app/cbom.ts';
import { EXIT, UsageError } from '../../app/failure.ts';
import { GROUPINGS_TEXT, type Grouping, parseGrouping } from '../../core/inventory/grouping.ts';
import { inventoryIndex } from '../../core/inventory/inventoryIndex.ts';
import { command, NO_OPERANDS } from '../command.ts';
import { csv } from '../output/csv.ts';
import { type Group, inventoryText } from '../output/inventoryText.ts';
import { json } from '../output/json.ts';
import { line, span } from '../output/text.ts';
import { parseSelector } from '../selection.ts';
import { clockOf, NOW, ROOT, SELECTOR } from '../sharedOptions.ts';
import { withProject } from '../withProject.ts';

export const inventory = command({
  name: 'inventory',
  summary: 'list what exists, whose it is and when it expires',
  details:
    'One row for each credential, the logins of backends among them: an identity whose machines have a key each has a row for each machine. Reads manifests and records; nothing is contacted.',
  operands: NO_OPERANDS,
  examples: [
    'idac inventory',
    'idac inventory --group-by owner',
    'idac inventory -l environment=production --format csv',
    'idac inventory --format cyclonedx > cbom.json',
  ],
  options: {
    format: {
      type: 'value',
      value: 'FORMAT',
      choices: ['table', 'json', 'csv', 'cyclonedx'],
      default: 'table',
      describe: 'what is printed',
    },
    'group-by': {
      type: 'value',
      value: 'FIELD',
      describe: GROUPINGS_TEXT,
    },
    ...SELECTOR,
    ...NOW,
    ...ROOT,
  },
  run: (invocation) =>
    withProject(invocation, { unlocks: false }, async (project) => {
      const { options, terminal, signal } = invocation;
      if (options.format === 'cyclonedx' && options['group-by'] !== undefined)
        throw new UsageError(
          '--group-by does not go with --format cyclonedx',
          'A bill of materials has no groups.',
        );
      const groupBy = options['group-by'] === undefined ? undefined : grouping(options['group-by']);
      const matches = options.selector === undefined ? () => true : parseSelector(options.selector);
      const selected = (await project.inventory(signal)).filter((row) => matches(row.labels));
      const index = inventoryIndex([{ root: project.root, name: project.name, rows: selected }]);
      const rows = index.rows.map(({ row }) => row);
      const groups: readonly Group[] =
        groupBy === undefined
          ? [{ value: null, rows }]
          : index.groups(groupBy).map(({ value, members }) => ({
              value: value ?? 'none',
              rows: members.map(({ row }) => row),
            }));

      switch (options.format) {
        case 'json':
          terminal.data(
            json({
              identities: rows,
              ...(groupBy === undefined
                ? {}
                : { groupBy: options['group-by'], groups: groups.map(groupJson) }),
            }),
          );
          break;
        case 'csv':
          terminal.data(csv(CSV_HEADER, [...new Set(groups.flatMap((group) => group.rows))].map(csvRow)));
          break;
        case 'cyclonedx': {
          const now = (clockOf(options.now) ?? { now: () => new Date() }).now();
          const bom = projectCbom(rows, await project.recorded(signal), project.name, now);
          terminal.data(`${JSON.stringify(bom, null, 2)}\n`);
          break;
        }
        case 'table':
          if (rows.length === 0) {
            terminal.err([line(span(`No identity is declared in ${project.name}.`, 'quiet'))]);
          } else {
            terminal.out(inventoryText(groups, terminal.tableColumns));
          }
          break;
        default:
          return options.format satisfies never;
      }
      return EXIT.clean;
    }),
});

function grouping(field: string): Grouping {
  const known = parseGrouping(field);
  if (known === undefined) {
    throw new UsageError(`--group-by cannot be "${field}"`, `It is one of ${GROUPINGS_TEXT}.`);
  }
  return known;
}

function groupJson(group: Group): object {
  const states: Record<string, number> = {};
  for (const row of group.rows) states[row.state] = (states[row.state] ?? 0) + 1;
  return {
    value: group.value,
    count: group.rows.length,
    nextExpiry: group.rows.find((row) => row.notAfter !== null)?.notAfter ?? null,
    states,
  };
}

const CSV_HEADER = [
  'kind',
  'namespace',
  'name',
  'machine',
  'owner',
  'contact',
  'backend',
  'state',
  'notBefore',
  'notAfter',
  'daysLeft',
  'renewAfter',
  'algorithm',
  'serialNumber',
  'spkiSha256',
  'fingerprintSha256',
  'labels',
  'consumers',
  'loginMethod',
  'loginSeenAt',
  'loginReach',
  'issuer',
  'keyStore',
  'targets',
] as const;

function csvRow(row: InventoryRow): readonly (string | number | null)[] {
  return CSV_HEADER.map((name) => {
    if (name === 'labels') {
      return Object.entries(row.labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(' ');
    }
    switch (name) {
      case 'consumers':
        return row.consumers.join(' ');
      case 'targets':
        return row.targets.join(' ');
      case 'loginMethod':
        return row.login?.method ?? null;
      case 'loginSeenAt':
        return row.login?.seenAt ?? null;
      case 'loginReach':
        return row.login?.reach.join(', ') ?? null;
      default:
        return row[name];
    }
  });
}
