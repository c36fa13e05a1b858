import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CAPABILITIES,
  type Diagnostic,
  type Fixture,
  IDENTITY,
  openFixture,
  type Report,
} from './fixture.ts';

/** A client as VS Code's: what it tells of and asks about is said at run time. */
const REGISTERING = {
  ...CAPABILITIES,
  textDocument: {
    ...CAPABILITIES.textDocument,
    synchronization: { dynamicRegistration: true },
    diagnostic: { dynamicRegistration: true },
    codeLens: { dynamicRegistration: true },
    codeAction: { ...CAPABILITIES.textDocument.codeAction, dynamicRegistration: true },
  },
};
const { diagnostic: _, ...PUSHED } = CAPABILITIES.textDocument;
const PUSHING = { ...CAPABILITIES, textDocument: PUSHED };

const PASSWORD = `Kq${'7w'}Zp93dL`;
const ENV = `# 🙂 settings\nNAME=shop\nDB_PASSWORD=${PASSWORD}\n`;

interface Registration {
  id: string;
  method: string;
  registerOptions: { documentSelector?: unknown; identifier?: string };
}

function registered(fixture: Fixture): Registration[] {
  return fixture.client
    .received('client/registerCapability')
    .flatMap(({ params }) => (params as { registrations: Registration[] }).registrations)
    .filter(({ id }) => !/watch|configuration/.test(id));
}

const secretsOf = (fixture: Fixture, file: string): Promise<Report> =>
  fixture.client.request('textDocument/diagnostic', {
    textDocument: { uri: fixture.uri(file) },
    identifier: 'identity-secrets',
  });

function newKey(): string {
  return generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
}

/** Which code points are named: a place that is off by one is another text. */
function textIn(text: string, { range }: Diagnostic): string {
  return (text.split('\n')[range.start.line] ?? '').slice(range.start.character, range.end.character);
}

