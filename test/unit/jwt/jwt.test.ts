import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { constants, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { decodeBase64Url, encodeBase64Url } from '../../../server/src/core/credential/base64url.ts';
import { decodeJwks } from '../../../server/src/core/credential/jwk.ts';
import { buildJwt } from '../../../server/src/core/credential/jwt/buildJwt.ts';
import { claimsProblem, readClaims } from '../../../server/src/core/credential/jwt/claims.ts';
import { derFromRaw, rawFromDer } from '../../../server/src/core/credential/jwt/ecdsaSignature.ts';
import { readJwt } from '../../../server/src/core/credential/jwt/readJwt.ts';
import { verifyJwt } from '../../../server/src/core/credential/jwt/verifyJwt.ts';
import { CLASSICAL_KEY_ALGORITHMS } from '../../../server/src/core/credential/keyAlgorithm.ts';
import { jwksText, jwkThumbprint, publicJwk } from '../../../server/src/core/credential/publicJwk.ts';
import { readJsonObjectText } from '../../../server/src/core/credential/uniqueJson.ts';
import { nodeHasher } from '../../../server/src/platform/crypto/hasher.ts';
import { nodeSignatureVerifier } from '../../../server/src/platform/crypto/signatureVerifier.ts';
import { base64url, compact, newSigner, nodeVerifies, read, SIGNAL, signed } from './tokens.ts';

const CLAIMS = { iss: 'joe', exp: 1_300_819_380, 'http://example.com/is_root': true };
const octets = (text: string): Uint8Array => new TextEncoder().encode(text);

function whyNot(token: string): string {
  const result = readJwt(token);
  assert.ok(!result.ok, 'it was read');
  return result.why;
}

describe('JWT: reading', () => {
  it('reads header, claims and what is signed', () => {
    const token = compact({ alg: 'ES256', kid: 'one', typ: 'JWT' }, CLAIMS, octets('sig'));
    const jwt = read(token);
    assert.deepEqual([jwt.algorithm, jwt.keyId, jwt.type], ['ES256', 'one', 'JWT']);
    assert.deepEqual(jwt.claims, CLAIMS);
    assert.equal(new TextDecoder().decode(jwt.signed), token.slice(0, token.lastIndexOf('.')));
    assert.deepEqual(jwt.signature, octets('sig'));
  });

  it('reads the example of RFC 7515, A.3, and its signature is good', () => {
    // The key and the signature of the RFC, in octets, so that nothing here looks like a token.
    const jwk = {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    };
    const r = [
      14, 209, 33, 83, 121, 99, 108, 72, 60, 47, 127, 21, 88, 7, 212, 2, 163, 178, 40, 3, 58, 249, 124, 126,
      23, 129, 154, 195, 22, 158, 166, 101,
    ];
    const s = [
      197, 10, 7, 211, 140, 60, 112, 229, 216, 241, 45, 175, 8, 74, 84, 128, 166, 101, 144, 197, 242, 147, 80,
      154, 143, 63, 127, 138, 131, 163, 84, 213,
    ];
    const claims = '{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}';
    const jwt = read(compact('{"alg":"ES256"}', claims, Uint8Array.from([...r, ...s])));
    assert.deepEqual(jwt.claims, CLAIMS);
    const spki = decodeJwks(JSON.stringify(jwk))?.[0]?.key.publicKey?.spki ?? new Uint8Array();
    const key = { keyId: undefined, spki };
    assert.equal(verifyJwt(jwt, [key], nodeSignatureVerifier).ok, true);
    const other = read(compact('{"alg":"ES256"}', claims, Uint8Array.from([...s, ...r])));
    assert.equal(verifyJwt(other, [key], nodeSignatureVerifier).ok, false);
  });

  it('refuses what is not signed, however it is spelled', () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
      assert.match(whyNot(compact({ alg }, CLAIMS, new Uint8Array())), /not signed/);
      assert.match(whyNot(compact({ alg }, CLAIMS, octets('x'))), /not signed/);
    }
    assert.match(whyNot(compact({ alg: 'ES256' }, CLAIMS, new Uint8Array())), /not signed/);
  });

  it('refuses extensions that have to be understood', () => {
    const header = { alg: 'ES256', crit: ['exp'], exp: 1 };
    assert.match(whyNot(compact(header, CLAIMS, octets('x'))), /crit/);
    assert.match(whyNot(compact({ alg: 'ES256', crit: [] }, CLAIMS, octets('x'))), /crit/);
  });

  it('refuses members that come twice, at any depth and under any spelling', () => {
    const twice = [
      '{"alg":"ES256","alg":"HS256"}',
      '{"alg":"ES256","\\u0061lg":"none"}',
      '{"alg":"ES256","x":{"y":1,"y":2}}',
      '{"alg":"ES256","x":[{"y":1},{"y":1,"y":2}]}',
    ];
    for (const header of twice) assert.match(whyNot(compact(header, CLAIMS, octets('x'))), /twice/);
    const claims = '{"sub":"alice","admin":{},"sub":"root"}';
    assert.match(whyNot(compact({ alg: 'ES256' }, claims, octets('x'))), /names "sub" twice/);
    const once = '{"alg":"ES256","x":{"alg":["alg",{"alg":"\\"alg\\":"}]},"y":"{\\"alg\\"}"}';
    assert.equal(readJwt(compact(once, CLAIMS, octets('x'))).ok, true);
  });

  it('refuses other forms', () => {
    const good = compact({ alg: 'ES256' }, CLAIMS, octets('xyz'));
    const [header = '', claims = '', signature = ''] = good.split('.');
    const bad = [
      '',
      '.',
      '..',
      `${header}.${claims}`,
      `${good}.`,
      `${good}.${signature}`,
      ` ${good}`,
      `${good}\n`,
      `${header}=.${claims}.${signature}`,
      `${header}.${claims}.eHl-=`,
      `${header}.${claims}.a`,
      // The last two bits are not zero: a second text for the same octets.
      `${header}.${claims}.eB`,
      `${header}.${claims}.e+/a`,
      compact('[]', CLAIMS, octets('x')),
      compact('null', CLAIMS, octets('x')),
      compact('{"alg":1}', CLAIMS, octets('x')),
      compact('{}', CLAIMS, octets('x')),
      compact('{"alg":"ES256","kid":7}', CLAIMS, octets('x')),
      compact({ alg: 'ES256' }, '"text"', octets('x')),
      compact({ alg: 'ES256' }, '{"a":1', octets('x')),
      `${header}.${base64url(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d))}.${signature}`,
      compact({ alg: 'ES256', pad: 'x'.repeat(70_000) }, CLAIMS, octets('x')),
    ];
    for (const token of bad) assert.equal(readJwt(token).ok, false, token.slice(0, 80));
  });

  it('never throws, whatever it is given', async () => {
    const good = await buildJwt({ keyId: 'k', claims: CLAIMS }, await newSigner(), SIGNAL);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.string({ maxLength: 3 }), (at, change) => {
        readJwt(good.slice(0, at) + change + good.slice(at + 1));
      }),
    );
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void readJwt(text)));
    fc.assert(
      fc.property(
        fc.json(),
        fc.json(),
        (header, claims) => void readJwt(compact(header, claims, octets('x'))),
      ),
    );
  });
});

