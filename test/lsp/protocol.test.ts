import assert from 'node:assert/strict';
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { REPOSITORY } from '../support/idac.ts';
import { IDAC_LSP, type LspClient, RpcError, SERVER, startClient } from '../support/lspClient.ts';
import { CAPABILITIES, type Fixture, type Outcome, openFixture, WEB } from './fixture.ts';

const codeOf = (answer: Promise<unknown>): Promise<unknown> =>
  answer.then(
    (value) => value,
    (error: unknown) => (error instanceof RpcError ? error.code : error),
  );

for (const [name, args] of [
  ['dist/server.mjs --stdio', SERVER],
  ['idac lsp --stdio', IDAC_LSP],
] as const) {
  describe(`language server: its life as ${name}`, () => {
    let client: LspClient;
    afterEach(() => void client.process.kill('SIGKILL'));

    it('says what it can do', async () => {
      client = await startClient({ args, capabilities: CAPABILITIES });
      const { capabilities, serverInfo } = client.initialized as {
        capabilities: Record<string, unknown>;
        serverInfo: { name: string; version: string };
      };
      assert.equal(serverInfo.name, 'idac');
      assert.match(serverInfo.version, /^\d+\.\d+\.\d+/);
      assert.equal(capabilities['positionEncoding'], 'utf-16');
      assert.deepEqual(capabilities['textDocumentSync'], {
        openClose: true,
        change: 2,
        save: { includeText: false },
      });
      assert.deepEqual(capabilities['diagnosticProvider'], {
        identifier: 'idac',
        interFileDependencies: true,
        workspaceDiagnostics: true,
      });
      assert.deepEqual((capabilities['executeCommandProvider'] as { commands: string[] }).commands.sort(), [
        'idac.abandon',
        'idac.backends',
        'idac.checkConnection',
        'idac.execute',
        'idac.findSecrets',
        'idac.inventory',
        'idac.keepSecret',
        'idac.login',
        'idac.notASecret',
        'idac.plan',
        'idac.resume',
        'idac.resumeAll',
        'idac.run',
        'idac.runAll',
        'idac.tellTracked',
        'idac.unfinished',
        'idac.verify',
      ]);
      const { publicKey } = (capabilities['experimental'] as { sealing: { publicKey: string } }).sealing;
      assert.equal(Buffer.from(publicKey, 'base64url').length, 65);
    });

    it('ends with 0 after shutdown and exit, with 1 after exit alone or when the client goes away', async () => {
      client = await startClient({ args });
      assert.equal(await client.stop(), 0);
      client = await startClient({ args });
      client.notify('exit');
      assert.equal(await client.exited(), 1);
      client = await startClient({ args });
      client.process.stdin?.end();
      assert.equal(await client.exited(), 1);
    });

    it('refuses what comes before initialize and after shutdown, and a second initialize', async () => {
      client = await startClient({ args, bare: true });
      assert.equal(await codeOf(client.request('identity/inventory', {})), -32002);
      client.process.kill('SIGKILL');
      client = await startClient({ args });
      assert.equal(await codeOf(client.request('initialize', { capabilities: {} })), -32600);
      await client.request('shutdown');
      assert.equal(await codeOf(client.request('identity/inventory', {})), -32600);
    });
  });
}

describe('language server: over node-IPC, as VS Code starts it', () => {
  it('answers, and ends when the channel closes', async () => {
    const child = fork(path.join(REPOSITORY, 'server/dist/server.mjs'), ['--node-ipc'], { stdio: 'inherit' });
    const answered = once(child, 'message');
    child.send({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { processId: process.pid, rootUri: null, capabilities: {} },
    });
    const [message] = (await answered) as [{ id: number; result: { serverInfo: { name: string } } }];
    assert.deepEqual([message.id, message.result.serverInfo.name], [1, 'idac']);
    child.disconnect();
    assert.deepEqual(await once(child, 'exit'), [1, null]);
  });
});

