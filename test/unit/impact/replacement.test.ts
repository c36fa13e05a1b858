import assert from 'node:assert/strict';
import { offersOf } from '../../../server/src/app/offers.ts';
import type { CredentialCrypto } from '../../../server/src/core/impact/replacement/credentialCrypto.ts';
import { fallenAlgorithm } from '../../../server/src/core/impact/replacement/fallen.ts';
import { type Replacement, replacementOf } from '../../../server/src/core/impact/replacement/replacement.ts';
import type { InventoryRow } from '../../../server/src/core/inventory/inventoryRow.ts';
import type { BackendResource } from '../../../server/src/core/manifest/resource.ts';
import { inventoryRow } from '../../support/inventoryRow.ts';

const AT = '2026-11-30T00:00:00.000Z';
const PLACE = {
  file: 'a.identity.yaml',
  range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
};
const backend = (name: string, type: string) => ({ name, spec: { type } }) as BackendResource;

/** One that is built in, one that said what it takes, one that nobody opened. */
const OFFERS = offersOf(
  [backend('lab', 'local'), backend('vault-prod', 'vault'), backend('hsm', 'pkcs11')],
  new Map([
    [
      'vault-prod',
      {
        binding: 'x',
        offers: {
          at: AT,
          algorithms: {
            CertificateAuthority: ['ECDSA-P256', 'RSA-3072'],
            KeyStore: ['ECDSA-P256', 'RSA-3072'],
          },
        },
      },
    ],
  ]),
);

const row = (name: string, more: Partial<InventoryRow> = {}): InventoryRow =>
  inventoryRow({ name, backend: 'lab', keyOrigin: 'engine', renewedBy: 'idac', declaredAt: PLACE, ...more });
const plain = ({ algorithm }: InventoryRow): CredentialCrypto => ({
  key: algorithm,
  signature: null,
  authorities: [],
});
const ALGORITHMS = ['RSA-2048', 'ECDSA-P256', 'ECDSA-P384', 'Ed25519', 'ML-DSA-65'];

function fall(name: string, rows: readonly InventoryRow[], cryptoOf = plain): Replacement {
  const fallen = fallenAlgorithm(name, ALGORITHMS);
  assert.ok(fallen, name);
  return replacementOf(fallen, rows, cryptoOf, OFFERS);
}

