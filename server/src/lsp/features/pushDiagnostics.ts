import { diagnosticsOf, resultIdOf } from '../diagnostics.ts';
import { findingsByFile, findingsOfFile } from '../projectFindings.ts';
import type { OpenedProject } from '../projects.ts';
import type { Feature } from '../table.ts';

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

    const publish = (
      opened: OpenedProject,
      uri: string,
      findings: Parameters<typeof diagnosticsOf>[2],
    ): void => {
      const version = session.documents.get(uri)?.version;
      const diagnostics = diagnosticsOf(session, opened, findings);
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
    const publishOne = async (opened: OpenedProject, uri: string): Promise<void> => {
      const path = opened.pathOf(uri);
      const version = session.documents.get(uri)?.version;
      if (path === undefined) return;
      const findings = await findingsOfFile(opened, path, { signal: never, asKnown: true });
      // Typed on meanwhile: the next change publishes.
      if (session.documents.get(uri)?.version === version) publish(opened, uri, findings);
    };
    const publishAll = async (opened: OpenedProject): Promise<void> => {
      const byFile = await findingsByFile(opened, never);
      for (const [path, findings] of byFile) publish(opened, opened.uriOf(path), findings);
      // A file that is gone takes its diagnostics along.
      for (const uri of published.keys()) {
        const path = opened.pathOf(uri);
        if (path !== undefined && !byFile.has(path)) publish(opened, uri, []);
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
  },
};
