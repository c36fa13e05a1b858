/**
 * All that rests on a project's records: inventory, unfinished actions, findings. Kept ready, so that an editor never
 * waits for them; read again after actions, when records or manifests change and when the words change with time.
 */
import type { InventoryRow, Project, UnfinishedAction } from '../app/api.ts';
import type { Finding } from '../core/finding.ts';

export interface Snapshot {
  readonly rows: readonly InventoryRow[];
  readonly unfinished: readonly UnfinishedAction[];
  /** Those that manifests alone do not tell; the others are `Workspace.findings`, at once after each key. */
  readonly findings: readonly Finding[];
}

export interface ProjectState {
  /** At once from the cache; only the first time it is read. */
  snapshot(signal: AbortSignal): Promise<Snapshot>;
  /** What was read last. Undefined when nothing was yet: reading begins, and `changed` follows if there are findings. */
  latest(): Snapshot | undefined;
  /** Reads again; several calls meanwhile become one. True, after `changed` was called, if it is not what it was. */
  refresh(): Promise<boolean>;
  close(): void;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Below this the words count hours. */
const HOURS_BELOW_MS = 2 * DAY_MS;

export function projectState(
  project: Project,
  options: {
    readonly now: () => number;
    readonly changed: () => void;
    readonly failed: (error: unknown) => void;
  },
): ProjectState {
  const closed = new AbortController();
  let cached: Snapshot | undefined;
  let reading: Promise<boolean> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const read = async (): Promise<Snapshot> => {
    const rows = await project.inventory(closed.signal);
    // The journal is the user's; an untrusted folder has no business with it.
    const unfinished = project.trusted ? await project.actions.unfinished(closed.signal) : [];
    return { rows, unfinished, findings: await recordFindings(project, closed.signal) };
  };
  const readOnce = (): Promise<boolean> => {
    reading ??= read()
      .then((snapshot) => {
        const before = cached;
        cached = snapshot;
        if (closed.signal.aborted) return false;
        wake(snapshot.rows);
        const changed =
          before === undefined
            ? snapshot.findings.length > 0
            : JSON.stringify(before) !== JSON.stringify(snapshot);
        if (changed) options.changed();
        return changed;
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
  const refresh = async (): Promise<boolean> => {
    try {
      // One that is under way may have read before what happened just now.
      if (reading !== undefined) await reading;
      return closed.signal.aborted ? false : await readOnce();
    } catch (error) {
      if (!closed.signal.aborted) options.failed(error);
      return false;
    }
  };
  const wake = (rows: readonly InventoryRow[]): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void refresh(), untilWordsChange(rows, options.now()));
    timer.unref();
  };

  return {
    async snapshot(signal) {
      if (cached === undefined) await readOnce();
      signal.throwIfAborted();
      return cached ?? { rows: [], unfinished: [], findings: [] };
    },
    latest() {
      if (cached === undefined) void refresh();
      return cached;
    },
    refresh,
    close() {
      clearTimeout(timer);
      closed.abort();
    },
  };
}

/** Days left are whole 24-hour units before the end, hours below 48: when does the first of them become another number? */
export function untilWordsChange(rows: readonly InventoryRow[], now: number): number {
  let soonest = DAY_MS;
  for (const row of rows) {
    const moments = [row.notAfter, row.renewAfter].flatMap((text) =>
      text === null ? [] : [Date.parse(text) - now],
    );
    for (const left of moments) {
      const unit = Math.abs(left) < HOURS_BELOW_MS ? HOUR_MS : DAY_MS;
      const within = ((left % unit) + unit) % unit;
      soonest = Math.min(soonest, within === 0 ? unit : within);
    }
  }
  // A little later than the moment itself, so that the clock has surely passed it.
  return Math.max(1000, soonest + 50);
}

/** `check` gives all findings; those of manifests are the very objects that the workspace holds for that state of its texts. */
async function recordFindings(project: Project, signal: AbortSignal): Promise<readonly Finding[]> {
  for (;;) {
    const before = project.workspace.findings();
    const all = await project.check(signal);
    // Typed on meanwhile: which of them are whose can no longer be told.
    if (project.workspace.findings() !== before) continue;
    const ofManifests = new Set([...before.values()].flat());
    return all.filter((finding) => !ofManifests.has(finding));
  }
}
