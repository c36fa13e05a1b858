import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { KeyAlgorithm } from '../../../server/src/core/credential/keyAlgorithm.ts';
import { judgeJwtSvid, signsJwtSvids } from '../../../server/src/core/credential/spiffe/jwtSvid.ts';
import type { SvidJudgement } from '../../../server/src/core/credential/spiffe/x509Svid.ts';
import type { Signer } from '../../../server/src/core/ports.ts';
import { nodeSignatureVerifier } from '../../../server/src/platform/crypto/signatureVerifier.ts';
import { newSigner, signed } from '../jwt/tokens.ts';

const NOW = new Date('2030-01-01T00:00:00Z');
const SECONDS = NOW.getTime() / 1000;
const ID = 'spiffe://example.com/payments/api';
const CLAIMS = { sub: ID, aud: ['ledger'], exp: SECONDS + 300, iat: SECONDS };

describe('JWT-SVIDs', () => {
  let signer: Signer;
  before(async () => {
    signer = await newSigner();
  });

  const judge = (token: string, audience = 'ledger', keys = [signer]): SvidJudgement =>
    judgeJwtSvid(
      token,
      audience,
      {
        trustDomain: 'example.com',
        x509Authorities: [],
        jwtAuthorities: keys.map(({ spki }, index) => ({ keyId: `key-${index}`, spki })),
      },
      { now: NOW, leewaySeconds: 0, verifier: nodeSignatureVerifier },
    );
  const made = (claims: object, header: object = {}, by = signer): Promise<string> =>
    signed({ alg: 'ES256', kid: 'key-0', ...header }, claims, by);
  const refused = async (why: RegExp, claims: object, header: object = {}): Promise<SvidJudgement> => {
    const verdict = judge(await made(claims, header));
    assert.ok(!verdict.valid, 'it was taken');
    assert.match(verdict.why, why);
    return verdict;
  };

  it('are valid for the audience that they were presented to', async () => {
    for (const header of [{}, { typ: 'JWT' }, { typ: 'JOSE' }, { kid: undefined }]) {
      const verdict = judge(await made(CLAIMS, header));
      assert.deepEqual(verdict, { valid: true, spiffeId: ID, notAfter: '2030-01-01T00:05:00.000Z' });
    }
    assert.ok(judge(await made({ ...CLAIMS, aud: 'ledger', jti: 'x', own: { a: 1 } })).valid);
    const elsewhere = judge(await made(CLAIMS), 'checkout');
    assert.ok(!elsewhere.valid);
    assert.match(elsewhere.why, /audience/);
  });

  it('name a subject, an audience and an end', async () => {
    const { sub: _sub, ...nameless } = CLAIMS;
    assert.equal((await refused(/no subject/, nameless)).spiffeId, null);
    const { aud: _aud, ...everywhere } = CLAIMS;
    await refused(/no audience/, everywhere);
    await refused(/no audience/, { ...CLAIMS, aud: [] });
    const { exp: _exp, ...forever } = CLAIMS;
    assert.equal((await refused(/never expires/, forever)).spiffeId, ID);
    await refused(/expired/, { ...CLAIMS, exp: SECONDS });
    await refused(/not valid before/, { ...CLAIMS, nbf: SECONDS + 1 });
    await refused(/exp is no time/, { ...CLAIMS, exp: 'tomorrow' });
  });

  it('have a SPIFFE ID of the trust domain as subject', async () => {
    await refused(/no SPIFFE ID/, { ...CLAIMS, sub: 'payments' });
    await refused(/trust domain other/, { ...CLAIMS, sub: 'spiffe://other.com/a' });
    await refused(/path is missing/, { ...CLAIMS, sub: 'spiffe://example.com' });
  });

  it('have no header and no algorithm but those of the standard', async () => {
    await refused(/more than alg/, CLAIMS, { jku: 'https://example.com/keys' });
    await refused(/more than alg/, CLAIMS, { jwk: {} });
    await refused(/type/, CLAIMS, { typ: 'at+jwt' });
    await refused(/algorithm/, CLAIMS, { alg: 'EdDSA' });
    await refused(/algorithm/, CLAIMS, { alg: 'HS256' });
    await refused(/not signed/, CLAIMS, { alg: 'none' });
    const edwards = await newSigner('Ed25519');
    const verdict = judge(await made(CLAIMS, { alg: 'EdDSA' }, edwards), 'ledger', [edwards]);
    assert.equal(verdict.valid, false);
  });

  it('are signed with a key of the bundle', async () => {
    const other = await newSigner();
    assert.equal(judge(await made(CLAIMS), 'ledger', [other]).valid, false);
    assert.equal(judge(await made(CLAIMS), 'ledger', []).valid, false);
    assert.equal(judge(await made(CLAIMS, { kid: 'key-1' }), 'ledger', [other, signer]).valid, true);
    assert.equal(judge(await made(CLAIMS, { kid: 'key-0' }), 'ledger', [other, signer]).valid, false);
    assert.equal(judge(await made(CLAIMS, { kid: undefined }), 'ledger', [other, signer]).valid, true);
  });

  it('that are damaged are refused, and nothing throws', async () => {
    const token = await made(CLAIMS);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom('A', 'b', '.', '=', ' ', 'é'), (at, change) => {
        const damaged = token.slice(0, at) + change + token.slice(at + 1);
        assert.equal(judge(damaged).valid, damaged === token);
      }),
    );
  });

  it('can be signed by RSA and ECDSA keys, not by Ed25519', async () => {
    const able: Readonly<Partial<Record<KeyAlgorithm, boolean>>> = {
      'ECDSA-P256': true,
      'ECDSA-P384': true,
      'ECDSA-P521': true,
      'RSA-2048': true,
      Ed25519: false,
    };
    for (const [algorithm, expected] of Object.entries(able))
      assert.equal(signsJwtSvids((await newSigner(algorithm as KeyAlgorithm)).spki), expected, algorithm);
    assert.equal(signsJwtSvids(new Uint8Array(3)), false);
  });
});
