import * as vscode from 'vscode';
import { verify } from './features/actions.ts';
import { logVerifyReport, offer, showRefusal } from './features/outcome.ts';
import { isRefusal } from './protocol.ts';
import { type RowAddress, rowAddress } from './rowAddress.ts';
import type { Session } from './session.ts';
import type { TreeRow } from './treeProtocol.ts';

/** All of them, one after another, whatever one comes to: it only looks. */
export async function verifyEach(session: Session, rows: readonly (RowAddress | TreeRow)[]): Promise<void> {
  const { t } = vscode.l10n;
  let good = 0;
  let looked = 0;
  await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: t('Verify {0} identities', rows.length),
      cancellable: true,
    },
    async (progress, token) => {
      for (const [place, row] of rows.entries()) {
        if (token.isCancellationRequested) return;
        const address = rowAddress(row);
        progress.report({ message: t('{0} of {1}: {2}', place + 1, rows.length, address.identity) });
        const report = await verify(session, address);
        if (report === undefined) return;
        if (isRefusal(report)) {
          await showRefusal(report);
          return;
        }
        logVerifyReport(session, report);
        looked += 1;
        good += Number(report.ok);
      }
    },
  );
  const message =
    good === looked
      ? t('{0} identities verified, all good.', looked)
      : t('{0} identities verified, {1} of them not good.', looked, looked - good);
  void offer(good === looked ? 'info' : 'warning', message, [
    { title: t('Show Checks'), run: () => session.log.show() },
  ]);
}
