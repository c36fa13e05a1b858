import type { KeySighting } from '../../core/keys/keySighting.ts';
import type { ScannedContent, ScannedFinding } from './openScanner.ts';
import type { Skipped } from './walkTree.ts';

export interface Gathered {
  readonly findings: readonly ScannedFinding[];
  readonly keys: readonly KeySighting[];
  readonly skipped: readonly Skipped[];
  /** Files, or contents of a history. Where nothing stands nothing was looked at. */
  readonly files: number;
  readonly bytes: number;
  /** Of the files: what an earlier scan said of them was taken. */
  readonly unchanged: number;
}

/** Puts together what is found in many contents, in the order of their places, in whatever order they come. */
export interface Gathering {
  add(place: number, content: ScannedContent, bytes: number, isKnown: boolean): void;
  skip(place: number, skipped: Skipped): void;
  readonly files: number;
  end(): Gathered;
}

interface Placed<Value> {
  readonly place: number;
  readonly value: Value;
}

/** `keysOnce`: of a key that a file has in several of its versions the first counts. */
export function gathering({ keysOnce = false }: { readonly keysOnce?: boolean } = {}): Gathering {
  const findings: Placed<ScannedFinding>[] = [];
  const keys: Placed<KeySighting>[] = [];
  const skipped: Placed<Skipped>[] = [];
  const once = new Map<string, Placed<KeySighting>>();
  let [files, bytes, unchanged] = [0, 0, 0];
  return {
    add(place, content, size, isKnown) {
      for (const value of content.findings) findings.push({ place, value });
      for (const value of content.skipped) skipped.push({ place, value });
      for (const value of content.keys) {
        const key = { place, value };
        if (!keysOnce) keys.push(key);
        else if (place < (once.get(nameOf(value))?.place ?? Number.POSITIVE_INFINITY))
          once.set(nameOf(value), key);
      }
      if (size === 0) return;
      files += 1;
      bytes += size;
      if (isKnown) unchanged += 1;
    },
    skip(place, value) {
      skipped.push({ place, value });
    },
    get files() {
      return files;
    },
    end: () => ({
      findings: inOrder(findings),
      keys: inOrder([...keys, ...once.values()]),
      skipped: inOrder(skipped),
      files,
      bytes,
      unchanged,
    }),
  };
}

function nameOf({ file, form, spkiSha256, fingerprintSha256 = '' }: KeySighting): string {
  return [file, form, spkiSha256, fingerprintSha256].join('\0');
}

function inOrder<Value>(some: readonly Placed<Value>[]): readonly Value[] {
  return some.toSorted((a, b) => a.place - b.place).map(({ value }) => value);
}
