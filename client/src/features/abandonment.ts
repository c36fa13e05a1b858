import * as vscode from 'vscode';
import { ConfirmAbandonRequest } from '../messages.ts';
import type { Feature } from '../session.ts';
import { askForText } from '../typedConfirmation.ts';

/** An action that fails for good is given up only by somebody who has seen what it leaves, and has typed the name. */
export const abandonment: Feature = ({ client }) =>
  client.onRequest(
    ConfirmAbandonRequest,
    async ({ title, undoing, left, consequence, typedName }, cancel) => {
      const { t } = vscode.l10n;
      const yes = t('Abandon…');
      const heading = undoing ? t('What is not taken back:') : t('What is not done:');
      const detail = [[heading, ...left].join('\n'), consequence].join('\n\n');
      const chosen = await vscode.window.showWarningMessage(title, { modal: true, detail }, yes);
      return chosen === yes ? askForText(title, consequence, typedName, cancel) : { confirmed: false };
    },
  );
