import type { KeyUsage } from '../../../server/src/core/lint/view/extensionValues.ts';
import { algorithm, bits, dn, hex, integer, keyUsage, nothing, oid, seq } from '../der.ts';
import type { Example, Examples } from '../example.ts';
import { AUTHORITY, modulus, P256, root, rsaKey, server, subordinate } from '../template.ts';

const E = hex('010001');
const RSA_GOOD = server({ spki: rsaKey() });
const rsa = (n: Uint8Array, e = E): Example => ({ bad: server({ spki: rsaKey(n, e) }), good: RSA_GOOD });
const exponent = (e: string): Example => rsa(modulus(2048), hex(e));
const LONG_AGO = { notBefore: '2009-01-01T00:00:00Z', notAfter: '2012-01-01T00:00:00Z' };
/** The last octet of the modulus is even, or it is a multiple of 3. */
const even = modulus(2048).with(-1, 0);
const times3 = hex(
  (3n * BigInt(`0x${Buffer.from(modulus(2046)).toString('hex')}`)).toString(16).padStart(512, '0'),
);

function dsaKey(l: number, n: number): Uint8Array {
  const number = (size: number) => integer(hex(`00${'c1'.repeat(size / 8)}`));
  return seq(algorithm('1.2.840.10040.4.1', seq(number(l), number(n), number(l))), bits(number(l)));
}
const dsa = (l: number, n: number) => server({ spki: dsaKey(l, n), notBefore: '2015-01-01T00:00:00Z' });
const curve = (name: string): Uint8Array =>
  seq(algorithm('1.2.840.10045.2.1', oid(name)), bits(hex('04'.repeat(65))));
const SECP256K1 = curve('1.3.132.0.10');
const elliptic = (...usages: readonly KeyUsage[]): Example => ({
  bad: server({ extensions: { keyUsage: keyUsage(...usages) } }),
});

export const examples: Examples = {
  'lint/rsa-too-short': rsa(modulus(1024)),
  'lint/rsa-too-short-for-mozilla': rsa(modulus(2040)),
  'lint/old-root-rsa-too-short': {
    bad: root({ ...LONG_AGO, spki: rsaKey(modulus(1024)) }),
    good: root({ ...LONG_AGO, spki: rsaKey() }),
  },
  'lint/old-subordinate-rsa-too-short': {
    bad: subordinate({ ...LONG_AGO, spki: rsaKey(modulus(512)) }),
    good: subordinate({ ...LONG_AGO, spki: rsaKey(modulus(1024)) }),
  },
  'lint/old-subscriber-rsa-too-short': {
    bad: server({ ...LONG_AGO, spki: rsaKey(modulus(512)) }),
    good: server({ ...LONG_AGO, spki: rsaKey(modulus(1024)) }),
  },
  'lint/rsa-odd-size': rsa(modulus(2051)),
  'lint/rsa-even-modulus': rsa(even),
  'lint/rsa-small-factor': rsa(times3),
  'lint/rsa-exponent-range': exponent('03'),
  'lint/rsa-even-exponent': exponent('010002'),
  'lint/rsa-exponent-too-small': exponent('01'),
  'lint/rsa-exponent-one': exponent('01'),
  'lint/rsa-negative': {
    bad: server({
      spki: seq(algorithm('1.2.840.113549.1.1.1', nothing()), bits(seq(integer(modulus(2048)), integer(E)))),
    }),
    good: RSA_GOOD,
  },
  'lint/rsa-key-parameters': {
    bad: server({
      spki: seq(algorithm('1.2.840.113549.1.1.1'), bits(seq(integer(hex('00c1')), integer(E)))),
    }),
    good: RSA_GOOD,
  },
  'lint/rsa-pss-key': {
    bad: server({
      spki: seq(algorithm('1.2.840.113549.1.1.10'), bits(seq(integer(hex('00c1')), integer(E)))),
    }),
    good: RSA_GOOD,
  },
  'lint/curve-not-allowed': { bad: server({ spki: SECP256K1 }) },
  'lint/curve-parameters-written-out': {
    bad: server({
      spki: seq(algorithm('1.2.840.10045.2.1', seq(integer(hex('01')))), bits(hex('04'.repeat(65)))),
    }),
    good: server({ spki: SECP256K1 }),
  },
  'lint/key-algorithm-encoding': { bad: server({ spki: SECP256K1 }), good: server({ spki: P256 }) },
  'lint/elliptic-algorithm-encoding': { bad: server({ spki: SECP256K1 }) },
  'lint/elliptic-key-for-encipherment': elliptic('digitalSignature', 'keyEncipherment'),
  'lint/elliptic-key-usage-unusual': elliptic('digitalSignature', 'keyEncipherment'),
  'lint/elliptic-key-usage-for-browsers': elliptic('digitalSignature', 'nonRepudiation'),
  'lint/elliptic-key-agreement': elliptic('digitalSignature', 'keyAgreement'),
  'lint/dsa-key': { bad: server({ spki: dsaKey(2048, 256) }) },
  'lint/dsa-key-for-mozilla': { bad: server({ spki: dsaKey(2048, 256) }) },
  'lint/dsa-size': { bad: dsa(1024, 160), good: dsa(2048, 256) },
  'lint/dsa-too-short': { bad: dsa(1024, 160), good: dsa(2048, 224) },
  'lint/key-kind-not-allowed': {
    bad: server({ spki: seq(algorithm('1.3.101.111'), bits(hex('05'.repeat(56)))) }),
  },
  'lint/rsa-authority-usage': {
    bad: subordinate({ spki: rsaKey(), extensions: { keyUsage: keyUsage('keyCertSign', 'keyAgreement') } }),
    good: subordinate({ spki: rsaKey() }),
  },
  'lint/rsa-subscriber-usage': {
    bad: server({ spki: rsaKey(), extensions: { keyUsage: keyUsage('digitalSignature', 'keyAgreement') } }),
    good: RSA_GOOD,
  },
  'lint/rsa-authority-enciphers': {
    bad: subordinate({
      spki: rsaKey(),
      extensions: { keyUsage: keyUsage('keyCertSign', 'keyEncipherment') },
    }),
    good: subordinate({
      spki: rsaKey(),
      subject: dn(['CN', 'CA 1']),
      extensions: { basicConstraints: AUTHORITY },
    }),
  },
};
