import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { REPOSITORY } from '../../support/idac.ts';
import type { TestToken } from '../pkcs11Tokens.ts';

/** The module of a token with faults that a test puts in (see faulty.c). */
export interface FaultyModule {
  readonly module: string;
  readonly environment: Readonly<Record<string, string>>;
  /** From now on the function does so: `hang`, `crash`, `return 0x30`, `spoil`, or one of these after `once `. */
  put(name: string, what?: string): void;
  /** Everything is as the real module has it. */
  mend(): void;
  /** How often the function was called. */
  calls(name: string): number;
}

/** Compiled when it is needed, into the token's folder. */
export function faultyModule(token: TestToken): FaultyModule {
  const folder = path.join(token.folder, 'faults');
  const module = path.join(token.folder, 'faulty.so');
  const headers = path.join(
    path.dirname(createRequire(import.meta.url).resolve('pkcs11js')),
    'includes/pkcs11',
  );
  const source = path.join(REPOSITORY, 'test/backends/softhsm/faulty.c');
  const { status, stderr } = spawnSync('cc', ['-shared', '-fPIC', '-I', headers, '-o', module, source], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`faulty.c does not compile: ${stderr}`);
  const mend = () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
  };
  mend();
  return {
    module,
    environment: { ...token.environment, FAULTY_MODULE: token.module, FAULTY_FOLDER: folder },
    put: (name, what = '') => writeFileSync(path.join(folder, name), what),
    mend,
    calls(name) {
      try {
        const lines = readFileSync(path.join(folder, 'calls'), 'utf8').split('\n');
        return lines.filter((line) => line === name).length;
      } catch {
        return 0;
      }
    },
  };
}
