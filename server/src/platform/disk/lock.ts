import { randomBytes } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BackendError } from '../../backends/errors.ts';
import { onDisk } from './diskError.ts';
import { errno, ifThere } from './errno.ts';
import { linkKept } from './keptDrafts.ts';
import { mayRun, ownProcess, type ProcessIdentity, parseMark } from './processIdentity.ts';

export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
  /** What it does, in words for a person. */
  readonly what: string;
}

/** Another process holds the lock. */
export class LockHeld extends BackendError {
  readonly holder: LockHolder;

  constructor(file: string, wanted: string, holder: LockHolder, isElsewhere: boolean) {
    super({
      kind: 'conflict',
      what: `cannot ${wanted}: process ${holder.pid} on ${holder.host} is busy with "${holder.what}" since ${holder.since}`,
      hint: isElsewhere
        ? `wait until it has ended and try again; if that computer or container is gone, delete ${file}`
        : 'wait until it has ended and try again',
      retryable: true,
    });
    this.holder = holder;
  }
}

interface LockFile extends LockHolder, Pick<ProcessIdentity, 'where' | 'start'> {
  /**
   * `<mark>.<random>`, unique to this one time of holding; of locks that are taken often, to this process. Either way one
   * that a dead process held never comes back.
   */
  readonly token: string;
}

interface LockOptions {
  /** How long to wait for another holder, in milliseconds. */
  readonly wait: 'no' | number;
  /** What is done under the lock, as an infinitive without "to": others read it when they have to wait. */
  readonly what: string;
  /**
   * For a lock of which this process takes many in one folder, or the same again and again: finished files for them are kept
   * there until the process ends. It is what others read who have to wait, and so the same for all of them.
   */
  readonly often?: string;
}

/**
 * Runs `work` while no other process (and no other caller in this one) holds the lock `file`; throws `LockHeld`.
 * The file appears complete (hard link of a finished file, exclusive), so there is never a lock without a holder.
 * A dead holder's lock is taken over under a second lock that is named after that holder's token: tokens never come
 * back, so a slow thief that reads the lock again under the second lock sees that it came too late.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  options: LockOptions,
  signal: AbortSignal,
): Promise<T> {
  signal.throwIfAborted();
  const began = performance.now();
  const leave = await queueHere(file, options.wait, signal);
  const wait = options.wait === 'no' ? 'no' : Math.max(0, options.wait - (performance.now() - began));
  try {
    const release = await onDisk(file, async () => {
      if (!existsSync(path.dirname(file))) mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
      const kept = options.often === undefined ? undefined : await takeKept(file, options.often);
      if (kept === undefined) await acquire(file, file, { ...options, wait }, signal);
      return kept;
    });
    try {
      return await work();
    } finally {
      await onDisk(file, async () => ifThere(() => unlinkSync(file)));
      release?.();
    }
  } finally {
    leave();
  }
}

/** In a draft that is kept: when it is held, its file tells since when. */
const SINCE_LINKED = 'linked';

/** The last of this process's callers for each lock. */
const queues = new Map<string, Promise<void>>();

/**
 * Callers of one process wait for each other in memory, in their order: looking at the lock file again and again would
 * take a run with many jobs most of its time. Who has waited too long looks at the file, and is told who holds it.
 */
async function queueHere(file: string, wait: LockOptions['wait'], signal: AbortSignal): Promise<() => void> {
  if (wait === 'no') return () => undefined;
  const before = queues.get(file);
  let leave = (): void => undefined;
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const all = Promise.all([before, left]).then(() => {
    if (queues.get(file) === all) queues.delete(file);
  });
  queues.set(file, all);
  if (before !== undefined) {
    const enough = new AbortController();
    const tooLong = sleep(wait, undefined, { signal: AbortSignal.any([signal, enough.signal]) });
    try {
      await Promise.race([before, tooLong]);
    } catch (error) {
      leave();
      throw error;
    } finally {
      enough.abort();
      tooLong.catch(() => undefined);
    }
  }
  return leave;
}

/** Who holds the lock now; undefined when nobody does, or only a process that is gone. Takes nothing. */
export async function lockHolder(file: string): Promise<LockHolder | undefined> {
  const holder = await onDisk(file, () => readHolder(file));
  return holder !== undefined && (await mayRun(holder)) ? holder : undefined;
}

async function acquire(base: string, file: string, options: LockOptions, signal: AbortSignal): Promise<void> {
  const mine = await newHolder(options.what);
  const draft = `${base}.${mine.token}.draft`;
  writeFileSync(draft, JSON.stringify(mine), { flag: 'wx', mode: 0o600 });
  const deadline = options.wait === 'no' ? 0 : performance.now() + options.wait;
  let waited = false;
  try {
    for (let pause = 5; ; pause = Math.min(pause * 1.5, 100)) {
      if (linkNew(draft, file)) {
        if (waited && file === base) await sweep(base);
        return;
      }
      const holder = await readHolder(file);
      if (holder === undefined) continue;
      if (!(await mayRun(holder))) {
        if (await takeOver(base, file, holder, draft, signal)) return;
        continue;
      }
      if (performance.now() >= deadline) {
        throw new LockHeld(file, options.what, holder, holder.where !== mine.where);
      }
      waited = true;
      await sleep(pause + Math.random() * pause, undefined, { signal });
    }
  } finally {
    ifThere(() => unlinkSync(draft));
  }
}

