import * as vscode from 'vscode';
import type { WorkspaceEdit } from 'vscode-languageclient/node';
import type { Session } from './session.ts';

/** A file that an edit makes, or adds to. */
export interface NewFile {
  readonly file: string;
  readonly text: string;
}

export interface Proposal {
  readonly root: vscode.Uri;
  readonly files: readonly NewFile[];
  readonly edit: WorkspaceEdit;
  readonly question: string;
  /** What the button says. */
  readonly action: string;
}

/** A dialog is no editor: what is longer is looked at in the preview of changes. */
const MOST_LINES = 40;

/**
 * Shows what is to be written, and writes what the person agrees to. Gives the files that are there and saved afterwards;
 * one undo takes them away again.
 */
export async function makeFiles(session: Session, proposal: Proposal): Promise<readonly vscode.Uri[]> {
  const { t } = vscode.l10n;
  const preview = t('Preview Changes…');
  const chosen = await vscode.window.showInformationMessage(
    proposal.question,
    { modal: true, detail: detailOf(proposal.files) },
    proposal.action,
    preview,
  );
  if (chosen === undefined) return [];
  const made = await apply(session, proposal, chosen === preview);
  if (made.length === 0 && chosen === preview) {
    // The preview has everything unticked, and is left by the same button.
    void vscode.window.showInformationMessage(
      t('Nothing was ticked in the preview, so nothing was written.'),
    );
  }
  return made;
}

function detailOf(files: readonly NewFile[]): string {
  const whole = files.map(({ file, text }) => `${file}\n\n${text.trimEnd()}`).join('\n\n');
  return whole.split('\n').length <= MOST_LINES ? whole : files.map(({ file }) => file).join('\n');
}

async function apply(
  { client }: Session,
  { root, files, edit }: Proposal,
  confirms: boolean,
): Promise<readonly vscode.Uri[]> {
  const annotations = Object.entries(edit.changeAnnotations ?? {}).map(([id, annotation]) => [
    id,
    { ...annotation, needsConfirmation: confirms },
  ]);
  const agreed = { ...edit, changeAnnotations: Object.fromEntries(annotations) };
  const converted = await client.protocol2CodeConverter.asWorkspaceEdit(agreed);
  if (!(await vscode.workspace.applyEdit(converted))) return [];
  const made: vscode.Uri[] = [];
  for (const { file } of files) {
    const uri = vscode.Uri.joinPath(root, file);
    // Those that were left out in the preview are not there.
    const document = await vscode.workspace.openTextDocument(uri).then(
      (opened) => opened,
      () => undefined,
    );
    if (document !== undefined && (!document.isDirty || (await document.save()))) made.push(uri);
  }
  return made;
}
