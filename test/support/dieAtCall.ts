/** Ends this process by SIGKILL at its n-th changing call to the file system: before the call, or in the middle of a write. */
import { writeSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';

type Call = (this: unknown, ...args: unknown[]) => unknown;

export async function dieAtCall(count: number): Promise<void> {
  let calls = 0;
  const killAt = (target: Record<string, Call>, names: readonly string[]): void => {
    for (const name of names) {
      const call = target[name];
      if (call === undefined) throw new Error(`no ${name} to stop at`);
      target[name] = function (...args) {
        calls += 1;
        if (calls === count) {
          writeHalf(this, name, args);
          die();
        }
        return call.apply(this, args);
      };
    }
  };
  const promises = createRequire(import.meta.url)('node:fs/promises') as Record<string, Call> & {
    open(file: string, flags: string): Promise<{ close(): Promise<void> }>;
  };
  const handle = await promises.open(process.execPath, 'r');
  const prototype = Object.getPrototypeOf(handle) as Record<string, Call>;
  await handle.close();
  killAt(prototype, ['write', 'writeFile', 'sync', 'truncate', 'chmod', 'chown']);
  killAt(promises, ['open', 'rename', 'link', 'unlink', 'mkdir', 'writeFile', 'rm']);
  syncBuiltinESMExports();
}

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
}

/** A write that is cut in the middle. */
function writeHalf(handle: unknown, name: string, args: readonly unknown[]): void {
  const [content, , length, position] = args;
  if (!(content instanceof Uint8Array)) return;
  const { fd } = handle as { fd?: number };
  if (fd === undefined) return;
  if (name === 'writeFile') writeSync(fd, content, 0, content.length >> 1);
  if (name === 'write') writeSync(fd, content, 0, Number(length) >> 1, Number(position));
}
