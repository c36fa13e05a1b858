/** Starts the server on the transport that the process's arguments name (`--stdio`, `--node-ipc`, `--pipe=`, `--socket=`). */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { VERSION } from '../app/version.ts';
import { FEATURES } from './features.ts';
import { serve } from './server.ts';
import type { ServerOptions } from './session.ts';

/** Runs until the client says `exit` or goes away; both end the process. */
export function startLanguageServer(options: Pick<ServerOptions, 'trusted'>): void {
  const connection = createConnection(ProposedFeatures.all);
  // Over node-IPC nobody closes a stream when the editor dies.
  process.once('disconnect', () => process.exit(1));
  serve(connection, FEATURES, { ...options, version: VERSION, now: Date.now });
  connection.listen();
}
