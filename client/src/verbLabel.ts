import * as vscode from 'vscode';
import type { WritingVerb } from './protocol.ts';

/** As buttons say it. */
export function verbLabel(verb: WritingVerb): string {
  switch (verb) {
    case 'issue':
      return vscode.l10n.t('Issue');
    case 'renew':
      return vscode.l10n.t('Renew');
    case 'rotate':
      return vscode.l10n.t('Rotate');
    case 'restore':
      return vscode.l10n.t('Put Back');
    case 'revoke':
      return vscode.l10n.t('Revoke');
    case 'destroy':
      return vscode.l10n.t('Destroy');
    default:
      return verb satisfies never;
  }
}