describe('JWT: signatures', () => {
  for (const algorithm of CLASSICAL_KEY_ALGORITHMS)
    it(`by ${algorithm} keys are good for Node and for us, and bad once anything changed`, async () => {
      const signer = await newSigner(algorithm);
      const jwk = publicJwk(signer.spki);
      assert.ok(jwk);
      const token = await buildJwt({ keyId: 'k', claims: CLAIMS }, signer, SIGNAL);
      assert.ok(nodeVerifies(token, jwk));
      const jwt = read(token);
      const key = { keyId: 'k', spki: signer.spki };
      assert.deepEqual(verifyJwt(jwt, [key], nodeSignatureVerifier), { ok: true, key });
      const [header = '', , signature = ''] = token.split('.');
      const forged = read(`${header}.${base64url(JSON.stringify({ ...CLAIMS, iss: 'eve' }))}.${signature}`);
      const verdict = verifyJwt(forged, [key], nodeSignatureVerifier);
      assert.equal(!verdict.ok && verdict.cause, 'bad');
    }).timeout(120_000);

  it('of the whole RSA family count, and none under another name', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = { keyId: 'k', spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })) };
    for (const alg of ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']) {
      const input = [{ alg, kid: 'k' }, CLAIMS].map((part) => base64url(JSON.stringify(part))).join('.');
      const bits = Number(alg.slice(2));
      const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: bits / 8 };
      const made = sign(`sha${bits}`, Buffer.from(input), {
        key: privateKey,
        ...(alg.startsWith('PS') && pss),
      });
      assert.equal(
        verifyJwt(read(`${input}.${base64url(made)}`), [key], nodeSignatureVerifier).ok,
        true,
        alg,
      );
      const other = alg.startsWith('PS') ? alg.replace('PS', 'RS') : alg.replace('RS', 'PS');
      const renamed = [{ alg: other, kid: 'k' }, CLAIMS]
        .map((part) => base64url(JSON.stringify(part)))
        .join('.');
      assert.equal(verifyJwt(read(`${renamed}.${base64url(made)}`), [key], nodeSignatureVerifier).ok, false);
    }
  });

  it('are never checked as HMAC with a public key', async () => {
    const signer = await newSigner('RSA-2048');
    const pem = `-----BEGIN PUBLIC KEY-----\n${Buffer.from(signer.spki).toString('base64')}\n-----END PUBLIC KEY-----\n`;
    for (const secret of [signer.spki, Buffer.from(pem)]) {
      const input = [{ alg: 'HS256', kid: 'k' }, CLAIMS]
        .map((part) => base64url(JSON.stringify(part)))
        .join('.');
      const mac = createHmac('sha256', secret).update(input).digest();
      const jwt = read(`${input}.${base64url(mac)}`);
      const verdict = verifyJwt(jwt, [{ keyId: 'k', spki: signer.spki }], nodeSignatureVerifier);
      assert.ok(!verdict.ok);
      assert.match(verdict.why, /algorithm/);
    }
  });

  it('name an algorithm of their own key: another curve or family is refused', async () => {
    const p256 = await newSigner('ECDSA-P256');
    const key = { keyId: 'k', spki: p256.spki };
    for (const alg of ['ES384', 'ES512', 'EdDSA', 'RS256', 'ES256K', '', 'es256', 'HS256']) {
      const token = await signed({ alg: alg === '' ? 'X' : alg, kid: 'k' }, CLAIMS, p256);
      const verdict = verifyJwt(read(token), [key], nodeSignatureVerifier);
      assert.equal(verdict.ok, false, alg);
    }
    const allowedOthers = verifyJwt(
      read(await buildJwt({ keyId: 'k', claims: CLAIMS }, p256, SIGNAL)),
      [key],
      nodeSignatureVerifier,
      ['RS256'],
    );
    assert.equal(allowedOthers.ok, false);
  });

  it('are looked for among the keys that the token names, or among all', async () => {
    const [mine, other] = [await newSigner(), await newSigner()];
    const keys = [
      { keyId: 'other', spki: other.spki },
      { keyId: 'mine', spki: mine.spki },
    ];
    const named = read(await buildJwt({ keyId: 'mine', claims: CLAIMS }, mine, SIGNAL));
    assert.deepEqual(verifyJwt(named, keys, nodeSignatureVerifier), { ok: true, key: keys[1] });
    const unnamed = read(await signed({ alg: 'ES256' }, CLAIMS, mine));
    assert.deepEqual(verifyJwt(unnamed, keys, nodeSignatureVerifier), { ok: true, key: keys[1] });
    const wrong = read(await buildJwt({ keyId: 'other', claims: CLAIMS }, mine, SIGNAL));
    assert.equal(verifyJwt(wrong, keys, nodeSignatureVerifier).ok, false);
    const stranger = read(await buildJwt({ keyId: 'nobody', claims: CLAIMS }, mine, SIGNAL));
    const verdict = verifyJwt(stranger, keys, nodeSignatureVerifier);
    assert.equal(!verdict.ok && verdict.cause, 'unknown-key');
  });

  it('by RSA keys below 2048 bits do not count', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const input = [{ alg: 'RS256' }, CLAIMS].map((part) => base64url(JSON.stringify(part))).join('.');
    const made = sign('sha256', Buffer.from(input), privateKey);
    const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
    const jwt = read(`${input}.${base64url(made)}`);
    assert.equal(verifyJwt(jwt, [{ keyId: undefined, spki }], nodeSignatureVerifier).ok, false);
  });

  it('of ECDSA go from DER to two numbers and back', () => {
    const number = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(number, number, (r, s) => {
        const raw = Uint8Array.from([...r, ...s]);
        const der = derFromRaw(raw, 32);
        assert.ok(der);
        assert.deepEqual(rawFromDer(der, 32), raw);
      }),
    );
    assert.equal(derFromRaw(new Uint8Array(63), 32), undefined);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => void rawFromDer(bytes, 32)));
  });
});

