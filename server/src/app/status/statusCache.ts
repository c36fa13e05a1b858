/**
 * Lists and answers that were fetched, in the user's state folder, until they name a later one. What lies here is as little
 * trusted as what comes over the network: it is judged anew each time.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { openStateFolder } from '../../platform/disk/stateFolder.ts';
import { userStateFolder } from '../../platform/disk/userState.ts';

export interface KeptAnswer {
  readonly body: Uint8Array;
  /** ISO 8601. */
  readonly askedAt: string;
}

export interface StatusCache {
  /** What still holds at that time; what cannot be read counts as none. */
  get(key: string, now: Date): KeptAnswer | undefined;
  /** `until`: ISO 8601. Where nothing can be kept it is asked for again. */
  put(key: string, answer: KeptAnswer, until: string): Promise<void>;
}

const FOLDER = 'status';
const HEAD = /^idac status 1 (\S+) (\S+) ([0-9a-f]{64})\n/;
const LONGEST_HEAD = 200;
export const LARGEST_LIST = 32 * 1024 * 1024;
const LARGEST_FOLDER = 256 * 1024 * 1024;

export function openStatusCache(stateHome = userStateFolder(process.env, process.platform)): StatusCache {
  const folder = path.join(stateHome, FOLDER);
  const state = openStateFolder(folder);
  const nameOf = (key: string): string => createHash('sha256').update(key).digest('hex');
  return {
    get(key, now) {
      try {
        const file = path.join(folder, nameOf(key));
        if (statSync(file).size > LARGEST_LIST + LONGEST_HEAD) return undefined;
        const bytes = readFileSync(file);
        const [head, askedAt = '', until = '', digest] =
          HEAD.exec(bytes.subarray(0, LONGEST_HEAD).toString('latin1')) ?? [];
        if (head === undefined) return undefined;
        const body = new Uint8Array(bytes.subarray(head.length));
        const isWhole = digestOf(body) === digest;
        const time = now.getTime();
        const holds = Date.parse(askedAt) <= time && time < Date.parse(until);
        return isWhole && holds ? { body, askedAt } : undefined;
      } catch {
        return undefined;
      }
    },
    async put(key, { body, askedAt }, until) {
      if (body.length > LARGEST_LIST || !(Date.parse(until) > Date.parse(askedAt))) return;
      const head = Buffer.from(`idac status 1 ${askedAt} ${until} ${digestOf(body)}\n`);
      const name = nameOf(key);
      try {
        makeRoom(folder, head.length + body.length, (file) => state.remove(file));
        await state.write(name, Buffer.concat([head, body]));
        // Its time says until when it is of use: what ends first goes first.
        const end = new Date(until);
        utimesSync(path.join(folder, name), end, end);
      } catch {
        // A folder that is full or may not be written to.
      }
    },
  };
}

function digestOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}

function makeRoom(folder: string, wanted: number, remove: (name: string) => Promise<void>): void {
  let total = wanted;
  const files = namesIn(folder).flatMap((name) => {
    const { size, mtimeMs } = statSync(path.join(folder, name));
    total += size;
    return [{ name, size, mtimeMs }];
  });
  for (const { name, size, mtimeMs } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (total <= LARGEST_FOLDER && mtimeMs > Date.now()) break;
    void remove(name).catch(() => undefined);
    total -= size;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^[0-9a-f]{64}$/.test(name));
  } catch {
    return [];
  }
}
