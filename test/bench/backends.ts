/**
 * `npm run bench:backends`: issue and rotate through each backend beside a bare loop of the same calls, at the same
 * concurrency, on the same server, in the same run. Prints Markdown. Linux only.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import type { Project } from '../../server/src/app/api.ts';
import { CKA, CKM } from '../../server/src/backends/pkcs11/constants.ts';
import type { Driver } from '../../server/src/backends/pkcs11/driver.ts';
import type { CallName } from '../../server/src/backends/pkcs11/host/protocol.ts';
import { tokenCalls } from '../../server/src/backends/pkcs11/host/tokenCalls.ts';
import { findKeyObjects } from '../../server/src/backends/pkcs11/keyObjects.ts';
import { generatePair } from '../../server/src/backends/pkcs11/makeKey.ts';
import { encodePem } from '../../server/src/core/credential/pem.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { named, newRequest } from '../backends/contract/requests.ts';
import { appRole, type OpenBao, setUp, startOpenBao } from '../backends/openbaoServer.ts';
import { makeToken } from '../backends/pkcs11Tokens.ts';
import { certificateId, git, NEVER } from '../support/acting.ts';
import { sandbox } from '../support/idac.ts';
import { tempProject } from '../support/tempProject.ts';
import { type Call, openReplay, startRecorder } from './recorder.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    jobs: { type: 'string', default: '1,8' },
    /** The command line over all of them, and nothing else. */
    many: { type: 'boolean', default: false },
  },
});
const COUNT = Number(values.count);

const vaultBackend = (name: string, address: string) => `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: ${name} }
spec:
  type: vault
  owner: { team: platform, contact: platform@example.com }
  address: ${address}
  auth: { method: approle }
  pki: { mount: pki, role: payments }
  transit: {}
  kv: { mount: secret, folder: payments }
  ledger: { mount: secret, folder: idac/payments }
`;

const LOCAL = `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: local }
spec: { type: local, owner: { team: platform, contact: platform@example.com } }
`;

const tokenBackend = (name: string, label: string) => `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: ${name} }
spec:
  type: pkcs11
  owner: { team: platform, contact: platform@example.com }
  module: ${name}
  token: { label: ${label} }
`;

const certificate = (name: string, issuer: string, key: string, contents: string) => `---
apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: ${name}, labels: { bench: "yes" } }
spec:
  owner: { team: payments, contact: payments@example.com }
  dnsNames: [${name}.example.com]
  usages: [serverAuth]
  key: { algorithm: ECDSA-P256, ${key} }
  issuer: ${issuer}
  duration: 20d
  deliverTo:
    - { backend: ${issuer}, path: tls/${name}, contents: [${contents}] }
`;

const VERBS = ['issue', 'rotate'] as const;
type Verb = (typeof VERBS)[number];

interface Figures {
  readonly p50: number;
  readonly p95: number;
  readonly perSecond: number;
  readonly cpu: number;
}

async function measured(count: number, jobs: number, work: (n: number) => Promise<void>): Promise<Figures> {
  const times: number[] = [];
  let next = 0;
  const before = process.cpuUsage();
  const started = performance.now();
  await Promise.all(
    Array.from({ length: jobs }, async () => {
      while (next < count) {
        const n = next++;
        const begun = performance.now();
        await work(n);
        times.push(performance.now() - begun);
      }
    }),
  );
  const wall = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return {
    p50: at(0.5),
    p95: at(0.95),
    perSecond: (count / wall) * 1000,
    cpu: (user + system) / 1000 / count,
  };
}

async function acted(project: Project, verb: Verb, name: string): Promise<void> {
  const ended = await project.actions.act(
    { verb, identity: certificateId(name) },
    () => ({ confirmed: true }),
    {},
    NEVER,
  );
  if ('refused' in ended || ended.result.state !== 'done') throw new Error(JSON.stringify(ended));
}

/** What one identity takes, said of another: its name, and a request over a key of its own. */
function spokenOf(call: Call, from: string, to: string, csr: string): Call {
  const said = call.body.replaceAll(from, to);
  const body = said === '' ? undefined : (JSON.parse(said) as Record<string, unknown>);
  if (body !== undefined && 'csr' in body) body['csr'] = csr;
  // The same place once more has another version.
  if (body !== undefined && 'options' in body) delete body['options'];
  // Lines of the ledger are written once: those of each identity have names of their own, digests and serial numbers.
  const path = call.path
    .replaceAll(from, to)
    .replaceAll(/[0-9a-f]{32,}/g, (id) => createHash('sha1').update(`${id} ${to}`).digest('hex'));
  return { ...call, path, body: body === undefined ? '' : JSON.stringify(body) };
}

