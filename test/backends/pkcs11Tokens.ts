import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Backend, BackendContext, Login } from '../../server/src/backends/contract.ts';
import { backendType } from '../../server/src/backends/pkcs11/backend.ts';
import type { Pkcs11Config } from '../../server/src/backends/pkcs11/configuration.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { openNativeModules } from '../../server/src/platform/modules/nativeModules.ts';
import { REPOSITORY } from '../support/idac.ts';
import { hasProgram, needs } from '../support/needs.ts';
import { SIGNAL } from './contract/requests.ts';
import { type Disk, makeDisk } from './localContext.ts';

/** A token that a script of this folder made: the variables of its module, and how to log in. */
export interface TestToken {
  readonly kind: 'softhsm' | 'tpm';
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly module: string;
  readonly label: string;
  readonly pin: string;
  readonly securityOfficerPin: string;
  /** Ends what runs for it, and starts it again. */
  stop(): void;
  start(): void;
  remove(): Promise<void>;
}

/** What the tests of tokens need, and say so where it is missing. */
export function needsTokens(test: { skip(): never | void }, kind: TestToken['kind']): void {
  needs(test, 'pkcs11js (a C++ compiler at `npm ci`)', hasPkcs11js());
  if (kind === 'softhsm') needs(test, 'SoftHSM (test/backends/softhsm/install)', hasProgram('softhsm2-util'));
  else
    needs(
      test,
      'a software TPM (test/backends/tpm/install)',
      hasProgram('swtpm') && hasProgram('tpm2_ptool', '-h'),
    );
  needs(test, "OpenSSL's PKCS#11 engine (libengine-pkcs11-openssl)", hasEngine());
  needs(test, 'pkcs11-tool (test/backends/softhsm/install)', hasProgram('pkcs11-tool', '--help'));
}

function hasEngine(): boolean {
  return spawnSync('openssl', ['engine', 'pkcs11'], { stdio: 'ignore' }).status === 0;
}

function hasPkcs11js(): boolean {
  try {
    createRequire(import.meta.url).resolve('pkcs11js');
    return true;
  } catch {
    return false;
  }
}

export async function makeToken(kind: TestToken['kind'], label = 'test'): Promise<TestToken> {
  // Short: a socket's path has at most 107 octets.
  const folder = await mkdtemp(path.join(tmpdir(), `idac-${kind}-`));
  const script = (name: string, ...more: readonly string[]) => run(kind, name, folder, ...more);
  const told = new Map(
    script('start', label)
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
  );
  const value = (name: string) => {
    const found = told.get(name);
    if (found === undefined) throw new Error(`${kind}/start does not tell ${name}`);
    return found;
  };
  const OWN = ['MODULE', 'LABEL', 'PIN', 'SO_PIN'];
  return {
    kind,
    folder,
    environment: Object.fromEntries([...told].filter(([name]) => !OWN.includes(name))),
    module: value('MODULE'),
    label: value('LABEL'),
    pin: value('PIN'),
    securityOfficerPin: value('SO_PIN'),
    stop: () => void script('stop'),
    start: () => void script('start', label),
    async remove() {
      script('stop');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function run(kind: string, script: string, ...args: readonly string[]): string {
  const file = path.join(REPOSITORY, 'test/backends', kind, script);
  const { status, stdout, stderr } = spawnSync(file, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${kind}/${script} failed: ${stderr}`);
  return stdout;
}

/** A backend over a token, on a disk of its own, logged in with `pin`. */
export interface OpenedToken {
  readonly backend: Backend;
  readonly context: BackendContext;
  readonly disk: Disk;
  /** What is bound from now on; undefined: nothing. */
  bind(pin: string | undefined): void;
  /** Another backend on the same disk, as another process would open it. */
  again(config?: Pkcs11Config): Promise<Backend>;
  cleanup(): Promise<void>;
}

export async function openToken(
  token: TestToken,
  options: {
    /** `bare`: this configuration and nothing else. */
    readonly config?: Pkcs11Config;
    readonly bare?: boolean;
    readonly pin?: string;
    readonly module?: string;
  } = {},
): Promise<OpenedToken> {
  const disk = await makeDisk();
  let pin: string | undefined = options.pin ?? token.pin;
  const login = async (): Promise<Login | undefined> =>
    pin === undefined ? undefined : { method: 'pin', values: { pin: new Secret(pin) } };
  const context: BackendContext = {
    ...(await disk.context()),
    name: `${token.kind}-test`,
    login,
    modules: openNativeModules({
      env: { IDAC_PKCS11_MODULES: `under-test=${options.module ?? token.module}` },
      stateHome: disk.folder,
      systemFolders: [],
    }),
  };
  const config: Pkcs11Config = options.bare
    ? { ...options.config }
    : { module: 'under-test', token: { label: token.label }, ...options.config };
  const opened: Backend[] = [];
  const open = async (more: Pkcs11Config = {}) => {
    const backend = await backendType.open({ ...config, ...more }, context, SIGNAL);
    opened.push(backend);
    return backend;
  };
  const restore = withEnvironment(token.environment);
  const first = await open().catch(async (error: unknown) => {
    restore();
    await disk.cleanup();
    throw error;
  });
  return {
    backend: first,
    context,
    disk,
    bind: (next) => {
      pin = next;
    },
    again: open,
    async cleanup() {
      for (const each of opened) await each.close();
      restore();
      await disk.cleanup();
    },
  };
}

/** Variables of a module, for as long as a driver may be started with them; gives what puts the former ones back. */
export function withEnvironment(environment: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, environment);
  return () => {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  };
}

/** OpenSC's tool on the token, logged in: an independent look. */
export function pkcs11Tool(
  token: TestToken,
  ...args: readonly string[]
): { readonly status: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync(
    'pkcs11-tool',
    ['--module', token.module, '--token-label', token.label, '--login', '--pin', token.pin, ...args],
    { encoding: 'utf8', env: { ...process.env, ...token.environment } },
  );
  return { status, text: `${stdout}${stderr}` };
}
