import type { Project } from '../../app/api.ts';
import { EXIT, type ExitCode, UsageError } from '../../app/failure.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import type { IdentityEvent } from '../../core/lifecycle/event.ts';
import { formatInstant, plural } from '../../core/text/instant.ts';
import { command, type Invocation } from '../command.ts';
import { meant } from '../meant.ts';
import { json } from '../output/json.ts';
import { eventFact } from '../output/resultText.ts';
import { table } from '../output/table.ts';
import { BLANK, indent, type Line, line, paragraph, span } from '../output/text.ts';
import { resolveIdentity } from '../selection.ts';
import { ROOT, TEXT_OR_JSON } from '../sharedOptions.ts';
import { withProject } from '../withProject.ts';

const OPTIONS = { ...TEXT_OR_JSON, ...ROOT } as const;
const WAYS = ['show', 'verify'] as const;

export const log = command({
  name: 'log',
  summary: 'show the record of identities, or verify that it is whole',
  details:
    '`show` prints every event, oldest first, of the identities named or of all. `verify` checks the chain of each clone and that every event can be read; exit 1 when something is missing or changed.',
  operands: {
    usage: 'show [KIND/[NAMESPACE/]NAME…] | verify',
    minimum: 1,
    maximum: Number.POSITIVE_INFINITY,
  },
  examples: ['idac log show Certificate/payments/payments-api', 'idac log verify'],
  options: OPTIONS,
  run(invocation) {
    const [way, ...names] = invocation.operands;
    if (way === 'show')
      return withProject(invocation, { unlocks: false }, (project) => show(project, names, invocation));
    if (way === 'verify' && names.length === 0) {
      return withProject(invocation, { unlocks: false }, (project) => verifyLog(project, invocation));
    }
    const guess = meant(way ?? '', WAYS);
    throw new UsageError(
      way === 'verify' ? '`log verify` looks at the whole record' : `idac log has no "${way}"`,
      way === 'verify'
        ? 'Write it without a name.'
        : `Write \`idac log ${guess ?? 'show'}\`. There are show and verify.`,
    );
  },
});

async function show(
  project: Project,
  names: readonly string[],
  { options, terminal, signal }: Invocation<typeof OPTIONS>,
): Promise<ExitCode> {
  const known = await project.identities(signal);
  const identities = names.length === 0 ? known : names.map((name) => resolveIdentity(name, known));
  const histories: { readonly title: string; readonly events: readonly IdentityEvent[] }[] = [];
  for (const identity of identities) {
    histories.push({ title: formatIdentity(identity), events: await project.events(identity, signal) });
  }
  if (options.format === 'json') {
    const events = histories
      .flatMap((each) => each.events)
      .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
    terminal.data(json({ events }));
    return EXIT.clean;
  }
  const told = histories.filter((each) => each.events.length > 0 || names.length > 0);
  if (told.length === 0) terminal.err([line(span('Nothing is recorded yet.', 'quiet'))]);
  told.forEach(({ title, events }, index) => {
    terminal.out([
      ...(index === 0 ? [] : [BLANK]),
      line(span(title, 'strong'), span(`  ${plural(events.length, 'event')}`, 'quiet')),
      ...indent(2, eventTable(events, terminal.tableColumns - 2)),
    ]);
  });
  return EXIT.clean;
}

function eventTable(events: readonly IdentityEvent[], columns: number): readonly Line[] {
  return table(
    [
      { title: 'WHEN' },
      { title: 'WHAT' },
      { title: 'MACHINE', shrink: 3, atLeast: 14, drop: 1 },
      { title: 'FACT', shrink: 1, atLeast: 36 },
      { title: 'WHO', shrink: 4, atLeast: 10, drop: 3 },
      { title: 'WHY', shrink: 2, atLeast: 16, drop: 2 },
    ],
    events.map((event) => [
      span(formatInstant(event.at), 'quiet'),
      event.type,
      event.machine ?? '',
      eventFact(event),
      span(event.actor.name, 'quiet'),
      event.because ?? '',
    ]),
    { columns, header: true },
  );
}

async function verifyLog(
  project: Project,
  { options, terminal, signal }: Invocation<typeof OPTIONS>,
): Promise<ExitCode> {
  const { events, clones, problems } = await project.verifyLog(signal);
  if (options.format === 'json') {
    terminal.data(json({ ok: problems.length === 0, events, clones, problems }));
  } else {
    terminal.out([
      line(
        problems.length === 0
          ? span('The record is whole', 'good')
          : span(plural(problems.length, 'problem'), 'error'),
        span(`: ${plural(events, 'event')} of ${plural(clones, 'clone')}`),
      ),
      ...problems.flatMap(({ file, what }) => [
        line(span(`  ${file}`, 'strong')),
        ...paragraph([span('    ')], what, terminal.columns),
      ]),
    ]);
  }
  return problems.length === 0 ? EXIT.clean : EXIT.findings;
}
