/** Whole contents out of a repository: each blob of its history once, or what is staged, and when which commit had it. */
import { realpath } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { BackendError } from '../../backends/errors.ts';
import { findProgram } from './findProgram.ts';
import { answerParser } from './objects.ts';
import { type GitAnswer, gitFailed, gitIn, runnerOf, type StartGit } from './runGit.ts';

export interface Blob {
  readonly id: string;
  /** Relative to the top of the work tree, forward slashes; of several that it had, one. */
  readonly path: string;
}

export interface Commit {
  readonly id: string;
  readonly author: string;
  /** ISO 8601. */
  readonly date: string;
}

/** When a content was in the history. */
export interface BlobLife {
  /** The oldest commit that brought it; undefined where only a ref that is no commit has it. */
  readonly since: Commit | undefined;
  /** The newest commit that took it away, where no commit brought it back since. */
  readonly until: Commit | undefined;
  readonly inHead: boolean;
}

export interface History {
  /** Of the work tree. */
  readonly root: string;
  /** Where the folder lies in it: nothing, or a path that ends in a slash. */
  readonly prefix: string;
  /** Everything that any ref leads to; `commits` is their number. */
  all(signal: AbortSignal): Promise<{ readonly blobs: readonly Blob[]; readonly commits: number }>;
  /** What the next commit would bring. */
  staged(signal: AbortSignal): Promise<readonly Blob[]>;
  /** What is larger than `limit`, and what a partial clone never fetched, is named instead. */
  read(
    blobs: readonly Blob[],
    limit: number,
    each: (blob: Blob, bytes: Uint8Array) => void,
    signal: AbortSignal,
  ): Promise<{ readonly large: readonly Blob[]; readonly missing: readonly Blob[] }>;
  lives(ids: ReadonlySet<string>, signal: AbortSignal): Promise<ReadonlyMap<string, BlobLife>>;
}

const NO_DRIVERS = ['--no-renames', '--no-ext-diff', '--no-textconv', '--no-color', '--no-abbrev'];
/** Links and submodules have no content of a file. */
const FILE_MODE = /^100/;

/** Undefined: there is no git here, or `folder` is in no work tree. `index`: what is staged there. */
export async function openHistory(
  folder: string,
  signal: AbortSignal,
  index?: string,
): Promise<History | undefined> {
  const real = await realpath(folder);
  const program = await findProgram('git', real, process.env, process.platform);
  if (program === undefined) return undefined;
  const start = gitIn(real, program, index);
  const git = runnerOf(start);
  const top = await git(['rev-parse', '--show-toplevel', '--show-prefix'], signal);
  if (top.code !== 0) return undefined;
  const [root = '', prefix = ''] = top.stdout.toString('utf8').split(/\r?\n/);
  const asked = async (args: readonly string[], input?: string): Promise<GitAnswer> => {
    const answer = await git(args, signal, input);
    if (answer.code !== 0) throw gitFailed(args, answer);
    return answer;
  };
  const hasHead = async (): Promise<boolean> =>
    (await git(['rev-parse', '--verify', '-q', 'HEAD^{commit}'], signal)).code === 0;

  return {
    root,
    prefix,
    async all() {
      // The names of a path with a line end are only for people.
      const listed = await asked([
        'rev-list',
        '--objects',
        '--all',
        '--filter=object:type=blob',
        '--filter-provided-objects',
      ]);
      const counted = await asked(['rev-list', '--count', '--all']);
      const blobs = lines(listed).map((line): Blob => {
        const [id = '', ...rest] = line.split(' ');
        return { id, path: rest.join(' ') };
      });
      return { blobs, commits: Number(counted.stdout.toString('utf8')) };
    },
    async staged() {
      const against = (await hasHead())
        ? ['HEAD']
        : [emptyTree(await asked(['hash-object', '-t', 'tree', '--stdin'], ''))];
      const answer = await asked([
        'diff-index',
        '--cached',
        '--raw',
        '-z',
        '--diff-filter=d',
        ...NO_DRIVERS,
        ...against,
        '--',
      ]);
      const fields = answer.stdout.toString('utf8').split('\0');
      const blobs: Blob[] = [];
      for (let at = 0; at + 1 < fields.length; at += 2) {
        const [, mode = '', , id = ''] = fields[at]?.split(' ') ?? [];
        if (FILE_MODE.test(mode)) blobs.push({ id, path: fields[at + 1] ?? '' });
      }
      return blobs;
    },
    read: (blobs, limit, each) => readBlobs(start, asked, blobs, limit, each, signal),
    async lives(ids) {
      if (ids.size === 0) return new Map();
      const inHead = (await hasHead())
        ? idsOfTree(await asked(['ls-tree', '-r', '-z', 'HEAD']))
        : new Set<string>();
      const format = '--format=%x01%H%x00%an%x00%aI';
      const lives = new Map<string, { since?: Commit; until?: Commit; isBack?: true }>();
      let commit: Commit | undefined;
      await eachLine(
        start,
        ['log', '--all', '-m', '--raw', '--date-order', format, ...NO_DRIVERS],
        signal,
        (line) => {
          if (line.startsWith('\u0001')) {
            const [id = '', author = '', date = ''] = line.slice(1).split('\0');
            commit = { id, author, date };
            return;
          }
          if (!line.startsWith(':') || commit === undefined) return;
          const [, , before = '', after = ''] = line.split(' ', 4);
          if (before === after) return;
          // Newest first: the first word on a content is the latest, the last one the oldest.
          if (ids.has(before)) lifeOf(lives, before).until ??= commit;
          if (ids.has(after)) {
            const life = lifeOf(lives, after);
            life.since = commit;
            if (life.until === undefined) life.isBack = true;
          }
        },
      );
      return new Map(
        Array.from(ids, (id) => {
          const { since, until, isBack } = lives.get(id) ?? {};
          return [
            id,
            { since, until: isBack === true || inHead.has(id) ? undefined : until, inHead: inHead.has(id) },
          ];
        }),
      );
    },
  };
}

