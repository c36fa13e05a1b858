import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import type { ActionObserver, Project } from '../../server/src/app/api.ts';
import type { IdentityId } from '../../server/src/core/identity/identityId.ts';
import type { ActionResult, Refusal, WritingVerb } from '../../server/src/core/lifecycle/plan.ts';
import type { Orders } from './actingProcess.ts';
import { REPOSITORY } from './idac.ts';

export const NEVER = new AbortController().signal;

export function certificateId(name: string, namespace = 'default'): IdentityId {
  return { apiVersion: 'identity-as-code/v1', kind: 'Certificate', namespace, name };
}

/** Plans, confirms and executes; gives what came of it. */
export async function attempt(
  project: Project,
  verb: WritingVerb,
  identity: IdentityId,
  observer: ActionObserver = {},
  signal: AbortSignal = NEVER,
): Promise<ActionResult | Refusal> {
  const plan = await project.actions.plan({ verb, identity }, signal);
  if ('refused' in plan) return plan;
  const confirmation = { confirmed: true, typed: identity.name };
  return project.actions.execute(plan.id, plan.hash, confirmation, observer, signal);
}

export async function done(project: Project, verb: WritingVerb, identity: IdentityId): Promise<ActionResult> {
  const result = await attempt(project, verb, identity);
  assert.ok(!('refused' in result), JSON.stringify(result));
  assert.equal(result.state, 'done', result.next);
  return result;
}

export function assertRefused(result: ActionResult | Refusal | object, code: string, words: RegExp): void {
  assert.ok('refused' in result, `expected a refusal, got ${JSON.stringify(result).slice(0, 400)}`);
  const { code: actual, what, hint } = result as Refusal;
  assert.equal(actual, `refused/${code}`, `${what} ${hint}`);
  assert.match(`${what} ${hint}`, words);
}

/** Runs git with nobody's settings. */
export function git(folder: string, ...args: readonly string[]): string {
  const settings = [
    '-c',
    'user.name=Ada',
    '-c',
    'user.email=ada@example.com',
    '-c',
    'init.defaultBranch=main',
  ];
  return execFileSync('git', [...settings, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export interface ActingProcess {
  start(orders: Orders): {
    readonly pid: number | undefined;
    readonly ended: Promise<{ readonly signal: string | null; readonly out: string; readonly err: string }>;
    readonly staying: Promise<void>;
    release(): void;
  };
  remove(): Promise<void>;
}

/** Bundles `actingProcess.ts` once, so that each process of a test starts at once. */
export async function buildActingProcess(): Promise<ActingProcess> {
  // As if it lay in the package, where the built program finds what belongs to it; other tests pack the folder itself.
  const folder = await mkdtemp(path.join(tmpdir(), 'idac-actor-'));
  await symlink(path.join(REPOSITORY, 'node_modules'), path.join(folder, 'node_modules'));
  for (const name of ['package.json', 'dist'])
    await symlink(path.join(REPOSITORY, 'server', name), path.join(folder, name));
  const file = path.join(folder, 'actor.mjs');
  await build({
    entryPoints: ['test/support/actingProcess.ts'],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    external: ['pkcs11js'],
    banner: {
      js: "import { createRequire as idacRequire } from 'node:module'; const require = idacRequire(import.meta.url);",
    },
  });
  return {
    start(orders) {
      const child = spawn(process.execPath, [file, JSON.stringify(orders)], {
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      let out = '';
      let err = '';
      const staying = new Promise<void>((resolve) => {
        child.stdout.on('data', (text) => {
          out += text;
          if (out.includes('staying')) resolve();
        });
      });
      child.stderr.on('data', (text) => {
        err += text;
      });
      const ended = new Promise<{ signal: string | null; out: string; err: string }>((resolve) => {
        child.on('close', (_code, signal) => resolve({ signal, out, err }));
      });
      return { pid: child.pid, ended, staying, release: () => child.stdin.end('go\n') };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
