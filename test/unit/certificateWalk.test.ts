import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import fc from 'fast-check';
import { decodeCertificate } from '../../server/src/core/credential/certificate.ts';
import { walkCertificate } from '../../server/src/core/credential/certificateWalk.ts';
import {
  type CertifiedKey,
  certificateFacts,
  certifiedKey,
  certifiedPublicKey,
} from '../../server/src/core/credential/certifiedKey.ts';
import { commonKey } from '../../server/src/core/credential/commonKeys.ts';
import { element, oidElement } from '../../server/src/core/credential/derWriter.ts';
import { derKind } from '../../server/src/core/credential/inspect/derKind.ts';
import { concat } from '../../server/src/core/credential/octets.ts';
import { publicKeyFacts } from '../../server/src/core/credential/spki.ts';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';

const ROOTS = rootCertificates.map(
  (pem) => new Uint8Array(Buffer.from(pem.replace(/-----[^-]*-----|\s/g, ''), 'base64')),
);
const CURVES = { prime256v1: 'P256', secp384r1: 'P384', secp521r1: 'P521' } as const;

/** What the readers of each field make of it, which are written apart from the walk. */
function byFields(der: Uint8Array): CertifiedKey | undefined {
  const { value } = decodeCertificate(der, nodeHasher);
  if (value === undefined || value.truncated) return undefined;
  const { serialNumber, subject, issuer, notBefore, notAfter, publicKey, fingerprintSha256 } = value;
  if (serialNumber === undefined || subject === undefined || issuer === undefined) return undefined;
  if (notBefore === undefined || notAfter === undefined || publicKey === undefined) return undefined;
  return {
    facts: {
      serialNumber,
      subject,
      issuer,
      notBefore,
      notAfter,
      keyAlgorithm: publicKey.algorithm,
      spkiSha256: value.spkiSha256 ?? '',
      fingerprintSha256,
    },
    publicKey,
    extensions: value.facts,
  };
}

function same(der: Uint8Array): void {
  const expected = byFields(der);
  assert.deepEqual(certifiedKey(der, nodeHasher), expected);
  assert.deepEqual(certificateFacts(der, nodeHasher), expected?.facts);
  assert.deepEqual(certifiedPublicKey(der, nodeHasher), expected?.publicKey);
  const walk = walkCertificate(der);
  if (walk !== undefined) assert.equal(derKind(der), 'certificate');
  if (walk === undefined || expected === undefined) return;
  assert.equal(new Date(walk.notBefore).toISOString(), expected.facts.notBefore);
  assert.equal(new Date(walk.notAfter).toISOString(), expected.facts.notAfter);
}

const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const sequence = (...parts: readonly Uint8Array[]): Uint8Array => element(0x30, ...parts);
const spkiOf = (curve: string): Uint8Array =>
  new Uint8Array(
    generateKeyPairSync('ec', { namedCurve: curve }).publicKey.export({ type: 'spki', format: 'der' }),
  );
const KEY = spkiOf('prime256v1');

const two = (least: number, most: number) =>
  fc.integer({ min: least, max: most }).map((number) => String(number).padStart(2, '0'));
const zone = fc.constantFrom('Z', 'Z', 'Z', '', '+0130', '-2359', 'z', '.5Z');
/** Times as they should be, most of them; with days and hours that are none, and as X.680 allows them besides. */
const time = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(two(0, 99), two(1, 12), two(1, 28), two(0, 23), two(0, 59), two(0, 59))
      .map((parts) => element(0x17, ascii(`${parts.join('')}Z`))),
  },
  fc
    .tuple(two(0, 99), two(0, 13), two(0, 32), two(0, 24), two(0, 60), two(0, 61), zone)
    .map((parts) => element(0x17, ascii(parts.join('')))),
  fc
    .tuple(two(0, 99), two(0, 99), two(0, 13), two(0, 32), two(0, 24), two(0, 60), two(0, 61), zone)
    .map((parts) => element(0x18, ascii(parts.join('')))),
  fc
    .tuple(fc.constantFrom(0x17, 0x18, 0x0c), fc.string({ maxLength: 20 }))
    .map(([tag, text]) => element(tag, ascii(text))),
);
/** The first most of the time. */
const mostly = (tag: number, other: number) =>
  fc.oneof({ weight: 20, arbitrary: fc.constant(tag) }, fc.constant(other));
const type = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.constantFrom('2.5.4.3', '2.5.4.10', '1.2.840.113549.1.9.1', '2.25.3').map(oidElement),
  },
  fc.uint8Array({ maxLength: 130 }).map((octets) => element(0x06, octets)),
);
const value = fc
  .tuple(fc.constantFrom(0x0c, 0x13, 0x14, 0x16, 0x1c, 0x1e, 0x04), fc.uint8Array({ maxLength: 12 }))
  .map(([tag, octets]) => element(tag, octets));
