import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { PATIENCE, REPOSITORY, runIdac } from '../support/idac.ts';

describe('idac lsp --stdio', function () {
  this.timeout(PATIENCE);
  it('is the language server: it answers initialize, and ends when it is told to', async () => {
    const child = spawn(process.execPath, [path.join(REPOSITORY, 'server/bin/idac.mjs'), 'lsp', '--stdio']);
    const send = (message: object) => {
      const body = JSON.stringify({ jsonrpc: '2.0', ...message });
      child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    };
    let heard = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
      if (heard.includes('"id":1') && !heard.includes('"id":2')) send({ id: 2, method: 'shutdown' });
      if (heard.includes('"id":2')) send({ method: 'exit' });
    });
    send({
      id: 1,
      method: 'initialize',
      params: { processId: process.pid, rootUri: null, capabilities: {} },
    });
    const [code] = await once(child, 'exit');
    assert.equal(code, 0);
    assert.match(heard, /"capabilities":\{/);
    assert.match(heard, /^Content-Length: /);
  });

  it('ends at once when it is killed', async () => {
    const child = spawn(process.execPath, [path.join(REPOSITORY, 'server/bin/idac.mjs'), 'lsp', '--stdio']);
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { processId: null, rootUri: null, capabilities: {} },
    });
    child.stdin.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    const [code, signal] = await once(child, 'exit');
    assert.ok(signal === 'SIGTERM' || code !== null);
  });

  it('without a way to talk is told that it needs one', async () => {
    const { code, err } = await runIdac(['lsp'], { input: '' });
    assert.equal(code, 2);
    assert.match(err, /idac lsp --stdio/);
  });
});
