/** What a script sees when a server fails: exit codes, and the command that goes on. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { appRole } from '../backends/openbaoServer.ts';
import { vaultSuite } from '../backends/vaultContext.ts';
import { PATIENCE, type Ran, type Sandbox, sandbox } from '../support/idac.ts';
import { vaultManifest } from '../support/vaultProject.ts';

const API = 'Certificate/payments/api';

describe('idac and a server that fails', function () {
  this.timeout(PATIENCE);
  const server = vaultSuite();
  let place: Sandbox;
  beforeEach(async () => {
    place = sandbox();
    const manifest = vaultManifest(server.proxy.address, crypto.randomUUID());
    writeFileSync(path.join(place.folder, 'vault.identity.yaml'), manifest);
    const { role_id, secret_id } = await appRole(server.bao);
    const secret = path.join(path.dirname(place.folder), 'secret-id');
    writeFileSync(secret, secret_id, { mode: 0o600 });
    const fields = ['--field', `role_id=${role_id}`, '--field-file', `secret_id=${secret}`];
    await ends(0, 'login', 'vault-prod', '--yes', ...fields);
    await ends(0, 'issue', API, '--yes');
  });
  afterEach(() => place?.remove());

  const textOf = ({ out, err }: Ran): string => `${out}${err}`.replace(/\s+/g, ' ');
  async function ends(code: number, ...args: readonly string[]): Promise<string> {
    const ran = await place.idac(args);
    assert.equal(ran.code, code, `${args.join(' ')}: ${ran.out}${ran.err}`);
    return textOf(ran);
  }

  it('ends with 3 where nothing was done, and does it once the server is back', async () => {
    await server.bao.root('PUT', 'sys/seal');
    try {
      assert.match(await ends(3, 'verify', API), /vault-prod is sealed.*unseal/);
      assert.match(await ends(3, 'rotate', API, '--yes'), /vault-prod is sealed.*unseal/);
    } finally {
      await server.bao.root('PUT', 'sys/unseal', { key: server.bao.unsealKey });
    }
    await ends(0, 'rotate', API, '--yes');
    await ends(0, 'verify', API);
  });

  it('ends with 4 where it may have been done, and resume finishes it', async () => {
    server.proxy.break(/^POST \/v1\/pki\/sign\//, { kind: 'reset after' });
    const told = await ends(4, 'rotate', API, '--yes');
    assert.match(told, /Step 2 \(issue at vault-prod\): The connection with vault-prod .* broke/);
    assert.match(told, /it may have acted before that\. Run `idac resume \w+` to go on/);
    server.proxy.mend();
    await ends(4, 'resume', '--list');
    await ends(0, 'resume');
    await ends(0, 'verify', API);
    await ends(0, 'resume', '--list');
  });

  it('says of what could not be taken back that resume takes back the rest, and so it does', async () => {
    // The step is refused for good, so what was made is to be ended; that is refused, too.
    const refusal = { kind: 'answer', status: 403, body: '{"errors":["permission denied"]}' } as const;
    server.proxy.break(/^(POST \/v1\/pki\/sign\/|DELETE \/v1\/transit\/keys\/)/, refusal);
    const told = await ends(4, 'rotate', API, '--yes');
    assert.match(told, /Step 2 \(issue at vault-prod\): The login at vault-prod may not use pki\/sign/);
    assert.match(told, /Step 1 \(make-key at vault-prod\): .*transit\/keys/);
    assert.match(
      told,
      /Not everything is taken back yet: run `idac resume \w+` for the rest, or with `--abandon` to give it up\./,
    );
    assert.match(await ends(4, 'resume', '--list'), /not wholly taken back/);
    server.proxy.mend();
    assert.match(await ends(3, 'resume'), /Everything was taken back\./);
    await ends(0, 'resume', '--list');
    await ends(0, 'rotate', API, '--yes');
  });
});
