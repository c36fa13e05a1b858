import { constants } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { CREDENTIAL_NAME } from '../../core/credential/inspect/readCredentials.ts';
import { mayHoldManifests } from '../../core/manifest/fileName.ts';
import { SLICE_MS, STATE_FOLDER } from '../workspaceFiles.ts';

/** Bounds of one look at a folder: who opens a disk full of files is told so, and not kept waiting. */
const LIMITS = { depth: 24, folders: 50_000, files: 20_000, size: 1024 * 1024 } as const;

/** What others keep there: git's objects, packages, this tool's records. */
const SKIPPED = new Set(['.git', '.hg', '.svn', 'node_modules', STATE_FOLDER]);
/** Sources, pictures, archives: no program keeps a credential in a file of such a name. */
const OTHERS =
  /\.(?:[cm]?[jt]sx?|map|s?css|less|x?html?|md|rst|go|rs|java|kt|scala|py|rb|php|cs|[ch](?:pp)?|swift|sql|proto|png|jpe?g|gif|svg|ico|webp|woff2?|ttf|otf|mp[34]|pdf|zip|t?gz|bz2|xz|jar|class|o|so|wasm|lock|snap)$/i;
/** Enough to tell a credential by how it begins. */
const HEAD = 64;

/** A file that was looked at. It is read whole where its name or its first octets promise a credential. */
export interface MetFile {
  /** Relative to where the walk began, forward slashes. */
  readonly file: string;
  /** Changes when the file does. */
  readonly stamp: string;
  /** Empty: it holds none. Undefined: `known` has it with this stamp. */
  readonly bytes: Uint8Array | undefined;
}

export interface Walked {
  /** Some of the folder was not looked at, and why. */
  readonly cut: readonly string[];
}

/**
 * Reads what may be a credential below `root`. Links are not followed, since they could lead out or in circles; pipes and devices are
 * never opened for reading. Files of which `known` has the stamp are not read again.
 */
export async function walkFound(
  root: string,
  known: ReadonlyMap<string, string>,
  met: (file: MetFile) => void | Promise<void>,
  signal: AbortSignal,
): Promise<Walked> {
  const cut = new Set<string>();
  const folders: { readonly folder: string; readonly depth: number }[] = [{ folder: '', depth: 0 }];
  let turn = performance.now();
  let looked = 0;
  let walked = 0;
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    signal.throwIfAborted();
    const { folder, depth } = next;
    walked += 1;
    if (walked > LIMITS.folders) {
      cut.add(`more than ${LIMITS.folders} folders`);
      break;
    }
    const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) {
      cut.add(`${folder === '' ? 'this folder' : folder} cannot be read`);
      continue;
    }
    // A project of its own says for itself what is in it.
    if (folder !== '' && entries.some((entry) => entry.name === STATE_FOLDER && entry.isDirectory()))
      continue;
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (performance.now() - turn > SLICE_MS) {
        await setImmediate();
        signal.throwIfAborted();
        turn = performance.now();
      }
      const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (SKIPPED.has(entry.name)) continue;
        if (depth < LIMITS.depth) folders.push({ folder: file, depth: depth + 1 });
        else cut.add(`folders nested deeper than ${LIMITS.depth}`);
        continue;
      }
      if (!entry.isFile() || mayHoldManifests(entry.name) || OTHERS.test(entry.name)) continue;
      looked += 1;
      if (looked > LIMITS.files) {
        cut.add(`more than ${LIMITS.files} files`);
        return { cut: [...cut] };
      }
      const found = await readIfCredential(root, file, known.get(file));
      if (found !== undefined) await met(found);
    }
  }
  return { cut: [...cut] };
}

async function readIfCredential(
  root: string,
  file: string,
  stamp: string | undefined,
): Promise<MetFile | undefined> {
  let handle: FileHandle | undefined;
  try {
    // It may have become a pipe or a link since its folder was read: neither is waited for or followed.
    handle = await open(
      path.join(root, file),
      constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0),
    );
    const facts = await handle.stat();
    if (!facts.isFile() || facts.size === 0 || facts.size > LIMITS.size) return undefined;
    const now = `${facts.mtimeMs}:${facts.size}:${facts.ino}`;
    if (now === stamp) return { file, stamp: now, bytes: undefined };
    const head = Buffer.alloc(Math.min(HEAD, facts.size));
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    if (!CREDENTIAL_NAME.test(file) && !beginsAsCredential(head.subarray(0, bytesRead)))
      return { file, stamp: now, bytes: new Uint8Array() };
    const bytes = Buffer.alloc(facts.size);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead: more } = await handle.read(bytes, filled, bytes.length - filled, filled);
      if (more === 0) break;
      filled += more;
    }
    return { file, stamp: now, bytes: new Uint8Array(bytes.subarray(0, filled)) };
  } catch {
    // Not ours to read, or gone meanwhile.
    return undefined;
  } finally {
    await handle?.close();
  }
}

const BEGINNINGS = [
  '-----BEGIN ',
  '---- BEGIN SSH2',
  'PuTTY-User-Key-File-',
  'ssh-',
  'ecdsa-sha2-',
  'sk-ssh-',
  'sk-ecdsa-',
];

function beginsAsCredential(head: Uint8Array): boolean {
  const text = Buffer.from(head).toString('latin1').trimStart();
  return BEGINNINGS.some((start) => text.startsWith(start));
}
