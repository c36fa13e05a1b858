import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Secret } from '../core/secret.ts';
import { line, paint, span } from './output/text.ts';

/** Asks on standard error, so that standard output stays data. Undefined: the person pressed Ctrl-C or Ctrl-D. */
export async function ask(question: string, signal: AbortSignal): Promise<string | undefined> {
  return readLine(question, process.stderr, signal);
}

/** As `ask`, without showing what is typed. */
export async function askHidden(question: string, signal: AbortSignal): Promise<Secret<string> | undefined> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  process.stderr.write(
    paint([line(span(question))], false)
      .trimEnd()
      .concat(' '),
  );
  const answer = await readLine('', silent, signal);
  process.stderr.write('\n');
  return answer === undefined ? undefined : new Secret(answer);
}

function readLine(
  question: string,
  output: NodeJS.WritableStream,
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
    reader.question(question === '' ? '' : `${question} `, end);
  });
}
