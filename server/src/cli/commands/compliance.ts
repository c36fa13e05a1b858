import { EXIT } from '../../app/failure.ts';
import { complianceHtml } from '../../core/compliance/html.ts';
import { complianceReport } from '../../core/compliance/report.ts';
import { judgesOf } from '../../core/rules/runRules.ts';
import { command, NO_OPERANDS } from '../command.ts';
import { complianceText } from '../output/complianceText.ts';
import { json } from '../output/json.ts';
import { clockOf, NOW, POLICY, ROOT } from '../sharedOptions.ts';
import { withProject } from '../withProject.ts';

export const compliance = command({
  name: 'compliance',
  summary: 'controls to evidence: what each policy asks, of whom, and who keeps it',
  details:
    'For each rule of each policy in force: the paragraph that it cites, how many identities it is asked of, how many keep it, are waived, or do not, and where. With --policy pack:NAME by a pack that ships with idac. Nothing is contacted; it ends with 0 whatever it finds, for that is what `idac check` is for.',
  operands: NO_OPERANDS,
  examples: [
    'idac compliance',
    'idac compliance --policy pack:nist --format html > compliance.html',
    'idac compliance --now 2031-01-01 --format json',
  ],
  options: {
    format: {
      type: 'value',
      value: 'FORMAT',
      choices: ['text', 'json', 'html'],
      default: 'text',
      describe: 'what is printed',
    },
    ...POLICY,
    ...NOW,
    ...ROOT,
  },
  run: (invocation) =>
    withProject(invocation, { unlocks: false }, async (project) => {
      const { options, terminal, signal } = invocation;
      const findings = await project.check(signal);
      // What is asked from outside and cannot be read would be missing from the report.
      const [problem] = project.policyProblems();
      if (problem !== undefined) throw problem;
      const report = complianceReport({
        project: project.name,
        now: (clockOf(options.now) ?? { now: () => new Date() }).now(),
        index: project.workspace.index(),
        outside: project.workspace.outsidePolicies(),
        rules: judgesOf({}),
        findings,
      });
      switch (options.format) {
        case 'json':
          terminal.data(json({ compliance: report }));
          break;
        case 'html':
          terminal.data(complianceHtml(report));
          break;
        case 'text':
          terminal.out(complianceText(report, terminal.tableColumns));
          break;
        default:
          return options.format satisfies never;
      }
      return EXIT.clean;
    }),
});
