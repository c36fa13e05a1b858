import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { IssuedToken, TokenRequest } from '../../server/src/backends/contract.ts';
import type { Secret } from '../../server/src/core/secret.ts';
import { present, rejectsWith } from './contract/expectations.ts';
import { SIGNAL } from './contract/requests.ts';
import { newTokenRequest } from './contract/tokenIssuerContract.ts';
import { appRole } from './openbaoServer.ts';
import { type VaultSuite, vaultSuite } from './vaultContext.ts';

const SECRET_IDS = { method: 'approle', role: 'checkout' } as const;
const SERVICE_TOKENS = { method: 'token', role: 'checkout' } as const;

describe("backend vault: the server's own credentials as identities", function () {
  this.timeout(120_000);
  const server = vaultSuite();
  const openHere = async (
    change: Parameters<VaultSuite['open']>[0],
    values?: Readonly<Record<string, string>>,
  ) => {
    const bench = await server.open(change, values);
    const tokens = present(bench.backend.tokens, 'tokens');
    const issue = async (request: TokenRequest): Promise<IssuedToken> => {
      const outcome = await tokens.issue(request, SIGNAL);
      assert.equal(outcome.state, 'issued');
      return outcome.made;
    };
    return { ...bench, tokens, issue };
  };
  const wanted = (change: Partial<TokenRequest> = {}): TokenRequest =>
    newTokenRequest({ format: 'opaque', audience: [], scopes: [], ...change });

  /** What the server itself says to whoever presents the token. */
  const asBearer = async (token: Secret<string>) => {
    const response = await fetch(`${server.bao.address}/v1/auth/token/lookup-self`, {
      headers: { 'X-Vault-Token': token.reveal() },
    });
    const { data } = (await response.json()) as { data?: Record<string, unknown> };
    return { status: response.status, data: data ?? {} };
  };
  const logsIn = async (secretId: Secret<string>): Promise<boolean> => {
    const { role_id } = await appRole(server.bao, 'checkout');
    const body = JSON.stringify({ role_id, secret_id: secretId.reveal() });
    return (await fetch(`${server.bao.address}/v1/auth/approle/login`, { method: 'POST', body })).ok;
  };
  const listed = async (path: string): Promise<readonly string[]> => {
    const { data } = await server.bao.root('GET', `${path}?list=1`).catch(() => ({ data: undefined }));
    return (data as { keys: string[] } | undefined)?.keys ?? [];
  };

  it('gives a service token the policies and the life that were declared, and outlives the login', async () => {
    const bench = await openHere({ tokens: SERVICE_TOKENS });
    const { token, notAfter } = await bench.issue(wanted({ scopes: ['read', 'default'] }));
    await bench.cleanup();
    const { status, data } = await asBearer(token);
    assert.equal(status, 200);
    assert.deepEqual(data['policies'], ['default', 'read']);
    assert.equal(data['orphan'], true);
    assert.equal(data['explicit_max_ttl'], 3600);
    const end = Date.parse(String(data['expire_time']));
    assert.ok(Math.abs(end - Date.parse(notAfter)) < 10_000);
    assert.deepEqual(data['meta'], { identity: 'Token/payments/checkout', subject: 'checkout' });
  });

  it('ends a service token and a secret id at the server', async () => {
    const service = await openHere({ tokens: SERVICE_TOKENS });
    const issued = await service.issue(wanted({ scopes: ['read', 'default'] }));
    await service.tokens.revoke(issued.serialNumber, 'keyCompromise', SIGNAL);
    assert.equal((await asBearer(issued.token)).status, 403);
    const approle = await openHere({ tokens: SECRET_IDS });
    const { token, serialNumber } = await approle.issue(wanted());
    assert.ok(await logsIn(token));
    await approle.tokens.revoke(serialNumber, 'keyCompromise', SIGNAL);
    assert.ok(!(await logsIn(token)));
  });

  it('says of one that somebody else ended that it does not count', async () => {
    for (const tokens of [SERVICE_TOKENS, SECRET_IDS]) {
      const bench = await openHere({ tokens });
      const { token, serialNumber } = await bench.issue(wanted());
      await (tokens.method === 'token'
        ? server.bao.root('POST', 'auth/token/revoke-accessor', { accessor: serialNumber })
        : server.bao.root('POST', 'auth/approle/role/checkout/secret-id-accessor/destroy', {
            secret_id_accessor: serialNumber,
          }));
      const status = await bench.tokens.status(serialNumber, SIGNAL);
      assert.ok(status.status === 'unknown' && /somebody ended it/.test(status.why));
      assert.ok(!(await bench.tokens.check(token, SIGNAL)).active);
      await bench.tokens.revoke(serialNumber, 'keyCompromise', SIGNAL);
      assert.equal((await bench.tokens.status(serialNumber, SIGNAL)).status, 'revoked');
    }
  });

  for (const kind of ['reset after', 'half after'] as const)
    it(`leaves one secret id where an answer was lost (${kind})`, async () => {
      const bench = await openHere({ address: server.proxy.address, tokens: SECRET_IDS });
      const path = 'auth/approle/role/checkout/secret-id';
      const before = await listed(path);
      const request = wanted();
      server.proxy.break(/^POST \/v1\/auth\/approle\/role\/checkout\/secret-id$/, { kind });
      const error = await rejectsWith('unreachable', bench.tokens.issue(request, SIGNAL));
      assert.ok(error.mayHaveActed);
      server.proxy.mend();
      assert.equal((await listed(path)).length, before.length + 1, 'it was made, and nobody has it');
      const { serialNumber } = await bench.issue(request);
      const left = (await listed(path)).filter((each) => !before.includes(each));
      assert.deepEqual(left, [serialNumber]);
    });

  it('leaves a service token whose answer was lost a minute to live, and makes another', async () => {
    const bench = await openHere({ address: server.proxy.address, tokens: SERVICE_TOKENS });
    const before = await listed('auth/token/accessors');
    const request = wanted();
    server.proxy.break(/^POST \/v1\/auth\/token\/create\//, { kind: 'reset after' });
    await rejectsWith('unreachable', bench.tokens.issue(request, SIGNAL));
    server.proxy.mend();
    const { serialNumber } = await bench.issue(request);
    const after = await listed('auth/token/accessors');
    const lost = after.filter((each) => !before.includes(each) && each !== serialNumber);
    assert.equal(lost.length, 1);
    const facts = await server.bao.root('POST', 'auth/token/lookup-accessor', { accessor: lost[0] });
    assert.ok(Number((facts['data'] as Record<string, unknown>)['ttl']) <= 60);
  });

  it('refuses roles that would issue otherwise than declared', async () => {
    const role = (path: string, settings: object) => server.bao.root('POST', path, settings);
    const sound = { allowed_policies: ['read'], orphan: true };
    // As root: the documented policy names one role.
    const asRoot = { auth: { method: 'token' } } as const;
    for (const [settings, scopes, why] of [
      [{ ...sound, orphan: false }, [], /end with the login/],
      [{ ...sound, token_type: 'batch', renewable: false }, [], /batch tokens/],
      [{ ...sound, renewable: false }, [], /cannot be renewed/],
      [{ ...sound, token_period: '1h' }, [], /without an end/],
      [{ orphan: true }, [], /of our own login/],
      [sound, ['write'], /must be subset/],
    ] as const) {
      await role('auth/token/roles/odd', {
        renewable: true,
        token_type: 'service',
        token_period: 0,
        ...settings,
      });
      const bench = await openHere(
        { ...asRoot, tokens: { method: 'token', role: 'odd' } },
        { token: 'root' },
      );
      const error = await rejectsWith('invalid-request', bench.tokens.issue(wanted({ scopes }), SIGNAL));
      assert.match(error.what, why);
      await server.bao.root('DELETE', 'auth/token/roles/odd');
    }
    for (const [settings, why] of [
      [{ secret_id_num_uses: 3 }, /after 3 logins/],
      [{ bind_secret_id: false, token_bound_cidrs: ['127.0.0.0/8'] }, /asks for no secret id/],
    ] as const) {
      await role('auth/approle/role/odd', { token_policies: ['read'], ...settings });
      const bench = await openHere(
        { ...asRoot, tokens: { method: 'approle', role: 'odd' } },
        { token: 'root' },
      );
      assert.match((await rejectsWith('invalid-request', bench.tokens.issue(wanted(), SIGNAL))).what, why);
      await server.bao.root('DELETE', 'auth/approle/role/odd');
    }
    const none = await openHere({ ...asRoot, tokens: { method: 'token', role: 'none' } }, { token: 'root' });
    await rejectsWith('not-found', none.tokens.issue(wanted(), SIGNAL));
  });

  it("holds no token in ledger, state folder or the server's audit log", async () => {
    const bench = await openHere({ tokens: SECRET_IDS, ledger: undefined });
    const { token } = await bench.issue(wanted());
    const { state } = await bench.context();
    for (const name of await state.list('')) {
      const bytes = present(await state.read(name), name);
      assert.ok(!new TextDecoder().decode(bytes).includes(token.reveal()), name);
    }
    assert.ok((await state.list('ledger')).length > 3);
    assert.ok(!readFileSync(server.bao.auditLog, 'utf8').includes(token.reveal()));
  });
});
