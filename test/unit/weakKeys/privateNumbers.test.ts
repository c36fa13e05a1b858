/** What only the private numbers say, in keys that OpenSSL and Node read. */
import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { itemsOf, rulesOf } from '../../support/credentialFiles.ts';
import { inverse, nextPrime, prime, rsaPrivateKey } from '../../support/weakKeys.ts';

const WEAK = ['key/factorable', 'key/guessable'];

describe('private numbers', function () {
  this.timeout(120_000);
  const found = async (pem: string | Buffer) =>
    rulesOf(await itemsOf(pem)).filter((rule) => WEAK.includes(rule));
  /** SEC 1 without its public half, as Node reads it: it computes that. */
  const p256 = (d: bigint) => {
    const number = Buffer.from(d.toString(16).padStart(64, '0'), 'hex');
    const sec1 = Buffer.concat([
      Buffer.from('303102010104', 'hex'),
      Buffer.of(32),
      number,
      Buffer.from('a00a06082a8648ce3d030107', 'hex'),
    ]);
    return createPrivateKey({ key: sec1, format: 'der', type: 'sec1' });
  };
  const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

  it('of RSA: a private exponent that is short for Wiener and beyond, and primes that begin alike', async () => {
    const [p, q] = [prime(1024), prime(1024)];
    const short = nextPrime(prime(900));
    const exponent = inverse(short, (p - 1n) * (q - 1n));
    assert.deepEqual(await found(rsaPrivateKey(p, q, exponent)), ['key/factorable']);
    assert.deepEqual(await found(rsaPrivateKey(p, nextPrime(p + (1n << 900n)))), ['key/factorable']);
    assert.deepEqual(await found(rsaPrivateKey(p, q)), []);
  });

  it('of curves: one, small ones, and those just below the order, in PKCS#8 and SEC 1', async () => {
    for (const d of [1n, 2n, 0xdeadbeefn, ORDER - 1n, ORDER - 77n])
      for (const type of ['pkcs8', 'sec1'] as const) {
        const rules = await found(p256(d).export({ type, format: 'pem' }).toString());
        assert.ok(
          rules.length > 0 && rules.every((rule) => rule === 'key/guessable'),
          `${d} ${type}: ${rules}`,
        );
      }
    assert.deepEqual(
      await found(
        p256(1n << 200n)
          .export({ type: 'pkcs8', format: 'pem' })
          .toString(),
      ),
      [],
    );
  });

  it('of Ed25519: a seed of zeros', async () => {
    const of = (seed: Buffer) =>
      Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
    assert.deepEqual(await found(of(Buffer.alloc(32))), ['key/guessable']);
    assert.deepEqual(await found(of(Buffer.alloc(32, 'ab'))), ['key/guessable']);
  });

  it('nothing of keys that are made as they should be', async () => {
    for (let round = 0; round < 50; round++)
      for (const { privateKey } of [
        generateKeyPairSync('rsa', { modulusLength: 1024 }),
        generateKeyPairSync('ec', { namedCurve: 'P-256' }),
        generateKeyPairSync('ec', { namedCurve: 'P-521' }),
        generateKeyPairSync('ed25519'),
        generateKeyPairSync('x25519'),
      ])
        assert.deepEqual(await found(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()), []);
  });
});
