/** Points of curves, good and bad; OpenSSL says what the curves are, Python what the orders of points are. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CURVE_PARAMETERS } from '../../../server/src/core/credential/curveParameters.ts';
import { fromBigInt } from '../../../server/src/core/credential/octets.ts';
import { CURVES, OID } from '../../../server/src/core/credential/oid.ts';
import { dsaSpki, ecSpkiOf, plainSpki } from '../../../server/src/core/credential/spki.ts';
import { hasProgram, needs } from '../../support/needs.ts';
import { problemsOf, python, rulesFor } from '../../support/weakKeys.ts';

const OPENSSL_NAMES: Readonly<Record<string, string>> = {
  P192: 'prime192v1',
  P224: 'secp224r1',
  P256: 'prime256v1',
  P384: 'secp384r1',
  P521: 'secp521r1',
};
const P25519 = 2n ** 255n - 19n;
/** After draft-irtf-cfrg-eddsa and the papers on EdDSA: the eight points, and other ways to write them. */
const TORSION = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
];
const ALSO = [
  '0100000000000000000000000000000000000000000000000000000000000080',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
];

const EDWARDS_IN_PYTHON = `
p = 2**255 - 19; d = -121665 * pow(121666, -1, p) % p
def add(a, b):
    x1, y1 = a; x2, y2 = b; t = d * x1 * x2 * y1 * y2
    return ((x1*y2 + x2*y1) * pow(1 + t, -1, p) % p, (y1*y2 + x1*x2) * pow(1 - t, -1, p) % p)
def read(h):
    n = int.from_bytes(bytes.fromhex(h), 'little'); s = n >> 255; y = (n & (2**255 - 1)) % p
    q = (y*y - 1) * pow(d*y*y + 1, -1, p) % p; x = pow(q, (p + 3) // 8, p)
    if x*x % p != q: x = x * pow(2, (p - 1) // 4, p) % p
    assert x*x % p == q, 'not on the curve'
    return (p - x if x % 2 != s else x, y)
import sys
for line in sys.stdin:
    a = read(line.strip())
    for _ in range(3): a = add(a, a)
    print(a == (0, 1))
`;

