/** Which of what detectors and finders see in one file counts, and where they are not asked any more. */
import type { KeyFinder, KeysAt } from '../keys/keyFinder.ts';
import type { FoundKey } from '../keys/keySighting.ts';
import type { Detection, Detector } from './detector.ts';
import { foundSecrets, weightOf } from './foundSecrets.ts';

export interface FileScan {
  /** By place; `start` and `end` are octets of the file. */
  readonly found: readonly Detection[];
  /** By place, too; those of private keys are told by what was found. */
  readonly keys: readonly FoundKey[];
  /** From some place on the file was not looked at for some rules, and why. */
  readonly cut?: string;
}

export type Asked = Detector | KeyFinder;

export interface Judgement {
  /** A keyword stands there. Keywords are told in the order of their ends. */
  hear(word: string, asked: Asked, at: number): void;
  /** Found by the name of the file. */
  know(named: Detection): void;
  /** Something was not looked at. */
  miss(why: string): void;
  scan(): FileScan;
  /** The keys that were found since it was asked last; `scan` does not have them any more. */
  takeKeys(): readonly FoundKey[];
}

/** What is found for a keyword at that place, as octets of the file. */
export interface Ask {
  secrets(detector: Detector, at: number): Iterable<Detection>;
  keys(finder: KeyFinder, at: number): KeysAt | undefined;
}

/** So often a detector may look and find nothing: only a file that was made for it has more of its words. */
export const MOST_MISSES: Readonly<Record<Detector['reach'], number>> = {
  line: 100_000,
  near: 100_000,
  block: 5_000,
  bundle: 256,
};
/** What the name of a file says gives way to what has a form of its own. */
const NAMED_WEIGHT = 4;
/** A file with more was made for it. */
const MOST_SECRETS = 100_000;
const MOST_KEYS = 500_000;

export type Weights = ReadonlyMap<Asked, number>;

/** The most that anything a detector finds can weigh. */
export function weightsOf(detectors: readonly Detector[]): Weights {
  return new Map<Asked, number>(detectors.map((each) => [each, weightOf(each, each.rules)]));
}

export function judgement(weights: Weights, ask: Ask): Judgement {
  const found = foundSecrets();
  let keys: FoundKey[] = [];
  let keysCount = 0;
  /** Where the last of the keys ends: what is in one is not looked for again. */
  let keysEnd = 0;
  const misses = new Map<Asked, number>();
  let cut: string | undefined;
  const look = (detector: Detector, at: number): boolean => {
    let hit = false;
    for (const each of ask.secrets(detector, at))
      hit = found.note(each, weightOf(detector, [each.rule])) || hit;
    return hit;
  };
  const lookForKeys = (finder: KeyFinder, at: number): boolean => {
    const before = keysCount;
    const { start = 0, end = 0, keys: some = [] } = ask.keys(finder, at) ?? {};
    for (const { said, spki, certificate } of some) {
      if (keysCount >= MOST_KEYS) {
        cut ??= `it has more than ${MOST_KEYS} public keys, and no more of them were looked at`;
        break;
      }
      keys.push(
        certificate === undefined ? { start, end, said, spki } : { start, end, said, spki, certificate },
      );
      keysCount += 1;
      keysEnd = Math.max(keysEnd, end);
    }
    return keysCount > before;
  };
  return {
    hear(word, asked, at) {
      // What was found is not looked into again, unless by what says more.
      const weight = weights.get(asked);
      if (weight === undefined ? at < keysEnd : (found.weightAt(at) ?? -1) >= weight) return;
      if (weight !== undefined && found.all.length >= MOST_SECRETS) {
        cut ??= `it has more than ${MOST_SECRETS} secrets, and no more of them were looked at`;
        return;
      }
      const missed = misses.get(asked) ?? 0;
      if (missed >= MOST_MISSES[asked.reach]) {
        cut ??= `it has "${word}" more than ${missed} times without what belongs to it, and was looked at no further for that`;
        return;
      }
      const isHit = 'rules' in asked ? look(asked, at) : lookForKeys(asked, at);
      if (!isHit) misses.set(asked, missed + 1);
    },
    know(named) {
      found.note(named, NAMED_WEIGHT);
    },
    miss(why) {
      cut ??= why;
    },
    scan: () => ({ found: found.all, keys, ...(cut === undefined ? {} : { cut }) }),
    takeKeys() {
      const taken = keys;
      keys = [];
      return taken;
    },
  };
}