describe('language server: whatever comes in', () => {
  let fixture: Fixture;
  afterEach(() => fixture.end());

  it('survives nonsense, and answers the next request', async () => {
    fixture = await openFixture();
    const { client } = fixture;
    assert.equal(await codeOf(client.request('no/such/method', {})), -32601);
    assert.equal(
      await codeOf(client.request('workspace/executeCommand', { command: 'rm', arguments: ['-rf'] })),
      -32602,
    );
    for (const params of [
      undefined,
      null,
      7,
      [],
      'x',
      {},
      { textDocument: null },
      { textDocument: { uri: 12 } },
    ]) {
      for (const method of [
        'textDocument/hover',
        'textDocument/codeLens',
        'textDocument/diagnostic',
        'textDocument/codeAction',
      ]) {
        const answered = await codeOf(client.request(method, params));
        assert.notEqual(answered, undefined, `${method} ${JSON.stringify(params)}`);
      }
      for (const method of [
        'textDocument/didOpen',
        'textDocument/didChange',
        'workspace/didChangeWatchedFiles',
        '$/cancelRequest',
      ]) {
        client.notify(method, params);
      }
    }
    for (const argument of [
      undefined,
      3,
      [],
      {},
      { verb: 'issue' },
      { verb: 'x', identity: 'Certificate/web' },
      { verb: 'issue', identity: 'web' },
    ]) {
      assert.equal(
        await codeOf(
          client.request('workspace/executeCommand', { command: 'idac.plan', arguments: [argument] }),
        ),
        -32602,
      );
    }
    client.writeRaw('Content-Length: 12\r\n\r\n{"not json..');
    client.writeRaw('Content-Length: 2\r\n\r\n[]');
    fixture.open('web.identity.yaml');
    assert.deepEqual((await fixture.pull('web.identity.yaml')).items, []);
  });

  it('answers nothing for files that are not its own', async () => {
    fixture = await openFixture({ files: { 'values.yaml': 'apiVersion: v1\nkind: Certificate\n' } });
    fixture.open('values.yaml');
    assert.deepEqual((await fixture.pull('values.yaml')).items, []);
    assert.deepEqual(await fixture.lenses('values.yaml'), []);
    for (const uri of [
      'untitled:Untitled-1',
      'https://example.com/x.identity.yaml',
      'file://elsewhere/x.identity.yaml',
    ]) {
      const textDocument = { uri };
      assert.deepEqual(await fixture.client.request('textDocument/codeLens', { textDocument }), []);
      assert.equal(
        await fixture.client.request('textDocument/hover', {
          textDocument,
          position: { line: 0, character: 0 },
        }),
        null,
      );
    }
  });

  it('follows folders that come and go, and files that change outside the editor', async () => {
    fixture = await openFixture();
    const other = await openFixture();
    try {
      const roots = async () =>
        (await fixture.client.request<{ root: string; rows: unknown[] }[]>('identity/inventory', {})).map(
          ({ rows }) => rows.length,
        );
      assert.deepEqual(await roots(), [1]);
      const folder = { uri: other.uri('.').replace(/\/\.?$/, ''), name: 'other' };
      fixture.client.notify('workspace/didChangeWorkspaceFolders', {
        event: { added: [folder], removed: [] },
      });
      assert.deepEqual(await roots(), [1, 1]);
      const several = await codeOf(
        fixture.run<Outcome>('idac.run', { verb: 'issue', identity: 'Certificate/web' }),
      );
      assert.equal(several, -32602);
      fixture.client.notify('workspace/didChangeWorkspaceFolders', {
        event: { added: [], removed: [folder] },
      });
      assert.deepEqual(await roots(), [1]);

      fixture.write(
        'more.identity.yaml',
        fixture.read('web.identity.yaml').replace('name: web', 'name: more'),
      );
      fixture.client.notify('workspace/didChangeWatchedFiles', {
        changes: [{ uri: fixture.uri('more.identity.yaml'), type: 1 }],
      });
      await fixture.client.next('identity/changed');
      while ((await roots())[0] !== 2) await fixture.client.next('identity/changed');
    } finally {
      await other.end();
    }
  });

  it('shows what the command line did meanwhile, once the editor reports the new records', async () => {
    fixture = await openFixture();
    fixture.open('web.identity.yaml');
    assert.match((await fixture.lensTitles('web.identity.yaml'))[0] ?? '', /^not issued yet/);
    const issued = await fixture.box.idac(['issue', 'Certificate/web', '--yes']);
    assert.equal(issued.code, 0, issued.err);
    const uri = fixture.uri('.identity/records/default/Certificate/web/any.json');
    fixture.client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 1 }] });
    while (!/^valid/.test((await fixture.lensTitles('web.identity.yaml'))[0] ?? '')) {
      await fixture.client.next('identity/changed');
    }
  });

  it('keeps the projects of one folder apart', async () => {
    fixture = await openFixture({
      files: {
        'shop/project.identity.yaml':
          'apiVersion: identity-as-code/v1\nkind: Project\nmetadata: { name: shop }\nspec: {}\n',
        'shop/.identity/.gitkeep': '',
        'shop/api.identity.yaml': WEB.replace('name: web', 'name: api'),
      },
    });
    fixture.open('shop/api.identity.yaml');
    const { items } = await fixture.pull('shop/api.identity.yaml');
    // The backend is declared in the other project: references never cross roots.
    assert.ok(
      items.some(({ message }) => message.includes('local-ca')),
      JSON.stringify(items),
    );
    const inventory = await fixture.client.request<{ name: string; rows: { name: string }[] }[]>(
      'identity/inventory',
      {},
    );
    assert.deepEqual(
      inventory.map(({ rows }) => rows.map(({ name }) => name)),
      [['web'], ['api']],
    );
    assert.equal(inventory[1]?.name, 'shop');
  });

  it('hides lenses when the setting says so', async () => {
    let enabled = false;
    fixture = await openFixture({
      answers: { 'workspace/configuration': () => [{ codeLens: { enabled } }] },
    });
    await fixture.client.next('workspace/configuration');
    fixture.open('web.identity.yaml');
    await fixture.client.next('workspace/codeLens/refresh');
    assert.deepEqual(await fixture.lenses('web.identity.yaml'), []);
    enabled = true;
    fixture.client.notify('workspace/didChangeConfiguration', { settings: null });
    while ((await fixture.lenses('web.identity.yaml')).length === 0) {
      await fixture.client.next('workspace/codeLens/refresh');
    }
    await fixture.end();

    // A client that cannot be asked sends them.
    fixture = await openFixture({
      capabilities: {},
      initializationOptions: { settings: { codeLens: { enabled: false } } },
    });
    fixture.open('web.identity.yaml');
    assert.deepEqual(await fixture.lenses('web.identity.yaml'), []);
    fixture.client.notify('workspace/didChangeConfiguration', {
      settings: { idac: { codeLens: { enabled: true } } },
    });
    assert.ok((await fixture.lenses('web.identity.yaml')).length > 0);
  });

  it('ends when the process of its client is gone, though the pipe stays open', async function () {
    this.timeout(120_000);
    fixture = await openFixture();
    const editor = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const client = await startClient({ processId: editor.pid ?? null });
    editor.kill('SIGKILL');
    await once(editor, 'exit');
    assert.equal(await client.exited(), 1);
  });
});
