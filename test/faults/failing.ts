import assert from 'node:assert/strict';
import type { ActionResult, Project, VerifyReport } from '../../server/src/app/api.ts';
import { describeFailure, EXIT, exitCodeOfAction, exitCodeOfReport } from '../../server/src/app/failure.ts';
import { BackendError } from '../../server/src/backends/errors.ts';
import type { IdentityId } from '../../server/src/core/identity/identityId.ts';
import type { IdentityEvent } from '../../server/src/core/lifecycle/event.ts';
import type { WritingVerb } from '../../server/src/core/lifecycle/plan.ts';
import { isLive, reduceRecord } from '../../server/src/core/lifecycle/record.ts';
import { attempt, done, NEVER } from '../support/acting.ts';

export type Verb = Exclude<WritingVerb, 'restore'> | 'verify';

/** How an identity stands once the verb has come to its end. */
export type Ending = 'active' | 'revoked' | 'gone';
export const ENDINGS: Readonly<Record<Verb, Ending>> = {
  issue: 'active',
  renew: 'active',
  rotate: 'active',
  verify: 'active',
  revoke: 'revoked',
  destroy: 'gone',
};

/** What a person gets: a result, a report, a refusal by what was checked before, or an error before anything was begun. */
export type Outcome =
  | { readonly is: 'refused'; readonly text: string }
  | { readonly is: 'acted'; readonly result: ActionResult }
  | { readonly is: 'report'; readonly report: VerifyReport }
  | { readonly is: 'told'; readonly text: string; readonly exitCode: number };

export async function act(project: Project, verb: Verb, identity: IdentityId): Promise<Outcome> {
  try {
    const result =
      verb === 'verify'
        ? await project.actions.verify({ identity }, NEVER)
        : await attempt(project, verb, identity);
    if ('refused' in result) {
      assert.equal(result.code, 'refused/preflight', JSON.stringify(result));
      return { is: 'refused', text: `${result.what} ${result.hint}` };
    }
    return 'steps' in result ? { is: 'acted', result } : { is: 'report', report: result };
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    const { what, hint, exitCode } = describeFailure(error);
    assert.ok(hint.length > 0, 'what to do next');
    return { is: 'told', text: `${what} ${hint}`, exitCode };
  }
}

/** The message names the step and the backend, what was said there and what to do; the exit code fits. */
export function assertTold(outcome: Outcome, backend: string, told: RegExp): void {
  switch (outcome.is) {
    case 'refused':
      assert.match(outcome.text, told);
      assert.match(outcome.text, /: step \d+ \([a-z-]+ at [a-z-]+\) would fail: .*Nothing was changed\./);
      assert.ok(outcome.text.includes(backend), outcome.text);
      return;
    case 'told':
      assert.match(outcome.text, told);
      assert.ok(outcome.text.includes(backend), outcome.text);
      assert.equal(outcome.exitCode, EXIT.backendFailed);
      return;
    case 'report': {
      const { machines } = outcome.report;
      assert.match(machines.flatMap(({ checks }) => checks.map(({ detail }) => detail)).join(' '), told);
      assert.equal(exitCodeOfReport(outcome.report), EXIT.backendFailed);
      return;
    }
    case 'acted': {
      const { state, next } = outcome.result;
      assert.match(next, /^Step \d+ \([a-z-]+ at [a-z-]+\): /, 'the step and its backend');
      assert.ok(next.includes(backend), next);
      assert.match(next, told);
      assert.match(next, state === 'unfinished' ? /idac resume \w+/ : /Everything was taken back\.$/);
      assert.equal(exitCodeOfAction(state), state === 'unfinished' ? EXIT.unfinished : EXIT.backendFailed);
      return;
    }
    default:
      outcome satisfies never;
  }
}

export function assertUnharmed(outcome: Outcome): void {
  if (outcome.is === 'acted') assert.equal(outcome.result.state, 'done', outcome.result.next);
  else assert.ok(outcome.is === 'report' && outcome.report.ok, JSON.stringify(outcome));
}

/** The fault has ended: what is unfinished goes on, or is taken back and made again; what failed is made again. */
export async function finish(
  project: Project,
  outcome: Outcome,
  verb: Verb,
  identity: IdentityId,
  undo: boolean,
): Promise<void> {
  if (outcome.is === 'report' || verb === 'verify') return;
  if (outcome.is === 'acted' && outcome.result.state === 'done') return;
  const [unfinished, ...more] = await project.actions.unfinished(NEVER);
  assert.equal(more.length, 0);
  if (outcome.is === 'acted') {
    const { state, next } = outcome.result;
    assert.equal(unfinished !== undefined, state === 'unfinished', next);
    assert.equal(next.includes('Not everything is taken back yet'), unfinished?.undoing ?? false, next);
  }
  if (unfinished !== undefined) {
    const how = undo && unfinished.undoable ? 'undo' : 'forward';
    const result = await project.actions.resume(unfinished.plan.id, how, {}, NEVER);
    assert.ok(!('refused' in result), JSON.stringify(result));
    // What had begun to be taken back is taken back wholly, as the message said.
    if (unfinished.undoing) assert.match(result.next, /Everything was taken back\.$/);
    else assert.equal(result.state, how === 'undo' ? 'undone' : 'done', result.next);
    if (result.state === 'done') return;
  }
  await done(project, verb, identity);
}

/** Nothing is left unfinished, the record is whole, and an active identity is what it should be everywhere. */
export async function assertSettled(
  project: Project,
  identity: IdentityId,
  ending: Ending,
): Promise<readonly IdentityEvent[]> {
  assert.deepEqual(await project.actions.unfinished(NEVER), []);
  assert.deepEqual((await project.verifyLog(NEVER)).problems, []);
  const events = await project.events(identity, NEVER);
  const live = reduceRecord(events).generations.filter(isLive);
  assert.equal(live.length, ending === 'active' ? 1 : 0, `live: ${live.length}`);
  if (ending !== 'active') return events;
  const report = await project.actions.verify({ identity }, NEVER);
  assert.ok(!('refused' in report) && report.ok, JSON.stringify(report));
  return events;
}
