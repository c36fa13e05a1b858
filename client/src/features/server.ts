import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';
import { LanguageClient, State, TransportKind } from 'vscode-languageclient/node';
import type { Feature } from '../session.ts';

/** Files are ours by name, whatever language they are shown in; untitled ones have only their language. */
export const MANIFESTS: readonly { scheme: string; language?: string; pattern?: string }[] = [
  { scheme: 'file', pattern: '**/*.identity.{yaml,yml,json}' },
  { scheme: 'file', pattern: '**/*.policy-test.{yaml,yml}' },
  { scheme: 'untitled', language: 'identity-yaml' },
];

/** Where manifests of cert-manager are. The server looks for their apiVersion, and says nothing of any other YAML. */
const KUBERNETES = { scheme: 'file', language: 'yaml' };

/** What is given to the server at its start alone. */
const RESTARTING = ['idac.pkcs11.modules', 'idac.policies'];

/** The language server in a process of its own. `idac` also names the settings it reads and `idac.trace.server`. */
export function createClient(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  middleware: Middleware,
): LanguageClient {
  const server = {
    module: context.asAbsolutePath('server/dist/server.mjs'),
    transport: TransportKind.ipc,
  };
  const client = new LanguageClient(
    'idac',
    'Identity as Code',
    { run: server, debug: server },
    {
      documentSelector: [...MANIFESTS, KUBERNETES],
      // Read at each start: trust may have been granted since the last one.
      initializationOptions: () => ({
        trusted: vscode.workspace.isTrusted,
        pkcs11Modules: ofUser('pkcs11.modules') ?? {},
        policies: ofUser('policies') ?? [],
        blockList: ofUser('keys.blockList'),
      }),
      diagnosticPullOptions: { onChange: true, onSave: true, onTabs: true },
      outputChannel: log,
      middleware,
    },
  );
  client.registerFeature({
    fillClientCapabilities: (capabilities) => {
      capabilities.experimental = {
        ...capabilities.experimental,
        identityConfirm: true,
        identityConfirmAll: true,
        identitySignIn: true,
        identityNotASecret: true,
      };
    },
    initialize: () => {},
    getState: () => ({ kind: 'static' }),
    clear: () => {},
  });
  return client;
}

/**
 * A module is code that runs with the user's rights, and a list of compromised keys decides what is said of keys, so only the
 * user says where they lie: what a folder says is not read.
 */
function ofUser(setting: string): unknown {
  return vscode.workspace.getConfiguration('idac').inspect(setting)?.globalValue;
}

/** Tells the rest of the window whether the server runs, and lets a person look at it and start it again. */
export const serverLife: Feature = ({ client, log }) => {
  const show = (state: 'starting' | 'ready' | 'failed'): void => {
    void vscode.commands.executeCommand('setContext', 'identity.server', state);
  };
  show('starting');
  return vscode.Disposable.from(
    client.onDidChangeState(({ newState }) => {
      switch (newState) {
        case State.Running:
          return show('ready');
        case State.Starting:
          return show('starting');
        case State.Stopped:
        case State.StartFailed:
          return show('failed');
        default:
          newState satisfies never;
      }
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (RESTARTING.some((name) => change.affectsConfiguration(name))) void startAgain(client, log);
    }),
    vscode.commands.registerCommand('identity.restartServer', () => startAgain(client, log)),
    vscode.commands.registerCommand('identity.showLog', () => log.show()),
  );
};

/** Also where the first start failed: then there is nothing to stop. A failure is in the log, and the view says so. */
async function startAgain(client: LanguageClient, log: vscode.LogOutputChannel): Promise<void> {
  try {
    await (client.state === State.Running ? client.restart() : client.start());
  } catch (error) {
    log.error(`The language server did not start: ${String(error)}`);
  }
}
