import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { SampleFolder } from './sampleFolder.ts';

const repository = path.resolve(import.meta.dirname, '../..');

/** Runs runInCodeServer.mjs on a folder; its output is shown when it fails. */
export async function runVsCode(
  { workspace, environment }: SampleFolder,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const env = Object.entries({ ...environment, ...more }).flatMap(([name, value]) => [
    '--env',
    `${name}=${value}`,
  ]);
  const runner = spawn(
    process.execPath,
    ['test/vscode/runInCodeServer.mjs', '--workspace', workspace, ...env, ...args],
    { cwd: repository, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [runner.stdout, runner.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      output += bytes.toString('utf8');
    });
  }
  const [code] = await once(runner, 'close');
  assert.equal(code, 0, `VS Code run ended with ${String(code)}:\n${output}`);
}
