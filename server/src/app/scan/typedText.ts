/** A text that somebody types into, and the secrets in it: found again after each edit, and a slice at a time where it is long. */
import { setTimeout as pause, setImmediate } from 'node:timers/promises';
import type { FollowedScan } from '../../core/secrets/followedScan.ts';
import type { Range } from '../../core/text/position.ts';
import { octetText } from './octetText.ts';
import type { FileScanner, ScannedSecrets } from './openScanner.ts';

export interface TypedChange {
  /** Left out: `text` is the whole. */
  readonly range?: Range;
  readonly text: string;
}

export interface TypedText {
  change(changes: readonly TypedChange[]): void;
  /** The text as it is when that comes. Rejects when the text was closed. */
  scanned(): Promise<ScannedSecrets>;
  whole(): string;
  /** As the last findings name them. */
  octets(start: number, end: number): Uint8Array;
  close(): void;
}

/** Others have their turn after this long. */
const TURN_MS = 8;
/** A text that is typed into while it is read for the first time is begun again after a pause. */
const PAUSE_MS = 100;
/** More than this at once is read as a whole. */
const LONG_EDIT = 256 * 1024;

/** `scanner`: loaded when findings are first asked for. `path`: as a scan of the folder would name it. */
export function typedText(path: string, original: string, scanner: () => Promise<FileScanner>): TypedText {
  const closed = new AbortController();
  let text = octetText(original);
  let followed: FollowedScan | undefined;
  let isRead = false;
  /** Counts edits. */
  let edition = 0;
  let running: Promise<ScannedSecrets> | undefined;

  /** Undefined: it was typed on meanwhile. */
  const inTurns = async <T>(steps: Generator<undefined, T>): Promise<{ readonly value: T } | undefined> => {
    const of = edition;
    for (let turn = performance.now(); ; ) {
      const { done, value } = steps.next();
      if (done === true) return { value };
      if (performance.now() - turn < TURN_MS) continue;
      await setImmediate();
      closed.signal.throwIfAborted();
      if (edition !== of) return undefined;
      turn = performance.now();
    }
  };
  const scan = async (): Promise<ScannedSecrets> => {
    const tools = await scanner();
    for (;;) {
      closed.signal.throwIfAborted();
      followed ??= tools.follow(path);
      if (!isRead) {
        if ((await inTurns(followed.read(text.bytes()))) === undefined) {
          await pause(PAUSE_MS);
          continue;
        }
        isRead = true;
      }
      const judged = await inTurns(followed.judge(text.bytes()));
      if (judged !== undefined)
        return tools.saidOf(path, judged.value, ({ start, end }) => text.rangeOf(start, end));
    }
  };

  return {
    change(changes) {
      edition += 1;
      for (const { range, text: written } of changes) {
        if (range === undefined) {
          text = octetText(written);
          isRead = false;
          continue;
        }
        const { start, end, length } = text.edit(range, written);
        if (length > LONG_EDIT) isRead = false;
        if (isRead) followed?.edited(start, end, length, text.bytes());
      }
    },
    scanned() {
      running ??= scan().finally(() => {
        running = undefined;
      });
      return running;
    },
    whole: () => Buffer.from(text.bytes()).toString(),
    octets: (start, end) => text.bytes().slice(start, end),
    close: () => closed.abort(),
  };
}
