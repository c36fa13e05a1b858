/** What is made of bytes that lie in a folder: never an exception, and never a manifest that says something else than the credential. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { readCredentials } from '../../server/src/core/credential/inspect/readCredentials.ts';
import { adoptionText } from '../../server/src/core/found/adoptionText.ts';
import { groupFound } from '../../server/src/core/found/groupFound.ts';
import { type Held, heldIn } from '../../server/src/core/found/held.ts';
import { parseEvent } from '../../server/src/core/lifecycle/parseEvent.ts';
import { nodeDecryptor } from '../../server/src/platform/crypto/decryptor.ts';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';
import { nodeSignatureVerifier } from '../../server/src/platform/crypto/signatureVerifier.ts';
import { type CredentialFolder, credentialFolder } from '../support/credentialFiles.ts';

const NOW = new Date('2026-06-01T00:00:00Z');
const CONTEXT = { hasher: nodeHasher, verifier: nodeSignatureVerifier, decryptor: nodeDecryptor, now: NOW };
const CHOICE = {
  name: 'web',
  namespace: null,
  issuer: null,
  maximumSeconds: null,
  deliveries: [],
  publicKey: null,
  remarks: ['Adopted from\nweb.crt: # \u2028 x'],
};

function openssl(folder: CredentialFolder, subject: string, names: string, days = '90'): Buffer {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key.pem'];
  const extension = names === '' ? [] : ['-addext', `subjectAltName=${names}`];
  folder.run('openssl', [
    'req',
    '-x509',
    ...key,
    '-out',
    'web.crt',
    '-subj',
    subject,
    '-days',
    days,
    '-utf8',
    ...extension,
  ]);
  return Buffer.from(folder.run('cat', ['web.crt']));
}

describe('what lies in a folder', () => {
  let folder: CredentialFolder;
  before(() => {
    folder = credentialFolder();
  });
  after(() => folder.remove());

  const only = (bytes: Uint8Array): Held => {
    const [held, ...others] = heldIn(bytes, nodeHasher, NOW);
    assert.ok(held !== undefined && others.length === 0);
    return held;
  };

  it('is read without an exception, whatever its bytes are', () => {
    const pem = openssl(folder, '/CN=web.example.com', 'DNS:web.example.com');
    const cut = fc.nat({ max: pem.length }).map((length) => pem.subarray(0, length));
    const bent = fc.tuple(fc.nat({ max: pem.length - 1 }), fc.nat({ max: 255 })).map(([at, octet]) => {
      const changed = Buffer.from(pem);
      changed[at] = octet;
      return changed;
    });
    const noise = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    const der = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from([0x30, 0x82, ...bytes]));
    fc.assert(
      fc.property(fc.array(fc.oneof(cut, bent, noise, der), { maxLength: 4 }), (contents) => {
        const files = contents.map((bytes, at) => ({
          file: `${at}.pem`,
          items: readCredentials(`${at}.pem`, bytes, false, CONTEXT),
        }));
        const groups = groupFound(files);
        assert.equal(new Set(groups.map(({ id }) => id)).size, groups.length, 'ids are unique');
        for (const bytes of contents)
          for (const held of heldIn(bytes, nodeHasher, NOW)) assert.match(adoptionText(held, CHOICE), /^# /);
      }),
      { numRuns: 300 },
    );
  });

  it('gives a manifest that is read as what was meant, whatever its names are', () => {
    for (const [subject, names] of [
      ['/CN=a: b # c', 'DNS:ok.example.com'],
      ['/O=x\\}, kind: {/CN="q" \\\\ y', 'DNS:true,DNS:1.2.3.4.example,URI:spiffe://example.com/a'],
      ['/CN=Ünïcödé ☃', 'DNS:no,IP:2001:db8::1,IP:192.0.2.1,email:a@example.com'],
      ['/CN=- x', ''],
    ] as const) {
      const held = only(openssl(folder, subject, names));
      const text = adoptionText(held, CHOICE);
      const [document, ...more] = parseAllDocuments(text);
      assert.deepEqual([document?.errors, more], [[], []], text);
      assert.ok(document);
      const { spec } = document.toJS() as { spec: Record<string, unknown> };
      const implied = held.facts.subject === `CN=${(spec['dnsNames'] as string[] | undefined)?.[0]}`;
      assert.equal(spec['subject'], implied ? undefined : held.facts.subject);
      for (const value of [
        spec['dnsNames'],
        spec['ipAddresses'],
        spec['uris'],
        spec['emailAddresses'],
      ].flat())
        assert.ok(value === undefined || (typeof value === 'string' && names.includes(value)), String(value));
      assert.equal(spec['duration'], '90d');
      assert.deepEqual(spec['renewal'], { by: 'machine' });
    }
  });

  it('is renewed for no longer than its next issuer allows', () => {
    const held = only(openssl(folder, '/CN=long.example.com', 'DNS:long.example.com', '825'));
    assert.match(adoptionText(held, CHOICE), /duration: 825d/);
    const issuer = { ...CHOICE, issuer: 'local-ca', maximumSeconds: 90 * 86_400 };
    assert.match(adoptionText(held, issuer), /duration: 90d\n {2}issuer: local-ca/);
  });

  it('is recorded by an event that is checked like the others', () => {
    const { facts, publicText } = only(openssl(folder, '/CN=web.example.com', 'DNS:web.example.com'));
    const event = {
      schemaVersion: 1,
      type: 'adopted',
      id: '20260601T000000000Z-a',
      at: NOW.toISOString(),
      identity: { apiVersion: 'identity-as-code/v1', kind: 'Certificate', namespace: 'default', name: 'web' },
      generation: 'g',
      actor: { name: 'a', tool: 't' },
      planId: 'p',
      chain: { clone: 'c', sequence: 1, previous: null },
      backend: null,
      credential: facts,
      publicText,
      files: ['web.crt'],
      replaces: [],
      specDigest: '',
      declaredIn: 'web.identity.yaml',
    };
    assert.ok('event' in parseEvent(event));
    for (const wrong of [
      { backend: 1 },
      { files: ['/etc/passwd'] },
      { files: 'web.crt' },
      { key: { origin: 'store', algorithm: 'Ed25519', store: 'hsm', keyId: 'key/default/other/1' } },
      { credential: { ...facts, fingerprintSha256: 'x' } },
    ])
      assert.ok('why' in parseEvent({ ...event, ...wrong }), JSON.stringify(wrong));
  });
});