describe('what if an algorithm falls', () => {
  it('an algorithm, a family, a curve, a digest and all that a quantum computer breaks are told apart', () => {
    const hit = (name: string, among: readonly string[]) => {
      const fallen = fallenAlgorithm(name, ALGORITHMS);
      return fallen?.what === 'algorithm' ? among.filter(fallen.matches) : undefined;
    };
    const among = ['RSA-2048', 'RSA-3072', 'ECDSA-P256', 'ECDSA-SHA256', 'RSA-SHA1', 'Ed25519', 'ML-DSA-65'];
    assert.deepEqual(hit('RSA-2048', among), ['RSA-2048']);
    assert.deepEqual(hit('rsa', among), ['RSA-2048', 'RSA-3072', 'RSA-SHA1']);
    assert.deepEqual(hit('P-256', among), ['ECDSA-P256']);
    assert.deepEqual(hit('SHA-1', among), ['RSA-SHA1']);
    assert.deepEqual(hit('sha256', among), ['ECDSA-SHA256']);
    assert.deepEqual(hit('quantum-vulnerable', among), among.slice(0, 6));
    assert.equal(hit('ROT13', among), undefined);
  });

  it('what weighs most is replaced first: critical, reachable, accepted longest, used by most', () => {
    const rows = [
      row('low', { labels: { criticality: 'low', exposure: 'external' } }),
      row('inside', { labels: { criticality: 'high', exposure: 'internal' } }),
      row('short', {
        labels: { criticality: 'high', exposure: 'external' },
        notAfter: '2027-01-01T00:00:00.000Z',
      }),
      row('long', {
        labels: { criticality: 'high', exposure: 'external' },
        notAfter: '2029-01-01T00:00:00.000Z',
      }),
      row('used', {
        labels: { criticality: 'high', exposure: 'external' },
        notAfter: '2029-01-01T00:00:00.000Z',
        consumers: ['a', 'b'],
      }),
      row('sound', { algorithm: 'ML-DSA-65' }),
      row('over', { state: 'revoked' }),
    ];
    const { hits } = fall('ECDSA', rows);
    assert.deepEqual(
      hits.map(({ identity }) => identity.split('/').at(-1)),
      ['used', 'long', 'short', 'inside', 'low'],
    );
  });

  it('each is told what its issuer and its key store offer instead, or why there is nothing yet', () => {
    const instead = (name: string, more: Partial<InventoryRow>) => {
      const [hit] = fall(name, [row('x', more)]).hits;
      assert.ok(hit);
      return hit.instead.can ? `${hit.instead.change.field}: ${hit.instead.change.to}` : hit.instead.why;
    };
    assert.equal(instead('ECDSA-P256', {}), 'spec.key.algorithm: ECDSA-P384');
    assert.equal(instead('quantum-vulnerable', {}), 'spec.key.algorithm: ML-DSA-65');
    assert.equal(instead('ECDSA', { backend: 'vault-prod' }), 'spec.key.algorithm: RSA-3072');
    assert.match(
      instead('quantum-vulnerable', { backend: 'vault-prod' }),
      /vault-prod offers nothing that still holds/,
    );
    assert.match(instead('ECDSA', { keyOrigin: 'store', keyStore: 'hsm' }), /what hsm can make is not known/);
    assert.equal(
      instead('ECDSA', { keyOrigin: 'store', keyStore: 'vault-prod' }),
      'spec.key.algorithm: RSA-3072',
    );
    assert.match(
      instead('quantum-vulnerable', { keyOrigin: 'store', keyStore: 'vault-prod' }),
      /no algorithm in common/,
    );
    assert.match(instead('quantum-vulnerable', { kind: 'SshCertificate' }), /lab offers nothing/);
    assert.match(instead('ECDSA', { keyOrigin: 'machine' }), /made on the machine/);
    assert.match(instead('ECDSA', { managedBy: 'cert-manager' }), /cert-manager renews it/);
    assert.match(instead('ECDSA', { renewedBy: 'machine' }), /its machine renews it/);
    assert.match(instead('ECDSA', { declaredAt: null }), /no manifest declares it/);
  });

  it('says on whose word it rests', () => {
    const known = (name: string) => {
      const [hit] = fall('ECDSA', [row('x', { backend: name })]).hits;
      return hit?.instead.can === true ? hit.instead.known.map(({ source, at }) => [source, at]) : undefined;
    };
    assert.deepEqual(known('lab'), [['built-in', null]]);
    assert.deepEqual(known('vault-prod'), [['seen', AT]]);
  });

  it('an authority comes before what it signed, and a sound leaf below a broken one is hit as well', () => {
    const above = {
      subject: 'CN=Lab',
      fingerprintSha256: 'aa',
      key: 'ECDSA-P384',
      signature: 'ECDSA-SHA384',
      notAfter: AT,
    };
    const { authorities, hits } = fall('ECDSA', [row('x', { algorithm: 'ML-DSA-65' })], () => ({
      key: 'ML-DSA-65',
      signature: 'ECDSA-SHA384',
      authorities: [above],
    }));
    assert.deepEqual(
      authorities.map(({ backend, signs }) => [backend, signs]),
      [['lab', 1]],
    );
    assert.deepEqual(hits[0]?.reasons, ['signature', 'authority']);
    assert.equal(hits[0]?.instead.can && hits[0].instead.change.resource, 'Backend/lab');
  });
});

describe('what if a backend or a library falls', () => {
  it('another backend of the role that takes the same key is named', () => {
    const of = (algorithm: string) =>
      replacementOf(
        { what: 'backend', name: 'lab' },
        [row('x', { algorithm }), row('y', { algorithm, backend: 'vault-prod' })],
        plain,
        OFFERS,
      );
    const { hits } = of('ECDSA-P256');
    assert.deepEqual(
      hits.map(({ identity, reasons }) => [identity, reasons]),
      [['Certificate/default/x', ['issuer']]],
    );
    const change = hits[0]?.instead.can ? hits[0].instead.change : undefined;
    assert.deepEqual([change?.field, change?.to], ['spec.issuer', 'vault-prod']);
    assert.equal(of('ML-DSA-65').hits[0]?.instead.can, false);
  });

  it('keys are told by what made them: this program, another product, the machine', () => {
    const hitBy = (name: string) =>
      replacementOf(
        { what: 'library', name },
        [
          row('own'),
          row('lattice', { algorithm: 'ML-DSA-44' }),
          row('stored', { keyOrigin: 'store', keyStore: 'hsm' }),
          row('remote', { keyOrigin: 'machine', backend: 'vault-prod' }),
          row('observed', { managedBy: 'cert-manager' }),
        ],
        plain,
        OFFERS,
      ).hits.map(({ identity }) => identity.split('/').at(-1));
    assert.deepEqual(hitBy('pkcs11'), ['stored']);
    assert.deepEqual(hitBy('vault'), ['remote']);
    assert.deepEqual(hitBy('machine'), ['remote']);
    assert.deepEqual(hitBy('cert-manager'), ['observed']);
    assert.deepEqual(hitBy('noble-post-quantum'), ['lattice']);
  });
});
