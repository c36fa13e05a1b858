import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';

/** A real sshd on loopback, in the foreground, with a configuration of its own and nothing of the machine's. */
export interface Sshd {
  readonly port: number;
  /** What it has said so far (`-e`, LogLevel VERBOSE). */
  log(): string;
  /** Waits until it says so, behind the first `from` characters of its log; gives what it said there. */
  heard(pattern: RegExp, from: number): Promise<string>;
  /** Ends it, and waits until it is gone. */
  stop(): Promise<void>;
}

/** Its log lies in a pipe before ssh has its answer, so this is never waited for where all is well. */
const PATIENCE_MS = 20_000;

/** Debian keeps it where only root's PATH leads. */
export function findSshd(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => path.join(folder, 'sshd')).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `lines`: the configuration beside where it listens. */
export async function startSshd(program: string, folder: string, lines: readonly string[]): Promise<Sshd> {
  // Where it runs as root it separates privileges, and wants this folder for that.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const port = await freePort();
  const file = path.join(folder, 'sshd_config');
  const own = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'LogLevel VERBOSE',
  ];
  writeFileSync(file, `${[...own, ...lines].join('\n')}\n`);
  const server = spawn(program, ['-D', '-e', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', () => reject(new Error(`sshd ended: ${said}`)));
    server.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Server listening on')) resolve();
    });
  });
  return {
    port,
    log: () => said,
    heard: async (pattern, from) => {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      while (!pattern.test(said.slice(from))) {
        await once(server.stderr, 'data', { signal }).catch(() => {
          throw new Error(`sshd did not say ${pattern}, but: ${said.slice(from)}`);
        });
      }
      return said.slice(from);
    },
    stop: async () => {
      server.kill();
      await ended;
    },
  };
}

/** One that was free a moment ago: sshd cannot be asked to choose. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
