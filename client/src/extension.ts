import * as vscode from 'vscode';
import { abandonment } from './features/abandonment.ts';
import { runServerCommand } from './features/actions.ts';
import { audit } from './features/audit.ts';
import { backends } from './features/backends.ts';
import { backendsTree } from './features/backendsTree.ts';
import { checkTask } from './features/checkTask.ts';
import { confirmation } from './features/confirmation.ts';
import { confirmationOfAll } from './features/confirmationOfAll.ts';
import { credentialViewer } from './features/credentialViewer.ts';
import { dashboard } from './features/dashboard.ts';
import { expiryStatus } from './features/expiryStatus.ts';
import { expiryTree } from './features/expiryTree.ts';
import { fileMarks } from './features/fileMarks.ts';
import { found } from './features/found.ts';
import { hostStatus } from './features/hostStatus.ts';
import { inventoryTree } from './features/inventoryTree.ts';
import { migration } from './features/migration.ts';
import { newManifest } from './features/newManifest.ts';
import { planDocument } from './features/planDocument.ts';
import { rowCommands } from './features/rowCommands.ts';
import { secrets } from './features/secrets.ts';
import { createClient, serverLife } from './features/server.ts';
import { signIn } from './features/signIn.ts';
import { signInDialog } from './features/signInDialog.ts';
import { statusItem } from './features/statusItem.ts';
import { wizards } from './features/wizards.ts';
import { workspaceTrust } from './features/workspaceTrust.ts';
import { createInventory } from './inventory.ts';
import { createPlans } from './plans.ts';
import { createSealedStore } from './sealedStore.ts';
import type { Feature, Session } from './session.ts';
import { createSections } from './tree/sections.ts';
import { foldersAreVirtual, withoutServer } from './withoutServer.ts';

const FEATURES: readonly Feature[] = [
  serverLife,
  workspaceTrust,
  confirmation,
  confirmationOfAll,
  abandonment,
  signInDialog,
  planDocument,
  audit,
  rowCommands,
  backends,
  expiryTree,
  expiryStatus,
  fileMarks,
  checkTask,
  inventoryTree,
  backendsTree,
  found,
  signIn,
  statusItem,
  hostStatus,
  newManifest,
  wizards,
  dashboard,
  migration,
  credentialViewer,
  secrets,
];

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  if (foldersAreVirtual()) {
    context.subscriptions.push(withoutServer(context));
    return;
  }
  const log = vscode.window.createOutputChannel('Identity as Code', { log: true });
  const client = createClient(context, log, {
    executeCommand: (command, args, next) => runServerCommand(session, command, args, next),
    provideWorkspaceDiagnostics: async (known, token, report, next) => {
      await sealedStore.settled();
      return next(known, token, report);
    },
  });
  const sealedStore = createSealedStore(context.secrets, client, log);
  const session: Session = {
    context,
    client,
    log,
    inventory: createInventory(client, log, sealedStore),
    inventorySections: createSections(),
    plans: createPlans(),
    sealedStore,
  };
  context.subscriptions.push(
    log,
    session.inventory,
    session.inventorySections,
    session.plans,
    session.sealedStore,
    ...FEATURES.map((feature) => feature(session)),
    { dispose: () => void client.dispose() },
  );
  try {
    await client.start();
  } catch (error) {
    // The view says so and offers another start; commands that need no server stay.
    log.error(`The language server did not start: ${String(error)}`);
  }
}
