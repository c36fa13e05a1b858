/** What `idac inspect` says of JSON Web Keys and Tokens. */
import assert from 'node:assert/strict';
import { createHmac, createSign, generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import { inspectContext } from '../../../server/src/app/inspect/context.ts';
import { readCredentials } from '../../../server/src/core/credential/inspect/readCredentials.ts';
import type { Finding } from '../../../server/src/core/finding.ts';

const NOW = new Date('2026-06-01T00:00:00Z');
const context = inspectContext({ now: NOW, lint: 'auto' });
const items = (text: string, file = 'keys.jwks') => readCredentials(file, Buffer.from(text), true, context);
const findings = (text: string, file?: string): readonly Finding[] =>
  items(text, file).flatMap((item) => item.findings);
/** `rule: message`, without what is said of every private key in the open. */
const said = (text: string, file?: string): readonly string[] =>
  findings(text, file)
    .filter(({ rule }) => rule !== 'key/private-in-file')
    .map(({ rule, message }) => `${rule}: ${message}`);

const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicEc = p256.publicKey.export({ format: 'jwk' });
const publicRsa = rsa.publicKey.export({ format: 'jwk' });
const privateEc = p256.privateKey.export({ format: 'jwk' });
const set = (...keys: readonly object[]): string => JSON.stringify({ keys }, null, 2);

describe('lint of JSON Web Keys', () => {
  it('has nothing against a sound set', () => {
    assert.deepEqual(
      said(
        set(
          { ...publicEc, kid: 'a', use: 'sig', alg: 'ES256' },
          { ...publicRsa, kid: 'b', key_ops: ['verify'], alg: 'PS256' },
        ),
      ),
      [],
    );
    assert.deepEqual(said(JSON.stringify(publicEc)), []);
  });

  it('says what is wrong with a key, and where in the set it stands', () => {
    const oct = (octets: number, more = {}): object => ({
      kty: 'oct',
      k: randomBytes(octets).toString('base64url'),
      kid: 'o',
      ...more,
    });
    for (const [key, expected] of [
      [{ ...privateEc, kid: 'x' }, /^jwk\/private-in-set: /],
      [{ ...publicEc }, /^jwk\/key-id: it has no "kid"/],
      [
        { ...publicEc, kid: 'first', kty: 'RSA', ...publicRsa },
        /^jwk\/key-id: another key of the set has the same/,
      ],
      [{ ...publicEc, kid: 'x', alg: 'RS256' }, /^jwk\/use: "alg" is RS256, which a key of this type/],
      [{ ...publicEc, kid: 'x', alg: 'ES384' }, /^jwk\/use: "alg" is ES384/],
      [{ ...publicEc, kid: 'x', alg: 'NONE' }, /^jwk\/use: "alg" is "none"/],
      [
        { ...publicEc, kid: 'x', alg: 'ES256', use: 'enc' },
        /^jwk\/use: "alg" is ES256, and "use" says "enc"/,
      ],
      [
        { ...publicEc, kid: 'x', use: 'sig', key_ops: ['deriveKey'] },
        /^jwk\/use: "use" says "sig", and "key_ops"/,
      ],
      [
        { ...publicEc, kid: 'x', key_ops: ['verify', 'verify'] },
        /^jwk\/use: "key_ops" names an operation twice/,
      ],
      [
        { ...publicEc, kid: 'x', key_ops: ['sign', 'deriveBits'] },
        /^jwk\/use: "key_ops" allows to sign and to encrypt/,
      ],
      [{ ...publicEc, kid: 'x', key_ops: 'verify' }, /^jwk\/use: "key_ops" is no list/],
      [oct(16, { alg: 'HS256' }), /^key\/weak: the shared secret has 128 bits, and HS256 wants 256/],
      [oct(32, { alg: 'HS512' }), /^key\/weak: .* 256 bits, and HS512 wants 512/],
    ] as const) {
      const text = set({ ...publicRsa, kid: 'first' }, key);
      const last = findings(text)
        .filter(({ rule }) => rule !== 'key/private-in-file')
        .at(-1);
      assert.ok(last !== undefined, text);
      assert.match(`${last.rule}: ${last.message}`, expected);
      const lines = text.split('\n').slice(last.range.start.line, last.range.end.line + 1);
      const own = [lines[0]?.slice(last.range.start.character), ...lines.slice(1)].join('\n');
      assert.equal(
        JSON.parse(own.slice(0, own.lastIndexOf('}') + 1)).kid,
        'kid' in key ? key.kid : undefined,
      );
      assert.doesNotMatch(last.message, /[\w-]{22}/, 'nothing of a secret');
    }
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
    assert.match(said(JSON.stringify(short)).join(), /^key\/weak: the key is RSA 1024/);
  });
});

const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = (days: number): number => NOW.getTime() / 1000 + days * 86_400;
const CLAIMS = {
  iss: 'https://issuer.example.test',
  aud: 'api',
  sub: 'build',
  iat: seconds(-0.1),
  exp: seconds(0.1),
};
const signed = (header: object, claims: object): string => {
  const input = `${b64(header)}.${b64(claims)}`;
  const signature = createSign('sha256')
    .update(input)
    .sign({ key: p256.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
};
const hmac = (secret: string | Buffer, claims: object = CLAIMS): string => {
  const input = `${b64({ alg: 'HS256', typ: 'JWT' })}.${b64(claims)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
};

describe('lint of JSON Web Tokens', () => {
  const ES = { alg: 'ES256', typ: 'JWT', kid: 'one' };

  it('has nothing against a sound one, and shows of its claims the names', () => {
    const text = `${signed(ES, { ...CLAIMS, email: 'ada@example.test' })}\n`;
    assert.deepEqual(said(text, 'token.jwt'), []);
    const [item] = items(text, 'token.jwt');
    assert.deepEqual(
      [
        item?.type,
        item?.format,
        item?.subject,
        item?.issuer,
        item?.label,
        item?.signatureAlgorithm,
        item?.private,
      ],
      ['token', 'JWT', 'build', CLAIMS.iss, 'one', 'ES256', true],
    );
    assert.deepEqual(item?.token?.audience, ['api']);
    assert.ok(
      !JSON.stringify(item).includes('ada@example.test') &&
        !JSON.stringify(item).includes(text.slice(-20, -1)),
    );
    assert.deepEqual(said(hmac(randomBytes(32)), 'token.jwt'), []);
  });

  it('says what is wrong with it, at its line', () => {
    const { iss: _iss, aud: _aud, ...bare } = CLAIMS;
    const { exp: _exp, ...endless } = CLAIMS;
    for (const [token, expected] of [
      [`${b64({ alg: 'none' })}.${b64(CLAIMS)}.`, /^token\/unsigned: its algorithm is "none"/],
      [`${b64({ alg: 'nOnE' })}.${b64(CLAIMS)}.AAAA`, /^token\/unsigned: its algorithm is "none"/],
      [`${b64(ES)}.${b64(CLAIMS)}.`, /^token\/unsigned: there is nothing where its signature/],
      [hmac('secret'), /^token\/guessable-secret: /],
      [hmac('your-256-bit-secret'), /^token\/guessable-secret: /],
      [signed({ ...ES, jku: 'https://evil.example.test/keys' }, CLAIMS), /^token\/header: .*"jku"/],
      [signed({ ...ES, jwk: publicEc }, CLAIMS), /^token\/header: .*"jwk"/],
      [signed(ES, endless), /^token\/no-end: it has no end/],
      [signed(ES, { ...CLAIMS, exp: seconds(400) }), /^token\/no-end: it counts for 400 days/],
      [signed(ES, bare), /^token\/audience: it does not say for whom it is \("aud"\) and by whom/],
      [
        signed(ES, { ...CLAIMS, exp: 'tomorrow' }),
        /^credential\/damaged: the token: its claim exp is no time/,
      ],
      [
        signed(ES, { ...CLAIMS, exp: seconds(-1) }),
        /^credential\/damaged: the token: it ends before it begins/,
      ],
      [
        signed(ES, { ...CLAIMS, iat: seconds(-9), exp: seconds(-3) }),
        /^certificate\/expired: the token expired/,
      ],
      [
        `${b64(ES)}.${Buffer.from('{"a":1,"a":2}').toString('base64url')}.AAAA`,
        /^credential\/damaged: .*twice/,
      ],
    ] as const) {
      const text = `${signed(ES, CLAIMS)}\n  Bearer ${token}\n`;
      const [first] = findings(text, 'token.jwt');
      assert.ok(first, token);
      assert.match(`${first.rule}: ${first.message}`, expected);
      assert.deepEqual(first.range, {
        start: { line: 1, character: 9 },
        end: { line: 1, character: 9 + token.length },
      });
    }
  });

  it('takes other text for none', () => {
    for (const text of [
      'eyes.are.open',
      'ey.ey.ey',
      'eyJhIjoxfQ.eyJhIjoxfQ.AAAA',
      'hello',
      `${b64({ alg: 'ES256' })}.x`,
    ])
      assert.ok(
        items(text, 'notes.txt').every(({ type }) => type !== 'token'),
        text,
      );
  });
});

describe('keys and tokens of any octets', () => {
  it('never throw, hang or go unexplained', () => {
    const begin = performance.now();
    const whole = [
      set({ ...privateEc, kid: 'a' }, { ...publicRsa, x5c: ['AAAA'], x5t: 'x' }),
      signed({ alg: 'ES256' }, CLAIMS),
    ];
    for (let round = 0; round < 2000; round += 1) {
      const bytes = Buffer.from(whole[round % 2] ?? '');
      for (let count = randomInt(1, 5); count > 0; count -= 1)
        bytes[randomInt(bytes.length)] = randomInt(256);
      const piece = bytes.subarray(0, randomInt(bytes.length + 1));
      for (const item of readCredentials('any.jwk', piece, true, context))
        assert.ok(item.type !== 'unknown' || item.findings.length > 0);
    }
    const deep = `{"keys":${'['.repeat(100_000)}${']'.repeat(100_000)},"kty":1}`;
    const many = set(
      ...Array.from({ length: 10_000 }, (_, at) => ({ kty: 'oct', k: 'AAAA', kid: `${at}`, alg: 'HS256' })),
    );
    const long = `${b64({ alg: 'HS256' })}.${'A'.repeat(5_000_000)}.AAAA`;
    const lines = `${signed({ alg: 'ES256' }, CLAIMS)}\n`.repeat(20_000);
    const tricky = `ey${'-'.repeat(2_000_000)} \n`.repeat(3);
    const escaped = `{"kty":"oct","keys":"${'\\"'.repeat(500_000)}"}`;
    for (const text of [deep, many, long, lines, tricky, escaped])
      assert.ok(readCredentials('any.jwk', Buffer.from(text), true, context).length > 0);
    assert.ok(performance.now() - begin < 30_000);
  }).timeout(120_000);
});
