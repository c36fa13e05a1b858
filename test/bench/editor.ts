/** An editor at one server's other end: opens, types, asks, and counts what the server uses meanwhile. */
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { type LspClient, startClient } from '../support/lspClient.ts';
import type { Candidate } from './candidates.ts';
import { cpuOf, memoryOf } from './usage.ts';

export interface Edit {
  readonly line: number;
  readonly character: number;
  /** Characters that are replaced. */
  readonly length: number;
  readonly text: string;
}

export interface Editor {
  readonly client: LspClient;
  readonly capabilities: { readonly completionProvider?: unknown };
  /** Of `initialize`: from the start of the process to its answer. */
  readonly initialize: { readonly wall: number; readonly cpu: number };
  readonly started: number;
  cpu(): number;
  memory(): { readonly now: number; readonly peak: number };
  open(uri: string, text: string): void;
  change(uri: string, edit: Edit): void;
  /** All of the text is another one. */
  replace(uri: string, text: string): void;
  /** Number of diagnostics as soon as they are `right`. */
  diagnostics(uri: string, right: (count: number) => boolean): Promise<number>;
  hover(uri: string, line: number, character: number): Promise<unknown>;
  completion(uri: string, line: number, character: number): Promise<unknown>;
  stop(): Promise<void>;
}

interface Published {
  readonly uri: string;
  readonly diagnostics: readonly unknown[];
}

export async function startEditor(
  candidate: Candidate,
  folder: string,
  stateHome: string,
  node: readonly string[] = [],
): Promise<Editor> {
  const started = performance.now();
  const folderUri = pathToFileURL(folder).href;
  const client = await startClient({
    args: [...node, ...candidate.args],
    bare: true,
    env: { IDAC_STATE_HOME: stateHome },
    answers: {
      'workspace/configuration': (params) =>
        (params as { items: { section: string }[] }).items.map(
          ({ section }) => candidate.configuration[section] ?? null,
        ),
      'client/registerCapability': () => null,
      'client/unregisterCapability': () => null,
      'workspace/codeLens/refresh': () => null,
      'workspace/diagnostic/refresh': () => null,
      'window/workDoneProgress/create': () => null,
    },
  });
  const pid = client.process.pid ?? 0;
  const initialized = await client.request<{ capabilities: Editor['capabilities'] }>('initialize', {
    processId: process.pid,
    rootUri: folderUri,
    workspaceFolders: [{ uri: folderUri, name: 'bench' }],
    capabilities: {
      textDocument: {
        ...(candidate.pulls ? { diagnostic: {} } : {}),
        publishDiagnostics: { relatedInformation: true },
        hover: { contentFormat: ['markdown', 'plaintext'] },
        completion: { completionItem: { snippetSupport: true } },
      },
      workspace: {
        workspaceFolders: true,
        configuration: true,
        ...(candidate.pulls ? { diagnostics: { refreshSupport: true } } : {}),
      },
    },
  });
  const initialize = { wall: performance.now() - started, cpu: cpuOf(pid) };
  client.notify('initialized', {});
  const versions = new Map<string, number>();
  const resultIds = new Map<string, string>();
  const counts = new Map<string, number>();
  const seen = new Set<Published>();

  const note = (uri: string): void => {
    for (const { params } of client.received('textDocument/publishDiagnostics')) {
      const published = params as Published;
      if (published.uri === uri) seen.add(published);
    }
  };
  const changed = (uri: string, change: object): void => {
    note(uri);
    const version = (versions.get(uri) ?? 1) + 1;
    versions.set(uri, version);
    client.notify('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [change],
    });
  };
  const pull = async (uri: string): Promise<number> => {
    const previousResultId = resultIds.get(uri);
    const report = await client.request<{ kind: string; resultId?: string; items?: unknown[] }>(
      'textDocument/diagnostic',
      { textDocument: { uri }, ...(previousResultId === undefined ? {} : { previousResultId }) },
    );
    if (report.resultId !== undefined) resultIds.set(uri, report.resultId);
    const count = report.items?.length ?? counts.get(uri) ?? 0;
    counts.set(uri, count);
    return count;
  };
  return {
    client,
    capabilities: initialized.capabilities,
    initialize,
    started,
    cpu: () => cpuOf(pid),
    memory: () => memoryOf(pid),
    open(uri, text) {
      versions.set(uri, 1);
      const textDocument = {
        uri,
        languageId: candidate.pulls ? 'identity-yaml' : 'yaml',
        version: 1,
        text,
      };
      client.notify('textDocument/didOpen', { textDocument });
    },
    change(uri, { line, character, length, text }) {
      const range = { start: { line, character }, end: { line, character: character + length } };
      changed(uri, { range, text });
    },
    replace: (uri, text) => changed(uri, { text }),
    async diagnostics(uri, right) {
      if (!candidate.pulls) {
        const { diagnostics } = await client.next<Published>(
          'textDocument/publishDiagnostics',
          (params) => params.uri === uri && !seen.has(params) && right(params.diagnostics.length),
        );
        return diagnostics.length;
      }
      for (;;) {
        const count = await pull(uri);
        if (right(count)) return count;
        await pause(5);
      }
    },
    hover: (uri, line, character) =>
      client.request('textDocument/hover', { textDocument: { uri }, position: { line, character } }),
    completion: (uri, line, character) =>
      client.request('textDocument/completion', { textDocument: { uri }, position: { line, character } }),
    async stop() {
      // Measuring is over; a server that is slow to say goodbye is not waited for.
      const gone = client.exited();
      await Promise.race([client.stop(), pause(3000)]);
      client.process.kill('SIGKILL');
      await gone;
    },
  };
}
