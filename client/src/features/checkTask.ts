import * as vscode from 'vscode';
import type { Feature } from '../session.ts';

const TYPE = 'idac';

interface Definition extends vscode.TaskDefinition {
  readonly command: 'check';
  readonly failOn?: string;
}

/**
 * `idac check` as a task of each folder, as a pipeline runs it. It asks for no problem matcher: the editor shows the same findings
 * already, of files that are not open, too. `$idac` is for tasks that run elsewhere.
 */
export const checkTask: Feature = ({ context }) => {
  const program = context.asAbsolutePath('server/bin/idac.mjs');
  const taskOf = (definition: Definition, folder: vscode.WorkspaceFolder): vscode.Task => {
    const { failOn = 'error' } = definition;
    const task = new vscode.Task(
      definition,
      folder,
      'check',
      TYPE,
      // VS Code's own program runs scripts, where it is told that it is no window.
      new vscode.ProcessExecution(
        process.execPath,
        [program, 'check', '--format', 'lines', '--fail-on', failOn],
        { cwd: folder.uri.fsPath, env: { ELECTRON_RUN_AS_NODE: '1' } },
      ),
      [],
    );
    task.group = vscode.TaskGroup.Test;
    task.detail = vscode.l10n.t('Check the manifests of {0}, as a pipeline does', folder.name);
    return task;
  };
  return vscode.tasks.registerTaskProvider(TYPE, {
    provideTasks: () =>
      (vscode.workspace.workspaceFolders ?? [])
        .filter(({ uri }) => uri.scheme === 'file')
        .map((folder) => taskOf({ type: TYPE, command: 'check' }, folder)),
    resolveTask({ definition, scope }) {
      const folder =
        typeof scope === 'object'
          ? scope
          : vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
      return folder === undefined || definition['command'] !== 'check'
        ? undefined
        : taskOf(definition as Definition, folder);
    },
  });
};
