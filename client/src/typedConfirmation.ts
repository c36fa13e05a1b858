import * as vscode from 'vscode';
import type { ConfirmAnswer } from './protocol.ts';

/** For what cannot be taken back: a text is not typed by habit, as a button is pressed. */
export async function askForText(
  title: string,
  consequence: string,
  text: string,
  cancel: vscode.CancellationToken,
): Promise<ConfirmAnswer> {
  const typed = await vscode.window.showInputBox(
    {
      title,
      prompt: vscode.l10n.t('{0} Type {1} to go on.', consequence, text),
      placeHolder: text,
      ignoreFocusOut: true,
      validateInput: (value) =>
        value === '' || value === text ? undefined : vscode.l10n.t('This is not {0}.', text),
    },
    cancel,
  );
  return typed === undefined ? { confirmed: false } : { confirmed: typed === text, typed };
}
