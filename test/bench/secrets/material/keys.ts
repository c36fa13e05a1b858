/** Real key pairs that a seed decides: OpenSSL makes none from a seed, so primes and scalars are drawn here. */
import { checkPrimeSync, createECDH, createPrivateKey, createPublicKey } from 'node:crypto';
import { Random } from '../random.ts';
import {
  bits,
  bytesOf,
  type Der,
  inContext,
  integer,
  nothing,
  numberOf,
  octets,
  oid,
  sequence,
} from './der.ts';

export interface RsaKey {
  readonly type: 'rsa';
  readonly n: bigint;
  readonly e: bigint;
  readonly d: bigint;
  readonly p: bigint;
  readonly q: bigint;
}

export interface EcKey {
  readonly type: 'ec';
  readonly curve: Curve;
  readonly d: Buffer;
  /** Uncompressed point. */
  readonly point: Buffer;
}

export interface EdKey {
  readonly type: 'ed25519';
  readonly seed: Buffer;
  readonly publicKey: Buffer;
}

export interface DsaKey {
  readonly type: 'dsa';
  readonly p: bigint;
  readonly q: bigint;
  readonly g: bigint;
  readonly x: bigint;
  readonly y: bigint;
}

export type Key = RsaKey | EcKey | EdKey | DsaKey;

interface Curve {
  readonly name: 'P-256' | 'P-384';
  readonly openssl: string;
  readonly ssh: string;
  readonly oid: string;
  readonly bytes: number;
}

const P256: Curve = {
  name: 'P-256',
  openssl: 'prime256v1',
  ssh: 'nistp256',
  oid: '1.2.840.10045.3.1.7',
  bytes: 32,
};
const P384: Curve = { name: 'P-384', openssl: 'secp384r1', ssh: 'nistp384', oid: '1.3.132.0.34', bytes: 48 };

/** Primes take their time, so all RSA keys of one seed come from this many. */
const RSA_POOL = 10;
const rsaPool = new Map<string, RsaKey>();

function prime(random: Random, bitLength: number, fits: (candidate: bigint) => boolean = () => true): bigint {
  const high = 3n << BigInt(bitLength - 2);
  let candidate = (numberOf(random.bytes(bitLength / 8)) & ((1n << BigInt(bitLength - 2)) - 1n)) | high | 1n;
  while (!(fits(candidate) && checkPrimeSync(candidate))) candidate += 2n;
  return candidate;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

export function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b] = [value % modulus, modulus];
  let [x, y] = [1n, 0n];
  while (a > 1n) {
    const quotient = b / a;
    [a, b] = [b - quotient * a, a];
    [x, y] = [y - quotient * x, x];
  }
  return ((x % modulus) + modulus) % modulus;
}

export function rsaKey(random: Random): RsaKey {
  const name = `${random.seed}/RSA ${random.below(RSA_POOL)}`;
  const known = rsaPool.get(name);
  if (known !== undefined) return known;
  const own = new Random(name);
  const e = 65_537n;
  const fits = (candidate: bigint): boolean => candidate % e !== 1n;
  const [p, q] = [prime(own, 1_024, fits), prime(own, 1_024, fits)].toSorted((a, b) => (a < b ? 1 : -1));
  if (p === undefined || q === undefined) throw new Error('no primes');
  const key: RsaKey = { type: 'rsa', n: p * q, e, d: inverse(e, (p - 1n) * (q - 1n)), p, q };
  rsaPool.set(name, key);
  return key;
}

export function ecKey(random: Random, curve: Curve = random.pick([P256, P256, P384])): EcKey {
  const d = random.bytes(curve.bytes);
  // Both orders begin with 0xff: below that, any number is a private key.
  d[0] = ((d[0] ?? 0) & 0x7f) | 0x01;
  const pair = createECDH(curve.openssl);
  pair.setPrivateKey(d);
  return { type: 'ec', curve, d, point: pair.getPublicKey() };
}

export const p256Key = (random: Random): EcKey => ecKey(random, P256);

