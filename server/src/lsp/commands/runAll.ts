import type { Refusal } from '../../app/api.ts';
import { describeFailure, isRefusal } from '../../app/failure.ts';
import { formatSubject } from '../../core/lifecycle/plan.ts';
import { withProgress } from '../progress.ts';
import type { OutcomeOfAll } from '../protocol.ts';
import { carryOutAll } from '../several/carryOutAll.ts';
import { confirmAll } from '../several/confirmAll.ts';
import type { EndedPart } from '../several/outcomeOfAll.ts';
import { type Asked, planAll } from '../several/planAll.ts';
import { countOfSelected, type Selected, subjectKey } from '../several/selected.ts';
import { verbTitle } from '../words.ts';
import { invalid, optionalText, readArguments, reasonOf, subjectOf, verbOf } from './arguments.ts';
import { type Command, type CommandCall, projectOf, refusedUntrusted } from './command.ts';
import { finishAll } from './finishAll.ts';

/** As many as a person may select; each of them reads the world. */
const MOST = 1000;

/** One verb on all of a selection: each is planned, one question is asked for all, then several are carried out at a time. */
export const runAll: Command = {
  name: 'idac.runAll',
  async run(call): Promise<OutcomeOfAll | Refusal> {
    const { session, args } = call;
    const reason = reasonOf(args);
    const because = optionalText(args, 'because');
    const asked: Asked = {
      verb: verbOf(args),
      ...(reason === undefined ? {} : { reason }),
      ...(because === undefined ? {} : { because }),
    };
    const refused = refusedUntrusted(session);
    if (refused !== undefined) return refused;
    const selected = await selectedOf(call);
    const ended = await withProgress(
      session,
      {
        title: `${verbTitle(asked.verb)} ${countOfSelected(selected)}`,
        token: call.progressToken,
        signal: call.signal,
      },
      async (progress): Promise<readonly EndedPart[] | Refusal> => {
        try {
          const parts = await planAll(selected, asked, progress);
          const some = parts.some((part) => 'plan' in part);
          if (some) progress.report('waiting for your answer', 0);
          const agreed = some ? await confirmAll(session, asked.verb, parts, progress.signal) : { plans: [] };
          if (isRefusal(agreed)) return agreed;
          const results = await carryOutAll(agreed, asked, progress);
          return parts.map((part) => ({
            subject: formatSubject(part.subject),
            opened: part.opened,
            result: 'refusal' in part ? part.refusal : (results.get(part) ?? 'left'),
          }));
        } catch (error) {
          // What is thrown comes before the first of them was begun.
          if (progress.signal.aborted) return cancelled(error);
          throw error;
        }
      },
    );
    return isRefusal(ended) ? ended : finishAll(call, { title: verbTitle(asked.verb), aim: 'done' }, ended);
  },
};

function cancelled(error: unknown): Refusal {
  const { code, what } = describeFailure(error);
  return { refused: true, code, what: `${what} Nothing was changed.`, hint: '' };
}

/** Each once, however often it was named. */
async function selectedOf({ session, args }: CommandCall): Promise<readonly Selected[]> {
  const { subjects } = args;
  if (!Array.isArray(subjects) || subjects.length === 0) throw invalid('"subjects" is a list of identities');
  if (subjects.length > MOST) throw invalid(`"subjects" are at most ${MOST}`);
  const found = new Map<string, Selected>();
  for (const given of subjects as readonly unknown[]) {
    const own = readArguments(given);
    const each = { subject: subjectOf(own), opened: await projectOf({ session, args: own }) };
    if (!found.has(subjectKey(each))) found.set(subjectKey(each), each);
  }
  return [...found.values()];
}
