/** What the editor says of certificates in a text that is open. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { encodePem } from '../../server/src/core/credential/pem.ts';
import { hex, integer } from '../lint/der.ts';
import { server } from '../lint/template.ts';
import { CAPABILITIES, type Diagnostic, type Fixture, openFixture, type Report } from './fixture.ts';

const DAY = 86_400_000;
const day = (days: number): string =>
  `${new Date(Date.now() + days * DAY).toISOString().slice(0, 10)}T00:00:00Z`;
const NOW = { notBefore: day(-1), notAfter: day(30) };
const OVER = { notBefore: day(-40), notAfter: day(-5) };
const NEGATIVE = integer(hex('f3b2c3d4e5f60718293a4b5c6d7e8f90'));
const GOOD = encodePem('CERTIFICATE', server(NOW));
const BAD = encodePem('CERTIFICATE', server({ ...NOW, serial: NEGATIVE }));
const { diagnostic: _, ...PUSHED } = CAPABILITIES.textDocument;

const seen = ({ code, severity, range }: Diagnostic) => [code, severity, range.start.line, range.end.line];
const linesOf = (pem: string): number => pem.trimEnd().split('\n').length;

describe('language server: certificates in what is open', function () {
  this.timeout(120_000);
  let fixture: Fixture;
  afterEach(() => fixture.end());

  it('says at each block what is wrong with it, with the paragraph and the page', async () => {
    fixture = await openFixture();
    const text = `# the site\n${GOOD}# and another\n${BAD}`;
    fixture.open('site.pem', text, 'plaintext');
    const { items } = await fixture.pull('site.pem');
    const start = 2 + linesOf(GOOD);
    assert.deepEqual(items.map(seen), [['lint/serial-not-positive', 1, start, start + linesOf(BAD) - 1]]);
    assert.match(items[0]?.message ?? '', /RFC 5280, 4\.1\.2\.2\)\n/);
    assert.match(items[0]?.codeDescription.href ?? '', /^file:.*\/lint\/serial-not-positive\.md$/);
  });

  it('follows what is typed, and is silent once the file is closed or is about something else', async () => {
    fixture = await openFixture();
    fixture.open('a.crt', BAD, 'plaintext');
    assert.equal((await fixture.pull('a.crt')).items.length, 1);
    fixture.change('a.crt', 2, [{ text: GOOD }]);
    assert.deepEqual((await fixture.pull('a.crt')).items, []);
    const broken = GOOD.replace(/\n(.{20})/, '\n$1!');
    fixture.change('a.crt', 3, [{ text: broken }]);
    assert.deepEqual(
      (await fixture.pull('a.crt')).items.map(({ code }) => code),
      ['credential/damaged'],
    );
    fixture.client.notify('textDocument/didClose', { textDocument: { uri: fixture.uri('a.crt') } });
    assert.deepEqual((await fixture.pull('a.crt')).items, []);
    fixture.open('notes.md', BAD, 'markdown');
    assert.deepEqual((await fixture.pull('notes.md')).items, []);
  });

  it('says that a certificate has expired, and of a key beside it no more than a scan does', async () => {
    fixture = await openFixture();
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const expired = encodePem('CERTIFICATE', server(OVER));
    fixture.open(
      'both.pem',
      expired + String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
      'plaintext',
    );
    const { items } = await fixture.pull('both.pem');
    assert.deepEqual(items.map(({ code }) => code).sort(), ['certificate/expired', 'secret/private-key']);
  });

  it('is off where the setting says so, and is pushed to clients that do not pull', async () => {
    fixture = await openFixture({ capabilities: { ...CAPABILITIES, textDocument: PUSHED } });
    fixture.open('site.pem', BAD, 'plaintext');
    const next = () =>
      fixture.client.next<{ uri: string; diagnostics: Diagnostic[] }>(
        'textDocument/publishDiagnostics',
        ({ uri }: { uri: string }) => uri === fixture.uri('site.pem'),
      );
    assert.equal((await next()).diagnostics.length, 1);
    for (const lint of [false, true]) {
      fixture.client.answer('workspace/configuration', () => [{ certificates: { lint } }]);
      fixture.client.notify('workspace/didChangeConfiguration', { settings: null });
      assert.equal((await next()).diagnostics.length, lint ? 1 : 0);
    }
  });

  it('lets nobody wait for a large bundle, and speaks of the text that is there', async () => {
    fixture = await openFixture();
    const bundle = Array.from({ length: 8 }, () => rootCertificates.join('\n')).join('\n');
    fixture.open('bundle.pem', bundle, 'plaintext');
    let isRead = false;
    const pulled = fixture.pull('bundle.pem').finally(() => {
      isRead = true;
    });
    await fixture.client.request('textDocument/hover', {
      textDocument: { uri: fixture.uri('web.identity.yaml') },
      position: { line: 3, character: 9 },
    });
    assert.equal(isRead, false);
    fixture.change('bundle.pem', 2, [{ text: BAD }]);
    await pulled;
    assert.deepEqual(
      (await fixture.pull('bundle.pem')).items.map(({ code }) => code),
      ['lint/serial-not-positive'],
    );
  });

  it('has a client that is asked for files asked for those alone, where secrets are off', async () => {
    const registering = {
      ...CAPABILITIES,
      textDocument: {
        ...CAPABILITIES.textDocument,
        synchronization: { dynamicRegistration: true },
        diagnostic: { dynamicRegistration: true },
      },
    };
    fixture = await openFixture({ capabilities: registering });
    fixture.client.answer('workspace/configuration', () => [{ secrets: { whileTyping: false } }]);
    fixture.client.answer('client/unregisterCapability', () => null);
    fixture.client.notify('workspace/didChangeConfiguration', { settings: null });
    const { registrations } = await fixture.client.next<{
      registrations: { method: string; registerOptions: { documentSelector: { pattern?: string }[] } }[];
    }>('client/registerCapability', ({ registrations }) =>
      registrations.some(
        ({ registerOptions }: { registerOptions: { documentSelector?: { pattern?: string }[] } }) =>
          registerOptions.documentSelector?.[0]?.pattern !== undefined,
      ),
    );
    const asked = registrations.find(({ method }) => method === 'textDocument/diagnostic');
    assert.match(asked?.registerOptions.documentSelector[0]?.pattern ?? '', /^\*\*\/\*\.\{pem,crt,/);
    fixture.open('site.crt', BAD, 'plaintext');
    const { items } = await fixture.client.request<Report>('textDocument/diagnostic', {
      textDocument: { uri: fixture.uri('site.crt') },
      identifier: 'identity-secrets',
    });
    assert.deepEqual(
      items.map(({ code }) => code),
      ['lint/serial-not-positive'],
    );
  });
});
