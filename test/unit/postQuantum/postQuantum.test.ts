import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { inspectContext } from '../../../server/src/app/inspect/context.ts';
import { readPublicKey } from '../../../server/src/core/credential/build/publicKey.ts';
import { decodeCertificate } from '../../../server/src/core/credential/certificate.ts';
import { context, TAG } from '../../../server/src/core/credential/der.ts';
import { bitStringElement, element, oidElement } from '../../../server/src/core/credential/derWriter.ts';
import { readCredentials } from '../../../server/src/core/credential/inspect/readCredentials.ts';
import { toHex } from '../../../server/src/core/credential/octets.ts';
import { decodePem, encodePem } from '../../../server/src/core/credential/pem.ts';
import { PARAMETER_SETS, parameterSetNamed } from '../../../server/src/core/credential/postQuantum.ts';
import { decodePrivateKey } from '../../../server/src/core/credential/privateKey.ts';
import { publicKeyFacts } from '../../../server/src/core/credential/spki.ts';
import { readPathCertificate } from '../../../server/src/core/path/pathCertificate.ts';
import { nodeDecryptor } from '../../../server/src/platform/crypto/decryptor.ts';
import { nodeHasher } from '../../../server/src/platform/crypto/hasher.ts';
import { nodeSignatureVerifier } from '../../../server/src/platform/crypto/signatureVerifier.ts';
import { generateSoftwareKey, publicKeyOf } from '../../../server/src/platform/crypto/softwareKeys.ts';
import { postQuantumLibrary } from '../../../server/src/platform/postQuantum/loaded.ts';

/** Of the public keys that the examples of RFC 9881 and RFC 9935 have: their seeds count up from zero. */
const EXAMPLES: Readonly<Record<string, string>> = {
  'ML-DSA-44': '837832708c5236d951581f1fddf2b79991b3424a0486d16da1ddad0fd69701be',
  'ML-DSA-65': 'b8b62131bfbe84433efb2273d7f5b87f7a22854a2cfd366fc2aead86d837c52d',
  'ML-DSA-87': '07e57c4f14dbad1267f621ec3777b4e2e6c4fbc4c22fbb87510ff8e0b3c6a642',
  'ML-KEM-512': '0e3c8b89b54202d2545f7aba2e2aaa3cffa7b6191919ad738fab35b4f313cf71',
  'ML-KEM-768': 'c23e23dd3d485a9256cda09358a4a286e00b373db10761eadf99f710649ca31c',
  'ML-KEM-1024': 'd2b7480ae006a14b37c1e8a8e45ea39022e32a9b1a7b90d594c84d869c6ac420',
};

const EXAMPLE = new URL('rfc9881.crt.pem', import.meta.url);

function pkcs8(name: string, inner: Uint8Array): Uint8Array {
  return element(
    TAG.sequence,
    element(TAG.integer, Uint8Array.of(0)),
    element(TAG.sequence, oidElement(parameterSetNamed(name)?.oid ?? '')),
    element(TAG.octetString, inner),
  );
}

/** The same key in each of its three forms. */
function formsOf(name: string): Readonly<Record<'seed' | 'expanded' | 'both', Uint8Array>> {
  const seed = Uint8Array.from({ length: parameterSetNamed(name)?.seed ?? 0 }, (_, at) => at);
  const expanded = postQuantumLibrary().keyOf(name, seed)?.secretKey ?? new Uint8Array();
  const octets = (value: Uint8Array) => element(TAG.octetString, value);
  return {
    seed: pkcs8(name, element(context(0, 'primitive'), seed)),
    expanded: pkcs8(name, octets(expanded)),
    both: pkcs8(name, element(TAG.sequence, octets(seed), octets(expanded))),
  };
}

const sha256 = (bytes: Uint8Array): string => toHex(nodeHasher.hash('sha256', bytes));

