import type { Diagnostic } from 'vscode-languageserver/node';
import { turns } from '../../app/workspaceScan.ts';
import { diagnosticsOf, resultIdOf } from '../diagnostics.ts';
import { findingsByFile, findingsOfFile } from '../projectFindings.ts';
import type { OpenedProject } from '../projects.ts';
import type { Feature } from '../table.ts';
import { textDiagnostics } from '../textDiagnostics.ts';

/** Facts that reach across files wait for a pause in the typing. */
const PAUSE_MS = 300;

/** Diagnostics for clients that do not pull: the changed document at once, all others after a pause. */
export const pushDiagnostics: Feature = {
  rows: [],
  start(session) {
    if (session.client.pullsDiagnostics) return;
    const published = new Map<string, string>();
    const pauses = new Map<string, NodeJS.Timeout>();
    const never = new AbortController().signal;
    const guarded = (work: Promise<void>): void =>
      void work.catch((error: unknown) => session.client.log(`diagnostics: ${String(error)}`));
    const versionOf = (uri: string): number | undefined =>
      session.documents.get(uri)?.version ?? session.texts.version(uri);

    const publish = (uri: string, diagnostics: Diagnostic[]): void => {
      const version = versionOf(uri);
      const shown = `${version ?? 'disk'} ${resultIdOf(diagnostics)}`;
      // Nothing was ever shown for it, and there is nothing to show.
      if (
        published.get(uri) === shown ||
        (version === undefined && diagnostics.length === 0 && !published.has(uri))
      ) {
        return;
      }
      published.set(uri, shown);
      session.client.publish({ uri, diagnostics, ...(version === undefined ? {} : { version }) });
    };
    /** Unless it was typed on meanwhile: the next change publishes. */
    const publishOne = async (opened: OpenedProject | undefined, uri: string): Promise<void> => {
      const path = opened?.pathOf(uri);
      const version = versionOf(uri);
      const findings =
        opened === undefined || path === undefined
          ? []
          : await findingsOfFile(opened, path, { signal: never, asKnown: true });
      const ofText = await textDiagnostics(session, uri);
      if (versionOf(uri) !== version) return;
      publish(uri, [...(opened === undefined ? [] : diagnosticsOf(session, opened, findings)), ...ofText]);
    };
    const publishAll = async (opened: OpenedProject): Promise<void> => {
      const byFile = await findingsByFile(opened, never);
      const turn = turns(never);
      for (const path of byFile.paths) {
        await turn();
        const uri = opened.uriOf(path);
        if (session.texts.version(uri) !== undefined) await publishOne(opened, uri);
        else publish(uri, diagnosticsOf(session, opened, byFile.of(path)));
      }
      for (const uri of published.keys()) {
        const path = opened.pathOf(uri);
        // A file that is gone takes its diagnostics along; others have only secrets, of whose identities there is news.
        if (path !== undefined && !byFile.paths.has(path)) await publishOne(undefined, uri);
      }
    };
    const soon = (opened: OpenedProject, pause: number): void => {
      clearTimeout(pauses.get(opened.root));
      const timer = setTimeout(() => guarded(publishAll(opened)), pause);
      timer.unref();
      pauses.set(opened.root, timer);
    };

    session.onChange((change) => {
      if (change.what === 'rows') return;
      if (change.what === 'text') guarded(publishOne(change.opened, change.uri));
      soon(change.opened, change.what === 'text' ? PAUSE_MS : 0);
    });
    const projectOfManifest = (uri: string): OpenedProject | undefined => {
      const opened = session.projects.around(uri);
      const path = opened?.pathOf(uri);
      const isManifest = path !== undefined && opened?.project.workspace.files().has(path) === true;
      return isManifest ? opened : undefined;
    };
    session.texts.onChange((uri) => {
      // That of a manifest is told by its project.
      if (projectOfManifest(uri) === undefined) guarded(publishOne(undefined, uri));
    });
    // Nobody who is pushed to asks again when a setting for open texts changes.
    session.onConfigured(() => {
      for (const uri of session.texts.uris()) guarded(publishOne(projectOfManifest(uri), uri));
    });
  },
};
