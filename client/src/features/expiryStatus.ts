import * as vscode from 'vscode';
import type { Feature } from '../session.ts';
import { count } from '../tree/words.ts';

/** One item in the status bar, and only while there is news: how many end within a week, in all projects of the window. */
export const expiryStatus: Feature = ({ inventory }) => {
  const { t } = vscode.l10n;
  const item = vscode.window.createStatusBarItem('identity.expiry', vscode.StatusBarAlignment.Right, 90);
  item.name = t('Machine identities that expire soon');
  item.command = { command: 'identity.expiry.focus', title: t('Show expiry') };
  const update = (): void => {
    const ending = inventory.summary?.endThisWeek ?? 0;
    if (ending === 0) {
      item.hide();
      return;
    }
    item.text = `$(watch) ${ending === 1 ? t('1 expires within 7 days') : t('{0} expire within 7 days', count(ending))}`;
    item.tooltip = t('Machine identities that expire within 7 days. Click to see which.');
    item.accessibilityInformation = {
      label:
        ending === 1
          ? t('1 machine identity expires within 7 days')
          : t('{0} machine identities expire within 7 days', ending),
    };
    item.show();
  };
  update();
  return vscode.Disposable.from(item, inventory.onDidChange(update));
};
