import * as vscode from 'vscode';

/**
 * What the extension is where no language server can run: in a browser with no machine behind it, and in a folder that is
 * on no disk. Manifests are coloured and have snippets; everything else says why it is not there, and where it is.
 */
export function withoutServer({ extension }: vscode.ExtensionContext): vscode.Disposable {
  const { commands, views, editors } = contributed(extension.packageJSON);
  void vscode.commands.executeCommand('setContext', 'identity.server', 'absent');
  return vscode.Disposable.from(
    languageStatus(),
    ...commands.map((command) => vscode.commands.registerCommand(command, explain)),
    // Their welcome content is shown where they are empty.
    ...views.map((view) => vscode.window.registerTreeDataProvider(view, EMPTY)),
    ...editors.map((editor) => vscode.window.registerCustomEditorProvider(editor, NOT_DECODED)),
  );
}

/** Whether no folder of this window lies on a disk that a program could read. */
export function foldersAreVirtual(): boolean {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length > 0 && folders.every(({ uri }) => uri.scheme !== 'file');
}

function languageStatus(): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('identity.status', { language: 'identity-yaml' });
  item.name = vscode.l10n.t('Machine identities');
  item.text = vscode.l10n.t('Manifests are not checked here');
  item.detail = vscode.l10n.t('no language server runs where the folder is on no machine');
  item.severity = vscode.LanguageStatusSeverity.Warning;
  return item;
}

function explain(): void {
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      'This needs the language server, and none can run here: the folder is on no machine. Open the folder in VS Code on your computer, over SSH, in a container or in a codespace. The command line idac does the same in a terminal.',
    ),
  );
}

const EMPTY: vscode.TreeDataProvider<never> = { getChildren: () => [], getTreeItem: (item) => item };

const NOT_DECODED: vscode.CustomReadonlyEditorProvider = {
  openCustomDocument: (uri) => ({ uri, dispose: () => {} }),
  resolveCustomEditor: (_document, { webview }) => {
    const words = vscode.l10n.t('Files of credentials are decoded where the folder is on a machine.');
    webview.html = `<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="default-src 'none'"><p>${escaped(words)}</p>`;
  },
};

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** What package.json declares: whatever is there must be answered for. */
function contributed(manifest: unknown): Record<'commands' | 'views' | 'editors', readonly string[]> {
  const contributes = property(manifest, 'contributes');
  return {
    commands: values(property(contributes, 'commands'), 'command'),
    views: values(property(property(contributes, 'views'), 'identity'), 'id'),
    editors: values(property(contributes, 'customEditors'), 'viewType'),
  };
}

function values(list: unknown, name: string): readonly string[] {
  return (Array.isArray(list) ? list : [])
    .map((each) => property(each, name))
    .filter((value) => typeof value === 'string');
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