const attribute = fc
  .tuple(mostly(0x30, 0x31), type, fc.array(value, { minLength: 1, maxLength: 2 }))
  .map(([tag, one, values]) => element(tag, one, ...values));
const name = fc
  .array(
    fc
      .tuple(mostly(0x31, 0x30), fc.array(attribute, { maxLength: 2 }))
      .map(([tag, attributes]) => element(tag, ...attributes)),
    { maxLength: 3 },
  )
  .map((parts) => sequence(...parts));
const optional = fc.array(
  fc
    .tuple(fc.constantFrom(0x81, 0x82, 0xa3, 0xa3), fc.uint8Array({ maxLength: 8 }))
    .map(([tag, octets]) => element(tag, octets)),
  { maxLength: 3 },
);
const serial = fc
  .tuple(mostly(0x02, 0x04), fc.uint8Array({ maxLength: 22 }))
  .map(([tag, octets]) => element(tag, octets));
/** All fields in their places, of which any may be wrong. */
const certificate = fc
  .record({ serial, issuer: name, subject: name, start: time, end: time, optional, old: fc.boolean() })
  .map(({ serial: number, issuer, subject, start, end, optional: rest, old }) => {
    const algorithm = sequence(oidElement('1.2.840.10045.4.3.2'));
    const version = old ? [] : [element(0xa0, element(0x02, Uint8Array.of(2)))];
    const fields = [...version, number, algorithm, issuer, sequence(start, end), subject, KEY, ...rest];
    return sequence(sequence(...fields), algorithm, element(0x03, new Uint8Array(9)));
  });

describe('A certificate that is walked', function () {
  this.timeout(120_000);

  it('is any of those that an operating system trusts', () => {
    for (const der of ROOTS) {
      assert.ok(walkCertificate(der), 'written as nearly all are');
      same(der);
      same(concat(der, Uint8Array.of(0, 1)));
    }
  });

  it('says what the readers of its fields say, whatever stands in them', () => {
    let walked = 0;
    fc.assert(
      fc.property(certificate, (der) => {
        if (walkCertificate(der) !== undefined) walked += 1;
        same(der);
      }),
      { numRuns: 2000 },
    );
    assert.ok(walked > 200, `${walked} of them were walked`);
  });

  it('says so when an octet is another one, at any place', () => {
    const octet = fc.oneof(fc.constantFrom(0x80, 0x81, 0x84, 0xff, 0x1f, 0x30, 0), fc.nat(255));
    const edits = fc.array(fc.tuple(fc.nat(0xffff), octet), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.constantFrom(...ROOTS.slice(0, 40)), edits, (der, changes) => {
        const damaged = Uint8Array.from(der);
        for (const [at, to] of changes) damaged[at % damaged.length] = to;
        same(damaged);
      }),
      { numRuns: 2000 },
    );
  });

  it('says so when it is cut off, or something is put in or taken away', () => {
    const edit = fc.tuple(fc.nat(0xffff), fc.nat(8), fc.uint8Array({ maxLength: 8 }));
    fc.assert(
      fc.property(fc.constantFrom(...ROOTS.slice(0, 40)), edit, (der, [place, taken, put]) => {
        const at = place % der.length;
        same(der.subarray(0, at));
        same(concat(der.subarray(0, at), put, der.subarray(at + taken)));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('Keys that are known by their first octets', () => {
  it('are those that OpenSSL reads', () => {
    for (const [curve, short] of Object.entries(CURVES)) {
      const spki = spkiOf(curve);
      const details = createPublicKey({ key: Buffer.from(spki), type: 'spki', format: 'der' });
      assert.equal(details.asymmetricKeyDetails?.namedCurve, curve);
      assert.equal(commonKey(spki)?.algorithm, `ECDSA-${short}`);
    }
    const ed25519 = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' });
    assert.equal(commonKey(ed25519)?.algorithm, 'Ed25519');
  });

  it('are called as they are where they are read field by field', () => {
    for (const curve of Object.keys(CURVES)) {
      const spki = spkiOf(curve);
      const { algorithm, bits } = publicKeyFacts(spki) ?? {};
      // The same with a length that takes an octet more than it has to.
      const [first = 0] = spki.subarray(1);
      const inner = spki.subarray(first < 0x80 ? 2 : 3);
      const long = concat(Uint8Array.of(0x30, 0x82, 0, inner.length), inner);
      assert.equal(commonKey(long), undefined);
      const other = publicKeyFacts(long);
      assert.deepEqual([other?.algorithm, other?.bits], [algorithm, bits]);
    }
  });

  it('are others once an octet before the key is another', () => {
    const at = fc.nat(26);
    fc.assert(
      fc.property(at, fc.integer({ min: 1, max: 255 }), (place, change) => {
        const other = Uint8Array.from(KEY);
        other[place] = (other[place] ?? 0) ^ change;
        assert.equal(commonKey(other), undefined);
      }),
    );
  });
});
