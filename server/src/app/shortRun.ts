import { setFlagsFromString } from 'node:v8';

/**
 * V8 11 (Node 20) optimizes code after so little use that a command of a second spends a quarter of its time on code that it
 * then hardly runs. Later versions have tiers between, and no such flag.
 */
const ENGINE = /^11\./;
const LATER = '--interrupt-budget=2000000';
const USUAL = '--interrupt-budget=67584';
/** Who is at work still is so for long, and what is optimized from then on pays. */
const SHORT_MS = 1500;

/** For a process that most often ends soon; not for a server. */
export function expectShortRun(): void {
  if (!ENGINE.test(process.versions.v8)) return;
  setFlagsFromString(LATER);
  setTimeout(() => setFlagsFromString(USUAL), SHORT_MS).unref();
}