/** A project of `count` certificates, committed; `manifests`: its backends and whatever else. */
async function project(manifests: string, certificates: readonly string[], logins: readonly LoggedIn[]) {
  const place = await tempProject({
    'backends.identity.yaml': manifests,
    'all.identity.yaml': certificates.join(''),
    '.gitignore': 'tls/\n',
  });
  git(place.root, 'init', '-q');
  git(place.root, 'add', '.');
  git(place.root, 'commit', '-qm', 'manifests');
  const opened = await place.open();
  for (const { backend, values } of logins) {
    await opened.logins.confirm(backend);
    const secrets = Object.entries(values).map(([name, value]) => [name, new Secret(value)] as const);
    await opened.logins.logIn(backend, Object.fromEntries(secrets), NEVER);
  }
  return {
    opened,
    async remove() {
      await opened.close();
      await place.remove();
    },
  };
}

interface LoggedIn {
  readonly backend: string;
  readonly values: Readonly<Record<string, string>>;
}

async function vault(
  bao: OpenBao,
  title: string,
  { key, contents }: { readonly key: string; readonly contents: string },
  jobs: number,
): Promise<void> {
  const recorder = await startRecorder(bao.address);
  const login = await appRole(bao);
  const names = namesFor(title, jobs);
  const sample = `sample-of-${names[0]}`;
  const { opened, remove } = await project(
    `${vaultBackend('vault', bao.address)}---\n${vaultBackend('recorded', recorder.address)}`,
    [
      ...names.map((name) => certificate(name, 'vault', key.replace('STORE', 'vault'), contents)),
      certificate(sample, 'recorded', key.replace('STORE', 'recorded'), contents),
    ],
    ['vault', 'recorded'].map((backend) => ({ backend, values: login })),
  );
  const answer = (await bao.root('POST', 'auth/approle/login', login)) as {
    auth?: { client_token: string };
  };
  const replay = openReplay(bao.address, answer.auth?.client_token ?? '');
  const requests: string[] = [];
  for (const name of names) {
    const { request } = await newRequest({ names: named(`${name}.example.com`) });
    requests.push(encodePem('CERTIFICATE REQUEST', request.csr));
  }
  // What a key needs that a rotation ends was made by the issue before.
  const asked: Call[][] = [];
  for (const verb of VERBS) {
    recorder.taken();
    await acted(opened, verb, sample);
    asked.push([...recorder.taken()]);
  }
  for (const [index, verb] of VERBS.entries()) {
    const calls = asked[index] ?? [];
    const turns = [...new Set(calls.map(({ turn }) => turn))].map((each) =>
      calls.filter(({ turn }) => turn === each),
    );
    const bare = await measured(names.length, jobs, async (n) => {
      for (const turn of turns)
        await Promise.all(
          turn.map((call) => replay.ask(spokenOf(call, sample, `bare-${names[n]}`, requests[n] ?? ''))),
        );
    });
    const ours = await measured(names.length, jobs, (n) => acted(opened, verb, names[n] ?? ''));
    report(`${title}: ${verb}`, jobs, calls.length, ours, bare);
  }
  replay.close();
  recorder.stop();
  await remove();
}

/** Without the process in between. */
function driverOver(library: ReturnType<typeof tokenCalls>): Driver {
  const call = async (name: CallName, request: object) => library[name](request as never);
  return { call } as unknown as Driver;
}

/** Keys of a token, certificates of the authority here. The bare loop calls the module in this process. */
async function token(title: string, jobs: number): Promise<void> {
  const kind = 'softhsm';
  const made = await makeToken(kind);
  Object.assign(process.env, made.environment, { IDAC_PKCS11_MODULES: `${kind}=${made.module}` });
  const names = namesFor(title, jobs);
  const { opened, remove } = await project(
    `${LOCAL}---\n${tokenBackend(kind, made.label)}`,
    names.map((name) => certificate(name, 'local', `origin: store, store: ${kind}`, 'chain')),
    [{ backend: kind, values: { pin: made.pin } }],
  );
  const library = tokenCalls();
  const driver = driverOver(library);
  const select = { label: made.label };
  await library.open({ file: made.module, token: select, sessions: jobs } as never);
  await library.login({ pin: made.pin } as never);
  const idOf = (n: number, verb: Verb) => ({
    label: `bare-${verb}-${n}`,
    id: new TextEncoder().encode(`bare-${verb}-${n}`),
  });
  const find = async ({ label }: { label: string }) => [
    ...(await findKeyObjects(driver, 'privateKey', [[CKA.label, label]], NEVER)),
    ...(await findKeyObjects(driver, 'publicKey', [[CKA.label, label]], NEVER)),
  ];
  for (const verb of VERBS) {
    // As the key store does it: nothing of that name before, then made, looked at, opened and used.
    const bare = await measured(names.length, jobs, async (n) => {
      const own = idOf(n, verb);
      await find(own);
      await generatePair(driver, own, 'ECDSA-P256', NEVER);
      await find(own);
      const [key] = await find(own);
      if (key === undefined) throw new Error('the key was not found again');
      const data = new Uint8Array(32);
      await driver.call('sign', { handle: key.handle, mechanism: CKM.ecdsa, data }, NEVER);
      if (verb === 'rotate')
        for (const { handle } of await find(idOf(n, 'issue')))
          await driver.call('destroy', { handle }, NEVER);
    });
    const ours = await measured(names.length, jobs, (n) => acted(opened, verb, names[n] ?? ''));
    report(`${title}: ${verb}`, jobs, verb === 'issue' ? 8 : 12, ours, bare);
  }
  await remove();
  await library.close({} as never);
  await made.remove();
}

