import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { openScanner } from '../../../server/src/app/scan/openScanner.ts';
import type { KeyPlace } from '../../../server/src/core/keys/sharing/keyPlace.ts';
import { sharedKeys } from '../../../server/src/core/keys/sharing/sharedKeys.ts';
import { sightingsOf } from '../../support/sightings.ts';

const RANGE = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };

function place(file: string, said: Partial<KeyPlace>): KeyPlace {
  const plain = { form: 'public-key', what: 'a key', algorithm: 'Ed25519', spkiSha256: 'one' } as const;
  return { ...plain, file, range: RANGE, ...said };
}

function bearers(...places: readonly KeyPlace[]): readonly string[] {
  return sharedKeys({ places }).flatMap((each) => each.bearers.map(({ name }) => name));
}

const certificate = (name: string, names: readonly string[], fingerprint = name): KeyPlace =>
  place(`${fingerprint}.crt`, {
    form: 'certificate',
    subject: name === '' ? '' : `CN=${name}`,
    names,
    fingerprintSha256: fingerprint,
  });

describe('Keys that are shared', () => {
  it('are told by the names in certificates, not by how many there are', () => {
    const [a, more] = [certificate('a', ['dns:a'], '1'), certificate('a', ['dns:a', 'dns:b'], '2')];
    assert.deepEqual(bearers(a, more), []);
    assert.deepEqual(bearers(a, certificate('a', [], '3')), []);
    assert.equal(bearers(a, certificate('a', ['dns:c'], '4')).length, 2);
    assert.equal(bearers(certificate('', ['dns:x'], '5'), certificate('', ['dns:y'], '6')).length, 2);
  });

  it('are not those of a request and what it was answered with', () => {
    const request = (subject: string, names: readonly string[] = []): KeyPlace =>
      place('a.csr', { form: 'certificate-request', subject, names });
    const answered = certificate('web', ['dns:web.example.com', 'dns:www.example.com']);
    for (const own of [
      request('CN=web.example.com'),
      request('O=Shop', ['dns:www.example.com']),
      request(''),
    ])
      assert.deepEqual(bearers(own, answered), []);
    assert.equal(bearers(request('CN=other.example.com'), answered).length, 2);
  });

  it('are not those of an authority that others certify, too', () => {
    const cross = ['1', '2', '3'].map((fingerprint) => ({
      ...certificate('Root', [], fingerprint),
      isAuthority: true as const,
      issuer: `CN=${fingerprint}`,
    }));
    assert.deepEqual(bearers(...cross), []);
  });

  it('of an identity are its own with all that was issued for it', () => {
    const credential = {
      serialNumber: '01',
      subject: 'CN=web',
      issuer: 'CN=CA',
      notBefore: '2026-01-01T00:00:00.000Z',
      notAfter: '2027-01-01T00:00:00.000Z',
      fingerprintSha256: 'f',
      spkiSha256: 'one',
    };
    const identity = {
      apiVersion: 'identity-as-code/v1',
      kind: 'Certificate',
      namespace: 'default',
      name: 'web',
    };
    const claim = (name: string, machine: string | null) => ({
      identity: { ...identity, name },
      machine,
      credentials: [credential],
      declaredAt: null,
    });
    const seen = [certificate('web', ['dns:web'], 'f'), certificate('web', [], 'g')];
    const names = (...claims: readonly ReturnType<typeof claim>[]) =>
      sharedKeys({ places: seen, claims: new Map([['one', claims]]) }).flatMap((each) =>
        each.bearers.map(({ name }) => name),
      );
    assert.deepEqual(names(claim('web', null)), []);
    assert.deepEqual(names(claim('web', 'a'), claim('web', 'b')), [
      'Certificate/default/web on a',
      'Certificate/default/web on b',
    ]);
    assert.equal(names(claim('web', null), claim('api', null)).length, 2);
    const others = sharedKeys({
      places: [...seen, certificate('other', [])],
      claims: new Map([['one', [claim('web', null)]]]),
    });
    assert.deepEqual(
      others[0]?.bearers.map(({ name }) => name),
      ['Certificate/default/web', 'the certificate CN=other'],
    );
  });

  it('are found in no copies of one thing, in whatever order they come', () => {
    const things = fc.constantFrom<Partial<KeyPlace>>(
      { form: 'certificate', subject: 'CN=a', names: ['dns:a'], fingerprintSha256: 'f' },
      { form: 'certificate-request', subject: 'CN=a', names: [] },
      { form: 'public-key' },
      { form: 'certificate', subject: 'CN=a', names: [], fingerprintSha256: 'g' },
    );
    fc.assert(
      fc.property(fc.array(things, { maxLength: 12 }), (all) => {
        assert.deepEqual(bearers(...all.map((said, number) => place(`${number}.pem`, said))), []);
      }),
    );
    const hosts = fc.constantFrom('web1', 'web1.example.com', '192.0.2.1', '[web1]:2222', '|1|a=|b=');
    fc.assert(
      fc.property(fc.array(hosts, { maxLength: 8 }), (all) => {
        const lines = all.map((host) =>
          place('known_hosts', { form: 'ssh-key', role: 'host', hosts: [host] }),
        );
        assert.deepEqual(bearers(...lines), []);
      }),
    );
  });

  it('are said to be shared by at least so many, however many there are', () => {
    const all = Array.from({ length: 5000 }, (_, number) => certificate(`machine-${number}`, []));
    assert.equal(bearers(...all).length, 100);
  });
});

describe('Finders of public keys', () => {
  it('throw at nothing, and stay within what they were given', () => {
    const scanner = openScanner();
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const der = publicKey.export({ type: 'spki', format: 'der' });
    const seeds = [
      publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      `key: ${der.toString('base64')}\n`,
      `tls.crt: ${Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }).toString()).toString('base64')}\n`,
      JSON.stringify({ keys: [publicKey.export({ format: 'jwk' })] }),
      JSON.stringify({ a: JSON.stringify(privateKey.export({ format: 'jwk' })) }),
      'web1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5v0n3aQy0yQm8m0Zf5o0Jr8X3k2b1a9c8d7e6f5g4h comment\n',
      der.toString('latin1'),
    ];
    const change = fc.record({
      at: fc.nat(),
      what: fc.constantFrom('', '\n', '=', '-', '"', '\\n', '\0', 'AAAA', '0'),
    });
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.array(change, { maxLength: 6 }), (seed, changes) => {
        let text = seed;
        for (const { at, what } of changes) {
          const from = at % (text.length + 1);
          text = text.slice(0, from) + what + text.slice(from + 1);
        }
        const lines = text.split('\n').length;
        for (const { range, spkiSha256 } of sightingsOf(
          scanner.scan('any.txt', Buffer.from(text, 'latin1')).keys,
        )) {
          assert.match(spkiSha256, /^[0-9a-f]{64}$/);
          assert.ok(range.start.line <= range.end.line && range.end.line < lines);
        }
      }),
      { numRuns: 300 },
    );
  });
});
