/**
 * The process that loads a driver: native code of a vendor, which may hang or crash. It knows no manifest and no file of
 * ours; it is told one module and one token, answers requests, and ends with the process that started it.
 */
import { Worker } from 'node:worker_threads';
import { refusalOf } from './library.ts';
import type { Answer, Request } from './protocol.ts';
import { tokenCalls } from './tokenCalls.ts';

// A call that hangs in the driver holds the event loop, so `disconnect` would never be seen: this thread sees it.
const WATCH = `
  const { workerData: parent } = require('node:worker_threads');
  setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 1000);
`;

const calls = tokenCalls();

async function answer({ id, name, request }: Request): Promise<Answer> {
  try {
    const call = calls[name] as (request: unknown) => unknown;
    return { id, ok: true, value: await call(request) };
  } catch (error) {
    return { id, ok: false, why: refusalOf(error, name) };
  }
}

// Ctrl-C reaches the whole group: what a key needs to be whole is finished, then the other process says close.
process.on('SIGINT', () => undefined);
// Not `exit`, which waits for a driver's threads.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (message: Request) => {
  void answer(message).then((outcome) => {
    process.send?.(outcome, () => {
      if (message.name === 'close') process.exit();
    });
  });
});
if (process.platform !== 'win32')
  new Worker(WATCH, { eval: true, workerData: Number(process.argv[2]) }).unref();
