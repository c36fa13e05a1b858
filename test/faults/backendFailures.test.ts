/**
 * Each verb against each part of a server that fails in each way, through the engine: the message says what happened and
 * what to do, nothing is lost or hidden, and once the fault has ended the action is finished. The server is a real one.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type { Project } from '../../server/src/app/api.ts';
import type { IdentityId } from '../../server/src/core/identity/identityId.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { type Fault, type FaultyProxy, startFaultyProxy } from '../backends/faultyProxy.ts';
import {
  appRole,
  documentedPolicy,
  needsOpenBao,
  type OpenBao,
  setUp,
  startOpenBao,
} from '../backends/openbaoServer.ts';
import { done, NEVER } from '../support/acting.ts';
import { type TempProject, tempProject } from '../support/tempProject.ts';
import {
  act,
  assertSettled,
  assertTold,
  assertUnharmed,
  ENDINGS,
  type Ending,
  finish,
  type Verb,
} from './failing.ts';

/** What is acted on: `spec` of a manifest, without its owner. */
const KINDS = {
  Certificate: (name: string) => `  dnsNames: [${name}.example.com]
  usages: [serverAuth]
  key: { algorithm: ECDSA-P256, origin: store, store: vault-prod }
  issuer: vault-prod
  duration: 20d
  deliverTo:
    - { backend: vault-prod, path: tls/${name}, contents: [chain] }
`,
  Key: () => `  store: vault-prod
  algorithm: ECDSA-P256
  usages: [sign, verify]
  duration: 365d
`,
  SshCertificate: (name: string) => `  type: user
  principals: [ops]
  key: { algorithm: Ed25519 }
  issuer: vault-prod
  duration: 7d
  deliverTo:
    - { backend: vault-prod, path: ssh/${name}, contents: [privateKey, certificate] }
`,
  Token: (name: string) => `  issuer: vault-prod
  format: opaque
  duration: 10d
  deliverTo:
    - { backend: vault-prod, path: tokens/${name}, contents: [token] }
`,
} as const;
type Kind = keyof typeof KINDS;

/** The part of the server, and the call of it that the verb cannot do without. */
interface Row {
  readonly kind: Kind;
  readonly verb: Verb;
  readonly part: Part;
}

const POST = (path: string): RegExp => new RegExp(`^POST /v1/${path}`);
const CALLS = {
  'transit key': POST('transit/keys/[^/]+$'),
  'transit signature': POST('transit/sign/'),
  'transit disabling': POST('transit/keys/[^/]+/rotate$'),
  'transit deletion': /^DELETE \/v1\/transit\/keys\//,
  pki: POST('pki/sign/'),
  'pki revocation': POST('pki/revoke$'),
  'pki status': /^GET \/v1\/pki\/cert\//,
  kv: POST('secret/data/payments/'),
  'kv deletion': POST('secret/destroy/payments/'),
  'kv copy': /^GET \/v1\/secret\/data\/payments\//,
  ssh: POST('ssh-user/sign/'),
  tokens: POST('auth/approle/role/checkout/secret-id$'),
  'tokens revocation': POST('auth/approle/role/checkout/secret-id-accessor/destroy$'),
  'tokens status': POST('auth/approle/role/checkout/secret-id-accessor/lookup$'),
} as const;
/** Roles that are read before. */
const ROLES: Readonly<Record<string, string>> = {
  pki: 'pki/roles/payments',
  ssh: 'ssh-user/roles/operators',
  tokens: 'auth/approle/role/checkout',
};
type Part = keyof typeof CALLS;

const USED: readonly (readonly [Kind, Verb, readonly Part[]])[] = [
  ['Certificate', 'issue', ['transit key', 'pki', 'kv']],
  ['SshCertificate', 'issue', ['ssh']],
  ['Token', 'issue', ['tokens']],
  ['Certificate', 'verify', ['pki status', 'kv copy']],
  ['Token', 'verify', ['tokens status']],
  ['Certificate', 'renew', ['pki', 'kv']],
  ['SshCertificate', 'renew', ['ssh']],
  ['Certificate', 'rotate', ['transit key', 'transit signature', 'pki', 'kv', 'transit deletion']],
  ['Key', 'rotate', ['transit key', 'transit deletion']],
  ['SshCertificate', 'rotate', ['ssh']],
  ['Token', 'rotate', ['tokens', 'tokens revocation']],
  ['Certificate', 'revoke', ['pki revocation']],
  ['Key', 'revoke', ['transit disabling']],
  ['Token', 'revoke', ['tokens revocation']],
  ['Certificate', 'destroy', ['transit deletion', 'kv deletion']],
  ['Key', 'destroy', ['transit deletion']],
];
const ROWS: readonly Row[] = USED.flatMap(([kind, verb, parts]) =>
  parts.map((part) => ({ kind, verb, part })),
);

