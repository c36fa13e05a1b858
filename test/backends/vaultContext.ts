import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Backend, BackendContext } from '../../server/src/backends/contract.ts';
import { backendType } from '../../server/src/backends/vault/backend.ts';
import type { VaultConfig } from '../../server/src/backends/vault/configuration.ts';
import type { Clock } from '../../server/src/core/ports.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { SIGNAL } from './contract/requests.ts';
import { type FaultyProxy, startFaultyProxy } from './faultyProxy.ts';
import { type Disk, makeDisk } from './localContext.ts';
import { appRole, needsOpenBao, type OpenBao, setUp, startOpenBao } from './openbaoServer.ts';

/** A backend on a real server, with names of its own there, and what it takes to open it again. */
export interface VaultBench extends Disk {
  readonly backend: Backend;
  readonly config: VaultConfig;
  open(change?: Partial<VaultConfig>, values?: Readonly<Record<string, string>>): Promise<Backend>;
}

/** Everything that docs/backends/vault.md names, at names that its policy allows. */
function documentedConfig(bao: OpenBao): VaultConfig {
  const own = randomBytes(6).toString('hex');
  return {
    address: bao.address,
    auth: { method: 'approle' },
    pki: { mount: 'pki', role: 'payments' },
    transit: { prefix: `idac-${own}-` },
    kv: { mount: 'secret', folder: `payments/${own}` },
    ssh: {
      user: { mount: 'ssh-user', role: 'operators' },
      host: { mount: 'ssh-host', role: 'servers' },
    },
    tokens: { method: 'approle', role: 'checkout' },
    ledger: { mount: 'secret', folder: `idac/payments/${own}` },
  };
}

export async function openBench(
  bao: OpenBao,
  change: { readonly [Field in keyof VaultConfig]?: VaultConfig[Field] | undefined } = {},
  values?: Readonly<Record<string, string>>,
  { files = {}, clock }: { readonly files?: Readonly<Record<string, string>>; readonly clock?: Clock } = {},
): Promise<VaultBench> {
  const disk = await makeDisk();
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(disk.project, name), text);
  const config = Object.fromEntries(
    Object.entries({ ...documentedConfig(bao), ...change }).filter(([, value]) => value !== undefined),
  ) as unknown as VaultConfig;
  const login = values ?? (await appRole(bao));
  const opened: Backend[] = [];
  const open: VaultBench['open'] = async (again = {}, other = login) => {
    const with_ = { ...config, ...again };
    const backend = await backendType.open(
      with_,
      loggedIn(await disk.context(clock === undefined ? {} : { clock }), with_, other),
      SIGNAL,
    );
    opened.push(backend);
    return backend;
  };
  return {
    ...disk,
    backend: await open(),
    config,
    open,
    cleanup: async () => {
      for (const each of opened) await each.close();
      await disk.cleanup();
    },
  };
}

/** What the tests of one suite share: they are there from `before` on. */
export interface VaultSuite {
  readonly bao: OpenBao;
  /** Before that server; mended after each test. */
  readonly proxy: FaultyProxy;
  /** As `openBench` on that server; cleaned up after the test. */
  open(...args: FromServer<typeof openBench>): Promise<VaultBench>;
}

type FromServer<Open> = Open extends (bao: OpenBao, ...rest: infer Rest) => unknown ? Rest : never;

/** To be called in a `describe`: starts a server, set up as the documentation has it, and ends it. */
export function vaultSuite(): VaultSuite {
  let bao: OpenBao;
  let proxy: FaultyProxy;
  const benches: VaultBench[] = [];
  before(async function () {
    needsOpenBao(this);
    bao = startOpenBao();
    await setUp(bao);
    proxy = await startFaultyProxy(bao.address);
  });
  after(() => {
    proxy?.stop();
    bao?.stop();
  });
  afterEach(async () => {
    proxy?.mend();
    for (const bench of benches.splice(0)) await bench.cleanup();
  });
  return {
    get bao() {
      return bao;
    },
    get proxy() {
      return proxy;
    },
    async open(...args) {
      const bench = await openBench(bao, ...args);
      benches.push(bench);
      return bench;
    },
  };
}

/** The context with a login as `idac login` would have bound it. */
function loggedIn(
  context: BackendContext,
  config: VaultConfig,
  values: Readonly<Record<string, string>>,
): BackendContext {
  const secrets = Object.entries(values).map(([name, value]) => [name, new Secret(value)] as const);
  const method = config.auth?.method ?? 'token';
  return {
    ...context,
    name: 'vault-test',
    login: async () => ({ method, values: Object.fromEntries(secrets) }),
  };
}