describe('language server: secrets in what is open', () => {
  let fixture: Fixture;
  afterEach(() => fixture.end());

  describe('for a client that registers at run time', () => {
    beforeEach(async () => {
      fixture = await openFixture({ capabilities: REGISTERING });
      await fixture.client.next('client/registerCapability', (params: { registrations: Registration[] }) =>
        params.registrations.some(({ id }) => id === 'idac.open'),
      );
    });

    it('asks for all files, once each, and apart from what is asked of manifests', () => {
      const { capabilities } = fixture.client.initialized as { capabilities: Record<string, unknown> };
      assert.equal(capabilities['textDocumentSync'], 0);
      for (const name of ['codeLensProvider', 'codeActionProvider'])
        assert.equal(capabilities[name], undefined);
      assert.ok(capabilities['hoverProvider'] !== undefined);
      assert.deepEqual(
        registered(fixture).map(({ method }) => method),
        [
          'textDocument/didOpen',
          'textDocument/didChange',
          'textDocument/didSave',
          'textDocument/didClose',
          'textDocument/codeLens',
          'textDocument/codeAction',
          'textDocument/diagnostic',
        ],
      );
      for (const { registerOptions } of registered(fixture))
        assert.deepEqual(registerOptions.documentSelector, [{ scheme: 'file' }, { scheme: 'untitled' }]);
    });

    it('finds a password while it is typed, at the right place, and shows no part of it', async () => {
      fixture.open('.env', 'NAME=shop\n', 'dotenv');
      assert.deepEqual((await secretsOf(fixture, '.env')).items, []);
      const end = { line: 1, character: 0 };
      for (const [place, sign] of Array.from(`DB_PASSWORD=${PASSWORD}`).entries()) {
        const at = { line: 1, character: place };
        fixture.change('.env', place + 2, [{ range: { start: at, end: at }, text: sign }]);
      }
      const [found, ...others] = (await secretsOf(fixture, '.env')).items;
      assert.equal(others.length, 0);
      assert.equal(found?.source, 'idac');
      assert.equal(textIn(`NAME=shop\nDB_PASSWORD=${PASSWORD}`, found as Diagnostic), PASSWORD);
      assert.ok(!JSON.stringify(found).includes(PASSWORD));
      fixture.change('.env', 90, [
        { range: { start: end, end: { line: 1, character: 90 } }, text: 'DB_PASSWORD=' },
      ]);
      assert.deepEqual((await secretsOf(fixture, '.env')).items, []);
    });

    it('answers unchanged where it is, and nothing once the file is closed', async () => {
      fixture.open('.env', ENV, 'dotenv');
      const first = await secretsOf(fixture, '.env');
      assert.equal(textIn(ENV, first.items[0] as Diagnostic), PASSWORD);
      const again = await fixture.client.request<Report>('textDocument/diagnostic', {
        textDocument: { uri: fixture.uri('.env') },
        identifier: 'identity-secrets',
        previousResultId: first.resultId,
      });
      assert.equal(again.kind, 'unchanged');
      fixture.client.notify('textDocument/didClose', { textDocument: { uri: fixture.uri('.env') } });
      assert.deepEqual((await secretsOf(fixture, '.env')).items, []);
    });

    it('keeps them out of what is said of manifests, and says of a manifest nothing twice', async () => {
      const manifest = fixture
        .read('web.identity.yaml')
        .replace('duration: 47d', `duration: 47d\n  password: gh${'p'}_${'a1B2'.repeat(9)}`);
      fixture.open('web.identity.yaml', manifest);
      fixture.open('.env', ENV, 'dotenv');
      const own = await fixture.pull('web.identity.yaml');
      assert.ok(own.items.some(({ code }) => code === 'manifest/secret-in-manifest'));
      assert.deepEqual((await secretsOf(fixture, 'web.identity.yaml')).items, []);
      assert.deepEqual((await fixture.pull('.env')).items, []);
    });

    it('opens no project in a folder that has none, and answers no lens there', async () => {
      const uri = 'file:///tmp/editor-nowhere/settings.py';
      fixture.client.notify('textDocument/didOpen', {
        textDocument: { uri, languageId: 'python', version: 1, text: `password = "${PASSWORD}"\n` },
      });
      const report = await fixture.client.request<Report>('textDocument/diagnostic', {
        textDocument: { uri },
        identifier: 'identity-secrets',
      });
      assert.equal(report.items.length, 1);
      assert.deepEqual(await fixture.client.request('textDocument/codeLens', { textDocument: { uri } }), []);
      assert.ok(!fixture.client.trace().includes('"message":"/tmp'));
    });

    it('stops, and says so to the client, when the setting is off', async () => {
      fixture.open('.env', ENV, 'dotenv');
      assert.equal((await secretsOf(fixture, '.env')).items.length, 1);
      fixture.client.answer('workspace/configuration', () => [
        { secrets: { whileTyping: false }, certificates: { lint: false } },
      ]);
      fixture.client.answer('client/unregisterCapability', () => null);
      fixture.client.notify('workspace/didChangeConfiguration', { settings: null });
      await fixture.client.next('client/unregisterCapability');
      const { registrations } = await fixture.client.next<{ registrations: Registration[] }>(
        'client/registerCapability',
        (params) =>
          params.registrations.some(
            ({ id, registerOptions }) => id === 'idac.open' && registerOptions.documentSelector === null,
          ),
      );
      assert.ok(!registrations.some(({ method }) => method === 'textDocument/diagnostic'));
      assert.deepEqual((await secretsOf(fixture, '.env')).items, []);
    });

    it('names the identity whose key it is, as the command line does', async () => {
      assert.equal((await fixture.box.idac(['issue', IDENTITY, '--yes'])).code, 0);
      fixture.write('debug.txt', fixture.read('tls/web.key.pem'));
      await fixture.lenses('web.identity.yaml');
      fixture.client.notify('workspace/didChangeWatchedFiles', {
        changes: [{ uri: fixture.uri('.identity/records'), type: 1 }],
      });
      fixture.open('debug.txt', undefined, 'plaintext');
      const { findings } = (await fixture.box.json(['scan', '--format', 'json'])).data as {
        findings: { file: string; message: string; severity: string }[];
      };
      const said = findings.find(({ file }) => file === 'debug.txt');
      const found = await untilNamed(() => secretsOf(fixture, 'debug.txt'));
      assert.equal(found.message, said?.message);
      assert.match(found.message, /it is the key of Certificate\/default\/web \(owner shop, in use\)/);
      assert.equal(found.severity, 1);
    });
  });

  it('come with the rest for a client that pulls and registers nothing', async () => {
    fixture = await openFixture();
    fixture.open('.env', ENV, 'dotenv');
    assert.equal(textIn(ENV, (await fixture.pull('.env')).items[0] as Diagnostic), PASSWORD);
    assert.deepEqual(registered(fixture), []);
  });

  it('are pushed to a client that does not pull, beside what is said of manifests', async () => {
    fixture = await openFixture({ capabilities: PUSHING });
    const key = newKey();
    fixture.open('server.pem', key, 'plaintext');
    const next = () =>
      fixture.client.next<{ uri: string; version?: number; diagnostics: Diagnostic[] }>(
        'textDocument/publishDiagnostics',
        ({ uri }) => uri === fixture.uri('server.pem'),
      );
    const first = await next();
    assert.deepEqual([first.version, first.diagnostics[0]?.code], [1, 'secret/private-key']);
    for (const whileTyping of [false, true]) {
      fixture.client.answer('workspace/configuration', () => [{ secrets: { whileTyping } }]);
      fixture.client.notify('workspace/didChangeConfiguration', { settings: null });
      assert.equal((await next()).diagnostics.length, whileTyping ? 1 : 0);
    }
    fixture.change('server.pem', 2, [{ text: 'gone\n' }]);
    assert.deepEqual((await next()).diagnostics, []);
  });

  it('are found where nothing is trusted', async () => {
    fixture = await openFixture({ trusted: false });
    fixture.open('.env', ENV, 'dotenv');
    assert.equal((await fixture.pull('.env')).items.length, 1);
  });

  it('of a long text keep nobody waiting', async () => {
    fixture = await openFixture();
    const lines = `${'some text that says nothing\n'.repeat(80)}password: \${REFERENCE}\n`.repeat(4_000);
    const long = `${lines}DB_PASSWORD=${PASSWORD}\n`;
    const hover = () =>
      fixture.client.request('textDocument/hover', {
        textDocument: { uri: fixture.uri('web.identity.yaml') },
        position: { line: 3, character: 9 },
      });
    await hover();
    fixture.open('long.env', long, 'plaintext');
    let isRead = false;
    const pulled = fixture.pull('long.env').finally(() => {
      isRead = true;
    });
    // Answered while the long text is read: after that it would come else.
    await hover();
    assert.equal(isRead, false);
    const { items } = await pulled;
    assert.equal(items.length, 1);
    assert.equal(items[0]?.range.start.line, 324_000);
  });
});

/** Who asks before the records are read is told the key alone, and asked to ask again. */
async function untilNamed(pull: () => Promise<Report>): Promise<Diagnostic> {
  for (;;) {
    const [found] = (await pull()).items;
    if (found?.message.includes('it is the key of') === true) return found;
    await pause(50);
  }
}
