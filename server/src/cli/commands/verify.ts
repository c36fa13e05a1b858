import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PresentedFile, VerifyCheck, VerifyReport } from '../../app/api.ts';
import {
  describeRefusal,
  type ExitCode,
  exitCodeOfReport,
  isRefusal,
  UsageError,
  worstExit,
} from '../../app/failure.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import { Secret } from '../../core/secret.ts';
import { command, type Options } from '../command.ts';
import { IDENTITY_OPERANDS } from '../lifecycle/lifecycleCommand.ts';
import { checklist } from '../output/checklistText.ts';
import { failureLines } from '../output/failureText.ts';
import { rangeJson } from '../output/findingsJson.ts';
import { json } from '../output/json.ts';
import { validityText } from '../output/resultText.ts';
import { BLANK, type Line, line, span } from '../output/text.ts';
import { select } from '../selection.ts';
import {
  FETCH,
  MACHINE,
  NOW_REFUSED,
  outsideOf,
  PASSPHRASE_FILE,
  ROOT,
  SELECTOR,
  TEXT_OR_JSON,
} from '../sharedOptions.ts';
import { withProject } from '../withProject.ts';

const SVID = {
  svid: {
    type: 'value',
    value: 'FILE',
    describe: 'judge the SVID that a Workload presented: a certificate chain (PEM) or a JWT',
  },
  audience: { type: 'value', value: 'NAME', describe: 'whom a JWT-SVID was presented to' },
} as const satisfies Options;

/** Read here, where the person stands, and not as a file of the project. */
async function presented(
  file: string | undefined,
  audience: string | undefined,
  cwd: string,
): Promise<PresentedFile | undefined> {
  if (file === undefined) {
    if (audience === undefined) return undefined;
    throw new UsageError('--audience belongs to --svid', 'Name the file with the SVID too: --svid FILE');
  }
  try {
    const bytes = new Secret<Uint8Array>(await readFile(path.resolve(cwd, file)));
    return { name: file, bytes, ...(audience === undefined ? {} : { audience }) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `${file} cannot be read (${code})`,
      'Name a file with a certificate chain or a JWT.',
    );
  }
}

export const verify = command({
  name: 'verify',
  summary: 'look at what is really delivered and served',
  details:
    'Reads the delivered copies, the key store, the issuer and the endpoints, and says whether they agree with the record. A certificate is compared with its manifest, and what endpoints serve is judged as a client would that trusts the trust bundles of the project. For a Workload it also judges the SVID that was presented. Exit 1 when something is not as it should be, 3 when a backend failed, so that it cannot be told.',
  operands: IDENTITY_OPERANDS,
  examples: [
    'idac verify Certificate/payments/payments-api',
    'idac verify -l environment=production --format json',
    'idac verify Workload/payments/api --svid svid.pem',
  ],
  refused: NOW_REFUSED,
  options: { ...SVID, ...FETCH, ...SELECTOR, ...MACHINE, ...TEXT_OR_JSON, ...PASSPHRASE_FILE, ...ROOT },
  run: (invocation) =>
    withProject(invocation, { unlocks: true }, async (project) => {
      const { operands, options, terminal, signal } = invocation;
      const { selector, machine } = options;
      const outside = outsideOf(options);
      const svid = await presented(options.svid, options.audience, invocation.cwd);
      const selection = await select(project, { operands, selector, machine, due: false }, signal);
      const codes: ExitCode[] = [];
      const answers: object[] = [];
      for (const subject of selection.subjects) {
        const answer = await project.actions.verify(subject, signal, {
          ...(svid === undefined ? {} : { svid }),
          ...(outside === undefined ? {} : { outside }),
        });
        answers.push(isRefusal(answer) ? answer : reportJson(answer));
        if (isRefusal(answer)) {
          const failure = describeRefusal(answer);
          codes.push(failure.exitCode);
          if (options.format === 'text') terminal.err(failureLines(failure, terminal.columns));
        } else {
          codes.push(exitCodeOfReport(answer));
          if (options.format === 'text') terminal.out([...reportText(answer, terminal.columns), BLANK]);
        }
      }
      if (options.format === 'json') {
        const [only] = answers;
        terminal.data(
          selection.single && only !== undefined ? json({ ...only }) : json({ reports: answers }),
        );
      }
      return worstExit(codes);
    }),
});

function reportJson(report: VerifyReport): object {
  return {
    ...report,
    machines: report.machines.map((machine) => ({
      ...machine,
      checks: machine.checks.map(({ place, ...check }) => ({
        ...check,
        ...(place === undefined ? {} : { place: { file: place.file, range: rangeJson(place.range) } }),
      })),
    })),
  };
}

/** Where something is wrong and it stands in the manifest, that is told. */
function withPlace({ place, ...check }: VerifyCheck): VerifyCheck {
  if (place === undefined || check.outcome === 'ok') return check;
  const { line, character } = place.range.start;
  return { ...check, detail: `${check.detail} (${place.file}:${line + 1}:${character + 1})` };
}

function reportText(report: VerifyReport, columns: number): readonly Line[] {
  return [
    line(
      report.ok ? span('Verified ', 'good') : span('Not as it should be: ', 'error'),
      span(formatIdentity(report.identity), 'strong'),
    ),
    ...report.machines.flatMap(({ machine, credential, checks }) => [
      line(
        span(`  ${machine ?? 'all machines'}`, 'strong'),
        span(credential === null ? '  nothing issued' : `  ${validityText(credential.notAfter)}`, 'quiet'),
      ),
      ...checklist(checks.map(withPlace), columns),
    ]),
  ];
}
