import { pathToFileURL } from 'node:url';
import { DidChangeWorkspaceFoldersNotification } from 'vscode-languageserver/node';
import { type Feature, onNotification } from '../table.ts';

/** Several folders in one window: each project root among them is a project of its own. */
export const workspaceFolders: Feature = {
  capabilities: () => ({ workspace: { workspaceFolders: { supported: true, changeNotifications: true } } }),
  rows: [
    onNotification(DidChangeWorkspaceFoldersNotification.type, async ({ event }, session) => {
      const removed = new Set(event.removed.map((folder) => new URL(folder.uri).href));
      const kept = session.projects.folders().map((folder) => pathToFileURL(folder).href);
      session.projects.setFolders([
        ...kept.filter((uri) => !removed.has(uri)),
        ...event.added.map((folder) => folder.uri),
      ]);
      await session.projects.restart();
      await session.projects.all();
    }),
  ],
  // Folders are read once the editor has its answer, so that the first lens need not wait for it.
  start: (session) => void session.projects.all(),
};
