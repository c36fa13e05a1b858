import * as vscode from 'vscode';
import { State } from 'vscode-languageclient/node';
import { type FoundItem, type FoundPage, FoundRequest } from './foundProtocol.ts';
import type { Session } from './session.ts';

/** What lies in one project's folder, as far as it was asked for. */
export interface FoundProject extends Omit<FoundPage, 'items'> {
  readonly items: readonly FoundItem[];
}

/** The last look at the folders of the window; one is made when somebody wants to see it. */
export interface FoundLook extends vscode.Disposable {
  readonly onDidChange: vscode.Event<void>;
  /** As it was seen last; looks first where nothing was, or where it changed since. */
  projects(): Promise<readonly FoundProject[]>;
  /** One more page of a project. */
  more(root: string): Promise<void>;
  /** What is shown is asked for again. */
  refresh(): void;
}

const PAGE = 200;
/** Whoever types or unpacks files is not followed step by step. */
const QUIET_MS = 4000;
/** Names that promise a credential; others are seen at the next look. */
const CREDENTIALS = '**/*.{pem,crt,cer,cert,der,key,p12,pfx,jks,csr,pub,p7b}';

export function createFoundLook({ client, inventory, log }: Session): FoundLook {
  const changed = new vscode.EventEmitter<void>();
  let seen: readonly FoundProject[] | undefined;
  let looking: Promise<readonly FoundProject[]> | undefined;
  let isStale = true;
  let quiet: NodeJS.Timeout | undefined;

  const show = (projects: readonly FoundProject[]): void => {
    seen = projects;
    const adoptable = projects.reduce((sum, each) => sum + each.adoptable, 0);
    void vscode.commands.executeCommand('setContext', 'identity.adoptable', adoptable);
  };
  /** What changed while it looked may not have been seen: then it looks again, before anybody is answered. */
  const look = async (): Promise<readonly FoundProject[]> => {
    while (isStale) {
      isStale = false;
      try {
        show(await client.sendRequest(FoundRequest, { limit: PAGE }));
      } catch (error) {
        log.warn(`The folder was not looked through: ${String(error)}`);
        // The next one who asks tries again.
        isStale = true;
        break;
      }
    }
    return seen ?? [];
  };
  const projects = (): Promise<readonly FoundProject[]> => {
    if (!client.isRunning()) return Promise.resolve(seen ?? []);
    if (!isStale && looking === undefined && seen !== undefined) return Promise.resolve(seen);
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const refresh = (): void => {
    isStale = true;
    changed.fire();
  };
  const refreshWhenQuiet = (): void => {
    clearTimeout(quiet);
    quiet = setTimeout(refresh, QUIET_MS);
  };
  /** Where nothing is declared, the welcome says whether something could be. */
  const lookIfEmpty = (): void => {
    if (seen === undefined && inventory.summary?.total === 0) void projects();
  };
  const watcher = vscode.workspace.createFileSystemWatcher(CREDENTIALS);
  lookIfEmpty();
  const subscriptions = vscode.Disposable.from(
    changed,
    watcher,
    watcher.onDidCreate(refreshWhenQuiet),
    watcher.onDidChange(refreshWhenQuiet),
    watcher.onDidDelete(refreshWhenQuiet),
    inventory.onDidChange(() => {
      lookIfEmpty();
      refreshWhenQuiet();
    }),
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) refresh();
    }),
    { dispose: () => clearTimeout(quiet) },
  );
  return {
    onDidChange: changed.event,
    projects,
    refresh,
    async more(root) {
      const known = seen?.find((project) => project.root === root);
      if (known === undefined) return;
      const [page] = await client.sendRequest(FoundRequest, {
        uri: root,
        offset: known.items.length,
        limit: PAGE,
      });
      if (page === undefined) return;
      const items = [...known.items, ...page.items];
      show((seen ?? []).map((project) => (project.root === root ? { ...page, items } : project)));
      changed.fire();
    },
    dispose: () => subscriptions.dispose(),
  };
}
