import assert from 'node:assert/strict';
import { generateKeyPairSync, generatePrimeSync } from 'node:crypto';
import { RSAPublicKey } from '@peculiar/asn1-rsa';
import { AsnConvert } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, SubjectPublicKeyInfo } from '@peculiar/asn1-x509';
import { readPublicKey } from '../../../server/src/core/credential/build/publicKey.ts';
import { KEY_ALGORITHMS } from '../../../server/src/core/credential/keyAlgorithm.ts';
import { generateSoftwareKey } from '../../../server/src/platform/crypto/softwareKeys.ts';

function rsaSpki(modulus: bigint, exponent = 65537n): Uint8Array {
  const octets = (value: bigint): ArrayBuffer => {
    const hex = value.toString(16);
    const even = hex.length % 2 === 0 ? hex : `0${hex}`;
    return Uint8Array.from(
      Buffer.from(Number.parseInt(even.slice(0, 2), 16) > 127 ? `00${even}` : even, 'hex'),
    ).buffer;
  };
  const key = new RSAPublicKey({ modulus: octets(modulus), publicExponent: octets(exponent) });
  const algorithm = new AlgorithmIdentifier({ algorithm: '1.2.840.113549.1.1.1', parameters: null });
  const subjectPublicKey = AsnConvert.serialize(key);
  return new Uint8Array(AsnConvert.serialize(new SubjectPublicKeyInfo({ algorithm, subjectPublicKey })));
}

const why = (spki: Uint8Array): string => {
  const read = readPublicKey(spki);
  return read.ok ? 'fine' : read.why;
};
/** Its two top bits are set, so a product of two has all its bits. */
const prime = (bits: number): bigint => generatePrimeSync(bits, { bigint: true });

describe('public keys that a certificate may hold', () => {
  it('are those of the algorithms that can be declared', async () => {
    for (const algorithm of KEY_ALGORITHMS) {
      const { spki } = await generateSoftwareKey(algorithm);
      assert.deepEqual(readPublicKey(spki), { ok: true, algorithm, spki });
    }
  }).timeout(120_000);

  it('are not those that anybody breaks', () => {
    const sound = prime(1024) * prime(1024);
    assert.equal(why(rsaSpki(sound)), 'fine');
    assert.match(why(rsaSpki(sound, 3n)), /exponent is 3/);
    assert.match(why(rsaSpki(sound, 65538n)), /exponent/);
    assert.match(why(rsaSpki(751n * prime(2038))), /divisible by 751/);
    const first = prime(1024);
    const close = generatePrimeNear(first);
    assert.match(why(rsaSpki(first * close)), /Fermat/);
    assert.match(why(rsaSpki(prime(1020) * prime(1020))), /2040 bits/);
  });

  it('are not of other kinds', () => {
    const spkiOf = (pair: {
      publicKey: { export(options: { type: 'spki'; format: 'der' }): Buffer };
    }): Uint8Array => new Uint8Array(pair.publicKey.export({ type: 'spki', format: 'der' }));
    assert.match(why(spkiOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }))), /none of P-256/);
    assert.match(why(spkiOf(generateKeyPairSync('ed448'))), /are not taken/);
    assert.match(why(spkiOf(generateKeyPairSync('rsa', { modulusLength: 1024 }))), /1024 bits/);
    assert.match(why(new Uint8Array([1, 2, 3])), /no SubjectPublicKeyInfo/);
    assert.match(why(new Uint8Array()), /no SubjectPublicKeyInfo/);
  });
});

/** Another odd number near by is enough: what is tested is that the two factors are close, not that they are prime. */
function generatePrimeNear(value: bigint): bigint {
  const small = Array.from({ length: 375 }, (_, n) => BigInt(2 * n + 3));
  for (let candidate = value + 2n; ; candidate += 2n)
    if (small.every((divisor) => candidate % divisor !== 0n)) return candidate;
}
