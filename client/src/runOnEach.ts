import * as vscode from 'vscode';
import { carryOut, verify, withReason } from './features/actions.ts';
import { logVerifyReport, offer, showOutcome, showRefusal } from './features/outcome.ts';
import { isRefusal, type WritingVerb } from './protocol.ts';
import { type RowAddress, rowAddress } from './rowAddress.ts';
import type { Session } from './session.ts';
import type { TreeRow } from './treeProtocol.ts';

type Row = RowAddress | TreeRow;

/**
 * One after another, each planned and confirmed by itself: what the one changed is what the next is planned on. Ends with
 * the first that is not done, so that nobody is asked on after a failure or a change of mind.
 */
export async function runOnEach(session: Session, verb: WritingVerb, rows: readonly Row[]): Promise<void> {
  const { t } = vscode.l10n;
  // One reason for all of them.
  const request = await withReason<{ readonly verb: WritingVerb; readonly reason?: string }>({ verb });
  if (request === undefined) return;
  let done = 0;
  await oneByOne(t('{0} identities: {1}', rows.length, verb), rows, async (row) => {
    const argument = { ...request, ...rowAddress(row) };
    const outcome = await carryOut(session, 'idac.run', argument);
    if (outcome === undefined) return false;
    session.log.info(outcome.message);
    if (!isRefusal(outcome.result) && outcome.result.state === 'done') {
      done += 1;
      return true;
    }
    const again = () => vscode.commands.executeCommand('idac.run', argument);
    void showOutcome(session, outcome, { uri: row.uri, again: async () => again() });
    return false;
  });
  void offer('info', t('{0} of {1} done. The others are as they were.', done, rows.length), []);
}

/** All of them, whatever one comes to: it only looks. */
export async function verifyEach(session: Session, rows: readonly Row[]): Promise<void> {
  const { t } = vscode.l10n;
  let good = 0;
  let looked = 0;
  await oneByOne(t('Verify {0} identities', rows.length), rows, async (row) => {
    const report = await verify(session, rowAddress(row));
    if (report === undefined) return false;
    if (isRefusal(report)) {
      await showRefusal(report);
      return false;
    }
    logVerifyReport(session, report);
    looked += 1;
    good += Number(report.ok);
    return true;
  });
  const message =
    good === looked
      ? t('{0} identities verified, all good.', looked)
      : t('{0} identities verified, {1} of them not good.', looked, looked - good);
  void offer(good === looked ? 'info' : 'warning', message, [
    { title: t('Show Checks'), run: () => session.log.show() },
  ]);
}

async function oneByOne(
  title: string,
  rows: readonly Row[],
  run: (row: Row) => Promise<boolean>,
): Promise<void> {
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      for (const [place, row] of rows.entries()) {
        if (token.isCancellationRequested) return;
        const { identity } = rowAddress(row);
        progress.report({ message: vscode.l10n.t('{0} of {1}: {2}', place + 1, rows.length, identity) });
        if (!(await run(row))) return;
      }
    },
  );
}
