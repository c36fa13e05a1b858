import { isRefusal } from '../../app/failure.ts';
import { formatSubject } from '../../core/lifecycle/plan.ts';
import { withProgress } from '../progress.ts';
import { subjectOf } from './arguments.ts';
import { type Command, projectOf, refusedUntrusted } from './command.ts';

/** Compares the record with what the backend, the targets and the endpoints say. */
export const verify: Command = {
  name: 'idac.verify',
  async run(call) {
    const { session } = call;
    const subject = subjectOf(call.args);
    const refused = refusedUntrusted(session);
    if (refused !== undefined) return refused;
    const opened = await projectOf(call);
    const report = await withProgress(
      session,
      { title: `Verify ${formatSubject(subject)}`, token: call.progressToken, signal: call.signal },
      ({ signal }) => opened.project.actions.verify(subject, signal),
    );
    if (!session.client.confirms) {
      const failed = isRefusal(report)
        ? [`${report.what} ${report.hint}`]
        : report.machines.flatMap(({ machine, checks }) =>
            checks
              .filter((check) => check.outcome !== 'ok')
              .map((check) => `${machine === null ? '' : `${machine}: `}${check.what}: ${check.detail}`),
          );
      session.client.tell(
        failed.length === 0 ? 'info' : 'warning',
        failed.length === 0 ? `${formatSubject(subject)}: everything is as recorded.` : failed.join('\n'),
      );
    }
    if (!isRefusal(report)) await session.projects.worldChanged(opened);
    return report;
  },
};