export function edKey(random: Random): EdKey {
  const seed = random.bytes(32);
  const key = createPrivateKey({ key: edPkcs8(seed), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  return { type: 'ed25519', seed, publicKey };
}

let dsaGroup: { readonly p: bigint; readonly q: bigint; readonly g: bigint } | undefined;

export function dsaKey(random: Random): DsaKey {
  dsaGroup ??= makeDsaGroup();
  const { p, q, g } = dsaGroup;
  const x = (numberOf(random.bytes(20)) % (q - 1n)) + 1n;
  return { type: 'dsa', p, q, g, x, y: power(g, x, p) };
}

/** FIPS 186-4, 1024 and 160 bits: what `ssh-keygen -t dsa` made. */
function makeDsaGroup(): { readonly p: bigint; readonly q: bigint; readonly g: bigint } {
  const random = new Random('dsa group');
  const q = prime(random, 160);
  const start = (numberOf(random.bytes(128)) >> 1n) | (1n << 1_023n);
  let p = start - (start % (2n * q)) + 1n;
  while (!checkPrimeSync(p)) p += 2n * q;
  return { p, q, g: power(2n, (p - 1n) / q, p) };
}

export const anyKey = (random: Random): RsaKey | EcKey | EdKey =>
  random.pick([rsaKey, ecKey, edKey] as const)(random);

export function pkcs1({ n, e, d, p, q }: RsaKey): Der {
  return sequence(
    integer(0),
    ...[n, e, d, p, q, d % (p - 1n), d % (q - 1n), inverse(q, p)].map((each) => integer(each)),
  );
}

export function sec1(key: EcKey, withCurve = true): Der {
  const curve = withCurve ? [inContext(0, oid(key.curve.oid))] : [];
  return sequence(integer(1), octets(key.d), ...curve, inContext(1, bits(key.point)));
}

export const dsaTraditional = ({ p, q, g, y, x }: DsaKey): Der =>
  sequence(integer(0), ...[p, q, g, y, x].map((each) => integer(each)));

const RSA_ALGORITHM = sequence(oid('1.2.840.113549.1.1.1'), nothing);
const ED_ALGORITHM = sequence(oid('1.3.101.112'));
const ecAlgorithm = (curve: Curve): Der => sequence(oid('1.2.840.10045.2.1'), oid(curve.oid));
const dsaAlgorithm = ({ p, q, g }: DsaKey): Der =>
  sequence(oid('1.2.840.10040.4.1'), sequence(integer(p), integer(q), integer(g)));

function edPkcs8(seed: Buffer): Der {
  return sequence(integer(0), ED_ALGORITHM, octets(octets(seed)));
}

export function pkcs8(key: Key): Der {
  switch (key.type) {
    case 'rsa':
      return sequence(integer(0), RSA_ALGORITHM, octets(pkcs1(key)));
    case 'ec':
      return sequence(integer(0), ecAlgorithm(key.curve), octets(sec1(key, false)));
    case 'ed25519':
      return edPkcs8(key.seed);
    case 'dsa':
      return sequence(integer(0), dsaAlgorithm(key), octets(integer(key.x)));
  }
}

export function spki(key: Key): Der {
  switch (key.type) {
    case 'rsa':
      return sequence(RSA_ALGORITHM, bits(sequence(integer(key.n), integer(key.e))));
    case 'ec':
      return sequence(ecAlgorithm(key.curve), bits(key.point));
    case 'ed25519':
      return sequence(ED_ALGORITHM, bits(key.publicKey));
    case 'dsa':
      return sequence(dsaAlgorithm(key), bits(integer(key.y)));
  }
}

type JwkMembers = Record<string, string>;

/** RFC 7517; the members that only a private key has come last. */
export function jwk(key: RsaKey | EcKey | EdKey): { readonly open: JwkMembers; readonly secret: JwkMembers } {
  const text = (value: bigint | Buffer): string =>
    (typeof value === 'bigint' ? bytesOf(value) : value).toString('base64url');
  switch (key.type) {
    case 'rsa': {
      const { n, e, d, p, q } = key;
      return {
        open: { kty: 'RSA', n: text(n), e: text(e) },
        secret: {
          d: text(d),
          p: text(p),
          q: text(q),
          dp: text(d % (p - 1n)),
          dq: text(d % (q - 1n)),
          qi: text(inverse(q, p)),
        },
      };
    }
    case 'ec': {
      const { curve, point, d } = key;
      const [x, y] = [point.subarray(1, 1 + curve.bytes), point.subarray(1 + curve.bytes)];
      return { open: { kty: 'EC', crv: curve.name, x: text(x), y: text(y) }, secret: { d: text(d) } };
    }
    case 'ed25519':
      return {
        open: { kty: 'OKP', crv: 'Ed25519', x: text(key.publicKey) },
        secret: { d: text(key.seed) },
      };
  }
}
