import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { State } from 'vscode-languageclient/node';
import {
  BackendsRequest,
  ChangedNotification,
  FindRequest,
  RowRequest,
  SummaryRequest,
  TreeGroupsRequest,
  TreeRowsRequest,
} from './messages.ts';
import type { RowAddress } from './rowAddress.ts';
import { rowAddress } from './rowAddress.ts';
import type { SealedStore } from './sealedStore.ts';
import type {
  BackendItem,
  FindQuestion,
  Found,
  Summary,
  TreeGroups,
  TreeQuestion,
  TreeRows,
  WholeRow,
} from './treeProtocol.ts';

/** What the server keeps of all identities. Only the summary is kept here; whoever shows rows asks for a page of them. */
export interface Inventory extends vscode.Disposable {
  /** The server runs, so there is somebody to ask. */
  readonly isReady: boolean;
  /** Undefined before the first answer. */
  readonly summary: Summary | undefined;
  /** Something may be another than it was: who shows any of it looks again. */
  readonly onDidChange: vscode.Event<void>;
  refresh(): Promise<void>;
  /** The same, after the server read the records on disk again: for a person who asks. */
  readAgain(): Promise<void>;
  groups(question: TreeQuestion): Promise<TreeGroups>;
  rows(question: TreeQuestion, group: string): Promise<TreeRows>;
  find(question: FindQuestion, token: vscode.CancellationToken): Promise<Found>;
  backends(): Promise<readonly BackendItem[]>;
  /** All about one row; null: it is gone. */
  whole(address: RowAddress): Promise<WholeRow | null>;
}

export function createInventory(
  client: LanguageClient,
  log: vscode.LogOutputChannel,
  sealedStore: SealedStore,
): Inventory {
  const changed = new vscode.EventEmitter<void>();
  let summary: Summary | undefined;
  let underWay: Promise<void> | undefined;
  let again = false;
  let fromDisk = false;

  /** Opening the store opens all projects anew, so nobody asks before that. */
  const ready = async (): Promise<void> => {
    // Views are shown while the server starts.
    if (client.state === State.Starting) await client.start();
    if (!client.isRunning()) throw new Error('the language server does not run');
    await sealedStore.settled();
  };
  const ask = async (): Promise<void> => {
    do {
      again = false;
      try {
        await ready();
        const question = fromDisk ? { refresh: true } : {};
        fromDisk = false;
        summary = await client.sendRequest(SummaryRequest, question);
      } catch (error) {
        log.error(`The inventory could not be read: ${String(error)}`);
      }
      changed.fire();
    } while (again);
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
    get isReady() {
      return client.isRunning();
    },
    get summary() {
      return summary;
    },
    onDidChange: changed.event,
    refresh,
    readAgain() {
      fromDisk = true;
      return refresh();
    },
    async groups(question) {
      await ready();
      return client.sendRequest(TreeGroupsRequest, question);
    },
    async rows(question, group) {
      await ready();
      return client.sendRequest(TreeRowsRequest, { ...question, group });
    },
    async find(question, token) {
      await ready();
      return client.sendRequest(FindRequest, question, token);
    },
    async backends() {
      await ready();
      return client.sendRequest(BackendsRequest, {});
    },
    async whole(address) {
      await ready();
      return client.sendRequest(RowRequest, rowAddress(address));
    },
    dispose: () => subscriptions.dispose(),
  };
}
