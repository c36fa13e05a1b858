import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { Secret } from '../core/secret.ts';
import { visible } from './output/text.ts';

/** Asks on standard error, so that standard output stays data. Undefined: the person pressed Ctrl-C or Ctrl-D. */
export function ask(question: string, signal: AbortSignal): Promise<string | undefined> {
  return readLine(
    process.stderr,
    (reader, answered) => reader.question(`${visible(question)} `, answered),
    signal,
  );
}

/** As `ask`, without showing what is typed. */
export async function askHidden(question: string, signal: AbortSignal): Promise<Secret<string> | undefined> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const answer = await readLine(
    silent,
    (reader, answered) => {
      reader.question('', answered);
      // Only now: by here the terminal no longer echoes, so that not even a fast answer is shown.
      process.stderr.write(`${visible(question)} `);
    },
    signal,
  );
  process.stderr.write('\n');
  return answer === undefined ? undefined : new Secret(answer);
}

function readLine(
  output: NodeJS.WritableStream,
  pose: (reader: Interface, answered: (answer: string) => void) => void,
  signal: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const reader = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
    const end = (answer: string | undefined) => {
      signal.removeEventListener('abort', giveUp);
      // First the answer: closing says `close`, which would be taken for giving up.
      resolve(answer);
      reader.close();
    };
    const giveUp = () => end(undefined);
    signal.addEventListener('abort', giveUp);
    reader.on('SIGINT', giveUp);
    reader.on('close', giveUp);
    pose(reader, end);
  });
}
