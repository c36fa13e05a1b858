/** Whole contents out of a repository: each blob of its history once, or what is staged, and when which commit had it. */
import { StringDecoder } from 'node:string_decoder';
import { isBelow } from '../../core/text/relativePath.ts';
import { contentParser } from './contentParser.ts';
import { gitAt } from './gitAt.ts';
import { type GitAnswer, gitFailed, type HearGit, hearerOf } from './runGit.ts';

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

/** Hears contents as they come from git, so that none has to be in memory as a whole. */
export interface BlobReader {
  /** `size`: in octets. */
  begin(blob: Blob, size: number): void;
  /** Good until this returns. */
  chunk(bytes: Uint8Array): void;
  end(blob: Blob): void;
}

export interface History {
  /** Of the work tree. */
  readonly root: string;
  /** Where the folder lies in it: nothing, or a path that ends in a slash. */
  readonly prefix: string;
  /**
   * Everything that any ref leads to; `commits` is their number. `starts`, here and below: files and folders, from the top of the
   * work tree; a content that stood elsewhere, too, is given with its path below them.
   */
  all(starts: readonly string[]): Promise<{ readonly blobs: readonly Blob[]; readonly commits: number }>;
  /** What the next commit would bring. */
  staged(): Promise<readonly Blob[]>;
  /** One after the other; what a partial clone never fetched is named instead. */
  read(blobs: readonly Blob[], into: BlobReader): Promise<{ readonly missing: readonly Blob[] }>;
  /** Below `starts`: what became of a content elsewhere does not count. */
  lives(ids: ReadonlySet<string>, starts: readonly string[]): Promise<ReadonlyMap<string, BlobLife>>;
}

const NO_DRIVERS = ['--no-renames', '--no-ext-diff', '--no-textconv', '--no-color', '--no-abbrev'];
/** Every change of every commit, against each of its parents. */
const LOG = ['log', '--all', '--full-history', '-m', '--raw', ...NO_DRIVERS];
/** Links and submodules have no content of a file. */
const FILE_MODE = /^100/;

/** Undefined: there is no git here, or `folder` is in no work tree. `index`: what is staged there. `signal` ends whatever is asked of it. */
export async function openHistory(
  folder: string,
  signal: AbortSignal,
  index?: string,
): Promise<History | undefined> {
  const at = await gitAt(folder, index);
  if (at === undefined) return undefined;
  const { git } = at;
  const hear = hearerOf(at.start);
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
    async all(starts) {
      const within = pathspecs(starts);
      // The names of a path with a line end are only for people.
      const listed = await asked([
        'rev-list',
        '--objects',
        '--all',
        '--full-history',
        '--filter=object:type=blob',
        '--filter-provided-objects',
        ...within,
      ]);
      const counted = await asked(['rev-list', '--count', '--all']);
      const blobs = new Map<string, string>();
      for (const line of lines(listed)) {
        const [id = '', ...rest] = line.split(' ');
        blobs.set(id, rest.join(' '));
      }
      // A folder that stood at two places is gone into at one of them, and that may be the one without the start.
      if (within.length > 0)
        await eachBrought(hear, within, signal, (id, path) => {
          if (!blobs.has(id)) blobs.set(id, path);
        });
      return {
        blobs: Array.from(blobs, ([id, path]): Blob => ({ id, path })),
        commits: Number(counted.stdout.toString('utf8')),
      };
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
    read: (blobs, into) => readBlobs(hear, blobs, into, signal),
    async lives(ids, starts) {
      if (ids.size === 0) return new Map();
      const inHead = (await hasHead())
        ? idsOfTree(await asked(['ls-tree', '-r', '-z', '--full-tree', 'HEAD']), starts)
        : new Set<string>();
      const format = '--format=%x01%H%x00%an%x00%aI';
      const lives = new Map<string, { since?: Commit; until?: Commit; isBack?: true }>();
      let commit: Commit | undefined;
      await eachLine(hear, [...LOG, '--date-order', format, ...pathspecs(starts)], '\n', signal, (line) => {
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
      });
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
function idsOfTree({ stdout }: GitAnswer, starts: readonly string[]): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const entry of stdout.toString('utf8').split('\0')) {
    const tab = entry.indexOf('\t');
    const path = entry.slice(tab + 1);
    if (starts.some((start) => isBelow(path, start))) ids.add(entry.slice(0, tab).split(' ')[2] ?? '');
  }
  return ids;
}

/** None where all is wanted. What is a pattern elsewhere is a name here. */
function pathspecs(starts: readonly string[]): readonly string[] {
  return starts.includes('') ? [] : ['--', ...starts.map((start) => `:(top,literal)${start}`)];
}

/** Each content of a file there, at each of its paths. */
async function eachBrought(
  hear: HearGit,
  within: readonly string[],
  signal: AbortSignal,
  told: (id: string, path: string) => void,
): Promise<void> {
  let brought: string | undefined;
  await eachLine(hear, [...LOG, '-z', '--format=', ...within], '\0', signal, (field) => {
    if (brought !== undefined) {
      if (brought !== '') told(brought, field);
      brought = undefined;
    } else if (field.startsWith(':')) {
      const [, mode = '', , id = ''] = field.split(' ');
      brought = FILE_MODE.test(mode) ? id : '';
    }
  });
}

async function readBlobs(
  hear: HearGit,
  blobs: readonly Blob[],
  into: BlobReader,
  signal: AbortSignal,
): Promise<{ readonly missing: readonly Blob[] }> {
  const missing: Blob[] = [];
  if (blobs.length === 0) return { missing };
  let next = 0;
  const parse = contentParser({
    begin(size) {
      const blob = blobs[next];
      if (blob === undefined) return;
      if (size !== undefined) return into.begin(blob, size);
      // A partial clone has the names of contents that it never fetched, and fetches none here.
      missing.push(blob);
      next += 1;
    },
    chunk: (bytes) => into.chunk(bytes),
    end() {
      const blob = blobs[next];
      next += 1;
      if (blob !== undefined) into.end(blob);
    },
  });
  const args = ['cat-file', '--batch', '--buffer'];
  const end = await hear(args, signal, parse, `${blobs.map(({ id }) => id).join('\n')}\n`);
  if (end.code !== 0) throw gitFailed(args, end);
  return { missing };
}

async function eachLine(
  hear: HearGit,
  args: readonly string[],
  end: '\n' | '\0',
  signal: AbortSignal,
  told: (line: string) => void,
): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const ended = await hear(args, signal, (chunk) => {
    const parts = (rest + decoder.write(chunk)).split(end);
    rest = parts.pop() ?? '';
    for (const part of parts) told(part);
  });
  if (ended.code !== 0) throw gitFailed(args, ended);
  if (rest !== '') told(rest);
}
