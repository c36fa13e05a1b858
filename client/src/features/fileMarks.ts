import * as vscode from 'vscode';
import { FileMarksRequest } from '../messages.ts';
import type { Feature } from '../session.ts';
import type { MarkedFile } from '../treeProtocol.ts';

const SETTING = 'idac.explorer.marks';

/** In the explorer and on tabs: manifests with something that ends within a week, or wants a person. The words are in the tooltip. */
export const fileMarks: Feature = ({ client, inventory, log }) => {
  const changed = new vscode.EventEmitter<vscode.Uri[]>();
  let marks: ReadonlyMap<string, MarkedFile> = new Map();
  const isOn = (): boolean => vscode.workspace.getConfiguration().get(SETTING, true);

  const show = (next: ReadonlyMap<string, MarkedFile>): void => {
    const others = [...new Set([...marks.keys(), ...next.keys()])].filter(
      (uri) => JSON.stringify(marks.get(uri)) !== JSON.stringify(next.get(uri)),
    );
    marks = next;
    if (others.length > 0) changed.fire(others.map((uri) => vscode.Uri.parse(uri)));
  };
  const update = async (): Promise<void> => {
    if (!isOn() || !client.isRunning()) return show(new Map());
    try {
      const found = await client.sendRequest(FileMarksRequest, {});
      // As VS Code writes the address of a file, whoever wrote it before.
      show(new Map(found.map((mark) => [vscode.Uri.parse(mark.uri).toString(), mark])));
    } catch (error) {
      log.error(`The marks of files could not be read: ${String(error)}`);
    }
  };
  return vscode.Disposable.from(
    changed,
    vscode.window.registerFileDecorationProvider({
      onDidChangeFileDecorations: changed.event,
      provideFileDecoration(uri) {
        const mark = marks.get(uri.toString());
        if (mark === undefined) return undefined;
        const colour = mark.tone === 'bad' ? 'list.errorForeground' : 'list.warningForeground';
        return new vscode.FileDecoration(mark.badge, mark.text, new vscode.ThemeColor(colour));
      },
    }),
    inventory.onDidChange(() => void update()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(SETTING)) void update();
    }),
  );
};
