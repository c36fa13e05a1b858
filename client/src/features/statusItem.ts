import * as vscode from 'vscode';
import { State } from 'vscode-languageclient/node';
import type { Feature, Session } from '../session.ts';
import { MANIFESTS } from './server.ts';

interface Status {
  readonly text: string;
  readonly detail: string;
  readonly severity: vscode.LanguageStatusSeverity;
  readonly command?: vscode.Command;
}

/** Bound to manifests: says what is switched off and why, there where somebody wonders. */
export const statusItem: Feature = (session) => {
  const item = vscode.languages.createLanguageStatusItem('identity.status', [...MANIFESTS]);
  item.name = vscode.l10n.t('Machine identities');
  const update = (): void => {
    const { text, detail, severity, command } = statusOf(session);
    item.text = text;
    item.detail = detail;
    item.severity = severity;
    item.command = command;
    item.busy = session.client.state === State.Starting;
  };
  update();
  return vscode.Disposable.from(
    item,
    session.client.onDidChangeState(update),
    session.inventory.onDidChange(update),
    session.sealedStore.onDidChange(update),
    vscode.workspace.onDidGrantWorkspaceTrust(update),
  );
};

function statusOf({ client, inventory, sealedStore }: Session): Status {
  const { t } = vscode.l10n;
  const at = vscode.LanguageStatusSeverity;
  if (client.state === State.Starting) {
    return { text: t('Starting'), detail: '', severity: at.Information };
  }
  if (client.state !== State.Running) {
    return {
      text: t('The language server does not run'),
      detail: '',
      severity: at.Error,
      command: { command: 'identity.restartServer', title: t('Start it again') },
    };
  }
  if (!vscode.workspace.isTrusted) {
    return {
      text: t('Restricted mode'),
      detail: t('manifests are checked, nothing is run'),
      severity: at.Warning,
      command: { command: 'workbench.trust.manage', title: t('Manage trust') },
    };
  }
  const { total, attention } = inventory.summary ?? { total: 0, attention: 0 };
  const text =
    attention === 0
      ? t('{0} identities', total)
      : t('{0} of {1} identities need attention', attention, total);
  const { state } = sealedStore;
  switch (state.is) {
    case 'open':
      return {
        text,
        detail: state.encrypted ? t('keys are encrypted at rest') : t('keys are not encrypted at rest'),
        severity: state.encrypted ? at.Information : at.Warning,
        command: { command: 'identity.expiry.focus', title: t('Show expiry') },
      };
    case 'closed':
    case 'needsPassphrase':
      return {
        text,
        detail: t('the sealed store is locked'),
        severity: at.Information,
        command: { command: 'identity.signIn', title: t('Unlock') },
      };
    case 'failed':
      return {
        text,
        detail: state.what,
        severity: at.Warning,
        command: { command: 'identity.signIn', title: t('Try again') },
      };
    default:
      return state satisfies never;
  }
}