/** A way to fail: what is done to the call, what the message tells of it, and how it ends. */
interface Failing {
  readonly fault: (bench: Bench, row: Row) => Fault;
  readonly told: RegExp;
  /** Another call than the row's own; undefined: the row does not have it. */
  readonly call?: (row: Row) => RegExp | undefined;
  /** How often; left out: until it is mended. */
  readonly times?: number;
  readonly mend?: (bench: Bench) => Promise<unknown>;
  /** The engine helps itself, and nobody is told. */
  readonly harmless?: (row: Row) => boolean;
  readonly answerMilliseconds?: number;
}

const answer =
  (status: number, body: string, headers = {}): Failing['fault'] =>
  () => ({
    kind: 'answer',
    status,
    body,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
const first = (what: (bench: Bench, call: string, row: Row) => Promise<unknown>): Failing['fault'] => {
  return (bench, row) => ({ kind: 'first', what: (call) => what(bench, call, row) });
};

const FAILINGS: Readonly<Record<string, Failing>> = {
  'wrong credentials': {
    fault: first(({ forbidLogin }) => forbidLogin()),
    told: /refuses the login by approle at auth\/approle.*idac login vault-prod/,
    mend: ({ logIn }) => logIn(),
  },
  'an expired token': {
    fault: first(({ bao }) => bao.root('POST', 'sys/leases/revoke-prefix/auth/approle', {})),
    times: 1,
    told: /^$/,
    harmless: () => true,
  },
  'a sealed server': {
    fault: first(({ bao }) => bao.root('PUT', 'sys/seal')),
    told: /vault-prod is sealed.*unseal/,
    mend: ({ bao }) => bao.root('PUT', 'sys/unseal', { key: bao.unsealKey }),
  },
  'a missing role': {
    call: ({ part }) => (ROLES[part] === undefined ? undefined : new RegExp(`^GET /v1/${ROLES[part]}$`)),
    fault: first(({ removeRole }, _call, { part }) => removeRole(ROLES[part] ?? '')),
    told: /no (AppRole|role) (payments|operators|checkout)/,
    mend: ({ restoreRole }) => restoreRole(),
  },
  'a policy that denies it': {
    fault: first(({ bao }, call) => {
      const path = call.replace(/^\w+ \/v1\/|\?.*$/g, '');
      const policy = `${documentedPolicy()}\npath "${path}" { capabilities = ["deny"] }\n`;
      return bao.root('POST', 'sys/policies/acl/idac', { policy });
    }),
    told: /may not use \S+: .*permission denied.*policy/,
    mend: ({ bao }) => bao.root('POST', 'sys/policies/acl/idac', { policy: documentedPolicy() }),
    // Anybody may read what was issued.
    harmless: ({ part }) => part === 'pki status',
  },
  silence: {
    fault: () => ({ kind: 'silence' }),
    told: /vault-prod \(http:\S+\) did not answer within 0\.4 seconds/,
    answerMilliseconds: 400,
  },
  'a reset before it was carried out': {
    fault: () => ({ kind: 'reset before' }),
    told: /connection with vault-prod .* broke/,
  },
  'a reset after it was carried out': {
    fault: () => ({ kind: 'reset after' }),
    told: /connection with vault-prod .* broke/,
  },
  'half an answer': { fault: () => ({ kind: 'half after' }), told: /connection with vault-prod .* broke/ },
  'a quota': {
    fault: answer(429, '{"errors":["quota exceeded"]}', { 'Retry-After': '3600' }),
    told: /vault-prod takes no more calls at present \(status 429\): quota exceeded.*in 3600 seconds/,
  },
  'an overload': {
    fault: answer(503, '{"errors":["overloaded"]}', { 'Retry-After': '3600' }),
    told: /vault-prod takes no more calls at present \(status 503\): overloaded.*in 3600 seconds/,
  },
  garbage: {
    fault: answer(200, '<html>sign in</html>'),
    told: /answer of vault-prod to \S+ is not what Vault or OpenBao answers.*proxy/,
  },
};
const NAMES = Object.keys(FAILINGS);

/** Whatever is made for the first time and whatever is only looked at fails in every way; of the other verbs each does, shared among its rows. */
function cellsOf(row: Row): readonly Cell[] {
  const sharing = ROWS.filter(({ verb }) => verb === row.verb);
  const all = row.verb === 'issue' || row.verb === 'verify';
  return NAMES.flatMap((name, index) => {
    const failing = FAILINGS[name];
    if (failing === undefined || (!all && index % sharing.length !== sharing.indexOf(row) % NAMES.length))
      return [];
    const call = failing.call === undefined ? CALLS[row.part] : failing.call(row);
    return call === undefined ? [] : [{ row, name, failing, call }];
  });
}

interface Cell {
  readonly row: Row;
  readonly name: string;
  readonly failing: Failing;
  readonly call: RegExp;
}

const FOLDERS = { Certificate: 'tls', SshCertificate: 'ssh', Token: 'tokens', Key: undefined } as const;

interface Bench {
  readonly bao: OpenBao;
  forbidLogin(): Promise<void>;
  logIn(): Promise<void>;
  removeRole(path: string): Promise<void>;
  restoreRole(): Promise<void>;
}

describe('each verb on a server that fails', function () {
  this.timeout(120_000);
  let bao: OpenBao;
  let proxy: FaultyProxy;
  let place: TempProject;
  let bench: Bench;

  before(async function () {
    needsOpenBao(this);
    bao = startOpenBao();
    await setUp(bao);
    proxy = await startFaultyProxy(bao.address);
    place = await tempProject({ 'vault.identity.yaml': backend(proxy.address) });
    bench = makeBench();
    await bench.logIn();
  });
  after(async () => {
    proxy?.stop();
    bao?.stop();
    await place?.remove();
  });

  function makeBench(): Bench {
    let secretId = '';
    let removed: { readonly path: string; readonly settings: object } | undefined;
    return {
      bao,
      async forbidLogin() {
        await bao.root('POST', 'auth/approle/role/idac/secret-id/destroy', { secret_id: secretId });
        await bao.root('POST', 'sys/leases/revoke-prefix/auth/approle', {});
      },
      async logIn() {
        const { role_id, secret_id } = await appRole(bao);
        secretId = secret_id;
        await withProject({}, async ({ logins }) => {
          await logins.confirm('vault-prod');
          const values = { role_id: new Secret(role_id), secret_id: new Secret(secret_id) };
          await logins.logIn('vault-prod', values, NEVER);
        });
      },
      async removeRole(path) {
        if (removed !== undefined) return;
        const { data } = await bao.root('GET', path);
        removed = { path, settings: data as object };
        await bao.root('DELETE', path);
      },
      async restoreRole() {
        if (removed !== undefined) await bao.root('POST', removed.path, removed.settings);
        removed = undefined;
      },
    };
  }

  async function withProject<T>(
    options: { readonly answerMilliseconds?: number; readonly now?: () => Date },
    work: (project: Project) => Promise<T>,
  ): Promise<T> {
    const project = await place.open(options);
    try {
      return await work(project);
    } finally {
      await project.close();
    }
  }

  /** Verbs that leave it active share one identity in each row: that is how an identity lives, too. */
  const subjects = new Map<Row, IdentityId>();
  let count = 0;
  async function subjectOf(row: Row): Promise<IdentityId> {
    const { kind, verb } = row;
    const shared = subjects.get(row);
    if (shared !== undefined) return shared;
    count += 1;
    const name = `failing-${count}`;
    const identity: IdentityId = { apiVersion: 'identity-as-code/v1', kind, namespace: 'default', name };
    await place.write(`${name}.identity.yaml`, manifest(kind, name));
    if (verb !== 'issue') await withProject({}, (project) => done(project, 'issue', identity));
    if (['renew', 'rotate', 'verify'].includes(verb)) subjects.set(row, identity);
    return identity;
  }

  const listed = async (path: string): Promise<readonly string[]> => {
    const answered = await bao.root('GET', `${path}?list=true`).catch(() => undefined);
    return (answered?.['data'] as { keys: readonly string[] } | undefined)?.keys ?? [];
  };

  /** Of whom each certificate is that the server ever made. */
  const certified = new Map<string, string>();
  async function goodCertificates(name: string): Promise<readonly string[]> {
    const good: string[] = [];
    for (const serialNumber of await listed('pki/certs')) {
      if ((certified.get(serialNumber) ?? name) !== name) continue;
      const { data } = await bao.root('GET', `pki/cert/${serialNumber}`);
      const { certificate, revocation_time: revokedAt } = data as {
        certificate: string;
        revocation_time: number;
      };
      const holder =
        /DNS:(.+)\.example\.com/.exec(new X509Certificate(certificate).subjectAltName ?? '')?.[1] ?? '';
      certified.set(serialNumber, holder);
      if (holder === name && revokedAt === 0) good.push(serialNumber.replaceAll(/[:-]/g, ''));
    }
    return good;
  }

  async function secretIds(name: string): Promise<readonly string[]> {
    const own: string[] = [];
    for (const accessor of await listed('auth/approle/role/checkout/secret-id')) {
      const path = 'auth/approle/role/checkout/secret-id-accessor/lookup';
      const { data } = await bao.root('POST', path, { secret_id_accessor: accessor });
      const { metadata } = data as { metadata: { identity: string } };
      if (metadata.identity.endsWith(`/${name}`)) own.push(accessor);
    }
    return own;
  }

  /** What the server holds for the identity is what the record says that it holds: nothing else, and nothing less. */
  async function assertAgreement(
    project: Project,
    { kind, name, ...rest }: IdentityId,
    ending: Ending,
  ): Promise<void> {
    const identity = { kind, name, ...rest };
    const events = await assertSettled(project, identity, ending);
    const revoked = new Set(
      events.flatMap((event) => (event.type === 'revoked' ? [event.serialNumber] : [])),
    );
    const counting = events.flatMap((event) =>
      event.type === 'issued' && !revoked.has(event.credential.serialNumber)
        ? [event.credential.serialNumber]
        : [],
    );
    const keys = (await listed('transit/keys')).filter((each) => each.includes(`.${name}.`));
    const ofStore = kind === 'Certificate' || kind === 'Key';
    assert.equal(keys.length, ofStore && ending !== 'gone' ? 1 : 0, `keys: ${keys.join(' ')}`);
    if (kind === 'Token') assert.deepEqual(await secretIds(name), counting);
    if (kind === 'Certificate')
      assert.deepEqual((await goodCertificates(name)).toSorted(), counting.toSorted());
    const folder = FOLDERS[kind as Kind];
    if (folder !== undefined) {
      const copy = await bao.root('GET', `secret/data/payments/${folder}/${name}`).catch(() => undefined);
      assert.equal(copy !== undefined, ending !== 'gone', 'what is delivered');
    }
  }

  for (const minutes of [-10, 10])
    for (const kind of ['Certificate', 'SshCertificate', 'Token', 'Key'] as const)
      it(`the whole life of a ${kind} by a clock that is ${minutes} minutes off`, async () => {
        count += 1;
        const name = `skewed-${count}`;
        const identity: IdentityId = { apiVersion: 'identity-as-code/v1', kind, namespace: 'default', name };
        await place.write(`${name}.identity.yaml`, manifest(kind, name));
        const now = () => new Date(Date.now() + minutes * 60_000);
        await withProject({ now }, async (project) => {
          const { checks } = await project.checkBackend('vault-prod', NEVER);
          assert.match(
            checks.find(({ what }) => what === 'clock')?.detail ?? '',
            /10 minutes (behind|ahead)/,
          );
          for (const verb of ['issue', 'rotate', 'revoke', 'destroy'] as const) {
            if (verb === 'revoke' && kind === 'SshCertificate') continue;
            await done(project, verb, identity);
            if (verb !== 'rotate') continue;
            const report = await project.actions.verify({ identity }, NEVER);
            assert.ok('machines' in report, JSON.stringify(report));
            const dates = report.machines[0]?.checks.find(({ what }) => what === 'dates');
            if (minutes > 0) assert.equal(dates?.outcome, 'ok');
            else
              assert.match(
                dates?.detail ?? '',
                /not before .* UTC, and by the clock here it is .*idac doctor/,
              );
          }
        });
        await withProject({}, (project) => assertAgreement(project, identity, 'gone'));
      });

  for (const [number, { row, name, failing, call }] of ROWS.flatMap(cellsOf).entries()) {
    const { kind, verb, part } = row;
    it(`${verb} of a ${kind}, ${part}: ${name}`, async () => {
      const identity = await subjectOf(row);
      proxy.break(call, failing.fault(bench, row), failing.times);
      const outcome = await withProject(failing, (project) => act(project, verb, identity)).finally(
        async () => {
          proxy.mend();
          await failing.mend?.(bench);
        },
      );
      if (failing.harmless?.(row)) assertUnharmed(outcome);
      else assertTold(outcome, 'vault-prod', failing.told);
      await withProject({}, async (project) => {
        await finish(project, outcome, verb, identity, number % 2 === 1);
        await assertAgreement(project, identity, ENDINGS[verb]);
      });
    });
  }
});

function backend(address: string): string {
  return `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: vault-prod }
spec:
  type: vault
  owner: { team: platform, contact: platform@example.com }
  address: ${address}
  auth: { method: approle }
  pki: { mount: pki, role: payments }
  transit: {}
  kv: { mount: secret, folder: payments }
  ssh: { user: { mount: ssh-user, role: operators } }
  tokens: { method: approle, role: checkout }
  ledger: { mount: secret, folder: idac/payments }
`;
}

function manifest(kind: Kind, name: string): string {
  return `apiVersion: identity-as-code/v1
kind: ${kind}
metadata: { name: ${name} }
spec:
  owner: { team: payments, contact: payments@example.com }
${KINDS[kind](name)}`;
}
