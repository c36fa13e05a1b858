/**
 * The answer to `workspace/diagnostic` (LSP 3.17). An editor asks again as soon as it was answered, so an answer costs what is
 * new: nothing is said of a file without findings or of one that is as it was, and while there is no news the answer waits.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { PreviousResultId, WorkspaceDocumentDiagnosticReport } from 'vscode-languageserver/node';
import { turns } from '../app/workspaceScan.ts';
import { diagnosticsOf, openPaths, resultIdOf } from './diagnostics.ts';
import { findingsByFile } from './projectFindings.ts';
import type { OpenedProject } from './projects.ts';
import type { Session } from './session.ts';
import type { Call } from './table.ts';

/** What a burst of changes brings is told at once. */
const PAUSE_MS = 300;

/** Sessions in which this was answered: whoever asks for the first time never waits, also where all is well. */
const answered = new WeakSet<Session>();

/** Files that are not as the results in `previous` have them. Rejects when the call is cancelled. */
export async function workspaceReports(
  previous: readonly PreviousResultId[],
  { session, signal }: Call,
): Promise<WorkspaceDocumentDiagnosticReport[]> {
  for (;;) {
    // Heard from here on: what changes while it is looked at is looked at again.
    const change = nextChange(session, signal);
    try {
      const projects = await session.projects.all();
      const reports: WorkspaceDocumentDiagnosticReport[] = [];
      const left = new Map(previous.map(({ uri, value }) => [uri, value]));
      for (const opened of projects) reports.push(...(await newsOf(session, opened, left, signal)));
      reports.push(...Array.from(left.keys(), nothingFoundIn));
      if (reports.length > 0 || !answered.has(session)) {
        answered.add(session);
        return reports;
      }
      await change.happened;
    } finally {
      change.forget();
    }
    await pause(PAUSE_MS, undefined, { signal });
  }
}

/** Addresses that were said before, with their paths: there may be thousands in each question. */
const spokenOf = new WeakMap<OpenedProject, Map<string, string>>();

/** Takes out of `left` what is in this project and there still. */
async function newsOf(
  session: Session,
  opened: OpenedProject,
  left: Map<string, string>,
  signal: AbortSignal,
): Promise<WorkspaceDocumentDiagnosticReport[]> {
  const byFile = await findingsByFile(opened, signal);
  const spoken = spokenOf.get(opened) ?? new Map<string, string>();
  spokenOf.set(opened, spoken);
  const known = new Map<string, string>();
  for (const [uri, resultId] of left) {
    // An editor may spell an address otherwise than we do.
    const path = spoken.get(uri) ?? opened.pathOf(uri);
    if (path === undefined || !byFile.has(path)) continue;
    known.set(path, resultId);
    left.delete(uri);
  }
  const open = openPaths(session, opened);
  const reports: WorkspaceDocumentDiagnosticReport[] = [];
  const turn = turns(signal);
  for (const [path, findings] of byFile) {
    await turn();
    const before = known.get(path);
    if (findings.length === 0 && before === undefined) continue;
    const items = diagnosticsOf(session, opened, findings, open);
    const resultId = resultIdOf(items);
    if (resultId === before) continue;
    const uri = opened.uriOf(path);
    spoken.set(uri, path);
    const version = session.documents.get(uri)?.version ?? null;
    reports.push(
      items.length === 0
        ? { ...nothingFoundIn(uri), version }
        : { kind: 'full', uri, version, resultId, items },
    );
  }
  return reports;
}

/** Without a result id: the editor need not speak of it again either. */
function nothingFoundIn(uri: string): WorkspaceDocumentDiagnosticReport {
  return { kind: 'full', uri, version: null, items: [] };
}

function nextChange(
  session: Session,
  signal: AbortSignal,
): { readonly happened: Promise<void>; forget(): void } {
  let forget = (): void => undefined;
  const happened = new Promise<void>((resolve, reject) => {
    const cancelled = (): void => reject(signal.reason);
    const unsubscribe = session.onChange(() => resolve());
    signal.addEventListener('abort', cancelled, { once: true });
    forget = () => {
      unsubscribe();
      signal.removeEventListener('abort', cancelled);
    };
  });
  // Cancelled while nobody waits for it: the work itself notices.
  happened.catch(() => undefined);
  return { happened, forget };
}
