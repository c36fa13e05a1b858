import assert from 'node:assert/strict';
import type { Backend } from '../../server/src/backends/contract.ts';
import type { BackendErrorKind } from '../../server/src/backends/errors.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { present, rejectsWith, serialOf } from './contract/expectations.ts';
import { newKeyRequest, newRequest, SIGNAL } from './contract/requests.ts';
import { newSshRequest } from './contract/sshRequests.ts';
import { newTokenRequest } from './contract/tokenIssuerContract.ts';
import type { Fault } from './faultyProxy.ts';
import { vaultSuite } from './vaultContext.ts';

/** Every verb that changes something, and the call of the server that does it. */
const VERBS: Readonly<
  Record<string, { readonly call: RegExp; run(backend: Backend, signal?: AbortSignal): Promise<unknown> }>
> = {
  'issue a certificate': {
    call: /^POST \/v1\/pki\/sign\//,
    run: async (backend, signal = SIGNAL) =>
      present(backend.authority, 'pki').issue((await newRequest()).request, signal),
  },
  'issue a certificate with its key': {
    call: /^POST \/v1\/pki\/issue\//,
    run: (backend, signal = SIGNAL) =>
      present(backend.authority?.serviceKeys, 'pki').issueWithKey(newKeyRequest(), signal),
  },
  'issue an SSH certificate': {
    call: /^POST \/v1\/ssh-user\/sign\//,
    run: async (backend, signal = SIGNAL) =>
      present(backend.ssh, 'ssh').issue((await newSshRequest()).request, signal),
  },
  'make a secret id': {
    call: /^POST \/v1\/auth\/approle\/role\/checkout\/secret-id$/,
    run: (backend, signal = SIGNAL) =>
      present(backend.tokens, 'tokens').issue(
        newTokenRequest({ format: 'opaque', audience: [], scopes: [] }),
        signal,
      ),
  },
  'make a key': {
    call: /^POST \/v1\/transit\/keys\//,
    run: (backend, signal = SIGNAL) =>
      present(backend.keys, 'transit').generate(crypto.randomUUID(), 'ECDSA-P256', signal),
  },
  'write a secret': {
    call: /^POST \/v1\/secret\/data\/payments\//,
    run: (backend, signal = SIGNAL) =>
      present(backend.secrets, 'kv').write(
        crypto.randomUUID(),
        new Secret<Uint8Array>(Uint8Array.of(1)),
        { ifVersion: null },
        signal,
      ),
  },
};

const BROKEN: Readonly<
  Record<string, { readonly fault: Fault; readonly kind: BackendErrorKind; readonly acted: boolean }>
> = {
  'a reset before it was carried out': { fault: { kind: 'reset before' }, kind: 'unreachable', acted: true },
  'a reset after it was carried out': { fault: { kind: 'reset after' }, kind: 'unreachable', acted: true },
  'half an answer': { fault: { kind: 'half after' }, kind: 'unreachable', acted: true },
  garbage: {
    fault: { kind: 'answer', status: 200, body: '<html>sign in</html>' },
    kind: 'corrupt',
    acted: true,
  },
  'a quota': {
    fault: {
      kind: 'answer',
      status: 429,
      headers: { 'Retry-After': '3600' },
      body: '{"errors":["quota exceeded"]}',
    },
    kind: 'rate-limited',
    acted: false,
  },
  'a proxy without its server': {
    fault: { kind: 'answer', status: 502, body: '' },
    kind: 'unreachable',
    acted: true,
  },
  'a failure inside the server': {
    fault: { kind: 'answer', status: 500, body: '{"errors":["internal error"]}' },
    kind: 'internal',
    acted: true,
  },
};

