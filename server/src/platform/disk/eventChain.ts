import type { StateFolder } from '../../backends/contract.ts';
import { BackendError } from '../../backends/errors.ts';
import type { IdentityEvent } from '../../core/lifecycle/event.ts';
import { eventHash } from '../../core/lifecycle/eventFile.ts';
import { parseEvent } from '../../core/lifecycle/parseEvent.ts';
import type { NewEvent } from '../../core/lifecycle/stateStore.ts';
import type { Hasher, RandomSource } from '../../core/ports.ts';

/**
 * The end of this clone's chain, kept beside the work tree. `pending` are events that are part of the chain already and
 * whose files may not be written yet: whoever finds some writes them (redo), so a crash leaves neither gap nor fork.
 */
export interface ChainEnd {
  readonly clone: string;
  readonly sequence: number;
  readonly head: string | null;
  readonly pending: readonly IdentityEvent[];
}

/**
 * One `ChainEnd` per line, of which the last whole one counts: a line is added in place with one fsync, where to replace
 * the file takes a new one, a rename and two. A line that a crash tore never counted, for its append had not returned.
 */
const FILE = 'chain.json';

const NEWLINE = 0x0a;

/** A longer file is replaced by its last line. */
const MOST_BYTES = 64 * 1024;

/** What was read last: it is looked at several times for each event, and checking its events costs more than reading. */
const latest = new WeakMap<StateFolder, { readonly line: Buffer; readonly end: ChainEnd }>();

export interface StoredEnd {
  readonly end: ChainEnd;
  /** How long its file is; 0 where there is none. */
  readonly size: number;
}

/** Undefined before the first event of this clone. */
export async function readChainEnd(folder: StateFolder): Promise<StoredEnd | undefined> {
  const bytes = await folder.read(FILE);
  if (bytes === undefined) return undefined;
  const text = Buffer.from(bytes);
  const whole = text.subarray(0, Math.max(0, text.lastIndexOf(NEWLINE)));
  const last = whole.subarray(whole.lastIndexOf(NEWLINE) + 1);
  const before = latest.get(folder);
  if (before?.line.equals(last) === true) return { end: before.end, size: text.length };
  try {
    const value: unknown = JSON.parse(last.toString('utf8'));
    if (isChainEnd(value)) {
      latest.set(folder, { line: last, end: value });
      return { end: value, size: text.length };
    }
  } catch {
    // Falls through to the one error.
  }
  throw new BackendError({
    kind: 'corrupt',
    what: `the state of this clone's record (${FILE}) is damaged`,
    hint: 'move the file away: the next event starts a new chain, and "idac log verify" checks the old one',
  });
}

/** Under the lock under which it was read. */
export async function writeChainEnd(folder: StateFolder, { end, size }: StoredEnd): Promise<void> {
  const line = JSON.stringify(end);
  if (size === 0 || size > MOST_BYTES) await folder.write(FILE, Buffer.from(`${line}\n`));
  else await folder.appendLine(FILE, line);
}

export function newChain(random: RandomSource): ChainEnd {
  return { clone: Buffer.from(random.bytes(8)).toString('hex'), sequence: 0, head: null, pending: [] };
}

/** Puts events at the end of the chain; they are `pending` until their files are written. */
export function linkEvents(end: ChainEnd, events: readonly NewEvent[], hasher: Hasher): ChainEnd {
  let { sequence, head } = end;
  const pending: IdentityEvent[] = [];
  for (const event of events) {
    const linked = { ...event, chain: { clone: end.clone, sequence: sequence + 1, previous: head } };
    // What is hashed is what a reader will parse: no member that JSON leaves out.
    const parsed = parseEvent(JSON.parse(JSON.stringify(linked)));
    if (!('event' in parsed)) {
      throw new BackendError({
        kind: 'internal',
        what: `an event of type ${event.type} cannot be recorded: ${parsed.why}`,
        hint: 'this is a mistake in the program: please report it',
      });
    }
    pending.push(parsed.event);
    sequence += 1;
    head = eventHash(parsed.event, hasher);
  }
  return { clone: end.clone, sequence, head, pending };
}

function isChainEnd(value: unknown): value is ChainEnd {
  if (typeof value !== 'object' || value === null) return false;
  const { clone, sequence, head, pending } = value as Readonly<Record<string, unknown>>;
  return (
    typeof clone === 'string' &&
    Number.isSafeInteger(sequence) &&
    (head === null || typeof head === 'string') &&
    Array.isArray(pending) &&
    pending.every((event) => 'event' in parseEvent(event))
  );
}