describe('JWT: claims', () => {
  const now = new Date('2030-01-01T00:00:00Z');
  const at = (seconds: number): number => now.getTime() / 1000 + seconds;
  const problem = (claims: object, expected: object = {}): string | undefined => {
    const result = readClaims(claims as Record<string, unknown>);
    assert.ok(result.ok);
    return claimsProblem(result.claims, { now, leewaySeconds: 0, ...expected });
  };

  it('count from nbf up to exp, to the second and with the leeway that is stated', () => {
    assert.equal(problem({ exp: at(1), nbf: at(0), iat: at(0) }), undefined);
    assert.match(problem({ exp: at(0) }) ?? '', /expired at 2030-01-01 00:00 UTC/);
    assert.match(problem({ nbf: at(1) }) ?? '', /not valid before/);
    assert.match(problem({ iat: at(1) }) ?? '', /in the future/);
    const leewaySeconds = 30;
    assert.equal(problem({ exp: at(-29), nbf: at(30), iat: at(30) }, { leewaySeconds }), undefined);
    assert.match(problem({ exp: at(-30) }, { leewaySeconds }) ?? '', /expired/);
    assert.match(problem({ nbf: at(31) }, { leewaySeconds }) ?? '', /before/);
    assert.equal(problem({ exp: at(0.5) }), undefined);
  });

  it('are compared with what is expected', () => {
    const claims = { iss: 'i', sub: 's', aud: ['a', 'b'] };
    assert.equal(problem(claims, { issuer: 'i', subject: 's', audience: 'b' }), undefined);
    assert.match(problem(claims, { issuer: 'j' }) ?? '', /iss/);
    assert.match(problem(claims, { subject: 't' }) ?? '', /sub/);
    assert.match(problem(claims, { audience: 'c' }) ?? '', /aud/);
    assert.match(problem({}, { audience: 'c' }) ?? '', /aud/);
    assert.match(problem({}, { issuer: 'i' }) ?? '', /iss/);
    assert.equal(problem({ aud: 'c' }, { audience: 'c' }), undefined);
  });

  it('of another type are no claims', () => {
    for (const claims of [
      { exp: '1' },
      { exp: -1 },
      { exp: null },
      { nbf: 1e300 },
      { iat: true },
      { iss: 1 },
      { sub: {} },
      { jti: [] },
      { aud: 1 },
      { aud: ['a', 1] },
      { aud: {} },
    ])
      assert.equal(readClaims(claims as Record<string, unknown>).ok, false, JSON.stringify(claims));
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('exp', 'nbf', 'iat', 'aud', 'sub'), fc.jsonValue()),
        (claims) => {
          const result = readClaims(claims);
          if (result.ok) claimsProblem(result.claims, { now, leewaySeconds: 0, audience: 'x' });
        },
      ),
    );
  });
});

