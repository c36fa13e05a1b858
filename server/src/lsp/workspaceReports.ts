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

/** Diagnostics that are told together: thousands in one message would hold up whatever is asked meanwhile. */
const MOST_TOGETHER = 200;

type Reports = WorkspaceDocumentDiagnosticReport[];

/**
 * Files that are not as the results in `previous` have them; those that are not left to `tell`, which gets them as they are
 * found. Rejects when the call is cancelled.
 */
export async function workspaceReports(
  previous: readonly PreviousResultId[],
  { session, signal }: Call,
  tell?: (reports: Reports) => void,
): Promise<Reports> {
  for (;;) {
    // Heard from here on: what changes while it is looked at is looked at again.
    const change = nextChange(session, signal);
    try {
      const projects = await session.projects.all();
      const news = openNews(tell);
      const left = new Map(previous.map(({ uri, value }) => [uri, value]));
      const turn = turns(signal);
      const giveWay = async (): Promise<void> => {
        await turn();
        // Of what is typed now the open files are asked for first, and it may be typed on.
        if (change.wasTyped()) await pause(PAUSE_MS, undefined, { signal });
      };
      for (const opened of projects) await lookForNews(session, opened, left, { news, giveWay, signal });
      for (const uri of left.keys()) news.add(nothingFoundIn(uri));
      if (news.isAny() || !answered.has(session)) {
        answered.add(session);
        return news.rest();
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

interface News {
  add(report: WorkspaceDocumentDiagnosticReport): void;
  /** What was not told yet. */
  rest(): Reports;
  isAny(): boolean;
}

function openNews(tell?: (reports: Reports) => void): News {
  let reports: Reports = [];
  let diagnostics = 0;
  let isAny = false;
  return {
    add(report) {
      isAny = true;
      reports.push(report);
      diagnostics += report.kind === 'full' ? report.items.length : 0;
      if (tell === undefined || diagnostics < MOST_TOGETHER) return;
      tell(reports);
      reports = [];
      diagnostics = 0;
    },
    rest: () => reports,
    isAny: () => isAny,
  };
}

/** Takes out of `left` what is in this project and there still. */
async function lookForNews(
  session: Session,
  opened: OpenedProject,
  left: Map<string, string>,
  {
    news,
    giveWay,
    signal,
  }: { readonly news: News; readonly giveWay: () => Promise<void>; readonly signal: AbortSignal },
): Promise<void> {
  const byFile = await findingsByFile(opened, signal);
  const spoken = spokenOf.get(opened) ?? new Map<string, string>();
  spokenOf.set(opened, spoken);
  const known = new Map<string, string>();
  for (const [uri, resultId] of left) {
    // An editor may spell an address otherwise than we do.
    const path = spoken.get(uri) ?? opened.pathOf(uri);
    if (path === undefined || !byFile.paths.has(path)) continue;
    known.set(path, resultId);
    left.delete(uri);
  }
  const open = openPaths(session, opened);
  for (const path of byFile.paths) {
    await giveWay();
    const findings = byFile.of(path);
    const before = known.get(path);
    if (findings.length === 0 && before === undefined) continue;
    const items = diagnosticsOf(session, opened, findings, open);
    const resultId = resultIdOf(items);
    if (resultId === before) continue;
    const uri = opened.uriOf(path);
    spoken.set(uri, path);
    const version = session.documents.get(uri)?.version ?? null;
    news.add(
      items.length === 0
        ? { ...nothingFoundIn(uri), version }
        : { kind: 'full', uri, version, resultId, items },
    );
  }
}

/** Without a result id: the editor need not speak of it again either. */
function nothingFoundIn(uri: string): WorkspaceDocumentDiagnosticReport {
  return { kind: 'full', uri, version: null, items: [] };
}

/** `wasTyped`: a text changed since that was asked last. */
function nextChange(
  session: Session,
  signal: AbortSignal,
): { readonly happened: Promise<void>; wasTyped(): boolean; forget(): void } {
  let forget = (): void => undefined;
  let isTyped = false;
  const happened = new Promise<void>((resolve, reject) => {
    const cancelled = (): void => reject(signal.reason);
    const unsubscribe = session.onChange(({ what }) => {
      if (what === 'text') isTyped = true;
      resolve();
    });
    signal.addEventListener('abort', cancelled, { once: true });
    forget = () => {
      unsubscribe();
      signal.removeEventListener('abort', cancelled);
    };
  });
  // Cancelled while nobody waits for it: the work itself notices.
  happened.catch(() => undefined);
  const wasTyped = (): boolean => {
    const was = isTyped;
    isTyped = false;
    return was;
  };
  return { happened, wasTyped, forget };
}