function namesFor(title: string, jobs: number): readonly string[] {
  const short = title.replaceAll(/\W+/g, '-').toLowerCase();
  return Array.from({ length: COUNT }, (_, n) => `${short}-${jobs}-${n}`);
}

function report(what: string, jobs: number, calls: number, ours: Figures, bare: Figures): void {
  const cells = [
    what,
    jobs,
    calls,
    ours.p50.toFixed(1),
    bare.p50.toFixed(1),
    (ours.p50 - bare.p50).toFixed(1),
    ours.perSecond.toFixed(1),
    bare.perSecond.toFixed(1),
    `${((ours.perSecond / bare.perSecond) * 100).toFixed(0)} %`,
    ours.cpu.toFixed(1),
    bare.cpu.toFixed(1),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

/** As a person runs it: the command line over all of them. */
async function many(bao: OpenBao, jobs: number): Promise<void> {
  const place = sandbox();
  const names = namesFor('many', jobs);
  writeFileSync(path.join(place.folder, 'backends.identity.yaml'), vaultBackend('vault', bao.address));
  writeFileSync(
    path.join(place.folder, 'all.identity.yaml'),
    names.map((name) => certificate(name, 'vault', 'origin: engine', 'chain, privateKey')).join(''),
  );
  const login = await appRole(bao);
  const env = { IDAC_LOGIN_VAULT_ROLE_ID: login.role_id, IDAC_LOGIN_VAULT_SECRET_ID: login.secret_id };
  const run = async (...args: readonly string[]) => {
    const { code, err } = await place.idac(args, { env });
    if (code !== 0) throw new Error(err.slice(0, 2000));
  };
  await run('login', 'vault', '--yes', '--from-env');
  for (const verb of VERBS) {
    const started = performance.now();
    await run(verb, '-l', 'bench=yes', '--yes', '--jobs', String(jobs), '--format', 'json');
    const seconds = (performance.now() - started) / 1000;
    console.log(
      `\`idac ${verb}\` of ${names.length}, ${jobs} at a time: ${seconds.toFixed(1)} s (${(names.length / seconds).toFixed(1)} a second)`,
    );
  }
  place.remove();
}

async function compared(bao: OpenBao, jobs: number): Promise<void> {
  const engine = { key: 'origin: engine', contents: 'chain, privateKey' };
  await vault(bao, 'key in memory, OpenBao pki and kv', engine, jobs);
  const store = { key: 'origin: store, store: STORE', contents: 'chain' };
  await vault(bao, 'key in transit, OpenBao pki and kv', store, jobs);
  // SoftHSM's module fails by chance where one process makes several keys at the same time.
  if (jobs === 1) await token('key in SoftHSM, local authority', jobs);
}

console.log(`${process.version}, ${cpus()[0]?.model}, ${cpus().length} cores, ${COUNT} identities each\n`);
if (!values.many) {
  const columns = [
    'what',
    'at a time',
    'calls',
    'p50 ms',
    'bare p50 ms',
    'own ms',
    'a second',
    'bare a second',
  ];
  console.log(`| ${[...columns, 'ratio', 'CPU ms', 'bare CPU ms'].join(' | ')} |`);
  console.log(`| --- |${' ---: |'.repeat(10)}`);
}
const bao = startOpenBao();
try {
  await setUp(bao);
  for (const jobs of values.jobs.split(',').map(Number)) await (values.many ? many : compared)(bao, jobs);
} finally {
  bao.stop();
}
