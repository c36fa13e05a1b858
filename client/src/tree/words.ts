import * as vscode from 'vscode';

/** `99,600`, as the person's language writes it. */
export function count(number: number): string {
  return new Intl.NumberFormat(vscode.env.language).format(number);
}

export function identities(number: number): string {
  return number === 1 ? vscode.l10n.t('1 identity') : vscode.l10n.t('{0} identities', count(number));
}

/** Undefined: none does. */
export function needAttention(number: number): string | undefined {
  if (number === 0) return undefined;
  return number === 1
    ? vscode.l10n.t('1 needs attention')
    : vscode.l10n.t('{0} need attention', count(number));
}
