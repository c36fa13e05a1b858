import * as vscode from 'vscode';
import { makeFiles } from '../newFiles.ts';
import { askStep } from '../quickSteps.ts';
import type { Feature, Session } from '../session.ts';
import { type WizardQuestion, WizardRequest, type WizardResult, type WizardStep } from '../wizardProtocol.ts';

/** *New Identity* and *New Backend*: the server asks, checks each answer and makes the manifest; here it is shown. */
export const wizards: Feature = (session) =>
  vscode.Disposable.from(
    vscode.commands.registerCommand('identity.newIdentity', () => run(session, 'identity')),
    vscode.commands.registerCommand('identity.newBackend', () => run(session, 'backend')),
  );

async function run(session: Session, what: WizardQuestion['what']): Promise<void> {
  const { t } = vscode.l10n;
  const folder = await chooseFolder();
  if (folder === undefined) return;
  const title = what === 'identity' ? t('New Identity') : t('New Backend');
  const result = await answers(session, folder, what, title);
  if (result === undefined || result.edit === null) return;
  const made = await makeFiles(session, {
    root: folder,
    files: result.files,
    edit: result.edit,
    question: t('Write this manifest?'),
    action: t('Write'),
  });
  const manifest = made.find((uri) => uri.path.endsWith(`/${result.file}`));
  if (manifest === undefined) return;
  const at = new vscode.Range(result.line, 0, result.line, 0);
  await vscode.window.showTextDocument(manifest, { selection: at });
}

/** Asks until nothing is left to ask; undefined: the person went away. */
async function answers(
  { client }: Session,
  folder: vscode.Uri,
  what: WizardQuestion['what'],
  title: string,
): Promise<WizardResult | undefined> {
  const uri = folder.toString();
  const given = new Map<string, string>();
  /** Those that were answered, in their order; answers that are gone back over stay proposed. */
  const asked: string[] = [];
  const ask = (more: Readonly<Record<string, string>> = {}) =>
    client.sendRequest(WizardRequest, {
      uri,
      what,
      answers: {
        ...Object.fromEntries(asked.map((field) => [field, given.get(field) ?? ''])),
        ...more,
      },
    });
  for (;;) {
    const answer = await ask();
    if (!('step' in answer)) return answer;
    const { step }: { readonly step: WizardStep } = answer;
    const reply = await askStep({
      title,
      step,
      given: given.get(step.field),
      async check(text) {
        const next = await ask({ [step.field]: text });
        const isSame = 'step' in next && next.step.field === step.field;
        return isSame ? (next.step.problem ?? undefined) : undefined;
      },
    });
    if (reply === 'away') return undefined;
    if (reply === 'back') asked.pop();
    else {
      given.set(step.field, reply.answer);
      // What was answered and is no more fitting is asked again, in its place.
      const before = asked.indexOf(step.field);
      if (before >= 0) asked.splice(before);
      asked.push(step.field);
    }
  }
}

async function chooseFolder(): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length <= 1) {
    if (folders[0] === undefined) await vscode.commands.executeCommand('vscode.openFolder');
    return folders[0]?.uri;
  }
  const chosen = await vscode.window.showWorkspaceFolderPick({
    placeHolder: vscode.l10n.t('In which folder?'),
  });
  return chosen?.uri;
}
