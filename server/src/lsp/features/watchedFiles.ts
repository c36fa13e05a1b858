import { DidChangeWatchedFilesNotification } from 'vscode-languageserver/node';
import { CERTIFICATE_EXTENSIONS } from '../../core/credential/certificateFileName.ts';
import { NOT_SECRETS_FILE } from '../../core/secrets/notSecrets/fileName.ts';
import { type Feature, onNotification } from '../table.ts';

const WATCHED = [
  '**/*.{yaml,yml}',
  '**/*.identity.json',
  '**/.identity/**',
  // What trust bundles name.
  `**/*.{${CERTIFICATE_EXTENSIONS.join(',')}}`,
];

/** Manifests and records change outside the editor too: git, the command line, another window. */
export const watchedFiles: Feature = {
  rows: [
    onNotification(DidChangeWatchedFilesNotification.type, ({ changes }, session) => {
      const uris = changes.map((change) => change.uri);
      if (uris.some((uri) => uri.endsWith(`/${NOT_SECRETS_FILE}`))) {
        session.texts.forgetFacts();
        session.client.refreshDiagnostics();
      }
      return session.projects.filesChanged(uris);
    }),
  ],
  start(session) {
    if (!session.client.registersWatchers) return;
    const watchers = WATCHED.map((globPattern) => ({ globPattern }));
    session.client
      .register([
        { id: 'idac.watch', method: DidChangeWatchedFilesNotification.method, registerOptions: { watchers } },
      ])
      .catch((error: unknown) => session.client.log(`watched files: ${String(error)}`));
  },
};