describe('points of public keys', function () {
  this.timeout(120_000);
  const ed25519 = (hex: string) => plainSpki(OID.ed25519, Buffer.from(hex, 'hex'));
  const ec = (curve: string, x: bigint, y: bigint) => {
    const size = CURVE_PARAMETERS.get(curve)?.size ?? 0;
    const point = Buffer.concat([Buffer.of(4), fromBigInt(x, size), fromBigInt(y, size)]);
    return ecSpkiOf(curve, point) ?? new Uint8Array();
  };

  it('the parameters of each curve are those that OpenSSL has', function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
    for (const [oid, { p, a, b, order, generatorX }] of CURVE_PARAMETERS) {
      const text = execFileSync(
        'openssl',
        [
          'ecparam',
          '-name',
          OPENSSL_NAMES[CURVES.get(oid)?.name ?? ''] ?? CURVES.get(oid)?.name ?? '',
          '-param_enc',
          'explicit',
          '-text',
          '-noout',
          '-conv_form',
          'compressed',
        ],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
      );
      const number = (name: string) => {
        const [, decimal, hex] =
          new RegExp(`^${name}[^:]*: *(?:(\\d+)|\\n((?: +[0-9a-f:]+\\n)+))`, 'm').exec(text) ?? [];
        return decimal === undefined ? BigInt(`0x${hex?.replace(/[\s:]/g, '')}`) : BigInt(decimal);
      };
      const generator =
        number('Generator') & ((1n << BigInt((CURVE_PARAMETERS.get(oid)?.size ?? 0) * 8)) - 1n);
      assert.deepEqual(
        { p, a, b, order, generatorX },
        { p: number('Prime'), a: number('A'), b: number('B'), order: number('Order'), generatorX: generator },
        oid,
      );
    }
    assert.deepEqual([...CURVE_PARAMETERS.keys()].sort(), [...CURVES.keys()].sort());
  });

  it('off the curve, outside of the field, and the generator', () => {
    for (const [oid, { p, generatorX }] of CURVE_PARAMETERS) {
      assert.deepEqual(rulesFor({ key: ec(oid, 1n, 1n) }), { key: ['key/bad-point'] }, oid);
      assert.deepEqual(rulesFor({ key: ec(oid, 0n, 0n) }), { key: ['key/bad-point'] }, oid);
      const octets = CURVE_PARAMETERS.get(oid)?.size ?? 0;
      if (p + 5n < 1n << BigInt(8 * octets))
        assert.deepEqual(rulesFor({ key: ec(oid, p + 5n, 1n) }), { key: ['key/bad-point'] }, oid);
      assert.deepEqual(rulesFor({ key: ec(oid, generatorX, 7n) }), { key: ['key/bad-point'] }, oid);
    }
    // d = 1 (SEC 2, 2.4.1).
    const y = 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n;
    const x = CURVE_PARAMETERS.get(OID.secp256k1)?.generatorX ?? 0n;
    assert.deepEqual(rulesFor({ key: ec(OID.secp256k1, x, y) }), { key: ['key/guessable'] });
  });

  it('of small order on Ed25519, however they are written; Python finds them so, too', function () {
    needs(this, 'python3', hasProgram('python3'));
    for (const hex of [...TORSION, ...ALSO])
      assert.match(problemsOf({ key: ed25519(hex) }).get('key')?.[0]?.message ?? '', /small order/, hex);
    assert.equal(python(EDWARDS_IN_PYTHON, TORSION.join('\n')), TORSION.map(() => 'True').join('\n'));
  });

  it('not on the curve of Ed25519, or not in the shortest form', () => {
    const two = `02${'00'.repeat(31)}`;
    assert.match(problemsOf({ key: ed25519(two) }).get('key')?.[0]?.message ?? '', /does not lie on/);
    const long = Buffer.from(fromBigInt(P25519 + 3n, 32))
      .reverse()
      .toString('hex');
    assert.match(problemsOf({ key: ed25519(long) }).get('key')?.[0]?.message ?? '', /shortest form/);
    assert.match(problemsOf({ key: ed25519('0102') }).get('key')?.[0]?.message ?? '', /2/);
  });

  it('of small order on X25519, X448 and Ed448', () => {
    const u = (oid: string, value: bigint, length: number) =>
      plainSpki(oid, Uint8Array.from(fromBigInt(value, length)).reverse());
    const order8 = 325606250916557431795983626356110631294008115727848805560023387167927233504n;
    for (const value of [0n, 1n, P25519 - 1n, P25519, P25519 + 1n, order8, order8 + (1n << 255n)])
      assert.deepEqual(rulesFor({ key: u(OID.x25519, value, 32) }), { key: ['key/bad-point'] }, `${value}`);
    const p448 = 2n ** 448n - 2n ** 224n - 1n;
    for (const value of [0n, 1n, p448 - 1n, p448]) {
      assert.deepEqual(rulesFor({ key: u(OID.x448, value, 56) }), { key: ['key/bad-point'] });
      assert.deepEqual(rulesFor({ key: u(OID.ed448, value, 57) }), { key: ['key/bad-point'] });
    }
  });

  it('numbers of DSA and Diffie-Hellman that do not belong together', function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
    const { publicKey } = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 });
    const text = execFileSync('openssl', ['pkey', '-pubin', '-text', '-noout'], {
      input: publicKey.export({ type: 'spki', format: 'pem' }),
      encoding: 'utf8',
    });
    const octets = (name: string) =>
      Buffer.from(
        new RegExp(`${name}:\\s*\\n((?: +[0-9a-f:]+\\n)+)`, 'i').exec(text)?.[1]?.replace(/[\s:]/g, '') ?? '',
        'hex',
      );
    const [p, q, g, y] = ['P', 'Q', 'G', 'pub'].map(octets);
    assert.ok(p !== undefined && q !== undefined && g !== undefined && y !== undefined);
    assert.deepEqual(rulesFor({ key: dsaSpki(p, q, g, y) }), {});
    const one = Uint8Array.of(1);
    const wrong = [
      dsaSpki(p, q, g, one),
      dsaSpki(p, q, one, y),
      dsaSpki(p, q, g, g),
      dsaSpki(p, Uint8Array.of(7), g, y),
      dsaSpki(p, q, g, Uint8Array.of(5)),
      dsaSpki(Uint8Array.of(8), q, g, y),
    ];
    for (const key of wrong) assert.deepEqual(rulesFor({ key }), { key: ['key/bad-parameters'] });
    const openssl = (args: string, input?: Buffer) =>
      execFileSync('openssl', args.split(' '), { input, stdio: ['pipe', 'pipe', 'ignore'] });
    const publicHalf = (key: Buffer) => openssl('pkey -pubout -outform DER', key);
    const short = openssl('genpkey -genparam -algorithm DH -pkeyopt dh_paramgen_prime_len:512');
    const folder = mkdtempSync(path.join(tmpdir(), 'idac-dh-'));
    writeFileSync(path.join(folder, 'parameters'), short);
    const found = problemsOf({ key: publicHalf(openssl(`genpkey -paramfile ${folder}/parameters`)) });
    rmSync(folder, { recursive: true });
    assert.match(found.get('key')?.[0]?.message ?? '', /DH 512 bit, and 2048 bits is the least/);
    const group = publicHalf(openssl('genpkey -algorithm DH -pkeyopt group:modp_2048'));
    assert.deepEqual(rulesFor({ key: group }), {});
  });

  it('nothing of a thousand keys of all curves', () => {
    const der = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });
    const made = Array.from({ length: 100 }, (_, at) => [
      ...[
        'prime256v1',
        'secp224r1',
        'secp384r1',
        'secp521r1',
        'secp256k1',
        'brainpoolP256r1',
        'brainpoolP512r1',
      ].map((namedCurve) => der(generateKeyPairSync('ec', { namedCurve }).publicKey)),
      der(generateKeyPairSync('ed25519').publicKey),
      der(generateKeyPairSync('x25519').publicKey),
      at % 2 === 0 ? der(generateKeyPairSync('ed448').publicKey) : der(generateKeyPairSync('x448').publicKey),
    ]).flat();
    assert.deepEqual(rulesFor(Object.fromEntries(made.map((key, at) => [`${at}`, key]))), {});
  });
});
