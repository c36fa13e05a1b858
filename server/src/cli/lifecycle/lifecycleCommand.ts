/** The verbs that write: each is a row of words and options, all of them run the same way. */
import { DEFAULT_JOBS } from '../../app/actions/jobs.ts';
import { UsageError } from '../../app/failure.ts';
import { REVOCATION_REASONS } from '../../core/lifecycle/event.ts';
import type { WritingVerb } from '../../core/lifecycle/plan.ts';
import { type Command, command, type Operands, type Options } from '../command.ts';
import {
  MACHINE,
  NOW_REFUSED,
  PASSPHRASE_FILE,
  POLICY,
  ROOT,
  SELECTOR,
  TEXT_OR_JSON,
} from '../sharedOptions.ts';
import { withProject } from '../withProject.ts';
import { type ActRequest, act } from './act.ts';

export interface LifecycleRow {
  readonly verb: WritingVerb;
  readonly summary: string;
  readonly details: string;
  readonly examples: readonly string[];
  /** `--due`: what is due, without naming it. */
  readonly takesDue: boolean;
  /** `--reason`: a reason of RFC 5280, 5.3.1. */
  readonly takesReason: boolean;
  /** `--former`: only what another one took the place of. */
  readonly takesFormer?: true;
}

export const IDENTITY_OPERANDS: Operands = {
  usage: 'KIND/[NAMESPACE/]NAME… | Machine/NAME',
  minimum: 0,
  maximum: Number.POSITIVE_INFINITY,
};

const DUE = {
  due: { type: 'flag', describe: 'only what is due by its own dates and not expected to renew itself' },
} as const satisfies Options;

const REASON = {
  reason: {
    type: 'value',
    value: 'REASON',
    choices: REVOCATION_REASONS,
    describe: `why, for the revocation list: ${REVOCATION_REASONS.join(', ')}`,
  },
} as const satisfies Options;

const FORMER = {
  former: {
    type: 'flag',
    describe: 'only what another one took the place of and is accepted still; what is in use stays',
  },
} as const satisfies Options;

const MOST_JOBS = 64;

const COMMON = {
  ...SELECTOR,
  ...MACHINE,
  plan: { type: 'flag', describe: 'print what would happen and change nothing' },
  yes: { type: 'flag', short: 'y', describe: 'do not ask; needed where no person is at a terminal' },
  jobs: {
    type: 'value',
    value: 'N',
    describe: `with --yes or --plan: identities at the same time (default: ${DEFAULT_JOBS}, at most ${MOST_JOBS})`,
  },
  because: { type: 'value', value: 'TEXT', describe: 'why you do it, for the record' },
  ...TEXT_OR_JSON,
  ...PASSPHRASE_FILE,
  ...ROOT,
} as const satisfies Options;

export function lifecycleCommand(row: LifecycleRow): Command {
  const { verb, summary, details, examples } = row;
  return command({
    name: verb,
    summary,
    details,
    examples,
    operands: IDENTITY_OPERANDS,
    refused: NOW_REFUSED,
    options: {
      ...(row.takesDue ? DUE : {}),
      ...(row.takesReason ? REASON : {}),
      ...(row.takesFormer ? FORMER : {}),
      // What ends a credential is never put off by a policy.
      ...(verb === 'revoke' || verb === 'destroy' ? {} : POLICY),
      ...COMMON,
    },
    run(invocation) {
      const { options, operands } = invocation;
      if (options.plan && options.yes) {
        throw new UsageError(
          '--plan and --yes exclude each other',
          '--plan changes nothing; --yes acts without asking.',
        );
      }
      const request: ActRequest = {
        verb,
        selection: {
          operands,
          selector: options.selector,
          machine: options.machine,
          due: options.due ?? false,
        },
        reason: options.reason,
        because: options.because,
        former: options.former ?? false,
        planOnly: options.plan,
        yes: options.yes,
        jobs: jobsOf(options.jobs),
        asJson: options.format === 'json',
      };
      return withProject(invocation, { unlocks: true }, (project) => act(project, request, invocation));
    },
  });
}

function jobsOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_JOBS;
  const jobs = Number(text);
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= MOST_JOBS) return jobs;
  throw new UsageError(
    `--jobs takes a number from 1 to ${MOST_JOBS}, not ${text}`,
    `Leave it out for ${DEFAULT_JOBS}.`,
  );
}