/** True when this process holds `file` now. */
async function takeOver(
  base: string,
  file: string,
  dead: LockFile,
  draft: string,
  signal: AbortSignal,
): Promise<boolean> {
  const guard = `${base}.${dead.token}.takeover`;
  await acquire(base, guard, { wait: 60_000, what: 'take over the lock of a process that ended' }, signal);
  try {
    if ((await readHolder(file))?.token !== dead.token) return false;
    renameSync(draft, file);
  } finally {
    ifThere(() => unlinkSync(guard));
  }
  if (file === base) await sweep(base);
  return true;
}

/**
 * Drafts and takeover locks of processes that died while they waited, and drafts that they kept. Only who holds a lock calls
 * this: those of `base` belong to tokens that it no longer shows, and what a dead process kept nobody links again.
 */
async function sweep(base: string): Promise<void> {
  const folder = path.dirname(base);
  const prefix = `${path.basename(base)}.`;
  // Tidying must not fail: the lock is held already, and would stay so.
  try {
    for (const name of readdirSync(folder)) {
      if (!name.startsWith(prefix)) continue;
      const mark = parseMark(name.slice(prefix.length).split('.')[0] ?? '');
      if (mark !== undefined && !(await mayRun(mark))) ifThere(() => unlinkSync(path.join(folder, name)));
    }
  } catch {
    // Whoever comes next tidies the rest.
  }
}

async function newHolder(what: string): Promise<LockFile> {
  const { pid, where, start, mark } = await ownProcess();
  const token = `${mark}.${randomBytes(8).toString('hex')}`;
  return { token, pid, where, start, host: hostname(), since: new Date().toISOString(), what };
}

function linkNew(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (errno(error) === 'EEXIST') return false;
    throw refusedLink(error, to);
  }
}

/** Lies beside no lock of this name: the drafts that are kept in a folder are for all of its locks. */
const KEPT = 'kept.lock';

/** Undefined where somebody holds it: then it is waited for with a draft of this one time. */
async function takeKept(file: string, what: string): Promise<(() => void) | undefined> {
  const mine = await newHolder(what);
  const base = path.join(path.dirname(file), KEPT);
  try {
    const taken = linkKept(file, what, () => ({
      file: `${base}.${mine.token}.draft`,
      text: JSON.stringify({ ...mine, since: SINCE_LINKED }),
    }));
    // Processes that were killed left theirs.
    if (taken?.isFirst === true) await sweep(base);
    return taken?.release;
  } catch (error) {
    throw refusedLink(error, file);
  }
}

function refusedLink(error: unknown, to: string): unknown {
  if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'].includes(errno(error) ?? '')) return error;
  return new BackendError({
    kind: 'unsupported',
    what: `${path.dirname(to)} lies on a file system without hard links, so nothing can be locked there`,
    hint: 'set IDAC_STATE_HOME to a folder on a local disk',
    cause: error,
  });
}

/** Undefined when nobody holds it. A file that is no lock file was cut by a power loss: its holder is dead. */
async function readHolder(file: string): Promise<LockFile | undefined> {
  const text = ifThere(() => readFileSync(file, 'utf8'));
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (isLockFile(value)) return value.since === SINCE_LINKED ? linkedSince(file, value) : value;
  } catch {
    // Falls through to the damaged one.
  }
  const state = ifThere(() => statSync(file));
  if (state === undefined) return undefined;
  const { where } = await ownProcess();
  const token = `damaged-${state.ino}-${Math.trunc(state.mtimeMs)}`;
  return {
    token,
    pid: 0,
    where,
    start: '',
    host: hostname(),
    since: state.mtime.toISOString(),
    what: 'unknown',
  };
}

/** To be linked changes the time of a file's state (link(2)), and nothing else does while the lock is held. */
function linkedSince(file: string, holder: LockFile): LockFile | undefined {
  const state = ifThere(() => statSync(file));
  return state === undefined ? undefined : { ...holder, since: state.ctime.toISOString() };
}

function isLockFile(value: unknown): value is LockFile {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Record<string, unknown>;
  const texts = ['token', 'where', 'start', 'host', 'since', 'what'];
  return (
    Number.isSafeInteger(fields['pid']) &&
    texts.every((name) => typeof fields[name] === 'string') &&
    /^[0-9a-f.-]{1,100}$/.test(String(fields['token']))
  );
}
