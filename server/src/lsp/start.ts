/** Starts the server on the transport that the process's arguments name (`--stdio`, `--node-ipc`, `--pipe=`, `--socket=`). */
import { setFlagsFromString } from 'node:v8';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { VERSION } from '../app/version.ts';
import { FEATURES } from './features.ts';
import { serve } from './server.ts';
import type { ServerOptions } from './session.ts';

/**
 * A server mostly waits for the next key. What V8 counts before it optimises a function (bytes of bytecode that ran) makes
 * the V8 of Node 20 compile for longer than it runs: with this one, starts, first keys and scans take a third less processor
 * time. From V8 12 on it waits as long by itself, and knows no such flag.
 */
function optimiseLater(): void {
  if (Number.parseInt(process.versions.v8, 10) < 12) setFlagsFromString('--interrupt-budget=1000000');
}

/**
 * Left alone, the heap grows to several times what is in use before V8 looks again, most of all while a large folder is read and
 * what was read turns to garbage. It is to grow by a quarter: that costs some processor time once, and less memory for good.
 */
function growSlowly(): void {
  setFlagsFromString('--heap-growing-percent=25');
}

/** Runs until the client says `exit` or goes away; both end the process. */
export function startLanguageServer(options: Pick<ServerOptions, 'trusted'>): void {
  optimiseLater();
  growSlowly();
  const connection = createConnection(ProposedFeatures.all);
  // Over node-IPC nobody closes a stream when the editor dies.
  process.once('disconnect', () => process.exit(1));
  serve(connection, FEATURES, { ...options, version: VERSION, now: Date.now });
  connection.listen();
}
