/**
 * All that rests on a project's records: inventory, unfinished actions, findings. Kept ready, so that an editor never
 * waits for them; read again after actions, when records or manifests change and when the words change with time.
 */
import type { InventoryRow, Overview, Project } from '../app/api.ts';
import type { BackendResource } from '../core/manifest/resource.ts';

/** Findings that manifests alone do not tell; the others are `Workspace.findings`, at once after each key. */
export interface Snapshot extends Overview {
  /** Backends whose login is missing, or whose address nobody confirmed. */
  readonly signIn: ReadonlySet<string>;
}

export interface ProjectState {
  /** Reads the folder and then all that rests on it, for the first time. Resolves when the manifests are read. */
  begin(): Promise<void>;
  /** At once from the cache; the first time it is waited for. */
  snapshot(signal: AbortSignal): Promise<Snapshot>;
  /** Rows as far as they are known while the folder is read for the first time; then those of `snapshot`. */
  rows(signal: AbortSignal): Promise<readonly InventoryRow[]>;
  /** How far the first reading is, in files; undefined when everything was read. */
  reading(): { readonly done: number; readonly total: number } | undefined;
  /** What was read last. Undefined when nothing was yet: reading begins, and `changed` follows if there are findings. */
  latest(): Snapshot | undefined;
  /**
   * Reads again; several calls meanwhile become one. True, after `changed` was called, if it is not what it was. `known`:
   * only texts of manifests changed, so records are not read from disk again.
   */
  refresh(events?: 'read' | 'known'): Promise<boolean>;
  close(): void;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** At 100,000 rows the words are at most this many seconds late: 100. */
const MS_PER_ROW = 1;
/** Below this the words count hours. */
const HOURS_BELOW_MS = 2 * DAY_MS;

export function projectState(
  project: Project,
  options: {
    readonly now: () => number;
    readonly changed: () => void;
    /** There are more rows, and not all of them yet. */
    readonly more: () => void;
    readonly failed: (error: unknown) => void;
  },
): ProjectState {
  const closed = new AbortController();
  let cached: Snapshot | undefined;
  let reading: Promise<boolean> | undefined;
  let timer: NodeJS.Timeout | undefined;

  /** Records may not be what they were when they were read last. */
  let stale = true;
  let begun = false;
  let first: readonly InventoryRow[] | undefined;
  const someRows = settable();
  const signIn = missingLogins(project, options.failed);

  const read = async (): Promise<Snapshot> => {
    const events = begun ? 'begun' : stale ? 'read' : 'known';
    // What is told of while the folder is read makes what is read then stale.
    if (events !== 'begun') stale = false;
    begun = false;
    try {
      const overview = await project.overview(closed.signal, events);
      return { ...overview, signIn: await signIn(events === 'known' ? 'known' : 'read') };
    } catch (error) {
      stale = true;
      throw error;
    }
  };
  const readOnce = (after?: Promise<void>): Promise<boolean> => {
    reading ??= (after ?? Promise.resolve())
      .then(read)
      .then((snapshot) => {
        const before = cached;
        cached = snapshot;
        const wereSome = first !== undefined;
        first = undefined;
        someRows.set();
        if (closed.signal.aborted) return false;
        wake(snapshot.rows, before?.rows);
        const changed =
          before === undefined ? wereSome || snapshot.findings.length > 0 : !sameSnapshot(before, snapshot);
        if (changed) options.changed();
        return changed;
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
  const refresh = async (events: 'read' | 'known' = 'read'): Promise<boolean> => {
    if (events === 'read') stale = true;
    try {
      // One that is under way may have read before what happened just now.
      if (reading !== undefined) await reading;
      return closed.signal.aborted ? false : await readOnce();
    } catch (error) {
      if (!closed.signal.aborted) options.failed(error);
      return false;
    }
  };
  let wakeAt = Number.POSITIVE_INFINITY;
  /** Rows that were there before wake as they did before: to look at the ends of all would cost more than the edit of one. */
  const wake = (rows: readonly InventoryRow[], before: readonly InventoryRow[] | undefined): void => {
    const now = options.now();
    const isSame = before?.length === rows.length && wakeAt > now;
    const others = isSame ? rows.filter((row, place) => row !== before[place]) : rows;
    const soonest = now + Math.max(untilWordsChange(others, now), calm(rows));
    wakeAt = isSame ? Math.min(wakeAt, soonest) : soonest;
    clearTimeout(timer);
    timer = setTimeout(() => {
      wakeAt = Number.POSITIVE_INFINITY;
      void refresh();
    }, wakeAt - now);
    timer.unref();
  };

  return {
    begin() {
      const folder = project.begin(closed.signal, (rows) => {
        if (cached !== undefined || closed.signal.aborted) return;
        first = rows;
        someRows.set();
        options.more();
      });
      begun = true;
      stale = false;
      readOnce(folder).catch((error: unknown) => {
        // Whoever waits for the folder is told why it cannot be read.
        if (!closed.signal.aborted)
          folder.then(
            () => options.failed(error),
            () => undefined,
          );
      });
      return folder;
    },
    async rows(signal) {
      if (cached === undefined && first === undefined) {
        // Whichever comes first: some rows, all of them, or why there are none.
        await Promise.race([someRows.done, readOnce()]);
      }
      signal.throwIfAborted();
      return cached?.rows ?? first ?? [];
    },
    reading() {
      if (cached !== undefined) return undefined;
      // The last of it is what rests on all files together.
      return project.workspace.reading() ?? { done: 1, total: 1 };
    },
    async snapshot(signal) {
      if (cached === undefined) await readOnce();
      signal.throwIfAborted();
      return cached ?? { rows: [], unfinished: [], findings: [], signIn: new Set() };
    },
    latest() {
      if (cached === undefined && reading === undefined) void refresh();
      return cached;
    },
    refresh,
    close() {
      clearTimeout(timer);
      closed.abort();
    },
  };
}

function settable(): { readonly done: Promise<void>; set(): void } {
  let set = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    set = resolve;
  });
  return { done, set: () => set() };
}

/** Looked up on this machine, of each backend once until something else than its manifest may have changed. */
function missingLogins(
  project: Project,
  failed: (error: unknown) => void,
): (events: 'read' | 'known') => Promise<ReadonlySet<string>> {
  let seen = new Map<BackendResource, boolean>();
  return async (events) => {
    const before = events === 'read' ? new Map<BackendResource, boolean>() : seen;
    const now = new Map<BackendResource, boolean>();
    for (const backend of project.trusted ? project.workspace.index().backends() : []) {
      if (!backend.usable) continue;
      now.set(backend, before.get(backend) ?? (await isMissing(project, backend.name, failed)));
    }
    seen = now;
    return new Set([...now].flatMap(([{ name }, missing]) => (missing ? [name] : [])));
  };
}

async function isMissing(
  project: Project,
  backend: string,
  failed: (error: unknown) => void,
): Promise<boolean> {
  try {
    const standing = await project.logins.standing(backend);
    return standing === 'unconfirmed' || standing === 'missing';
  } catch (error) {
    failed(error);
    return false;
  }
}

/** Of tens of thousands of rows some word changes every few seconds, and each time all of them are made again. */
function calm(rows: readonly InventoryRow[]): number {
  return rows.length * MS_PER_ROW;
}

/** Days left are whole 24-hour units before the end, hours below 48: when does the first of them become another number? */
export function untilWordsChange(rows: readonly InventoryRow[], now: number): number {
  let soonest = DAY_MS;
  const consider = (text: string | null): void => {
    if (text === null) return;
    const left = Date.parse(text) - now;
    const unit = Math.abs(left) < HOURS_BELOW_MS ? HOUR_MS : DAY_MS;
    const within = ((left % unit) + unit) % unit;
    soonest = Math.min(soonest, within === 0 ? unit : within);
  };
  for (const { notAfter, renewAfter } of rows) {
    consider(notAfter);
    consider(renewAfter);
  }
  // A little later than the moment itself, so that the clock has surely passed it.
  return Math.max(1000, soonest + 50);
}

/** Rows of manifests that did not change are the same objects. */
function sameSnapshot(a: Snapshot, b: Snapshot): boolean {
  return (
    sameItems(a.rows, b.rows) &&
    sameItems(a.unfinished, b.unfinished) &&
    sameItems(a.findings, b.findings) &&
    [...a.signIn].join() === [...b.signIn].join()
  );
}

function sameItems(a: readonly object[], b: readonly object[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let place = 0; place < a.length; place += 1) {
    const one = a[place];
    const other = b[place];
    if (one !== other && JSON.stringify(one) !== JSON.stringify(other)) return false;
  }
  return true;
}