function lifeOf<Life extends object>(lives: Map<string, Life>, id: string): Life {
  const known = lives.get(id) ?? ({} as Life);
  lives.set(id, known);
  return known;
}

function lines({ stdout }: GitAnswer): readonly string[] {
  return stdout.toString('utf8').split('\n').filter(Boolean);
}

function emptyTree({ stdout }: GitAnswer): string {
  return stdout.toString('utf8').trim();
}

/** `<mode> <type> <id>\t<path>`. */
function idsOfTree({ stdout }: GitAnswer): ReadonlySet<string> {
  return new Set(
    stdout
      .toString('utf8')
      .split('\0')
      .map((entry) => entry.split(/[ \t]/, 3)[2] ?? ''),
  );
}

type Asked = (args: readonly string[], input?: string) => Promise<GitAnswer>;

async function readBlobs(
  start: StartGit,
  asked: Asked,
  blobs: readonly Blob[],
  limit: number,
  each: (blob: Blob, bytes: Uint8Array) => void,
  signal: AbortSignal,
): Promise<{ readonly large: readonly Blob[]; readonly missing: readonly Blob[] }> {
  if (blobs.length === 0) return { large: [], missing: [] };
  const input = `${blobs.map(({ id }) => id).join('\n')}\n`;
  const sizes = lines(await asked(['cat-file', '--batch-check=%(objectsize)', '--buffer'], input));
  const large = blobs.filter((_, place) => Number(sizes[place]) > limit);
  // A partial clone has the names of contents that it never fetched, and fetches none here.
  const missing = blobs.filter((_, place) => !/^\d+$/.test(sizes[place] ?? ''));
  const left = new Set([...large, ...missing]);
  const wanted = blobs.filter((blob) => !left.has(blob));
  if (wanted.length === 0) return { large, missing };
  let next = 0;
  const parse = answerParser(true, (answer) => {
    const blob = wanted[next];
    next += 1;
    if (blob !== undefined && answer?.bytes !== undefined) each(blob, answer.bytes);
  });
  await talk(
    start,
    ['cat-file', '--batch', '--buffer'],
    signal,
    parse,
    `${wanted.map(({ id }) => id).join('\n')}\n`,
  );
  return { large, missing };
}

async function eachLine(
  start: StartGit,
  args: readonly string[],
  signal: AbortSignal,
  told: (line: string) => void,
): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  await talk(start, args, signal, (chunk) => {
    const parts = (rest + decoder.write(chunk)).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) told(part);
  });
  if (rest !== '') told(rest);
}

/** As `runnerOf`, for answers that are too long to be kept. No limit of time: a history may be as long as it is. */
function talk(
  start: StartGit,
  args: readonly string[],
  signal: AbortSignal,
  heard: (chunk: Buffer) => void,
  input = '',
): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = start(args);
    let failure: unknown;
    let complaint = '';
    const stop = (why: unknown): void => {
      failure ??= why;
      child.kill('SIGKILL');
    };
    const abort = (): void => stop(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      if (failure !== undefined) return;
      try {
        heard(chunk);
      } catch (error) {
        stop(error);
      }
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (complaint.length < 2000) complaint += chunk.toString('utf8');
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('error', stop);
    child.on('close', (code) => {
      signal.removeEventListener('abort', abort);
      if (failure !== undefined) reject(failure);
      else if (code === 0) resolve();
      else reject(ended(args, code, complaint));
    });
  });
}

function ended(args: readonly string[], code: number | null, complaint: string): BackendError {
  const [first = ''] = complaint.trim().split('\n');
  return new BackendError({
    kind: 'internal',
    what: `git ${args[0]} failed (exit ${code}): ${first.slice(0, 300) || 'it gave no reason'}`,
    hint: '"git fsck" checks a damaged repository',
  });
}
