import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { buildLeaf } from '../../../server/src/core/credential/build/certificate.ts';
import { buildCertificateRequest } from '../../../server/src/core/credential/build/certificateRequest.ts';
import { parseDistinguishedName } from '../../../server/src/core/credential/build/distinguishedName.ts';
import type { SubjectNames } from '../../../server/src/core/credential/subjectNames.ts';
import { nodeHasher } from '../../../server/src/platform/crypto/hasher.ts';
import { generateSoftwareKey, softwareSigner } from '../../../server/src/platform/crypto/softwareKeys.ts';
import { hasProgram, needs } from '../../support/needs.ts';
import { strictDerProblem } from './strictDer.ts';

const SIGNAL = new AbortController().signal;
const NONE: SubjectNames = { dnsNames: [], ipAddresses: [], uris: [], emailAddresses: [] };
const LONG = `${'a'.repeat(60)}.${'b'.repeat(60)}.example`;

async function request(names: Partial<SubjectNames>): Promise<Uint8Array> {
  const { pkcs8 } = await generateSoftwareKey('Ed25519');
  const signer = softwareSigner(pkcs8, 'Ed25519');
  return buildCertificateRequest({ names: { ...NONE, ...names }, signer }, SIGNAL);
}

async function leaf(names: Partial<SubjectNames>): Promise<X509Certificate> {
  const { pkcs8, spki } = await generateSoftwareKey('Ed25519');
  const issuerName = parseDistinguishedName('CN=Issuer');
  assert.ok(issuerName.ok);
  const der = await buildLeaf(
    {
      names: { ...NONE, ...names },
      usages: ['serverAuth'],
      urls: {},
      serialNumber: Uint8Array.of(1),
      validity: { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2026-02-01T00:00:00Z') },
      spki,
      keyAlgorithm: 'Ed25519',
      issuer: {
        name: issuerName.name,
        keyIdentifier: Uint8Array.of(1, 2, 3),
        signer: softwareSigner(pkcs8, 'Ed25519'),
      },
    },
    nodeHasher,
    SIGNAL,
  );
  assert.equal(strictDerProblem(der), undefined);
  return new X509Certificate(der);
}

describe('names as others read them', () => {
  const openssl = (der: Uint8Array, ...args: readonly string[]): string => {
    const { stdout, stderr, status } = spawnSync('openssl', ['req', '-inform', 'DER', '-noout', ...args], {
      input: der,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return stdout;
  };

  for (const subject of [
    'CN=api,OU=Pay,O=Example,C=DE',
    'OU=b+CN=a,O=Example',
    'CN="Smith, J. + \\"Jim\\"",O=Lu\\C4\\8Di\\C4\\87',
    'UID=jsmith,DC=example,DC=net,emailAddress=a@example.com',
    'CN=#13024869,serialNumber=4,OU=\\#4,O=\\ x\\ ',
  ])
    it(`openssl prints ${subject} so that it is read as the same name`, async function () {
      needs(this, 'openssl', hasProgram('openssl', 'version'));
      const der = await request({ subject });
      assert.equal(strictDerProblem(der), undefined);
      const printed = openssl(der, '-verify', '-subject', '-nameopt', 'RFC2253').replace(/^subject= ?/m, '');
      const [again, declared] = [
        parseDistinguishedName(printed.trimStart().replace(/\n$/, '')),
        parseDistinguishedName(subject),
      ];
      assert.ok(declared.ok && again.ok, printed);
      const parts = (name: typeof again.name): readonly string[] =>
        [...name].map((part) => [...part].map(({ type, value }) => `${type}=${value.toString()}`).join('+'));
      assert.deepEqual(parts(again.name), parts(declared.name));
    });

  it('openssl finds each kind of name, and the extension critical without a subject', async function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
    const dns = openssl(await request({ dnsNames: [LONG] }), '-verify', '-text');
    assert.match(dns, /Subject: ?\n/);
    assert.match(dns, /Subject Alternative Name: critical\n/);
    const all = openssl(
      await request({
        dnsNames: ['a.example.com'],
        ipAddresses: ['192.0.2.1', '::ffff:192.0.2.1'],
        uris: ['spiffe://example.com/a'],
        emailAddresses: ['a@example.com'],
      }),
      '-text',
    );
    assert.match(all, /Subject Alternative Name: ?\n/);
    assert.match(
      all,
      /DNS:a\.example\.com, IP Address:192\.0\.2\.1, IP Address:0:0:0:0:0:FFFF:C000:201, URI:spiffe:\/\/example\.com\/a, email:a@example\.com/,
    );
  });

  it('Node matches the certificate to each of them', async () => {
    const certificate = await leaf({
      subject: 'CN=api,O=Example',
      dnsNames: ['*.example.com'],
      ipAddresses: ['2001:db8::1', '10.0.0.1'],
      emailAddresses: ['a@example.com'],
    });
    assert.equal(certificate.subject, 'O=Example\nCN=api');
    assert.ok(certificate.checkHost('a.example.com'));
    assert.ok(certificate.checkIP('2001:db8::1'));
    assert.ok(certificate.checkIP('10.0.0.1'));
    assert.ok(certificate.checkEmail('a@example.com'));
    assert.equal(certificate.checkHost('b.a.example.com'), undefined);
  });
});
