/** Ends this process by SIGKILL at its n-th changing call to the file system: before the call, or in the middle of a write. */
import fs from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';

type Call = (this: unknown, ...args: unknown[]) => unknown;

/** Of the disk folder, and of what still goes through a thread. */
const CALLS = [
  ...[
    'openSync',
    'writeSync',
    'writeFileSync',
    'fsync',
    'ftruncateSync',
    'fchmodSync',
    'fchownSync',
    'chmodSync',
  ],
  ...['renameSync', 'linkSync', 'unlinkSync', 'mkdirSync', 'rmdirSync', 'rmSync'],
];
const PROMISED = ['open', 'rename', 'link', 'unlink', 'mkdir', 'writeFile', 'rm'];

const { writeSync } = fs;

export async function dieAtCall(count: number): Promise<void> {
  let calls = 0;
  const killAt = (target: Record<string, Call>, names: readonly string[]): void => {
    for (const name of names) {
      const call = target[name];
      if (call === undefined) throw new Error(`no ${name} to stop at`);
      target[name] = function (...args) {
        if (isReading(name, args)) return call.apply(this, args);
        calls += 1;
        if (calls === count) {
          writeHalf(name, args);
          die();
        }
        return call.apply(this, args);
      };
    }
  };
  const require = createRequire(import.meta.url);
  killAt(require('node:fs') as Record<string, Call>, CALLS);
  killAt(require('node:fs/promises') as Record<string, Call>, PROMISED);
  syncBuiltinESMExports();
}

function isReading(name: string, [, flags]: readonly unknown[]): boolean {
  if (name !== 'openSync') return false;
  if (typeof flags === 'number') return (flags & (fs.constants.O_CREAT | fs.constants.O_TRUNC)) === 0;
  return flags === undefined || flags === 'r';
}

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
}

/** A write that is cut in the middle. */
function writeHalf(name: string, [descriptor, content, offset, length, position]: readonly unknown[]): void {
  if (name !== 'writeSync' || typeof descriptor !== 'number' || !(content instanceof Uint8Array)) return;
  writeSync(descriptor, content, Number(offset), Number(length) >> 1, Number(position));
}
