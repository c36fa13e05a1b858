/** Progress that the editor shows, with a button that stops the action between two steps. */
import { randomUUID } from 'node:crypto';
import type { ProgressToken } from 'vscode-languageserver/node';
import type { ActionObserver } from '../app/api.ts';
import type { Session } from './session.ts';

export interface Progress {
  /** Aborted by the request's cancellation, by the progress's button and by `shutdown`. */
  readonly signal: AbortSignal;
  readonly observer: ActionObserver;
  /** Of several actions: how far they are together, in place of what `observer` says of one. */
  report(message: string, share: number): void;
}

export interface ProgressOptions {
  readonly title: string;
  /** The client's own; without one the server creates it where the client can show it. */
  readonly token: ProgressToken | undefined;
  readonly signal: AbortSignal;
}

export async function withProgress<T>(
  session: Session,
  { title, token: given, signal }: ProgressOptions,
  work: (progress: Progress) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const token = given ?? randomUUID();
  // Before the client knows of it: its button may be pressed at once.
  session.running.set(token, stop);
  const shown = given !== undefined || (await created(session, String(token)));
  const both = AbortSignal.any([signal, stop.signal]);
  const observer: ActionObserver = {
    reached(point, plan) {
      if (!shown || point.at !== 'step-journaled') return;
      const total = plan.steps.length;
      session.client.progress(token, {
        kind: 'report',
        message: both.aborted
          ? 'stopping after this step'
          : `${point.step.n}/${total} ${point.step.consequence}`,
        percentage: Math.round(((point.step.n - 1) * 100) / Math.max(1, total)),
      });
    },
  };
  const report = (message: string, share: number): void => {
    if (!shown) return;
    const said = both.aborted ? 'stopping after this step' : message;
    session.client.progress(token, { kind: 'report', message: said, percentage: Math.round(share * 100) });
  };
  if (shown) session.client.progress(token, { kind: 'begin', title, cancellable: true, percentage: 0 });
  try {
    return await session.track(work({ signal: both, observer, report }));
  } finally {
    session.running.delete(token);
    if (shown) session.client.progress(token, { kind: 'end' });
  }
}

async function created(session: Session, token: string): Promise<boolean> {
  if (!session.client.createsProgress) return false;
  try {
    await session.client.createProgress(token);
    return true;
  } catch {
    // LSP: when it cannot be created, nothing is reported with it.
    return false;
  }
}
