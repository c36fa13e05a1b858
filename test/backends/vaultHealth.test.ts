import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Health } from '../../server/src/backends/contract.ts';
import type { Clock } from '../../server/src/core/ports.ts';
import { present } from './contract/expectations.ts';
import { SIGNAL } from './contract/requests.ts';
import { testClock } from './localContext.ts';
import { appRole } from './openbaoServer.ts';
import { type VaultBench, type VaultSuite, vaultSuite } from './vaultContext.ts';

const AS_ROOT = { auth: { method: 'token' } } as const;
const ROOT = { token: 'root' };

describe('backend vault tells its health and posture', function () {
  this.timeout(120_000);
  const server = vaultSuite();
  const openHere = (
    change: Parameters<VaultSuite['open']>[0] = {},
    values?: Readonly<Record<string, string>>,
    clock?: Clock,
  ): Promise<VaultBench> => server.open(change, values, clock === undefined ? {} : { clock });
  const check = async ({ backend }: VaultBench, what: string): Promise<Health['checks'][number]> => {
    const { checks } = await backend.health(SIGNAL);
    return present(
      checks.find((each) => each.what === what),
      what,
    );
  };
  const isWrong = async (bench: VaultBench, what: string, detail: RegExp): Promise<void> => {
    const found = await check(bench, what);
    assert.ok(!found.ok && found.hint, `${what}: ${found.detail}`);
    assert.match(found.detail, detail);
  };

  it('finds nothing wrong behind the documented policy; plain HTTP within this machine is told', async () => {
    const { checks } = await (await openHere()).backend.health(SIGNAL);
    assert.deepEqual(
      checks.filter(({ ok }) => !ok).map(({ what }) => what),
      [],
    );
    assert.match(checks[0]?.detail ?? '', /plain HTTP within this machine/);
    assert.deepEqual(
      checks.map(({ what }) => what),
      [
        'transport',
        'server',
        'clock',
        'login',
        'end of the login',
        'audit',
        'pki',
        'issuer',
        'transit',
        'tokens',
        'ledger',
      ],
    );
  });

  it('changes nothing on the server', async () => {
    const bench = await openHere({ address: server.proxy.address });
    server.proxy.calls.length = 0;
    await bench.backend.health(SIGNAL);
    assert.ok(server.proxy.calls.length >= 8);
    for (const call of server.proxy.calls) assert.match(call, /^GET /);
  });

  it('a root token, which has no end either', async () => {
    const bench = await openHere(AS_ROOT, ROOT);
    await isWrong(bench, 'login', /root token/);
    await isWrong(bench, 'end of the login', /for ever/);
    const made = await server.bao.root('POST', 'auth/token/create', { policies: ['idac'], period: '1h' });
    const { client_token: token } = made['auth'] as { client_token: string };
    const periodic = await check(await openHere(AS_ROOT, { token }), 'end of the login');
    assert.ok(periodic.ok && /periodic/.test(periodic.detail));
    const short = await server.bao.root('POST', 'auth/token/create', { policies: ['idac'], ttl: '1h' });
    const limited = await openHere(AS_ROOT, {
      token: (short['auth'] as { client_token: string }).client_token,
    });
    assert.match((await check(limited, 'login')).detail, /policies default, idac, made on \d{4}-/);
    assert.match((await check(limited, 'end of the login')).detail, /^\d{4}-.* UTC/);
  });

  it('secret ids without an end, where the login may see its own role', async () => {
    const role = 'auth/approle/role/checkout';
    await server.bao.root('POST', role, { token_policies: ['idac'], secret_id_ttl: '720h' });
    const bench = await openHere({}, await appRole(server.bao, 'checkout'));
    assert.match((await check(bench, 'end of the secret id')).detail, /after 30d/);
    await server.bao.root('POST', role, { token_policies: ['idac'], secret_id_ttl: '0' });
    await isWrong(bench, 'end of the secret id', /for ever/);
  });

  it('audit off, where the login may see it', async () => {
    const limited = await check(await openHere(), 'audit');
    assert.ok(limited.ok && /may not see it/.test(limited.detail));
    const root = await openHere(AS_ROOT, ROOT);
    assert.match((await check(root, 'audit')).detail, /1 audit device/);
    server.proxy.break(/^GET \/v1\/sys\/audit$/, { kind: 'answer', status: 200, body: '{"data":{}}' });
    await isWrong(
      await openHere({ ...AS_ROOT, address: server.proxy.address }, ROOT),
      'audit',
      /logs nothing/,
    );
  });

  it('keys of ours that may leave the transit engine, and those of others not', async () => {
    const bench = await openHere();
    const prefix = present(bench.config.transit?.prefix, 'prefix');
    const keys = present(bench.backend.keys, 'transit');
    await keys.generate('api/sound', 'ECDSA-P256', SIGNAL);
    await server.bao.root('POST', 'transit/keys/others', { type: 'ecdsa-p256', exportable: true });
    const sound = await check(bench, 'transit');
    assert.ok(sound.ok && /1 key/.test(sound.detail), sound.detail);
    await server.bao.root('POST', `transit/keys/${prefix}open`, { type: 'ecdsa-p256', exportable: true });
    await isWrong(bench, 'transit', /1 key may be exported .*open$/);
  });

  it('an issuer near its end, at its end, or none', async () => {
    const now = new Date().toISOString();
    const clock = testClock(now);
    // As root: the documented policy names one mount.
    const bench = await openHere({ ...AS_ROOT, pki: { mount: 'pki-short', role: 'none' } }, ROOT, clock);
    await server.bao.root('POST', 'sys/mounts/pki-short', {
      type: 'pki',
      config: { max_lease_ttl: '8760h' },
    });
    await server.bao.root('POST', 'pki-short/root/generate/internal', { common_name: 'Short', ttl: '960h' });
    assert.ok((await check(bench, 'issuer')).ok);
    clock.advance(11 * 86_400);
    await isWrong(bench, 'issuer', /its certificate ends on/);
    clock.advance(30 * 86_400);
    await isWrong(bench, 'issuer', /its certificate ended on/);
    await server.bao.root('POST', 'sys/mounts/pki-empty', { type: 'pki' });
    const empty = await openHere({ ...AS_ROOT, pki: { mount: 'pki-empty', role: 'none' } }, ROOT);
    await isWrong(empty, 'issuer', /no issuer/);
  });

  it("the server's own certificate near its end", async () => {
    const { bao } = server;
    const files = { 'ca.pem': readFileSync(bao.ca, 'utf8') };
    const end = new X509Certificate(readFileSync(path.join(path.dirname(bao.ca), 'server.pem'))).validTo;
    const day = new Date(end).toISOString().slice(0, 10);
    for (const [daysBefore, ok] of [
      [10, false],
      [20, true],
    ] as const) {
      const clock = testClock(new Date(Date.parse(end) - daysBefore * 86_400_000).toISOString());
      const change = { address: bao.tlsAddress, ca: 'ca.pem' };
      const tls = await server.open(change, undefined, { files, clock });
      const found = await check(tls, 'server certificate');
      assert.equal(found.ok, ok, found.detail);
      assert.ok(found.detail.includes(day), found.detail);
      assert.equal((await check(tls, 'transport')).detail, 'TLS');
    }
  });

  it('a clock that is wrong, either way', async () => {
    for (const [seconds, detail] of [
      [600, /10 minutes behind/],
      [-600, /10 minutes ahead/],
    ] as const) {
      const clock = testClock(new Date().toISOString());
      const bench = await openHere({}, await appRole(server.bao), clock);
      clock.advance(seconds);
      await isWrong(bench, 'clock', detail);
    }
  });

  it('a standby, and a disaster-recovery secondary', async () => {
    const bench = await openHere({ address: server.proxy.address });
    const health = { initialized: true, sealed: false, version: '2.7.0' };
    const answers = (status: number, standby: boolean): void =>
      server.proxy.break(/^GET \/v1\/sys\/health$/, {
        kind: 'answer',
        status,
        body: JSON.stringify({ ...health, standby }),
      });
    answers(429, true);
    assert.match((await check(bench, 'server')).detail, /a standby/);
    server.proxy.mend();
    answers(472, false);
    await isWrong(bench, 'server', /disaster-recovery secondary/);
  });

  it('a token role that would issue otherwise than declared', async () => {
    await server.bao.root('POST', 'auth/token/roles/checkout', { orphan: false });
    const bench = await openHere({ tokens: { method: 'token', role: 'checkout' } });
    await isWrong(bench, 'tokens', /end with the login/);
  });
});
