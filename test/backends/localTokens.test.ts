import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type {
  IssuedToken,
  TokenIssuer,
  TokenRequest,
  TokenVerdict,
} from '../../server/src/backends/contract.ts';
import { backendType } from '../../server/src/backends/local/backend.ts';
import type { LocalConfig } from '../../server/src/backends/local/configuration.ts';
import { readPublicKey } from '../../server/src/core/credential/build/publicKey.ts';
import { buildJwt } from '../../server/src/core/credential/jwt/buildJwt.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { publicKeyOf, softwareSigner } from '../../server/src/platform/crypto/softwareKeys.ts';
import { present, rejectsWith } from './contract/expectations.ts';
import { identity, SIGNAL } from './contract/requests.ts';
import { newTokenRequest } from './contract/tokenIssuerContract.ts';
import { type Disk, makeDisk, type TestClock, testClock } from './localContext.ts';

interface KeySet {
  readonly keys: readonly { readonly kid: string; readonly alg: string; readonly use: string }[];
}

describe('embedded backend: tokens', () => {
  let disk: Disk;
  let clock: TestClock;
  beforeEach(async () => {
    disk = await makeDisk();
    clock = testClock('2030-01-01T00:00:00Z');
  });
  afterEach(() => disk.cleanup());

  const open = async (tokens: LocalConfig['tokens'] = {}): Promise<TokenIssuer> =>
    present((await backendType.open({ tokens }, await disk.context({ clock }), SIGNAL)).tokens, 'tokens');
  const issue = async (issuer: TokenIssuer, change: Partial<TokenRequest> = {}): Promise<IssuedToken> => {
    const outcome = await issuer.issue(newTokenRequest(change), SIGNAL);
    assert.equal(outcome.state, 'issued');
    return outcome.made;
  };
  const check = (issuer: TokenIssuer, { token }: IssuedToken): Promise<TokenVerdict> =>
    issuer.check(token, SIGNAL);
  const why = async (issuer: TokenIssuer, token: IssuedToken): Promise<string> => {
    const verdict = await check(issuer, token);
    return verdict.active ? 'active' : verdict.why;
  };
  const keySet = async (issuer: TokenIssuer): Promise<KeySet['keys']> =>
    (JSON.parse(await present(issuer.jwks, 'jwks')(SIGNAL)) as KeySet).keys;
  const partOf = ({ token }: IssuedToken, part: number): Readonly<Record<string, unknown>> =>
    JSON.parse(Buffer.from(token.reveal().split('.')[part] ?? '', 'base64url').toString());

  it('JWTs say who, for whom, from when and until when', async () => {
    const made = await issue(await open());
    assert.deepEqual(partOf(made, 0), { alg: 'ES256', kid: partOf(made, 0)['kid'], typ: 'JWT' });
    const now = Date.UTC(2030, 0, 1) / 1000;
    assert.deepEqual(partOf(made, 1), {
      iss: 'idac:local/local-ca',
      sub: 'checkout',
      aud: ['ledger'],
      scope: 'read write',
      iat: now,
      nbf: now - 60,
      exp: now - 60 + 3600,
      jti: made.serialNumber,
    });
    assert.match(made.serialNumber, /^[0-9a-f]{32}$/);
    const plain = await issue(await open(), { audience: [], scopes: [], durationSeconds: 60 });
    const { aud, scope, nbf, exp } = partOf(plain, 1);
    assert.deepEqual([aud, scope, nbf, exp], [undefined, undefined, now - 6, now + 54]);
  });

  it('opaque tokens have a prefix, 256 bits and a checksum that tells a slip of the hand', async () => {
    const issuer = await open();
    const made = await issue(issuer, { format: 'opaque' });
    const text = made.token.reveal();
    assert.match(text, /^idac_[0-9A-Za-z]{49}$/);
    for (let at = 5; at < text.length; at++) {
      const other = text[at] === 'a' ? 'b' : 'a';
      const token = new Secret(text.slice(0, at) + other + text.slice(at + 1));
      const verdict = await issuer.check(token, SIGNAL);
      assert.match(verdict.active ? 'active' : verdict.why, /damaged/);
    }
    assert.ok((await issuer.check(new Secret(` ${text}\r\n`), SIGNAL)).active, 'as a file holds it');
  });

  it('count from their start up to their end', async () => {
    const issuer = await open();
    for (const format of issuer.formats) {
      clock.set('2030-01-01T00:00:00Z');
      const made = await issue(issuer, { format });
      clock.advance(3539);
      assert.equal(await why(issuer, made), 'active');
      clock.advance(1);
      assert.match(await why(issuer, made), /expired at 2030-01-01 00:59 UTC/);
      clock.set('2029-12-31T23:58:59Z');
      assert.match(await why(issuer, made), /not valid before/);
    }
  });

  it('stand nowhere on the disk, in no part of the state and of the sealed store', async () => {
    const issuer = await open({ publish: { jwks: 'jwks.json', revoked: 'revoked.json' } });
    const made = [await issue(issuer), await issue(issuer, { format: 'opaque' })];
    await present(issuer.publish, 'publish')(SIGNAL);
    const parts = made.flatMap(({ token }) => {
      const text = token.reveal();
      return [text, ...text.split('.').slice(1)];
    });
    let files = 0;
    for (const entry of readdirSync(disk.folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      files++;
      const content = readFileSync(path.join(entry.parentPath, entry.name), 'latin1');
      assert.ok(!parts.some((part) => content.includes(part) || entry.name.includes(part)), entry.name);
    }
    assert.ok(files > 10);
  });

  it('are the same in another process, and after all but the sealed store is read again', async () => {
    for (const format of ['jwt', 'opaque'] as const) {
      const request = newTokenRequest({ format });
      const first = await (await open()).issue(request, SIGNAL);
      clock.advance(600);
      const again = await (await open()).issue(request, SIGNAL);
      assert.ok(first.state === 'issued' && again.state === 'issued');
      assert.equal(again.made.fingerprintSha256, first.made.fingerprintSha256);
      const [one, two] = [first.made.token.reveal(), again.made.token.reveal()];
      if (format === 'opaque') assert.equal(two, one);
      else assert.equal(two.slice(0, two.lastIndexOf('.')), one.slice(0, one.lastIndexOf('.')));
      assert.equal(await why(await open(), again.made), 'active');
    }
  });

  it('that cannot be made again are not replaced by others', async () => {
    const context = await disk.context({ clock });
    for (const [format, name] of [
      ['jwt', 'signing/1'],
      ['opaque', 'opaque'],
    ] as const) {
      const request = newTokenRequest({ format });
      await (await open()).issue(request, SIGNAL);
      await context.sealed.scope('tokens').remove(name);
      await rejectsWith('corrupt', (await open()).issue(request, SIGNAL));
    }
    // A new secret was made since, for another token.
    const request = newTokenRequest({ format: 'opaque' });
    await (await open()).issue(request, SIGNAL);
    await context.sealed.scope('tokens').put('opaque', new Secret(context.random.bytes(32)));
    await rejectsWith('corrupt', (await open()).issue(request, SIGNAL));
  });

  it('signed with the right key but in no list do not count', async () => {
    const issuer = await open();
    const made = await issue(issuer);
    const context = await disk.context({ clock });
    const pkcs8 = present(await context.sealed.scope('tokens').get('signing/1'), 'the key');
    const key = readPublicKey(publicKeyOf(pkcs8));
    assert.ok(key.ok);
    const signer = softwareSigner(pkcs8, key.algorithm);
    const keyId = String(partOf(made, 0)['kid']);
    const own = partOf(made, 1);
    for (const claims of [
      { ...own, jti: '00'.repeat(16) },
      { ...own, sub: 'root' },
      { ...own, jti: undefined },
    ]) {
      const token = new Secret(await buildJwt({ keyId, claims }, signer, SIGNAL));
      const verdict = await issuer.check(token, SIGNAL);
      assert.match(verdict.active ? 'active' : verdict.why, /not in its list/);
    }
    const stranger = new Secret(await buildJwt({ keyId: 'other', claims: own }, signer, SIGNAL));
    const verdict = await issuer.check(stranger, SIGNAL);
    assert.match(verdict.active ? 'active' : verdict.why, /not issued here/);
  });

  it('are signed with a new key once another algorithm is configured; the former verifies to the last end', async () => {
    const before = await open();
    const old = await issue(before, { durationSeconds: 7200 });
    await issue(before, { durationSeconds: 600 });
    const [first] = await keySet(before);
    assert.deepEqual([first?.alg, first?.use], ['ES256', 'sig']);

    const after = await open({ keyAlgorithm: 'Ed25519' });
    const made = await issue(after);
    assert.equal(partOf(made, 0)['alg'], 'EdDSA');
    assert.deepEqual(
      (await keySet(after)).map(({ alg }) => alg),
      ['EdDSA', 'ES256'],
    );
    assert.equal(await why(after, old), 'active');
    assert.equal(
      partOf(await issue(before), 0)['kid'],
      first?.kid,
      'a key that still verifies is taken up again',
    );
    await issue(after);
    assert.equal((await keySet(after)).length, 2);
    clock.advance(7140);
    assert.match(await why(after, old), /expired/);
    assert.deepEqual(
      (await keySet(after)).map(({ alg }) => alg),
      ['EdDSA'],
    );
  });

  it('that were revoked are listed until a day after their end', async () => {
    const issuer = await open({ publish: { jwks: 'tokens/jwks.json', revoked: 'tokens/revoked.json' } });
    const made = await issue(issuer);
    await issue(issuer);
    const { at } = await issuer.revoke(made.serialNumber, 'keyCompromise', SIGNAL);
    const publish = present(issuer.publish, 'publish');
    assert.deepEqual(await publish(SIGNAL), ['tokens/jwks.json', 'tokens/revoked.json']);
    const file = (name: string): unknown => JSON.parse(readFileSync(path.join(disk.project, name), 'utf8'));
    const exp = new Date(made.notAfter).getTime() / 1000;
    assert.deepEqual(file('tokens/revoked.json'), {
      issuer: 'idac:local/local-ca',
      revoked: [{ jti: made.serialNumber, exp, revokedAt: at, reason: 'keyCompromise' }],
    });
    assert.deepEqual(file('tokens/jwks.json'), { keys: await keySet(issuer) });
    clock.advance(2 * 86_400);
    await publish(SIGNAL);
    assert.deepEqual(file('tokens/revoked.json'), { issuer: 'idac:local/local-ca', revoked: [] });
    assert.match(await why(issuer, made), /revoked/);
  });

  it('are not issued for longer, or revoked for reasons, that are not offered', async () => {
    const issuer = await open({ maximumDuration: '1h', defaultDuration: '10m' });
    assert.deepEqual([issuer.maximumDurationSeconds, issuer.defaultDurationSeconds], [3600, 600]);
    const request = newTokenRequest({ durationSeconds: 3601 });
    await rejectsWith('invalid-request', issuer.issue(request, SIGNAL));
    const { serialNumber } = await issue(issuer);
    await rejectsWith('invalid-request', issuer.revoke(serialNumber, 'certificateHold', SIGNAL));
    assert.equal((await (await open()).issuedFor(identity('checkout'), SIGNAL)).length, 0);
  });

  it('have a key that the health check misses when it is gone', async () => {
    const health = async () =>
      (await backendType.open({}, await disk.context({ clock }), SIGNAL)).health(SIGNAL);
    const keyCheck = async () => (await health()).checks.find(({ what }) => what === 'token signing key');
    assert.match((await keyCheck())?.detail ?? '', /not made yet/);
    await issue(await open());
    assert.equal((await keyCheck())?.ok, true);
    await (await disk.context()).sealed.scope('tokens').remove('signing/1');
    const missing = await keyCheck();
    assert.equal(missing?.ok, false);
    assert.ok(missing?.hint);
    assert.equal((await issue(await open({ keyAlgorithm: 'ECDSA-P384' }))).format, 'jwt');
    assert.equal((await keyCheck())?.ok, true);
    clock.advance(4 * 365 * 86_400);
    const old = await keyCheck();
    assert.ok(old?.ok === false && /longer than a key that signs/.test(old.detail), old?.detail);
  });

  it('that were revoked are missed by the health check when their list is gone or old', async () => {
    const publish = { revoked: 'tokens/revoked.json' };
    const opened = await backendType.open({ tokens: { publish } }, await disk.context({ clock }), SIGNAL);
    const check = async () =>
      (await opened.health(SIGNAL)).checks.find(({ what }) => what === 'list of revoked tokens');
    assert.equal((await check())?.ok, true, 'nothing is revoked yet');
    const issuer = opened.tokens;
    assert.ok(issuer);
    const { serialNumber } = await issue(issuer);
    await issuer.revoke(serialNumber, 'keyCompromise', SIGNAL);
    assert.match((await check())?.detail ?? '', /is not there/);
    await issuer.publish?.(SIGNAL);
    assert.equal((await check())?.ok, true);
    const other = await issue(issuer);
    await issuer.revoke(other.serialNumber, 'superseded', SIGNAL);
    assert.match((await check())?.detail ?? '', /does not name 1 revoked token/);
  });
});
