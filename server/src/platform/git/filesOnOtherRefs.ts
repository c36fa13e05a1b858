import { access } from 'node:fs/promises';
import path from 'node:path';
import type { GitObjects } from './objects.ts';
import type { RefTips } from './refTips.ts';

export interface RefFile {
  /** Full name of one ref that has it, such as `refs/heads/main`. */
  readonly ref: string;
  /** Relative to the project root. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** Larger ones are no events, and reading them would only take memory. */
const MAXIMUM_BLOB = 1024 * 1024;
/** A record with half a million events. */
const MAXIMUM_TREE = 32 * 1024 * 1024;

/**
 * Reads folders at the tips of refs: their trees by commit and path, then each distinct tree, then each distinct blob. A
 * thousand refs that share a record cost one tree. `prefix`: where `root` lies in the repository.
 */
export async function filesOnOtherRefs(
  { check, read }: GitObjects,
  tips: RefTips,
  { root, prefix }: { readonly root: string; readonly prefix: string },
  folders: readonly string[],
  signal: AbortSignal,
): Promise<readonly RefFile[]> {
  const wanted = [...tips].flatMap(([commit, ref]) =>
    folders.map((folder) => ({ ref, folder, name: `${commit}:${prefix}${folder}` })),
  );
  const trees = new Map<string, { ref: string; folder: string }>();
  const found = await check(
    wanted.map(({ name }) => name),
    signal,
  );
  for (const [index, each] of wanted.entries()) {
    const object = found[index];
    if (object?.type === 'tree' && object.size <= MAXIMUM_TREE && !trees.has(object.id))
      trees.set(object.id, each);
  }
  const blobs = new Map<string, { ref: string; file: string }>();
  for (const tree of await read([...trees.keys()], signal)) {
    const at = trees.get(tree?.id ?? '');
    if (tree === undefined || at === undefined) continue;
    for (const entry of treeEntries(tree.bytes, tree.id.length / 2)) {
      const file = `${at.folder}/${entry.name}`;
      if (entry.isFile && !blobs.has(entry.id) && !(await exists(path.join(root, file)))) {
        blobs.set(entry.id, { ref: at.ref, file });
      }
    }
  }
  const sizes = await check([...blobs.keys()], signal);
  const readable = sizes.flatMap((each) =>
    each !== undefined && each.size <= MAXIMUM_BLOB ? [each.id] : [],
  );
  const files: RefFile[] = [];
  for (const blob of await read(readable, signal)) {
    const at = blobs.get(blob?.id ?? '');
    if (blob !== undefined && at !== undefined) files.push({ ...at, bytes: blob.bytes });
  }
  return files;
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
