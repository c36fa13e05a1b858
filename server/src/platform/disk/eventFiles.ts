import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { BackendError } from '../../backends/errors.ts';
import type { IdentityEvent } from '../../core/lifecycle/event.ts';
import { eventFile, eventText } from '../../core/lifecycle/eventFile.ts';
import { parseEvent } from '../../core/lifecycle/parseEvent.ts';
import type { DamagedEvent } from '../../core/lifecycle/stateStore.ts';
import { removeAbandonedDrafts, writeAtomically } from './atomicFile.ts';
import { errno } from './errno.ts';
import { type HeldFolder, withFolder } from './heldFolder.ts';

export interface FolderContent {
  readonly events: readonly IdentityEvent[];
  readonly damaged: readonly DamagedEvent[];
}

/** A larger file is no event; reading it would only take memory. */
const MAXIMUM_EVENT = 1024 * 1024;
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

type Reading = { readonly event: IdentityEvent } | { readonly why: string };

/** Reads and writes event files below a project root; files are written once, so what was read is kept. */
export function eventFilesOf(root: string) {
  const known = new Map<string, { readonly stamp: string; readonly reading: Reading }>();

  const readOne = async (folder: HeldFolder, name: string, file: string): Promise<Reading | undefined> => {
    try {
      const handle = await open(folder.at(name), READ);
      try {
        const state = await handle.stat({ bigint: true });
        if (!state.isFile()) return { why: 'it is no file' };
        if (state.size > MAXIMUM_EVENT) return { why: 'it has more than 1 MiB' };
        const stamp = `${state.ino} ${state.size} ${state.mtimeNs} ${state.ctimeNs}`;
        const before = known.get(file);
        if (before?.stamp === stamp) return before.reading;
        const reading = readEvent(await handle.readFile('utf8'), file);
        known.set(file, { stamp, reading });
        return reading;
      } finally {
        await handle.close();
      }
    } catch (error) {
      switch (errno(error)) {
        case 'ENOENT':
          return undefined;
        case 'ELOOP':
          return { why: 'it is a link: a record holds files only' };
        case undefined:
          throw error;
        default:
          return { why: `it cannot be read (${errno(error)})` };
      }
    }
  };

  const readAll = async (held: HeldFolder, folder: string, limit: number): Promise<FolderContent> => {
    const events: IdentityEvent[] = [];
    const damaged: DamagedEvent[] = [];
    const fileOfId = new Map<string, string>();
    for (const name of (await readdir(held.at(''))).sort()) {
      if (events.length >= limit) break;
      if (name.startsWith('.') || !name.endsWith('.json')) continue;
      const file = `${folder}/${name}`;
      const reading = await readOne(held, name, file);
      if (reading === undefined) continue;
      if ('why' in reading) {
        damaged.push({ file, why: reading.why });
        continue;
      }
      const other = fileOfId.get(reading.event.id);
      if (other === undefined) {
        fileOfId.set(reading.event.id, file);
        events.push(reading.event);
      } else {
        damaged.push({ file, why: `it has the same id as ${other}` });
      }
    }
    await held.confirm();
    return { events, damaged };
  };

  return {
    /** Names of the folders in `folder` (relative to the root); what stands there and is none is damage. */
    async folders(folder: string): Promise<{ names: readonly string[]; damaged: readonly DamagedEvent[] }> {
      const entries = await listFolder(root, folder);
      if ('why' in entries) return { names: [], damaged: [{ file: folder, why: entries.why }] };
      return {
        names: entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name),
        damaged: entries
          .filter((entry) => entry.isSymbolicLink())
          .map((entry) => ({
            file: `${folder}/${entry.name}`,
            why: 'it is a link: a record holds files only',
          })),
      };
    },

    /** `limit`: so many events are enough. */
    async read(folder: string, limit = Number.POSITIVE_INFINITY): Promise<FolderContent> {
      const content = await unlessLinked(
        withFolder(root, folder.split('/'), null, (held) => readAll(held, folder, limit)),
      );
      if (content === undefined) return { events: [], damaged: [] };
      return 'why' in content ? { events: [], damaged: [{ file: folder, why: content.why }] } : content;
    },

    /** False when the file is there already. */
    async write(event: IdentityEvent): Promise<boolean> {
      const segments = eventFile(event).split('/');
      const name = segments.pop() ?? '';
      const written = await withFolder(root, segments, 0o755, async (folder) => {
        const names = await readdir(folder.at(''));
        if (names.includes(name)) return false;
        await removeAbandonedDrafts(folder.at(''));
        await writeAtomically(folder.at(name), Buffer.from(eventText(event)), {
          mode: 0o644,
          beforeRename: () => folder.confirm(),
        });
        return true;
      });
      return written ?? false;
    },
  };
}

async function listFolder(root: string, folder: string) {
  const entries = await unlessLinked(
    withFolder(root, folder.split('/'), null, (held) => readdir(held.at(''), { withFileTypes: true })),
  );
  return entries ?? [];
}

/** A link on the way is damage to report, and no reason to fail. */
async function unlessLinked<T>(work: Promise<T>): Promise<T | { readonly why: string }> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof BackendError && error.kind === 'forbidden') return { why: error.what };
    throw error;
  }
}

function readEvent(text: string, file: string): Reading {
  if (/^(<{7}|={7}|>{7})/m.test(text))
    return { why: 'it holds conflict markers of a merge: restore either side whole' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { why: text.trim() === '' ? 'it is empty' : 'it is no JSON' };
  }
  const parsed = parseEvent(value);
  if (!('event' in parsed)) return parsed;
  const place = eventFile(parsed.event);
  return place === file ? parsed : { why: `it belongs to ${place}` };
}
