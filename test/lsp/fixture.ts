/** A small project in a folder of its own, open in a language client. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Sandbox, sandbox } from '../support/idac.ts';
import { type ClientOptions, type LspClient, type Range, startClient } from '../support/lspClient.ts';

export const BACKEND = `apiVersion: identity-as-code/v1
kind: Backend
metadata:
  name: local-ca
spec:
  type: local
  owner: { team: platform, contact: platform@example.com }
  authority:
    commonName: Test Internal
    maximumDuration: 90d
    crl: { path: pki/ca.crl.pem, lifetime: 7d }
`;
export const WEB = `apiVersion: identity-as-code/v1
kind: Certificate
metadata:
  name: web
spec:
  owner: { team: shop, contact: shop@example.com }
  usages: [serverAuth]
  dnsNames: [shop.example.com]
  issuer: local-ca
  duration: 47d
  deliverTo:
    - { backend: local-ca, path: tls/web.pem, contents: [chain] }
    - { backend: local-ca, path: tls/web.key.pem, contents: [privateKey] }
`;
const FILES: Readonly<Record<string, string>> = {
  'ca.identity.yaml': BACKEND,
  'web.identity.yaml': WEB,
  '.gitignore': '*.key.pem\n',
};
export const IDENTITY = 'Certificate/default/web';

/** What a modern client announces; parts are left out by spreading over it. */
export const CAPABILITIES = {
  textDocument: {
    diagnostic: { relatedDocumentSupport: false },
    publishDiagnostics: { relatedInformation: true },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } },
  },
  workspace: {
    workspaceEdit: { documentChanges: true },
    workspaceFolders: true,
    configuration: true,
    didChangeWatchedFiles: { dynamicRegistration: true },
    didChangeConfiguration: { dynamicRegistration: true },
    codeLens: { refreshSupport: true },
    diagnostics: { refreshSupport: true },
  },
  window: { workDoneProgress: true, showDocument: { support: true } },
};
/** A client that has the confirmation dialog. */
export const CONFIRMING = { ...CAPABILITIES, experimental: { identityConfirm: true } };

export interface Lens {
  range: Range;
  command?: { title: string; command: string; arguments?: unknown[] };
}
export interface Diagnostic {
  range: Range;
  severity: number;
  code: string;
  source: string;
  message: string;
  codeDescription: { href: string };
  relatedInformation?: unknown[];
  data?: unknown;
}
export interface Report {
  kind: 'full' | 'unchanged';
  resultId: string;
  items: Diagnostic[];
}
export interface Outcome {
  result: { refused?: boolean; code?: string; hint?: string; state?: string; planId?: string };
  message: string;
  severity: string;
  files: string[];
  resume: { planId: string; undoable: boolean } | null;
  signIn: { backend: string } | null;
}

export interface Fixture {
  readonly client: LspClient;
  readonly box: Sandbox;
  uri(file: string): string;
  write(file: string, text: string): void;
  read(file: string): string;
  open(file: string, text?: string, languageId?: string): void;
  change(file: string, version: number, changes: readonly object[]): void;
  pull(file: string, previousResultId?: string): Promise<Report>;
  lenses(file: string): Promise<readonly Lens[]>;
  lensTitles(file: string): Promise<readonly string[]>;
  run<T = Outcome>(command: string, argument: object, more?: object): Promise<T>;
  end(): Promise<void>;
}

export interface FixtureOptions extends Omit<ClientOptions, 'folders'> {
  readonly files?: Readonly<Record<string, string>>;
  readonly trusted?: boolean;
  /** Another server in the folder of one that ended. */
  readonly box?: Sandbox;
  /** Without it the sandbox's passphrase is in the server's environment. */
  readonly withoutPassphrase?: boolean;
}

export async function openFixture(options: FixtureOptions = {}): Promise<Fixture> {
  const box = options.box ?? sandbox();
  const write = (file: string, text: string): void => {
    const place = path.join(box.folder, file);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, text);
  };
  if (options.box === undefined) {
    for (const [file, text] of Object.entries({ ...FILES, ...options.files })) write(file, text);
  }
  const uri = (file: string): string => pathToFileURL(path.join(box.folder, file)).href;
  const client = await startClient({
    capabilities: CAPABILITIES,
    ...options,
    folders: [pathToFileURL(box.folder).href],
    initializationOptions: { trusted: options.trusted ?? true, ...options.initializationOptions },
    env: {
      IDAC_STATE_HOME: box.stateHome,
      IDAC_PASSPHRASE: options.withoutPassphrase === true ? '' : box.passphrase,
      ...options.env,
    },
    answers: {
      'window/workDoneProgress/create': () => null,
      'workspace/codeLens/refresh': () => null,
      'workspace/diagnostic/refresh': () => null,
      'client/registerCapability': () => null,
      'workspace/configuration': () => [null],
      ...options.answers,
    },
  });
  const fixture: Fixture = {
    client,
    box,
    uri,
    write,
    read: (file) => readFileSync(path.join(box.folder, file), 'utf8'),
    open: (file, text, languageId = 'identity-yaml') =>
      client.notify('textDocument/didOpen', {
        textDocument: {
          uri: uri(file),
          languageId,
          version: 1,
          text: text ?? readFileSync(path.join(box.folder, file), 'utf8'),
        },
      }),
    change: (file, version, contentChanges) =>
      client.notify('textDocument/didChange', { textDocument: { uri: uri(file), version }, contentChanges }),
    pull: (file, previousResultId) =>
      client.request('textDocument/diagnostic', {
        textDocument: { uri: uri(file) },
        ...(previousResultId === undefined ? {} : { previousResultId }),
      }),
    async lenses(file) {
      // Lenses wait for nothing: an editor asks again when it is told to. Here they are asked for once there is more to see.
      await client.request('identity/inventory', { uri: pathToFileURL(box.folder).href });
      return client.request('textDocument/codeLens', { textDocument: { uri: uri(file) } });
    },
    lensTitles: async (file) => (await fixture.lenses(file)).map((lens) => lens.command?.title ?? ''),
    run: (command, argument, more = {}) =>
      client.request('workspace/executeCommand', { command, arguments: [argument], ...more }),
    async end() {
      await client.stop();
      box.remove();
    },
  };
  return fixture;
}
