import type { BackendCheck, Refusal } from '../../app/api.ts';
import { withProgress } from '../progress.ts';
import { signInKey } from '../signInOffer.ts';
import { text } from './arguments.ts';
import { type Command, projectOf, refusedUntrusted } from './command.ts';

/** What `idac doctor` says of one backend. Changes nothing there. */
export const checkConnection: Command = {
  name: 'idac.checkConnection',
  async run(call): Promise<BackendCheck | Refusal> {
    const { session } = call;
    const backend = text(call.args, 'backend');
    const refused = refusedUntrusted(session);
    if (refused !== undefined) return refused;
    const opened = await projectOf(call);
    const check = await withProgress(
      session,
      { title: `Check the connection to ${backend}`, token: call.progressToken, signal: call.signal },
      ({ signal }) => opened.project.checkBackend(backend, signal),
    );
    const key = signInKey(opened, backend);
    if (check.signIn) session.refusedLogins.add(key);
    else session.refusedLogins.delete(key);
    // What was seen stands in the inventory, and says which verbs are offered.
    await opened.state.refresh();
    session.client.refreshLenses();
    if (!session.client.signsIn) {
      const wrong = check.checks.filter(({ ok }) => !ok);
      session.client.tell(
        wrong.length === 0 ? 'info' : 'warning',
        wrong.length === 0
          ? `${check.title}: all is well.`
          : wrong.map(({ what, detail, hint = '' }) => `${what}: ${detail} ${hint}`.trim()).join('\n'),
      );
    }
    return check;
  },
};
