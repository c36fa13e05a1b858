import { setImmediate } from 'node:timers/promises';

/** Others have their turn between two steps of a long reading. */
const TURN_MILLISECONDS = 8;

/** Goes through the steps and gives way now and then; aborted, it ends at the next one. */
export async function inTurns<T>(steps: Generator<void, T>, signal: AbortSignal): Promise<T> {
  let turn = performance.now();
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    if (performance.now() - turn < TURN_MILLISECONDS) continue;
    await setImmediate();
    signal.throwIfAborted();
    turn = performance.now();
  }
}