describe('backend vault when things go wrong', function () {
  this.timeout(120_000);
  const server = vaultSuite();
  const openBehind = () => server.open({ address: server.proxy.address });

  for (const [verb, { call, run }] of Object.entries(VERBS))
    for (const [what, { fault, kind, acted }] of Object.entries(BROKEN))
      it(`${verb}: ${what} is told, and whether it may have been done`, async () => {
        const { backend } = await openBehind();
        server.proxy.break(call, fault);
        const error = await rejectsWith(kind, run(backend));
        assert.match(error.what, /vault-test/);
        // A call that does the same when it is repeated leaves no doubt behind.
        if (verb !== 'make a key') assert.equal(error.mayHaveActed, acted);
      });

  it('can be cancelled while the server is silent, and says that it may have acted', async () => {
    const { backend } = await openBehind();
    for (const [verb, { call, run }] of Object.entries(VERBS)) {
      server.proxy.break(call, { kind: 'silence' });
      server.proxy.calls.length = 0;
      const controller = new AbortController();
      const running = run(backend, controller.signal);
      while (!server.proxy.calls.some((each) => call.test(each)))
        await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
      const error = await rejectsWith('interrupted', running);
      assert.equal(error.mayHaveActed, verb !== 'make a key');
    }
  });

  it('waits as a busy server asks, and then goes on', async () => {
    const { backend } = await openBehind();
    const busy: Fault = {
      kind: 'answer',
      status: 503,
      headers: { 'Retry-After': '0' },
      body: '{"errors":[]}',
    };
    for (const { call, run } of Object.values(VERBS)) {
      server.proxy.break(call, busy, 2);
      await run(backend);
    }
  });

  for (const kind of ['reset after', 'half after'] as const)
    it(`finds the certificate that a lost answer (${kind}) was about, and makes no second one`, async () => {
      for (const ledger of [undefined, { mount: 'secret', folder: `idac/payments/${crypto.randomUUID()}` }]) {
        const bench = await server.open({ address: server.proxy.address, ledger });
        const { request } = await newRequest();
        server.proxy.break(/^POST \/v1\/pki\/sign\//, { kind }, 1);
        const authority = present(bench.backend.authority, 'pki');
        const error = await rejectsWith('unreachable', authority.issue(request, SIGNAL));
        assert.equal(error.mayHaveActed, true);
        const count = async () =>
          ((await server.bao.root('GET', 'pki/certs?list=1'))['data'] as { keys: string[] }).keys.length;
        const before = await count();
        // As another process does after a crash.
        const again = present((await bench.open()).authority, 'pki');
        const entry = present(await again.find({ requestId: request.requestId }, SIGNAL), 'it');
        const outcome = await again.issue(request, SIGNAL);
        assert.equal(outcome.state, 'issued');
        assert.deepEqual(outcome.made.chain, entry.chain);
        assert.equal(entry.serialNumber, serialOf(outcome.made.chain[0]));
        assert.equal(await count(), before);
      }
    });

  it('finds nothing where the call never arrived, and issues once it is repeated', async () => {
    const { backend } = await openBehind();
    const { request } = await newRequest();
    const authority = present(backend.authority, 'pki');
    server.proxy.break(/^POST \/v1\/pki\/sign\//, { kind: 'reset before' }, 1);
    await rejectsWith('unreachable', authority.issue(request, SIGNAL));
    assert.equal(await authority.find({ requestId: request.requestId }, SIGNAL), undefined);
    assert.equal((await authority.issue(request, SIGNAL)).state, 'issued');
  });

  it('leaves no doubt about a delivery whose answer was lost', async () => {
    const { backend } = await openBehind();
    const target = present(backend.targets?.['kv'], 'kv');
    const pem = new Secret('-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n');
    server.proxy.break(/^POST \/v1\/secret\/data\//, { kind: 'reset after' }, 1);
    const delivery = { path: 'app', contents: [{ what: 'publicKey', pem }] } as const;
    const error = await rejectsWith('unreachable', target.deliver(delivery, { ifVersion: null }, SIGNAL));
    assert.equal(error.mayHaveActed, true);
    const standing = present(await target.read('app', SIGNAL), 'it was delivered');
    await rejectsWith('conflict', target.deliver(delivery, { ifVersion: null }, SIGNAL));
    assert.equal((await target.read('app', SIGNAL))?.version, standing.version);
  });

  it('says that the server is sealed, and goes on once it is not', async () => {
    const { backend } = await server.open();
    await server.bao.root('PUT', 'sys/seal');
    try {
      for (const { run } of Object.values(VERBS)) {
        const error = await rejectsWith('locked', run(backend));
        assert.match(error.what, /vault-test is sealed/);
        assert.equal(error.mayHaveActed, false);
      }
      const { ok, checks } = await backend.health(SIGNAL);
      assert.ok(!ok && checks.some(({ detail }) => /sealed/.test(detail)));
    } finally {
      await server.bao.root('PUT', 'sys/unseal', { key: server.bao.unsealKey });
    }
    await present(VERBS['make a key'], 'it').run(backend);
  });

  it('refuses wrong credentials, and says by which method and where', async () => {
    const { role_id } = (await server.bao.root('GET', 'auth/approle/role/idac/role-id'))['data'] as {
      role_id: string;
    };
    for (const values of [
      { role_id, secret_id: 'wrong' },
      { role_id: 'wrong', secret_id: 'wrong' },
    ]) {
      const error = await rejectsWith('unauthenticated', server.open({}, values));
      assert.match(error.what, /refuses the login by approle at auth\/approle/);
    }
    await rejectsWith('unauthenticated', server.open({ auth: { method: 'token' } }, { token: 'wrong' }));
    const elsewhere = server.open({ auth: { method: 'approle', mount: 'elsewhere' } });
    assert.match((await rejectsWith('unauthenticated', elsewhere)).what, /at auth\/elsewhere/);
  });

  it('logs in again when its own token has ended, and says so when a given one has', async () => {
    const own = await server.open();
    await server.bao.root('POST', 'sys/leases/revoke-prefix/auth/approle', {});
    await present(VERBS['make a key'], 'it').run(own.backend);
    const made = await server.bao.root('POST', 'auth/token/create', { policies: ['idac'], ttl: '1h' });
    const { client_token: token } = made['auth'] as { client_token: string };
    const given = await server.open({ auth: { method: 'token' } }, { token });
    await present(VERBS['make a key'], 'it').run(given.backend);
    await server.bao.root('POST', 'auth/token/revoke', { token });
    for (const { run } of Object.values(VERBS)) {
      const error = await rejectsWith('unauthenticated', run(given.backend));
      assert.match(error.hint, /idac login vault-test/);
      assert.ok(!`${error.what}${error.hint}`.includes(token));
    }
    const { ok } = await given.backend.health(SIGNAL);
    assert.equal(ok, false);
  });

  it('ends its token when it is closed', async () => {
    const bench = await server.open();
    const accessors = async () =>
      ((await server.bao.root('GET', 'auth/token/accessors?list=1'))['data'] as { keys: string[] }).keys;
    const during = await accessors();
    await bench.backend.close();
    assert.equal((await accessors()).length, during.length - 1);
  });

  it('names the role that is missing, and the path that a policy denies', async () => {
    const root = { auth: { method: 'token' }, pki: { role: 'nobody' } } as const;
    const noRole = await server.open(root, { token: 'root' });
    const issue = present(VERBS['issue a certificate'], 'it').run;
    assert.match((await rejectsWith('not-found', issue(noRole.backend))).what, /no role nobody .* at pki/);
    const hidden = await server.open({ pki: { role: 'nobody' } });
    assert.match((await rejectsWith('forbidden', issue(hidden.backend))).what, /pki\/roles\/nobody/);
    await server.bao.root('POST', 'sys/policies/acl/reads', {
      policy: 'path "secret/data/payments/*" { capabilities = ["read"] }',
    });
    const made = await server.bao.root('POST', 'auth/token/create', { policies: ['reads'], ttl: '1h' });
    const { client_token: token } = made['auth'] as { client_token: string };
    const { backend } = await server.open({ auth: { method: 'token' } }, { token });
    for (const [verb, { run }] of Object.entries(VERBS)) {
      const error = await rejectsWith('forbidden', run(backend));
      assert.match(error.what, /may not use (pki|ssh-user|transit|secret|auth\/approle)\//, verb);
    }
    const target = present(backend.targets?.['kv'], 'kv');
    const denied = await rejectsWith(
      'forbidden',
      target.preflight({ path: 'app', contents: ['chain'] }, SIGNAL),
    );
    assert.match(denied.what, /lacks secret\/data\/payments\/\S+ \(create, update\)/);
  });
});