describe('post-quantum keys', () => {
  for (const [name, expected] of Object.entries(EXAMPLES))
    it(`${name}: the example's public key comes out of each form of its private key`, () => {
      for (const [form, der] of Object.entries(formsOf(name))) {
        const { value, problems } = decodePrivateKey(der);
        assert.deepEqual(problems, []);
        assert.equal(value?.algorithm, name);
        assert.equal(value?.form, form);
        const spki = nodeDecryptor.publicKeyOf(der) ?? new Uint8Array();
        assert.equal(sha256(spki), expected, form);
        assert.equal(publicKeyFacts(spki)?.algorithm, name);
      }
    });

  it('of which seed and expanded key are of two keys are a finding', () => {
    const { both, seed } = formsOf('ML-DSA-44');
    const other = both.slice();
    // The last octet of the expanded key.
    other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
    const rules = (der: Uint8Array) =>
      readCredentials(
        'a.pem',
        Buffer.from(encodePem('PRIVATE KEY', der)),
        true,
        inspectContext({ now: new Date(0) }),
      ).flatMap(({ findings }) => findings.map(({ rule }) => rule));
    assert.ok(rules(other).includes('credential/damaged'));
    assert.ok(!rules(both).includes('credential/damaged'));
    assert.ok(!rules(seed).includes('credential/damaged'));
  });

  it('of another length than their parameter set has are refused, never guessed', () => {
    for (const set of PARAMETER_SETS) {
      const spki = (length: number): Uint8Array =>
        element(
          TAG.sequence,
          element(TAG.sequence, oidElement(set.oid)),
          bitStringElement(new Uint8Array(length)),
        );
      assert.equal(publicKeyFacts(spki(set.publicKey))?.algorithm, set.name);
      assert.equal(publicKeyFacts(spki(set.publicKey - 1)), undefined);
      assert.equal(publicKeyFacts(spki(0)), undefined);
      for (const inner of [
        new Uint8Array(),
        new Uint8Array(31),
        element(TAG.octetString, new Uint8Array(9)),
      ]) {
        const { value, problems } = decodePrivateKey(pkcs8(set.name, inner));
        assert.equal(value, undefined);
        assert.equal(problems.length, 1, set.name);
      }
    }
  });

  it('are made as their seed, in the form of RFC 9881 that OpenSSL reads', async () => {
    const key = await generateSoftwareKey('ML-DSA-65');
    assert.equal(decodePrivateKey(key.pkcs8.reveal()).value?.form, 'seed');
    assert.equal(key.pkcs8.reveal().length, 54);
    assert.deepEqual(publicKeyOf(key.pkcs8), key.spki);
    assert.ok(readPublicKey(key.spki).ok);
  });
});

describe('the certificate of RFC 9881', () => {
  const der = decodePem(readFileSync(EXAMPLE, 'utf8'))[0]?.bytes ?? new Uint8Array();

  it('is read and named', () => {
    const { value } = decodeCertificate(der, nodeHasher);
    assert.equal(value?.publicKey?.algorithm, 'ML-DSA-44');
    assert.equal(value?.signatureAlgorithm, 'ML-DSA-44');
  });

  it('holds by its own key; altered it is bad, and by a variant that is not known here it cannot be told', () => {
    const { value } = readPathCertificate(der);
    assert.ok(value);
    const { algorithm, data, signature } = value.signed;
    const says = (change: {
      data?: Uint8Array;
      algorithm?: Uint8Array;
      spki?: Uint8Array;
      signature?: Uint8Array;
    }) =>
      nodeSignatureVerifier.verify(
        change.spki ?? value.spki,
        change.algorithm ?? algorithm,
        change.data ?? data,
        change.signature ?? signature,
      );
    assert.equal(says({}), 'good');
    const altered = data.slice();
    altered[20] = (altered[20] ?? 0) ^ 1;
    assert.equal(says({ data: altered }), 'bad');
    assert.equal(says({ signature: signature.subarray(1) }), 'bad');
    const hashed = element(TAG.sequence, oidElement('2.16.840.1.101.3.4.3.32'));
    assert.equal(says({ algorithm: hashed }), 'cannot-verify-here');
    const kem = element(TAG.sequence, oidElement(parameterSetNamed('ML-KEM-512')?.oid ?? ''));
    assert.notEqual(says({ algorithm: kem }), 'good');
    assert.equal(says({ spki: value.spki.subarray(1) }), 'cannot-verify-here');
    const other = element(TAG.sequence, oidElement(parameterSetNamed('ML-DSA-65')?.oid ?? ''));
    assert.equal(says({ algorithm: other }), 'bad');
  });
});
