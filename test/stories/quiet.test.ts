import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { hasProgram, needs } from '../support/needs.ts';
import { vaultManifest } from '../support/vaultProject.ts';
import { isInstalled } from '../vscode/host.mjs';
import { runVsCode } from '../vscode/runVsCode.ts';
import { copySamples } from '../vscode/sampleFolder.ts';

describe('before anybody acts', function () {
  this.timeout(300_000);

  it('nothing goes to the network: not to a server that manifests name, and not elsewhere', async function () {
    needs(this, 'a VS Code host (test/vscode/install)', isInstalled());
    needs(this, 'strace', hasProgram('strace', '-V'));
    // It stands for the backend and for the endpoint of the certificate, and nobody may knock.
    let knocked = 0;
    const server = createServer((socket) => {
      knocked += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const samples = copySamples();
    const calls = path.join(samples.root, 'calls.txt');
    try {
      const manifest = vaultManifest(`http://127.0.0.1:${port}`, crypto.randomUUID()).replace(
        /^( {2}duration: 20d)$/m,
        `$1\n  endpoints: [127.0.0.1:${port}]`,
      );
      writeFileSync(path.join(samples.workspace, 'vault.identity.yaml'), manifest);
      await runVsCode(samples, ['--ui', 'test/vscode/ui/quiet.mjs', '--calls', calls]);
      assert.equal(knocked, 0, 'connections to the address in the manifest');
      // The whole of VS Code, its extension host and the language server: who is asked is written down by the kernel.
      const asked = readFileSync(calls, 'utf8').split('\n');
      assert.ok(
        asked.some((line) => line.includes('AF_UNIX')),
        'the calls were written down',
      );
      assert.deepEqual(
        asked.filter((line) => /AF_INET6?\b/.test(line) && !/inet_addr\("127\.|"::1"|AF_UNSPEC/.test(line)),
        [],
      );
    } finally {
      server.close();
      samples.remove();
    }
  });
});
