import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** Waits for what a user would see; how long it takes is not the point of a test. */
export async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 45_000;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > end) throw new Error(`this did not come: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export function folder(): vscode.Uri {
  const first = vscode.workspace.workspaceFolders?.[0];
  assert.ok(first, 'a folder is open');
  return first.uri;
}

export async function open(path: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder(), path));
  return vscode.window.showTextDocument(document);
}

/** What the lenses of one declared identity say, in order: those from the start of its document to its name. */
export async function lensesOf(document: vscode.TextDocument, name: string): Promise<readonly string[]> {
  const at = new RegExp(`^ *(metadata: *\\{ *)?name: ${name}\\b`, 'm').exec(document.getText());
  assert.ok(at, `${name} is declared in ${document.uri.path}`);
  const last = document.positionAt(at.index).line;
  let first = last;
  while (first > 0 && !document.lineAt(first - 1).text.startsWith('---')) first -= 1;
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
  );
  return lenses
    .filter(({ range }) => range.start.line >= first && range.start.line <= last)
    .map((lens) => lens.command?.title ?? '');
}

/** What is asked of the person while an action runs, and what this person answers. */
export interface Person {
  /** Which button of the modal; undefined: Escape. */
  button?(asked: { message: string; detail: string; buttons: readonly string[] }): string | undefined;
  typed?(asked: { title: string; prompt: string }): string | undefined;
  picked?(labels: readonly string[]): string | undefined;
}

/** A message that is no dialog, with what it offers. */
export interface Message {
  readonly text: string;
  readonly choices: readonly string[];
}

/**
 * VS Code refuses dialogs while tests run, so a person stands in for them here. That the real dialogs do the same is
 * shown by the scripts that drive the window. Messages that are no dialogs are collected.
 */
export async function withPerson<T>(
  person: Person,
  action: () => PromiseLike<T>,
): Promise<{ value: T; messages: readonly Message[] }> {
  const messages: Message[] = [];
  const window = vscode.window as unknown as Record<string, unknown>;
  const before = { ...Object.fromEntries(REPLACED.map((name) => [name, window[name]])) };
  const message = async (text: string, ...rest: unknown[]): Promise<string | undefined> => {
    const options = rest[0];
    const buttons = rest.filter((item): item is string => typeof item === 'string');
    if (!isModal(options)) {
      messages.push({ text, choices: buttons });
      return undefined;
    }
    return person.button?.({ message: text, detail: options.detail ?? '', buttons });
  };
  window['showInformationMessage'] = message;
  window['showWarningMessage'] = message;
  window['showErrorMessage'] = message;
  window['showInputBox'] = async (options: vscode.InputBoxOptions) =>
    person.typed?.({ title: options.title ?? '', prompt: options.prompt ?? '' });
  window['showQuickPick'] = async (items: readonly { label: string }[]) => {
    const label = person.picked?.(items.map((item) => item.label));
    return items.find((item) => item.label === label);
  };
  try {
    return { value: await action(), messages };
  } finally {
    Object.assign(window, before);
  }
}

const REPLACED = [
  'showInformationMessage',
  'showWarningMessage',
  'showErrorMessage',
  'showInputBox',
  'showQuickPick',
] as const;

function isModal(options: unknown): options is vscode.MessageOptions {
  return typeof options === 'object' && options !== null && 'modal' in options && options.modal === true;
}
