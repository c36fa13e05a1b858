import { STATE_WORDS } from '../../app/complianceHtml.ts';
import type { ReportedPack } from '../../app/complianceReport.ts';
import { EXIT, UsageError } from '../../app/failure.ts';
import type { Control, ControlState } from '../../core/report/complianceReport.ts';
import { formatInstant, plural } from '../../core/text/instant.ts';
import { command } from '../command.ts';
import { json } from '../output/json.ts';
import { BLANK, type Line, line, paragraph, span } from '../output/text.ts';
import { clockOf, FAIL_ON, NOW, POLICY, ROOT } from '../sharedOptions.ts';
import { withProject } from '../withProject.ts';

const STYLE = {
  kept: 'good',
  broken: 'error',
  excepted: 'warning',
  unknown: 'warning',
  'not-applicable': 'quiet',
  'not-yet': 'quiet',
} as const satisfies Readonly<Record<ControlState, string>>;

const WEIGHT = { error: 2, warning: 1, info: 0 } as const;

export const report = command({
  name: 'report',
  summary: 'how the project stands by a pack of policies: each control with its evidence',
  details:
    'Says of each rule of the pack, with its paragraph, which identities keep it, which do not and where, what is excepted by whom and until when, what begins on a later day, and what manifests cannot show. With --now it is the same each time, octet by octet. Exit 1 when a control that is at least as severe as --fail-on is not kept. Nothing is contacted and nothing is changed.',
  operands: { usage: '', minimum: 0, maximum: 0 },
  examples: [
    'idac report --pack cabf-tls',
    'idac report --pack nist --now 2031-01-01 --format html > nist.html',
  ],
  options: {
    pack: {
      type: 'value',
      value: 'REF',
      describe: 'the pack: the name of one that ships with idac, or as --policy names any other',
    },
    format: {
      type: 'value',
      value: 'FORMAT',
      choices: ['text', 'json', 'html'],
      default: 'text',
      describe: 'what is printed',
    },
    ...POLICY,
    ...FAIL_ON,
    ...NOW,
    ...ROOT,
  },
  async run(invocation) {
    const { options, terminal, cwd, signal } = invocation;
    const { pack } = options;
    const { shippedPacks } = await import('../../app/policies/readPack.ts');
    if (pack === undefined)
      throw new UsageError('No pack is named', `Write --pack and its name: ${shippedPacks().join(', ')}.`);
    return withProject(invocation, { unlocks: false }, async (project) => {
      const [missing] = project.policyProblems();
      if (missing !== undefined) throw missing;
      const { reportOnPack } = await import('../../app/complianceReport.ts');
      const now = clockOf(options.now)?.now() ?? new Date();
      const made = await reportOnPack(project, pack, { now, base: cwd }, signal);
      switch (options.format) {
        case 'json':
          terminal.data(json({ ...made }));
          break;
        case 'html': {
          const { complianceHtml } = await import('../../app/complianceHtml.ts');
          terminal.data(complianceHtml(made));
          break;
        }
        case 'text':
          terminal.out(reportText(made, terminal.columns));
          break;
        default:
          return options.format satisfies never;
      }
      const least = WEIGHT[options['fail-on']];
      return made.controls.some(({ state, severity }) => state === 'broken' && WEIGHT[severity] >= least)
        ? EXIT.findings
        : EXIT.clean;
    });
  },
});

function reportText(
  { project, pack, now, controls, notJudged, outOfScope, totals }: ReportedPack,
  columns: number,
): readonly Line[] {
  const states = (Object.keys(STATE_WORDS) as ControlState[]).filter((state) => totals[state] > 0);
  return [
    line(span(project, 'strong'), span(` by ${pack.name}, as of ${formatInstant(now)}`, 'quiet')),
    BLANK,
    ...controls.flatMap((control) => controlText(control, columns)),
    line(
      ...states.flatMap((state, place) => [
        span(place === 0 ? '' : ' · ', 'quiet'),
        span(`${totals[state]} ${STATE_WORDS[state]}`, STYLE[state]),
      ]),
      span(` of ${plural(controls.length, 'control')}`, 'quiet'),
    ),
    ...notJudged.flatMap(({ about, cites, why }) =>
      paragraph([span('not judged  ', 'quiet')], `${about} (${cites ?? pack.name}) ${why}`, columns, 'quiet'),
    ),
    ...(outOfScope.length === 0
      ? []
      : [
          line(
            span(
              `The pack is not about ${plural(outOfScope.length, 'more identity', 'more identities')}.`,
              'quiet',
            ),
          ),
        ]),
  ];
}

function controlText(
  { title, cites, rule, state, evidence, upcoming }: Control,
  columns: number,
): readonly Line[] {
  const indent = span('  ');
  const open = evidence.filter((each) => each.state !== 'kept');
  return [
    line(span(`${STATE_WORDS[state]}  `, STYLE[state]), span(cites ?? rule)),
    ...paragraph([indent, span('broken where  ', 'quiet')], title, columns, 'quiet'),
    ...open.flatMap((each) => [
      ...each.findings.flatMap(({ file, line: at, column, message }) =>
        paragraph(
          [indent, span(`${file}:${at}:${column}  `, 'quiet')],
          `${each.identity}: ${message}`,
          columns,
        ),
      ),
      ...(each.why === undefined
        ? []
        : paragraph(
            [indent, span(`${each.file}:${each.line}  `, 'quiet')],
            `${each.identity}: ${each.why}`,
            columns,
          )),
      ...each.exceptions.flatMap(({ by, owner, until, reason }) =>
        paragraph(
          [indent, span('excepted  ', 'warning')],
          `until ${until} by a ${by}${owner === undefined ? '' : ` of ${owner}`}: ${reason}`,
          columns,
        ),
      ),
    ]),
    ...upcoming.map(
      ({ from, broken }): Line => [
        indent,
        span(`from ${from}  `, 'quiet'),
        span(
          broken.length === 0
            ? 'all keep it as things are now'
            : `${plural(broken.length, 'identity', 'identities')} would not keep it`,
          broken.length === 0 ? 'quiet' : 'warning',
        ),
      ],
    ),
    BLANK,
  ];
}
