import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { State } from 'vscode-languageclient/node';
import { ChangedNotification, InventoryRequest } from './messages.ts';
import type { InventoryRow, ProjectInventory } from './protocol.ts';
import type { SealedStore } from './sealedStore.ts';

/** What is declared and when it expires, as the server last said; asked for again when the server says that it changed. */
export interface Inventory extends vscode.Disposable {
  readonly projects: readonly ProjectInventory[];
  readonly onDidChange: vscode.Event<void>;
  refresh(): Promise<void>;
}

/** A row with the project that it belongs to. */
export interface PlacedRow {
  readonly project: ProjectInventory;
  readonly row: InventoryRow;
}

export function placedRows(inventory: Inventory): readonly PlacedRow[] {
  return inventory.projects.flatMap((project) => project.rows.map((row) => ({ project, row })));
}

/** Where a row is declared; undefined when no manifest declares it any more. */
export function declarationOf({ project, row }: PlacedRow): vscode.Location | undefined {
  if (row.declaredAt === null) return undefined;
  const { file, range } = row.declaredAt;
  return new vscode.Location(
    vscode.Uri.joinPath(vscode.Uri.parse(project.root), file),
    new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character),
  );
}

export function createInventory(
  client: LanguageClient,
  log: vscode.LogOutputChannel,
  sealedStore: SealedStore,
): Inventory {
  const changed = new vscode.EventEmitter<void>();
  let projects: readonly ProjectInventory[] = [];
  let underWay: Promise<void> | undefined;
  let again = false;

  const ask = async (): Promise<void> => {
    do {
      again = false;
      await sealedStore.settled();
      try {
        projects = await client.sendRequest(InventoryRequest, {});
      } catch (error) {
        log.error(`The inventory could not be read: ${String(error)}`);
      }
    } while (again);
    changed.fire();
  };
  const refresh = (): Promise<void> => {
    if (!client.isRunning()) return Promise.resolve();
    // Changes come in bursts: one question at a time, and one more for whatever came meanwhile.
    if (underWay !== undefined) {
      again = true;
      return underWay;
    }
    underWay = ask().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };

  const subscriptions = vscode.Disposable.from(
    changed,
    client.onNotification(ChangedNotification, () => void refresh()),
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) void refresh();
    }),
  );
  return {
    get projects() {
      return projects;
    },
    onDidChange: changed.event,
    refresh,
    dispose: () => subscriptions.dispose(),
  };
}
