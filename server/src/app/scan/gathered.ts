import { certificateOf, type KeyPack, saidOf, somePacked } from '../../core/keys/keyPack.ts';
import { nodeHasher } from '../../platform/crypto/hasher.ts';
import type { ScannedContent, ScannedFinding } from './openScanner.ts';
import type { Skipped } from './walkTree.ts';

export interface Gathered {
  readonly findings: readonly ScannedFinding[];
  readonly keys: readonly KeyPack[];
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
  const keys: Placed<KeyPack>[] = [];
  const skipped: Placed<Skipped>[] = [];
  const firsts = firstPlaces();
  let [files, bytes, unchanged] = [0, 0, 0];
  return {
    add(place, content, size, isKnown) {
      for (const value of content.findings) findings.push({ place, value });
      for (const value of content.skipped) skipped.push({ place, value });
      for (const value of content.keys) {
        const fresh = keysOnce ? firsts.note(place, value) : value;
        if (fresh !== undefined) keys.push({ place, value: fresh });
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
      keys: inOrder(keysOnce ? keys.flatMap((each) => firsts.left(each)) : keys),
      skipped: inOrder(skipped),
      files,
      bytes,
      unchanged,
    }),
  };
}

/** Where each key of a file was met first. A place that comes later may be an earlier one. */
function firstPlaces() {
  const places = new Map<string, number>();
  const some = (pack: KeyPack, isWanted: (name: string) => boolean): KeyPack | undefined => {
    const indexes = [...pack.hashes.keys()].filter((index) => isWanted(nameOf(pack, index)));
    if (indexes.length === pack.hashes.length) return pack;
    return indexes.length === 0 ? undefined : somePacked(pack, indexes, nodeHasher);
  };
  return {
    /** Those that were not met before. */
    note: (place: number, pack: KeyPack): KeyPack | undefined =>
      some(pack, (name) => {
        const isFirst = place < (places.get(name) ?? Number.POSITIVE_INFINITY);
        if (isFirst) places.set(name, place);
        return isFirst;
      }),
    /** Those that no earlier place has. */
    left({ place, value }: Placed<KeyPack>): readonly Placed<KeyPack>[] {
      const pack = some(value, (name) => places.get(name) === place);
      return pack === undefined ? [] : [{ place, value: pack }];
    },
  };
}

function nameOf(pack: KeyPack, index: number): string {
  const certificate = certificateOf(pack, index);
  const fingerprint = certificate === undefined ? '' : nodeHasher.hex('sha256', certificate);
  return [pack.file, saidOf(pack, index).form, pack.hashes[index], fingerprint].join('\0');
}

function inOrder<Value>(some: readonly Placed<Value>[]): readonly Value[] {
  return some.toSorted((a, b) => a.place - b.place).map(({ value }) => value);
}
