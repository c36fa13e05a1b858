import type { WizardAnswer, WizardRequest } from '../../app/wizard.ts';
import { type Arguments, invalid, readArguments } from '../commands/arguments.ts';
import { projectOf } from '../commands/command.ts';
import { newFilesEdit } from '../newFiles.ts';
import { WizardRequestType } from '../protocol.ts';
import { type Feature, onRequest } from '../table.ts';

/** Questions of *New Identity* and *New Backend*, and the manifest that comes of the answers. */
export const wizard: Feature = {
  rows: [
    onRequest(WizardRequestType, async (params, { session, signal }) => {
      const args = readArguments(params);
      const opened = await projectOf({ session, args });
      const answer: WizardAnswer = await opened.project.wizard(requestOf(args), signal);
      if ('step' in answer) return answer;
      return { ...answer, edit: newFilesEdit(session, opened, answer.files, 'New manifest') };
    }),
  ],
};

function requestOf(args: Arguments): WizardRequest {
  const { what, answers = {} } = args;
  if (what !== 'identity' && what !== 'backend') throw invalid('"what" is identity or backend');
  if (typeof answers !== 'object' || answers === null || Array.isArray(answers))
    throw invalid('"answers" is a map of texts');
  const texts = Object.entries(answers).filter(
    (each): each is [string, string] => typeof each[1] === 'string',
  );
  return { what, answers: Object.fromEntries(texts) };
}