describe('JWK', () => {
  it('has the thumbprint of RFC 7638, 3.1', () => {
    const n = [
      '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhM',
      'stn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL',
      '5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
    ].join('');
    const spki = decodeJwks(JSON.stringify({ kty: 'RSA', n, e: 'AQAB' }))?.[0]?.key.publicKey?.spki;
    const jwk = publicJwk(spki ?? new Uint8Array());
    assert.deepEqual(jwk, { kty: 'RSA', n, e: 'AQAB' });
    assert.equal(jwkThumbprint(jwk, nodeHasher), 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
  });

  it('has the thumbprint of RFC 8037, A.3 for Ed25519', () => {
    const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
    const jwk = { kty: 'OKP', crv: 'Ed25519', x } as const;
    assert.equal(jwkThumbprint(jwk, nodeHasher), 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
    const spki = decodeJwks(JSON.stringify(jwk))?.[0]?.key.publicKey?.spki;
    assert.deepEqual(publicJwk(spki ?? new Uint8Array()), jwk);
  });

  for (const algorithm of CLASSICAL_KEY_ALGORITHMS)
    it(`of an ${algorithm} key reads back to the same key`, async () => {
      const { spki } = await newSigner(algorithm);
      const jwk = publicJwk(spki);
      assert.ok(jwk);
      const key = decodeJwks(jwksText([{ ...jwk, kid: 'one', use: 'sig' }]))?.[0]?.key;
      assert.deepEqual(key?.publicKey?.spki, spki);
      assert.deepEqual([key?.keyId, key?.use, key?.private], ['one', 'sig', false]);
    }).timeout(120_000);

  it('is none for keys that sign nothing here, and for damaged ones', () => {
    const { publicKey } = generateKeyPairSync('x25519');
    assert.equal(publicJwk(new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))), undefined);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => void publicJwk(bytes)));
  });

  it('sets are JSON, also empty ones', () => {
    assert.deepEqual(JSON.parse(jwksText([])), { keys: [] });
    assert.deepEqual(JSON.parse(jwksText([{ a: 1 }, { b: 2 }], { c: 3 })), {
      keys: [{ a: 1 }, { b: 2 }],
      c: 3,
    });
  });
});

describe('base64url and JSON, read strictly', () => {
  it('has one text for one octet string', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = encodeBase64Url(bytes);
        assert.equal(text, Buffer.from(bytes).toString('base64url'));
        assert.deepEqual(decodeBase64Url(text), bytes);
      }),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (text) => {
        const bytes = decodeBase64Url(text);
        if (bytes !== undefined) assert.equal(encodeBase64Url(bytes), text);
      }),
    );
  });

  it('finds no member twice in what has none twice', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const result = readJsonObjectText(JSON.stringify(value));
        assert.ok(result.ok);
        assert.deepEqual(JSON.stringify(result.value), JSON.stringify(value));
      }),
    );
  });
});
