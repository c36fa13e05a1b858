import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The program of diskChild.ts, bundled once so that it starts in a fraction of a second. */
export async function buildChild(): Promise<{ program: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'idac-child-'));
  const program = path.join(folder, 'child.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./diskChild.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  return { program, remove: () => rm(folder, { recursive: true, force: true }) };
}

export interface Ended {
  readonly killed: boolean;
  readonly stdout: string;
}

export function runChild(program: string, args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve({ killed: true, stdout });
      else if (code === 0) resolve({ killed: false, stdout });
      else reject(new Error(`the child failed (${code ?? signal}): ${stderr}`));
    });
  });
  return { pid: child.pid ?? 0, kill: () => child.kill('SIGKILL'), ended };
}
