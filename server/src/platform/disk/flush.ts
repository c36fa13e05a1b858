import { fsync, writeSync } from 'node:fs';

/**
 * What is short is called synchronously all over this folder: to hand a call of a few microseconds to a thread costs
 * ten times the call, and an action makes some hundreds. Waiting for the disk is not short: that goes to a thread.
 */
export function flush(descriptor: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fsync(descriptor, (error) => (error === null ? resolve() : reject(error)));
  });
}

/** All of it: one call may write less than it was given. */
export function writeWhole(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
}
