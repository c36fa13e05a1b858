import { access } from 'node:fs/promises';
import path from 'node:path';
import { gitFailed, type RunGit } from './runGit.ts';

export interface RefFile {
  /** Full name of one ref that has it, such as `refs/heads/main`. */
  readonly ref: string;
  /** Relative to the project root. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** Larger ones are no events, and reading them would only take memory. */
const MAXIMUM_BLOB = 1024 * 1024;

/**
 * Reads folders at the tips of all refs with a fixed number of git processes: commits of refs, then their folders'
 * trees (`cat-file --batch-check`), then each distinct tree, then each distinct blob (`cat-file --batch`). A thousand
 * refs that share a record cost one tree.
 */
export async function filesOnOtherRefs(
  git: RunGit,
  root: string,
  folders: readonly string[],
  signal: AbortSignal,
): Promise<readonly RefFile[]> {
  const tips = await refTips(git, signal);
  const prefix = await prefixOf(git, signal);
  const wanted = [...tips].flatMap(([commit, ref]) =>
    folders.map((folder) => ({ ref, folder, spec: `${commit}:${prefix}${folder}` })),
  );
  const trees = new Map<string, { ref: string; folder: string }>();
  const found = await check(
    git,
    wanted.map((each) => each.spec),
    signal,
  );
  for (const [index, each] of wanted.entries()) {
    const object = found[index];
    if (object?.type === 'tree' && !trees.has(object.id)) trees.set(object.id, each);
  }
  const blobs = new Map<string, { ref: string; file: string }>();
  for (const [id, content] of await contents(git, [...trees.keys()], signal)) {
    const at = trees.get(id);
    if (at === undefined) continue;
    for (const entry of treeEntries(content, id.length / 2)) {
      const file = `${at.folder}/${entry.name}`;
      if (entry.isFile && !blobs.has(entry.id) && !(await exists(path.join(root, file)))) {
        blobs.set(entry.id, { ref: at.ref, file });
      }
    }
  }
  const ids = [...blobs.keys()];
  const sizes = await check(git, ids, signal);
  const readable = ids.filter((_, index) => (sizes[index]?.size ?? Number.POSITIVE_INFINITY) <= MAXIMUM_BLOB);
  const files: RefFile[] = [];
  for (const [id, bytes] of await contents(git, readable, signal)) {
    const at = blobs.get(id);
    if (at !== undefined) files.push({ ...at, bytes });
  }
  return files;
}

/** Commit → one ref that points to it; tags are peeled. */
async function refTips(git: RunGit, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const args = [
    'for-each-ref',
    '--format=%(objectname) %(*objectname) %(refname)',
    'refs/heads',
    'refs/remotes',
    'refs/tags',
  ];
  const answer = await git(args, signal);
  if (answer.code !== 0) throw gitFailed(args, answer);
  const tips = new Map<string, string>();
  for (const line of answer.stdout.toString('utf8').split('\n')) {
    const [object, peeled, ref] = line.split(' ');
    const commit = peeled || object;
    if (commit !== undefined && ref !== undefined && !tips.has(commit)) tips.set(commit, ref);
  }
  return tips;
}

/** Where the project root lies in the repository: empty, or `folder/`. */
export async function prefixOf(git: RunGit, signal: AbortSignal): Promise<string> {
  const answer = await git(['rev-parse', '--show-prefix'], signal);
  return answer.stdout.toString('utf8').replace(/\n$/, '');
}

/** Id, type and size of objects, in the order asked; undefined for what is missing. */
export async function check(
  git: RunGit,
  specs: readonly string[],
  signal: AbortSignal,
): Promise<readonly ({ id: string; type: string; size: number } | undefined)[]> {
  if (specs.length === 0) return [];
  const args = ['cat-file', '--batch-check=%(objectname) %(objecttype) %(objectsize)'];
  const answer = await git(args, signal, `${specs.join('\n')}\n`);
  if (answer.code !== 0) throw gitFailed(args, answer);
  const lines = answer.stdout.toString('utf8').split('\n');
  return specs.map((_, index) => {
    const match = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(lines[index] ?? '');
    const [, id, type, size] = match ?? [];
    return id === undefined || type === undefined ? undefined : { id, type, size: Number(size) };
  });
}

export async function contents(
  git: RunGit,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly (readonly [id: string, bytes: Uint8Array])[]> {
  if (ids.length === 0) return [];
  const args = ['cat-file', '--batch'];
  const answer = await git(args, signal, `${ids.join('\n')}\n`);
  if (answer.code !== 0) throw gitFailed(args, answer);
  const objects: [string, Uint8Array][] = [];
  // Each object: "<id> <type> <size>\n", its bytes, "\n".
  for (let at = 0; at < answer.stdout.length; ) {
    const end = answer.stdout.indexOf(0x0a, at);
    if (end === -1) break;
    const [id, , size] = answer.stdout.toString('latin1', at, end).split(' ');
    at = end + 1;
    // "<id> missing": a partial clone lacks it, and nothing is fetched.
    if (id === undefined || size === undefined) continue;
    objects.push([id, answer.stdout.subarray(at, at + Number(size))]);
    at += Number(size) + 1;
  }
  return objects;
}

/** A tree object: "<mode> <name>\0<binary id>" again and again. */
function* treeEntries(
  tree: Uint8Array,
  idLength: number,
): Generator<{ name: string; id: string; isFile: boolean }> {
  const bytes = Buffer.from(tree.buffer, tree.byteOffset, tree.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const zero = bytes.indexOf(0x00, space);
    if (space === -1 || zero === -1) return;
    const mode = bytes.toString('latin1', at, space);
    const name = bytes.toString('utf8', space + 1, zero);
    const id = bytes.toString('hex', zero + 1, zero + 1 + idLength);
    at = zero + 1 + idLength;
    yield { name, id, isFile: mode === '100644' || mode === '100755' };
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
