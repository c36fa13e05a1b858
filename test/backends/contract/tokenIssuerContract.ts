import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { createPublicKey, type JsonWebKey, randomUUID, verify } from 'node:crypto';
import {
  type IssuedToken,
  TOKEN_CLAIMS,
  TOKEN_FORMATS,
  type TokenIssuer,
  type TokenRequest,
} from '../../../server/src/backends/contract.ts';
import { tokenFingerprint } from '../../../server/src/core/credential/tokenFingerprint.ts';
import { Secret } from '../../../server/src/core/secret.ts';
import { nodeHasher } from '../../../server/src/platform/crypto/hasher.ts';
import { honoursAbort, type OpenBackend, type OpenedBackend, present, rejectsWith } from './expectations.ts';
import { identity, SIGNAL } from './requests.ts';

/** A sound request; `change` replaces parts of it. */
export function newTokenRequest(change: Partial<TokenRequest> = {}): TokenRequest {
  return {
    requestId: `request-${randomUUID()}`,
    identity: { ...identity('checkout'), kind: 'Token' },
    format: 'jwt',
    subject: 'checkout',
    audience: ['ledger'],
    scopes: ['read', 'write'],
    durationSeconds: 3600,
    ...change,
  };
}

/** What every token issuer holds. */
export function tokenIssuerContract(open: OpenBackend): void {
  describe('as token issuer', () => {
    let opened: OpenedBackend;
    let tokens: TokenIssuer;
    before(async () => {
      opened = await open();
      tokens = present(opened.backend.tokens, 'tokens');
    });
    after(() => opened.cleanup());

    /** As the issuer takes it: without what it states that it cannot bind. */
    const sound = (change: Partial<TokenRequest> = {}): TokenRequest =>
      newTokenRequest({
        format: present(tokens.formats[0], 'a format'),
        ...(tokens.claims.includes('audience') ? {} : { audience: [] }),
        ...(tokens.claims.includes('scopes') ? {} : { scopes: [] }),
        ...change,
      });
    const issue = async (request: TokenRequest): Promise<IssuedToken> => {
      const outcome = await tokens.issue(request, SIGNAL);
      assert.equal(outcome.state, 'issued');
      return outcome.made;
    };
    const forEachFormat = (what: string, work: (format: TokenRequest['format']) => Promise<void>): void => {
      it(what, async () => {
        assert.ok(tokens.formats.length > 0);
        for (const format of tokens.formats) await work(format);
      });
    };

    it('issues JWTs with the claims of the manifest, which verify by its key set', async () => {
      if (!tokens.formats.includes('jwt')) return;
      const request = sound({ format: 'jwt' });
      const { token, serialNumber, issuer, notAfter, notBefore } = await issue(request);
      const [header = '', claims = '', signature = ''] = token.reveal().split('.');
      const decode = (part: string): Readonly<Record<string, unknown>> =>
        JSON.parse(Buffer.from(part, 'base64url').toString());
      const { aud, exp, nbf, iss, sub, scope } = decode(claims);
      assert.deepEqual([iss, sub, scope], [issuer, 'checkout', 'read write']);
      assert.deepEqual([aud].flat(), ['ledger']);
      assert.equal(exp, new Date(notAfter).getTime() / 1000);
      assert.equal(nbf, new Date(notBefore).getTime() / 1000);
      assert.ok(Number(exp) - Number(nbf) <= request.durationSeconds);
      assert.ok(serialNumber.length > 0);
      const set = JSON.parse(await present(tokens.jwks, 'jwks')(SIGNAL)) as {
        keys: (JsonWebKey & { kid: string })[];
      };
      const jwk = present(
        set.keys.find(({ kid }) => kid === decode(header)['kid']),
        'the key',
      );
      assert.ok(!('d' in jwk), 'no private key is shown');
      const key = createPublicKey({ key: jwk, format: 'jwk' });
      const { alg } = decode(header);
      const good = verify(
        alg === 'EdDSA' ? null : `sha${String(alg).slice(2)}`,
        Buffer.from(`${header}.${claims}`),
        { key, dsaEncoding: 'ieee-p1363' },
        Buffer.from(signature, 'base64url'),
      );
      assert.ok(good);
    });

    forEachFormat('tells of a token without holding it', async (format) => {
      const { token, ...entry } = await issue(sound({ format }));
      assert.equal(entry.format, format);
      assert.equal(entry.fingerprintSha256, tokenFingerprint(token.reveal(), nodeHasher));
      assert.ok(!JSON.stringify(await tokens.find(entry, SIGNAL)).includes(token.reveal()));
      const other = await issue(sound({ format }));
      assert.notEqual(other.token.reveal(), token.reveal());
    });

    forEachFormat(
      'answers a repeated request id with one token that counts, and enters it once',
      async (format) => {
        const who = identity(`repeated-${format}`);
        const request = sound({ format, identity: who });
        const first = await issue(request);
        const again = await issue(request);
        assert.equal(tokenFingerprint(again.token.reveal(), nodeHasher), again.fingerprintSha256);
        assert.equal(again.serialNumber === first.serialNumber, tokens.showsAgain);
        assert.equal(again.fingerprintSha256 === first.fingerprintSha256, tokens.showsAgain);
        assert.equal((await tokens.check(first.token, SIGNAL)).active, tokens.showsAgain);
        assert.ok((await tokens.check(again.token, SIGNAL)).active);
        assert.equal((await tokens.issuedFor(who, SIGNAL)).length, 1);
        await rejectsWith('conflict', tokens.issue({ ...request, subject: 'somebody else' }, SIGNAL));
      },
    );

    forEachFormat('checks what is presented: active, revoked, not its own', async (format) => {
      const { token, serialNumber } = await issue(sound({ format }));
      const verdict = await tokens.check(token, SIGNAL);
      assert.ok(verdict.active);
      assert.equal(verdict.entry.serialNumber, serialNumber);
      const text = token.reveal();
      const changed = new Secret(`${text.slice(0, -2)}${text.endsWith('A') ? 'BB' : 'AA'}`);
      for (const wrong of [changed, new Secret('x'), new Secret('')]) {
        const no = await tokens.check(wrong, SIGNAL);
        assert.ok(!no.active);
        assert.ok(no.why.length > 5 && !no.why.includes(text));
      }
      await tokens.revoke(serialNumber, present(tokens.revocationReasons[0], 'a reason'), SIGNAL);
      const ended = await tokens.check(token, SIGNAL);
      assert.ok(!ended.active);
      assert.match(ended.why, /revoked/);
    });

    forEachFormat('finds what it issued by request and id', async (format) => {
      const who = identity(`found-${format}`);
      const request = sound({ format, identity: who, machine: 'web-1' });
      const { token: _token, ...entry } = await issue(request);
      for (const query of [{ requestId: request.requestId }, { serialNumber: entry.serialNumber }])
        assert.deepEqual(await tokens.find(query, SIGNAL), entry);
      assert.deepEqual(await tokens.issuedFor(who, SIGNAL), [entry]);
      assert.equal(entry.machine, 'web-1');
      assert.equal(await tokens.find({ requestId: 'never' }, SIGNAL), undefined);
      assert.equal(await tokens.find({ serialNumber: '01' }, SIGNAL), undefined);
      assert.equal(await tokens.find({ spkiSha256: '00'.repeat(32) }, SIGNAL), undefined);
      assert.deepEqual(await tokens.issuedFor(identity('nobody'), SIGNAL), []);
    });

    it('revokes once and for all, and says so', async () => {
      const { serialNumber } = await issue(sound());
      assert.deepEqual(await tokens.status(serialNumber, SIGNAL), { status: 'good' });
      const [reason, other] = tokens.revocationReasons;
      const first = await tokens.revoke(serialNumber, present(reason, 'a reason'), SIGNAL);
      assert.deepEqual(await tokens.revoke(serialNumber, other ?? first.reason, SIGNAL), first);
      assert.deepEqual(await tokens.status(serialNumber, SIGNAL), { status: 'revoked', ...first });
      assert.deepEqual((await tokens.find({ serialNumber }, SIGNAL))?.revoked, first);
    });

    it('knows nothing of tokens of others', async () => {
      assert.equal((await tokens.status('0102030405', SIGNAL)).status, 'unknown');
      await rejectsWith('not-found', tokens.revoke('0102030405', 'unspecified', SIGNAL));
    });

    it('refuses what it would not issue, with a clear word', async () => {
      const request = sound();
      const bad: readonly Partial<TokenRequest>[] = [
        { durationSeconds: tokens.maximumDurationSeconds + 1 },
        { durationSeconds: 0 },
        { subject: '' },
        { scopes: ['two words'] },
        { audience: [''] },
      ];
      for (const change of bad)
        await rejectsWith('invalid-request', tokens.issue({ ...request, ...change }, SIGNAL));
      assert.equal(await tokens.find({ requestId: request.requestId }, SIGNAL), undefined);
    });

    it('refuses what it states that it cannot bind', async () => {
      const given = { audience: ['ledger'], scopes: ['read'], subject: 'checkout' };
      for (const claim of TOKEN_CLAIMS.filter((each) => !tokens.claims.includes(each)))
        await rejectsWith('invalid-request', tokens.issue(sound({ [claim]: given[claim] }), SIGNAL));
      for (const format of TOKEN_FORMATS.filter((each) => !tokens.formats.includes(each)))
        await rejectsWith('invalid-request', tokens.issue(sound({ format }), SIGNAL));
    });

    it('stops when it is aborted, and has then done nothing', async () => {
      const request = sound();
      await honoursAbort((signal) => tokens.issue(request, signal));
      assert.equal(await tokens.find({ requestId: request.requestId }, SIGNAL), undefined);
      await honoursAbort((signal) => tokens.find({ requestId: 'x' }, signal));
      await honoursAbort((signal) => tokens.issuedFor(identity('x'), signal));
      await honoursAbort((signal) => tokens.revoke('01', 'unspecified', signal));
      await honoursAbort((signal) => tokens.status('01', signal));
      await honoursAbort((signal) => tokens.check(new Secret('x'), signal));
      if (tokens.jwks) await honoursAbort((signal) => present(tokens.jwks, 'jwks')(signal));
      if (tokens.publish) await honoursAbort((signal) => present(tokens.publish, 'publish')(signal));
    });
  });
}
