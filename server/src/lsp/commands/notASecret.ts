import type { WorkspaceEdit } from 'vscode-languageserver/node';
import type { Refusal } from '../../app/api.ts';
import { NOT_SECRETS_FILE } from '../../core/secrets/notSecrets/fileName.ts';
import { isDay, isDayOver } from '../../core/text/day.ts';
import { isRange } from '../ranges.ts';
import { notASecretEdit } from '../secrets/notASecret.ts';
import { invalid, text } from './arguments.ts';
import { type Command, refusedUntrusted } from './command.ts';

export interface Judged {
  /** That the client makes and saves; it holds no part of the value. */
  readonly edit: WorkspaceEdit;
  readonly file: string;
}

/** Changes nothing: the edit is the client's. */
export const notASecret: Command = {
  name: 'idac.notASecret',
  async run({ session, args }): Promise<Judged | Refusal> {
    const refused = refusedUntrusted(session);
    if (refused !== undefined) return refused;
    const [uri, rule, reason, until] = [
      text(args, 'uri'),
      text(args, 'rule'),
      text(args, 'reason'),
      text(args, 'until'),
    ];
    const { range } = args;
    if (!isRange(range)) throw invalid('"range" is the place of the finding');
    if (reason.trim() === '') return refusal('A judgement needs a reason.', 'Say why it is no secret.');
    if (!isDay(until) || isDayOver(until, session.now()))
      return refusal(
        'A judgement needs an end.',
        'Name the last day on which it holds, as YYYY-MM-DD, from today on.',
      );
    const edit = await notASecretEdit(session, { uri, rule, range, reason: reason.trim(), until });
    switch (edit) {
      case undefined:
        return refusal('The file is in no project.', 'Open the folder that holds it, and its manifests.');
      case 'nothing':
        return refusal('This is not found there any more.', 'Look at the findings of the file as it is now.');
      case 'unreadable':
        return refusal(
          `${NOT_SECRETS_FILE} cannot be read.`,
          'Put right what its findings say, and judge again.',
        );
      default: {
        const opened = session.projects.around(uri);
        return { edit, file: opened?.uriOf(NOT_SECRETS_FILE) ?? '' };
      }
    }
  },
};

function refusal(what: string, hint: string): Refusal {
  return { refused: true, code: 'refused/judgement', what, hint };
}
