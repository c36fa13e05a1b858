import * as vscode from 'vscode';
import type { Feature } from '../session.ts';
import { MANIFESTS } from './server.ts';

/**
 * In a remote window everything runs where the folder lies. Said beside a manifest, because somebody whose token is plugged in
 * here looks for the mistake elsewhere.
 */
export const hostStatus: Feature = () => {
  if (vscode.env.remoteName === undefined) return new vscode.Disposable(() => {});
  const item = vscode.languages.createLanguageStatusItem('identity.host', [...MANIFESTS]);
  item.name = vscode.l10n.t('Machine identities: host');
  item.text = vscode.l10n.t('Runs where the folder lies');
  item.detail = vscode.l10n.t('a USB token or smart card at this computer is not reached');
  return item;
};
