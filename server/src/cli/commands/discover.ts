import path from 'node:path';
import { EXIT } from '../../app/failure.ts';
import type { FoundItem, FoundReport } from '../../app/found/foundApi.ts';
import { formatDay, plural } from '../../core/text/instant.ts';
import { isBelow } from '../../core/text/relativePath.ts';
import { command } from '../command.ts';
import { operandPath } from '../operandPath.ts';
import { json } from '../output/json.ts';
import { table } from '../output/table.ts';
import { BLANK, type Cell, type Line, line, paragraph, span } from '../output/text.ts';
import { NOW, ROOT, TEXT_OR_JSON } from '../sharedOptions.ts';
import { withProject } from '../withProject.ts';

export const discover = command({
  name: 'discover',
  summary: 'find certificates, keys and requests that lie in the project',
  details:
    'Looks through the folder, also at what git ignores, and says of each credential when it ends, which files belong together, whether git has its private key, and whether a manifest knows it. Nothing is changed and nobody is contacted; of a private key nothing but its public half is shown. idac adopt makes manifests of what is found.',
  operands: { usage: '[PATH…]', minimum: 0, maximum: Number.POSITIVE_INFINITY },
  examples: ['idac discover', 'idac discover deploy/tls', 'idac discover --format json'],
  options: { ...TEXT_OR_JSON, ...NOW, ...ROOT },
  run: (invocation) =>
    withProject(invocation, { unlocks: false }, async (project) => {
      const { options, operands, terminal, cwd, signal } = invocation;
      const below = operands.map((each) =>
        operandPath(project.root, path.resolve(cwd, each), each, '-C names the folder of another project.'),
      );
      const report = await project.found.look(signal);
      const items = report.items.filter(({ files }) =>
        files.some(({ file }) => below.length === 0 || below.some((folder) => isBelow(file, folder))),
      );
      if (options.format === 'json')
        terminal.data(json({ root: project.root, found: items, cut: report.cut }));
      else {
        if (items.length === 0)
          terminal.err([line(span('No certificate, key or request was found.', 'quiet'))]);
        else terminal.out(foundText(items, terminal.columns));
        terminal.err(cutText(report));
      }
      return EXIT.clean;
    }),
});

function foundText(items: readonly FoundItem[], columns: number): readonly Line[] {
  const rows = table(
    [
      { title: 'FOUND', shrink: 1, atLeast: 24 },
      { title: 'KIND', drop: 2 },
      { title: 'STATUS', shrink: 3, atLeast: 24 },
      { title: 'EXPIRES', drop: 3 },
      { title: 'FILES', shrink: 2, atLeast: 20, drop: 4 },
    ],
    items.map((item): readonly Cell[] => [
      item.title,
      span(item.kind, 'quiet'),
      span(item.status, item.daysLeft !== null && item.daysLeft < 0 ? 'error' : 'plain'),
      item.notAfter === null ? '' : formatDay(item.notAfter),
      span(item.files.map(({ file }) => file).join(', '), 'quiet'),
    ]),
    { columns, header: true },
  );
  const warnings = items.flatMap((item) => item.warnings);
  const adoptable = items.filter(({ adopt }) => adopt !== null).length;
  return [
    ...rows,
    ...(warnings.length === 0 ? [] : [BLANK]),
    ...warnings.flatMap((each) => paragraph([span('warning  ', 'warning')], each, columns)),
    BLANK,
    line(
      span(`${plural(items.length, 'credential')}, ${adoptable} of which can be adopted`, 'quiet'),
      ...(adoptable === 0 ? [] : [span(': ', 'quiet'), span('idac adopt --all --plan', 'accent')]),
    ),
  ];
}

function cutText({ cut }: Pick<FoundReport, 'cut'>): readonly Line[] {
  return cut.map((each) => line(span(`Not all was looked at: ${each}.`, 'warning')));
}
