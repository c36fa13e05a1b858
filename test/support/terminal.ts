import { spawn } from 'node:child_process';
import path from 'node:path';
import { REPOSITORY, type Sandbox } from './idac.ts';
import { hasProgram, needs } from './needs.ts';

/** Skips a test where there is nothing to make a pseudo-terminal with. */
export function needsTerminal(test: { skip(): never | void }): void {
  needs(test, 'script of util-linux', process.platform === 'linux' && hasProgram('script'));
}

/** What is typed once its question is on the screen. */
export type Dialogue = readonly (readonly [question: RegExp, answer: string])[];

/** Runs the command line on a pseudo-terminal (util-linux `script`), and types the answers. */
export function atTerminal(
  place: Sandbox,
  args: string,
  dialogue: Dialogue,
  env: Record<string, string> = {},
) {
  return new Promise<{ code: number; screen: string }>((resolve, reject) => {
    const bin = path.join(REPOSITORY, 'server/bin/idac.mjs');
    const child = spawn(
      'script',
      ['-qefc', `stty cols 100; "${process.execPath}" "${bin}" ${args}`, '/dev/null'],
      {
        cwd: place.folder,
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: process.env['HOME'] ?? '',
          TERM: 'xterm-256color',
          IDAC_STATE_HOME: place.stateHome,
          IDAC_PASSPHRASE: place.passphrase,
          ...env,
        },
      },
    );
    const left = [...dialogue];
    let screen = '';
    let from = 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      screen += text;
      const [question, answer] = left[0] ?? [];
      const asked = question?.exec(screen.slice(from));
      if (asked && answer !== undefined) {
        from += asked.index + asked[0].length;
        left.shift();
        child.stdin.write(answer);
      }
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, screen }));
  });
}
