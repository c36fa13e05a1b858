import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { certificateFacts } from '../../server/src/core/credential/certifiedKey.ts';
import type { CredentialItem } from '../../server/src/core/credential/inspect/item.ts';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';
import {
  type CredentialFolder,
  credentialFolder,
  inspect,
  itemsOf,
  rulesOf,
} from '../support/credentialFiles.ts';
import { hasProgram, needs } from '../support/needs.ts';

const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const FOLDER = '/etc/ssl/certs';

/** What openssl says of one certificate. */
function opensslFacts(folder: CredentialFolder, pem: string) {
  const out = folder.run(
    'openssl',
    [
      'x509',
      '-noout',
      '-serial',
      '-dates',
      '-fingerprint',
      '-sha256',
      '-subject',
      '-issuer',
      '-nameopt',
      'RFC2253,-esc_msb,utf8',
      '-pubkey',
    ],
    pem,
  );
  const field = (name: RegExp): string => name.exec(out)?.[1] ?? '';
  const key = out.slice(out.indexOf('-----BEGIN'), out.indexOf('-----END')).split('\n').slice(1).join('');
  return {
    serialNumber: field(/^serial=(.*)$/m)
      .toLowerCase()
      .replace(/^(00)+(?=..)/, ''),
    notBefore: new Date(field(/^notBefore=(.*)$/m)).toISOString(),
    notAfter: new Date(field(/^notAfter=(.*)$/m)).toISOString(),
    fingerprintSha256: field(/Fingerprint=(.*)$/m)
      .replaceAll(':', '')
      .toLowerCase(),
    spkiSha256: Buffer.from(nodeHasher.hash('sha256', Buffer.from(key, 'base64'))).toString('hex'),
    subject: field(/^subject=(.*)$/m),
    issuer: field(/^issuer=(.*)$/m),
  };
}

function sameFacts(item: CredentialItem, expected: ReturnType<typeof opensslFacts>): void {
  const { serialNumber, notBefore, notAfter, fingerprintSha256, spkiSha256, subject, issuer } = item;
  assert.deepEqual(
    { serialNumber, notBefore, notAfter, fingerprintSha256, spkiSha256, subject, issuer },
    expected,
  );
}

describe('inspect, on certificates that nobody here made', function () {
  this.timeout(120_000);
  let folder: CredentialFolder;
  before(function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
    needs(this, 'the system CA bundle', existsSync(BUNDLE));
    folder = credentialFolder();
  });
  after(() => folder?.remove());

  it('reads every certificate of the system bundle as openssl does', async () => {
    const text = readFileSync(BUNDLE, 'utf8');
    const pems = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    const { items } = await inspect([BUNDLE]);
    assert.ok(pems.length > 50);
    assert.equal(items.length, pems.length);
    for (const [index, item] of items.entries()) {
      assert.equal(item.type, 'certificate');
      sameFacts(item, opensslFacts(folder, pems[index] ?? ''));
    }
    // Some roots of 2004 have the exponent 3.
    const meant = ['certificate/expired', 'key/small-exponent'];
    assert.deepEqual(
      rulesOf(items).filter((rule) => !meant.includes(rule)),
      [],
    );
  });

  it('points to the line of each block', async () => {
    const lines = readFileSync(BUNDLE, 'utf8').split('\n');
    const { items } = await inspect([BUNDLE]);
    for (const { range } of items) {
      assert.equal(lines[range.start.line], '-----BEGIN CERTIFICATE-----');
      assert.equal(lines[range.end.line], '-----END CERTIFICATE-----');
    }
  });

  it('reads the system folder with its links, each certificate once in a file of its own and once in the bundle', async () => {
    const { items, shared, skipped } = await inspect([FOLDER]);
    // Where Java is installed, its key store holds them once more.
    const alone = items.filter(({ file }) => file !== BUNDLE && !file.endsWith('/java/cacerts'));
    const found = new Set(alone.map(({ fingerprintSha256 }) => fingerprintSha256));
    for (const item of items)
      assert.ok(found.has(item.fingerprintSha256), `${item.subject} has a file of its own`);
    assert.equal(found.size, alone.length, 'none twice');
    assert.ok(shared.every(({ files }) => files.length > 1));
    assert.ok(skipped.sameFile > 0, 'hash links name the same files again');
    assert.equal(rulesOf(items).includes('key/shared'), false, 'copies of one certificate are no shared key');
  });

  it('reads the roots that Node brings along', async () => {
    const items = await itemsOf(rootCertificates.join('\n'));
    assert.equal(items.length, rootCertificates.length);
    for (const [index, pem] of rootCertificates.entries()) {
      const expected = new X509Certificate(pem);
      assert.equal(
        items[index]?.fingerprintSha256,
        expected.fingerprint256.replaceAll(':', '').toLowerCase(),
      );
      assert.equal(items[index]?.notAfter, new Date(expected.validTo).toISOString());
      assert.equal(items[index]?.certificateAuthority, expected.ca);
    }
  });

  it('gives the same facts by the fast way that records use', async () => {
    for (const pem of rootCertificates) {
      const [item] = await itemsOf(pem);
      const facts = certificateFacts(new X509Certificate(pem).raw, nodeHasher);
      assert.ok(item && facts);
      for (const [name, value] of Object.entries(facts))
        assert.equal(item[name as keyof CredentialItem], value);
    }
  });
});
