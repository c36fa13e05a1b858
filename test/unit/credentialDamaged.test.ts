import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import fc from 'fast-check';
import { element } from '../../server/src/core/credential/derWriter.ts';
import type { CredentialItem } from '../../server/src/core/credential/inspect/item.ts';
import { decodePem } from '../../server/src/core/credential/pem.ts';
import { type CredentialFolder, credentialFolder, itemsOf, rulesOf } from '../support/credentialFiles.ts';
import { hasProgram, needs } from '../support/needs.ts';

/** Whatever comes in: an answer, in which every item is whole. */
function wellFormed(items: readonly CredentialItem[]): void {
  assert.ok(items.length > 0, 'a file that is named is always answered for');
  for (const item of items) {
    for (const finding of item.findings) {
      assert.ok(finding.message.length > 0 && finding.message.length < 1000);
      assert.ok(finding.range.start.line >= 0);
    }
  }
}

describe('inspect, on damaged and hostile input', function () {
  this.timeout(120_000);
  let folder: CredentialFolder;
  let valid: readonly (readonly [name: string, bytes: Uint8Array])[] = [];
  before(function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
    needs(this, 'ssh-keygen', hasProgram('ssh-keygen', '-?'));
    folder = credentialFolder();
    const openssl = (line: string) => folder.run('openssl', line.split(' '));
    openssl(
      'req -x509 -newkey ed25519 -nodes -keyout key.pem -out leaf.pem -subj /CN=a/O=b -addext subjectAltName=DNS:a,IP:10.0.0.1',
    );
    openssl('x509 -in leaf.pem -outform der -out leaf.der');
    openssl('req -new -key key.pem -subj /CN=a -addext subjectAltName=DNS:a -outform der -out leaf.csr');
    openssl('crl2pkcs7 -nocrl -certfile leaf.pem -outform der -out leaf.p7b');
    openssl('pkcs12 -export -in leaf.pem -inkey key.pem -passout pass: -iter 2 -out leaf.p12');
    openssl('pkcs12 -export -legacy -in leaf.pem -inkey key.pem -passout pass: -iter 2 -out legacy.p12');
    openssl('pkcs8 -topk8 -in key.pem -iter 2 -passout pass:x -outform der -out locked.p8');
    folder.run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', 'ssh']);
    folder.run('ssh-keygen', ['-q', '-s', 'ssh', '-I', 'id', '-n', 'a,b', 'ssh.pub']);
    const names = [
      'key.pem',
      'leaf.pem',
      'leaf.der',
      'leaf.csr',
      'leaf.p7b',
      'leaf.p12',
      'legacy.p12',
      'locked.p8',
      'ssh',
      'ssh-cert.pub',
    ];
    valid = names.map((name) => [name, readFileSync(folder.at(name))]);
  });
  after(() => folder?.remove());

  it('answers for a file that is cut off, at every length', async () => {
    for (const [name, bytes] of valid) {
      for (let length = 0; length < bytes.length; length++)
        wellFormed(await itemsOf(bytes.subarray(0, length), name));
    }
  });

  it('says that a certificate is damaged at every length, and drops none', async () => {
    const der = valid.find(([name]) => name === 'leaf.der')?.[1] ?? new Uint8Array();
    for (let length = 16; length < der.length; length++) {
      const items = await itemsOf(der.subarray(0, length), 'leaf.der');
      assert.deepEqual(
        items.map(({ type }) => type),
        ['certificate'],
        `at ${length}`,
      );
      assert.ok(rulesOf(items).includes('credential/damaged'), `at ${length}`);
    }
  });

  it('gives what can be had of a certificate without its end', async () => {
    const text = rootCertificates[0] ?? '';
    const now = new Date(Date.parse((await itemsOf(text))[0]?.notBefore ?? '') + 1000);
    const [whole] = await itemsOf(text);
    const lines = text.split('\n');
    const cases = {
      'cut off': decodePem(text)[0]?.bytes.subarray(0, -300) ?? '',
      'no END line': lines.slice(0, -8).join('\n'),
      'signs that are no base64': [...lines.slice(0, -8), '!!!!', ...lines.slice(-7)].join('\n'),
    };
    for (const [name, bytes] of Object.entries(cases)) {
      const items = await itemsOf(bytes, 'x.pem', { now });
      const [item] = items;
      assert.equal(items.length, 1, name);
      assert.deepEqual([...new Set(rulesOf(items))], ['credential/damaged'], name);
      for (const part of [
        'serialNumber',
        'subject',
        'issuer',
        'notBefore',
        'notAfter',
        'spkiSha256',
      ] as const) {
        assert.equal(item?.[part], whole?.[part], `${name}: ${part}`);
      }
      assert.equal(item?.fingerprintSha256, null, name);
    }
  });

  it('names the line of the text where base64 is damaged, and reads the blocks after it', async () => {
    const lines = (rootCertificates[0] ?? '').split('\n');
    lines[4] = `${lines[4]?.slice(0, 10)}#${lines[4]?.slice(11)}`;
    const items = await itemsOf(`${lines.join('\n')}\n${rootCertificates[1]}`);
    assert.equal(items.length, 2);
    assert.equal(items[0]?.findings[0]?.range.start.line, 4);
    assert.match(items[0]?.findings[0]?.message ?? '', /"#" is not base64/);
    assert.deepEqual(
      items[1]?.findings.filter(({ rule }) => rule !== 'certificate/expired'),
      [],
    );
  });

  it('reads every other extension when one is damaged', async () => {
    const der = Uint8Array.from(valid.find(([name]) => name === 'leaf.der')?.[1] ?? []);
    // The SEQUENCE inside subjectAltName (2.5.29.17) claims too much.
    const at = Buffer.from(der).indexOf(Buffer.from('0603551d11', 'hex'));
    der[at + 8] = 0x7f;
    const items = await itemsOf(der);
    assert.match(
      items[0]?.findings[0]?.message ?? '',
      /subjectAltName cannot be read: an element claims 127 octets/,
    );
    assert.equal(items[0]?.certificateAuthority, true);
    assert.ok((items[0]?.extensions.length ?? 0) >= 3);
  });

  it('answers for single flipped bits', async () => {
    for (const [name, bytes] of valid) {
      for (let at = 0; at < bytes.length; at++) {
        const flipped = Uint8Array.from(bytes);
        flipped[at] = (bytes[at] ?? 0) ^ (1 << (at & 7));
        wellFormed(await itemsOf(flipped, name));
      }
    }
  });

  it('answers for changes of many octets', async () => {
    const change = fc.record({ at: fc.nat(), octets: fc.uint8Array({ minLength: 1, maxLength: 8 }) });
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.array(change, { minLength: 1, maxLength: 6 }), async (which, changes) => {
        const [name, bytes] = valid[which % valid.length] ?? ['', new Uint8Array()];
        const changed = Uint8Array.from(bytes);
        for (const { at, octets } of changes)
          changed.set(octets.subarray(0, 1), at % Math.max(changed.length, 1));
        wellFormed(await itemsOf(changed, name));
      }),
      { numRuns: 1000 },
    );
  });

  it('answers for octets and texts of any kind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => wellFormed(await itemsOf(bytes))),
    );
    const sequence = fc.uint8Array({ maxLength: 300 }).map((bytes) => element(0x30, bytes));
    await fc.assert(fc.asyncProperty(sequence, async (bytes) => wellFormed(await itemsOf(bytes))));
    const word = fc.constantFrom(
      '-----BEGIN CERTIFICATE-----',
      '-----END CERTIFICATE-----',
      '-----BEGIN ',
      'ssh-rsa AAAA',
      '\n',
      'MIIB',
      '{"kty":"EC"}',
      'Proc-Type: 4,ENCRYPTED',
      ' ',
    );
    const texts = fc.array(fc.oneof(word, fc.string()), { maxLength: 12 }).map((words) => words.join(''));
    await fc.assert(fc.asyncProperty(texts, async (text) => wellFormed(await itemsOf(text))));
    const json = fc
      .jsonValue()
      .map((value) => JSON.stringify({ kty: 'RSA', keys: value, n: value, x5c: value }));
    await fc.assert(fc.asyncProperty(json, async (text) => wellFormed(await itemsOf(text))));
  });

  it('is not led into depth, length or rounds', async () => {
    const nested = (tag: number, depth: number): Uint8Array => {
      let inner: Uint8Array = new Uint8Array();
      for (let level = 0; level < depth; level++) inner = element(tag, inner);
      return inner;
    };
    const indefinite = Uint8Array.from({ length: 100_000 }, (_, at) => (at % 2 === 0 ? 0x30 : 0x80));
    const huge = Uint8Array.of(0x30, 0x86, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0x01, 0x00);
    wellFormed(await itemsOf(nested(0x30, 2000)));
    wellFormed(await itemsOf(nested(0xa0, 2000)));
    wellFormed(await itemsOf(indefinite));
    wellFormed(await itemsOf(huge));
    wellFormed(await itemsOf(`${'['.repeat(100_000)}`, 'x.jwk'));
    wellFormed(await itemsOf(`{"kty":${'['.repeat(100_000)}`, 'x.jwk'));
    wellFormed(await itemsOf('-----BEGIN CERTIFICATE-----\n'.repeat(20_000)));
    wellFormed(await itemsOf(' '.repeat(1_000_000), 'x.pem'));
    for (const filler of ['\\', '\\n', '-----BEGIN ', ' ', '-', 'A']) {
      const long = filler.repeat(500_000);
      wellFormed(await itemsOf(`x -----BEGIN CERTIFICATE-----${long}-----END CERTIFICATE-----`, 'x.json'));
      wellFormed(await itemsOf(long, 'x.pub'));
    }
    wellFormed(await itemsOf(`ssh-rsa ${'"'.repeat(1_000_000)}`, 'x.pub'));
    wellFormed(
      await itemsOf(`PuTTY-User-Key-File-2: ssh-rsa\nPublic-Lines: 99999999999999999999\n`, 'x.ppk'),
    );
  });

  it('does not spend more than seconds on key derivation', async () => {
    const rounds = '-topk8 -in key.pem -iter 70000 -passout pass: -outform der -out rounds.p8';
    folder.run('openssl', ['pkcs8', ...rounds.split(' ')]);
    const bytes = readFileSync(folder.at('rounds.p8'));
    const [open] = await itemsOf(bytes);
    assert.deepEqual([open?.keyAlgorithm, rulesOf(open ? [open] : [])], ['Ed25519', []]);
    bytes.set([0x7f, 0xff, 0xff], bytes.indexOf(Buffer.from('0203011170', 'hex')) + 2);
    const [item] = await itemsOf(bytes);
    assert.match(item?.findings[0]?.message ?? '', /8388607 rounds.*would take too long/);
  });

  it('keeps control characters of names out of what is shown', async () => {
    const der = Uint8Array.from(valid.find(([name]) => name === 'leaf.der')?.[1] ?? []);
    const at = Buffer.from(der).indexOf(Buffer.from('0603550403', 'hex'));
    der[at + 7] = 0x1b;
    const [item] = await itemsOf(der);
    assert.equal(JSON.stringify(item).includes('\\u001b'), false);
    assert.match(item?.issuer ?? '', /\\1b/);
  });
});
