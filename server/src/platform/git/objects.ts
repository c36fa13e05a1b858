import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { BackendError } from '../../backends/errors.ts';
import type { StartGit } from './runGit.ts';

export interface GitObject {
  readonly id: string;
  readonly type: string;
  /** In octets. */
  readonly size: number;
}

/** Objects by any name that git-rev-parse(1) knows, in the order asked; undefined for what is missing. */
export interface GitObjects {
  check(names: readonly string[], signal: AbortSignal): Promise<readonly (GitObject | undefined)[]>;
  read(
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly ((GitObject & { readonly bytes: Uint8Array }) | undefined)[]>;
  close(): void;
}

/** A process that nobody asked for this long is ended: on Windows it would keep `git gc` from its packs. */
const IDLE_MS = 2000;
const TIMEOUT_MS = 60_000;

/**
 * `git cat-file --batch…` that stays for the next question: a run over many identities asks thousands, and starting git
 * takes longer than its answer.
 */
export function openGitObjects(start: StartGit): GitObjects {
  const checking = openBatch(start, ['cat-file', '--batch-check'], false);
  const reading = openBatch(start, ['cat-file', '--batch'], true);
  return {
    check: (names, signal) => checking.ask(names, signal),
    read: async (names, signal) =>
      (await reading.ask(names, signal)) as ((Answer & { bytes: Uint8Array }) | undefined)[],
    close() {
      checking.close();
      reading.close();
    },
  };
}

type Answer = GitObject & { readonly bytes?: Uint8Array };

interface Question {
  answered(answer: Answer | undefined): void;
  failed(error: unknown): void;
}

interface Batch {
  ask(names: readonly string[], signal: AbortSignal): Promise<readonly (Answer | undefined)[]>;
  close(): void;
}

function openBatch(start: StartGit, args: readonly string[], withContent: boolean): Batch {
  let running: ReturnType<typeof begin> | undefined;

  function begin() {
    const child = start(args);
    const waiting: Question[] = [];
    const parse = answerParser(withContent, (answer) => waiting.shift()?.answered(answer));
    let timer: NodeJS.Timeout | undefined;
    const end = (why: BackendError): void => {
      clearTimeout(timer);
      if (running?.child === child) running = undefined;
      child.kill('SIGKILL');
      for (const question of waiting.splice(0)) question.failed(why);
    };
    /** Keeps this process alive while it waits, and only then. */
    const settle = (): void => {
      clearTimeout(timer);
      const busy = waiting.length > 0;
      hold(child, busy);
      timer = setTimeout(() => end(busy ? silent() : gone('it was ended')), busy ? TIMEOUT_MS : IDLE_MS);
      if (!busy) timer.unref();
    };
    child.stdout.on('data', (chunk: Buffer) => {
      parse(chunk);
      settle();
    });
    child.stderr.resume();
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => end(gone(error.message)));
    child.on('close', (code) => end(gone(`it ended with ${code}`)));
    return {
      child,
      end,
      ask(names: readonly string[]): readonly Promise<Answer | undefined>[] {
        const answers = names.map(
          () =>
            new Promise<Answer | undefined>((answered, failed) => {
              waiting.push({ answered, failed });
            }),
        );
        settle();
        child.stdin.write(`${names.join('\n')}\n`);
        return answers;
      },
    };
  }

  return {
    async ask(names, signal) {
      signal.throwIfAborted();
      // A name is a line: what has a line end in it would be two, with an answer that belongs to no question.
      const asked = names.filter((name) => !name.includes('\n'));
      if (asked.length === 0) return names.map(() => undefined);
      running ??= begin();
      const { ask } = running;
      const answers = await unlessAborted(Promise.all(ask(asked)), signal);
      const found = new Map(asked.map((name, index) => [name, answers[index]]));
      return names.map((name) => found.get(name));
    },
    close: () => running?.end(gone('the project was closed')),
  };
}

/** What others asked comes in the same stream: who does not wait any longer leaves the process alone. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
    work.catch(() => undefined);
  }
}

/** `<id> <type> <size>` and, where contents are asked for, that many octets and a line end; any other line: not found. */
function answerParser(
  withContent: boolean,
  answered: (answer: Answer | undefined) => void,
): (chunk: Buffer) => void {
  let pieces: Buffer[] = [];
  let length = 0;
  let header: GitObject | undefined;
  const joined = (): Buffer => {
    const [only, ...more] = pieces;
    const whole = only !== undefined && more.length === 0 ? only : Buffer.concat(pieces);
    pieces = [whole];
    return whole;
  };
  return (chunk) => {
    pieces.push(chunk);
    length += chunk.length;
    // A content that comes in many pieces is put together once.
    while (length > 0 && (header === undefined || length > header.size)) {
      const bytes = joined();
      let used: number;
      if (header === undefined) {
        const end = bytes.indexOf(0x0a);
        if (end === -1) return;
        used = end + 1;
        const found = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(bytes.toString('latin1', 0, end));
        const [, id = '', type = '', size = ''] = found ?? [];
        const object = found === null ? undefined : { id, type, size: Number(size) };
        if (object !== undefined && withContent) header = object;
        else answered(object);
      } else {
        used = header.size + 1;
        answered({ ...header, bytes: new Uint8Array(bytes.subarray(0, header.size)) });
        header = undefined;
      }
      length -= used;
      pieces = length === 0 ? [] : [bytes.subarray(used)];
    }
  };
}

function hold(child: ChildProcessWithoutNullStreams, busy: boolean): void {
  const what = busy ? 'ref' : 'unref';
  child[what]();
  // Pipes of a child are sockets.
  for (const stream of [child.stdin, child.stdout, child.stderr])
    (stream as unknown as Record<'ref' | 'unref', () => void>)[what]();
}

function gone(why: string): BackendError {
  return new BackendError({
    kind: 'interrupted',
    what: `git cat-file gave no answer: ${why}`,
    hint: 'try again; "git fsck" checks a damaged repository',
    retryable: true,
  });
}

function silent(): BackendError {
  return gone(`nothing came within ${TIMEOUT_MS / 1000} s`);
}
