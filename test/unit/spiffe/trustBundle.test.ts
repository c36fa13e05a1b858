import assert from 'node:assert/strict';
import { createPublicKey, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import {
  readTrustBundle,
  type TrustBundle,
  trustBundleText,
} from '../../../server/src/core/credential/spiffe/trustBundle.ts';
import { nodeHasher } from '../../../server/src/platform/crypto/hasher.ts';
import { selfSigned } from '../../backends/contract/certificates.ts';
import { newSigner } from '../jwt/tokens.ts';

interface Document {
  readonly keys: readonly Readonly<Record<string, unknown>>[];
  readonly spiffe_sequence?: number;
  readonly spiffe_refresh_hint?: number;
}

async function someBundle(): Promise<TrustBundle> {
  const roots = [await selfSigned('One'), await selfSigned('Two')];
  const [p384, rsa] = [await newSigner('ECDSA-P384'), await newSigner('RSA-2048')];
  return {
    trustDomain: 'example.com',
    x509Authorities: roots.map(({ certificate }) => certificate),
    jwtAuthorities: [
      { keyId: 'a', spki: p384.spki },
      { keyId: 'b', spki: rsa.spki },
    ],
    sequence: 7,
    refreshHintSeconds: 300,
  };
}

function certificatesOf(entry: Document['keys'][number] | undefined): readonly string[] {
  const list = entry?.['x5c'];
  return Array.isArray(list) ? list.map(String) : [];
}

const read = (value: unknown) =>
  readTrustBundle(typeof value === 'string' ? value : JSON.stringify(value), 'example.com', nodeHasher);

describe('SPIFFE trust bundles', function () {
  this.timeout(120_000);
  let bundle: TrustBundle;
  let document: Document;
  before(async () => {
    bundle = await someBundle();
    document = JSON.parse(trustBundleText(bundle, nodeHasher)) as Document;
  });

  it('are key sets as the standards want them, which Node reads', () => {
    assert.deepEqual([document.spiffe_sequence, document.spiffe_refresh_hint], [7, 300]);
    const [one, , three] = document.keys;
    assert.deepEqual(
      document.keys.map(({ use, kid, kty }) => [use, kid, kty]),
      [
        ['x509-svid', undefined, 'EC'],
        ['x509-svid', undefined, 'EC'],
        ['jwt-svid', 'a', 'EC'],
        ['jwt-svid', 'b', 'RSA'],
      ],
    );
    const [der = '', ...others] = certificatesOf(one);
    assert.deepEqual(others, []);
    const certificate = new X509Certificate(Buffer.from(der, 'base64'));
    const key = createPublicKey({ key: { ...one } as never, format: 'jwk' });
    assert.ok(key.equals(certificate.publicKey));
    const spki = createPublicKey({ key: { ...three } as never, format: 'jwk' }).export({
      type: 'spki',
      format: 'der',
    });
    assert.deepEqual(new Uint8Array(spki), bundle.jwtAuthorities[0]?.spki);
  });

  it('read back to what was written', () => {
    assert.deepEqual(read(trustBundleText(bundle, nodeHasher)), { ok: true, bundle });
    const empty = { trustDomain: 'example.com', x509Authorities: [], jwtAuthorities: [] };
    assert.deepEqual(read(trustBundleText(empty, nodeHasher)), { ok: true, bundle: empty });
  });

  it('of others may hold what is not known here: it is passed over', () => {
    const [x509, , jwt] = document.keys;
    const { x5c: _x5c, ...withoutCertificate } = x509 ?? {};
    const { kid: _kid, ...withoutName } = jwt ?? {};
    const result = read({
      keys: [
        { kty: 'LATTICE', use: 'jwt-svid', kid: 'q' },
        { ...jwt, use: 'wit-svid' },
        { ...jwt, use: undefined },
        withoutCertificate,
        { ...x509, x5c: [] },
        withoutName,
        { ...x509, x5c: [...certificatesOf(x509), 'second'] },
        jwt,
      ],
      other: true,
    });
    assert.ok(result.ok);
    assert.deepEqual(result.bundle.x509Authorities, bundle.x509Authorities.slice(0, 1));
    assert.deepEqual(result.bundle.jwtAuthorities, bundle.jwtAuthorities.slice(0, 1));
  });

  it('that are damaged are not read by half', () => {
    const [x509, , jwt] = document.keys;
    const bad: readonly unknown[] = [
      '',
      '[]',
      '{"keys":[],"keys":[]}',
      {},
      { keys: {} },
      { keys: [1] },
      { keys: [{ ...x509, x5c: ['AAAA'] }] },
      { keys: [{ ...x509, x5c: [1] }] },
      { keys: [jwt, { ...jwt, x: 'AAAA' }] },
      { keys: [], spiffe_sequence: '1' },
      { keys: [], spiffe_sequence: 1.5 },
      { keys: [], spiffe_refresh_hint: -1 },
      { keys: Array.from({ length: 1001 }, () => ({})) },
    ];
    for (const each of bad) assert.equal(read(each).ok, false, JSON.stringify(each).slice(0, 80));
    const text = trustBundleText(bundle, nodeHasher);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 2 }), (at, change) => {
        read(text.slice(0, at) + change + text.slice(at + 1));
      }),
    );
    fc.assert(fc.property(fc.json(), (json) => void read(json)));
  });
});
