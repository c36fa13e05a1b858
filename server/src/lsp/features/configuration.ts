import { DidChangeConfigurationNotification } from 'vscode-languageserver/node';
import { registerFiles } from '../registerFiles.ts';
import type { Session } from '../session.ts';
import { readSettings, SECTION } from '../settings.ts';
import { type Feature, onNotification } from '../table.ts';

/** Settings are asked for where the client can be asked; else they come with the notification. */
export const configuration: Feature = {
  rows: [
    onNotification(DidChangeConfigurationNotification.type, ({ settings }, session) => {
      if (session.client.hasConfiguration) return pull(session);
      if (typeof settings === 'object' && settings !== null && SECTION in settings) {
        apply(session, settings[SECTION]);
      }
      return undefined;
    }),
  ],
  start(session) {
    if (session.client.registersConfiguration) {
      session.client
        .register([
          {
            id: 'idac.configuration',
            method: DidChangeConfigurationNotification.method,
            registerOptions: { section: SECTION },
          },
        ])
        .catch((error: unknown) => session.client.log(`configuration: ${String(error)}`));
    }
    const known = session.client.hasConfiguration ? pull(session) : Promise.resolve();
    known
      .catch((error: unknown) => session.client.log(`configuration: ${String(error)}`))
      // Which files the client is asked for is one of the settings.
      .finally(() => registerFiles(session));
  },
};

async function pull(session: Session): Promise<void> {
  const given = await session.client.configuration(SECTION);
  if (given !== null && given !== undefined) apply(session, given);
}

/** What is shown already is asked for again only where its setting changed. */
function apply(session: Session, given: unknown): void {
  const before = session.settings();
  const now = readSettings(given);
  session.configure(now);
  if (JSON.stringify(before.codeLens) !== JSON.stringify(now.codeLens)) session.client.refreshLenses();
  if (
    before.secrets.whileTyping !== now.secrets.whileTyping ||
    before.certificates.lint !== now.certificates.lint
  ) {
    registerFiles(session);
    session.client.refreshDiagnostics();
    session.client.refreshLenses();
  }
  if (before.inlayHints.enabled !== now.inlayHints.enabled) session.client.refreshInlayHints();
}
