import type { InspectContext } from '../../core/credential/inspect/place.ts';
import { readingSteps } from '../../core/credential/inspect/readCredentials.ts';
import type { FoundGroup } from '../../core/found/foundItem.ts';
import { groupFound, type ReadFile } from '../../core/found/groupFound.ts';
import { inTurns } from '../inspect/inTurns.ts';
import { walkFound } from './walkFound.ts';

export interface Looked {
  readonly groups: readonly FoundGroup[];
  readonly files: readonly ReadFile[];
  readonly cut: readonly string[];
}

/** Looks at a folder again and again: what did not change since is not read twice. Of a private key nothing but its public half stays. */
export function openLookAround(
  root: string,
  context: () => InspectContext,
): (signal: AbortSignal) => Promise<Looked> {
  let known = new Map<string, ReadFile & { readonly stamp: string }>();
  return async (signal) => {
    const stamps = new Map([...known].map(([file, { stamp }]) => [file, stamp]));
    const now = new Map<string, ReadFile & { readonly stamp: string }>();
    const inspect = context();
    const { cut } = await walkFound(
      root,
      stamps,
      async ({ file, stamp, bytes }) => {
        const before = known.get(file);
        if (bytes === undefined) {
          if (before !== undefined) now.set(file, before);
          return;
        }
        const items =
          bytes.length === 0 ? [] : await inTurns(readingSteps(file, bytes, false, inspect), signal);
        now.set(file, { file, stamp, items });
      },
      signal,
    );
    known = now;
    const files = [...now.values()].filter(({ items }) => items.length > 0);
    return { groups: groupFound(files), files, cut };
  };
}
