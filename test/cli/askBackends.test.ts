import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

interface Finding {
  readonly severity: string;
  readonly file: string;
  readonly message: string;
  readonly related: readonly { readonly file: string }[];
}

/** The record is gone: what the authority remembers is all that tells whose the key is. */
describe('idac scan --ask-backends', function () {
  this.timeout(PATIENCE);
  let box: Sandbox;
  before(async () => {
    box = sandbox();
    for (const args of [['init'], ['issue', 'Certificate/web', '--yes']]) {
      const { code, err } = await box.idac(args);
      assert.equal(code, 0, err);
    }
    copyFileSync(at('tls/web.key.pem'), at('debug.txt'));
    rmSync(at('.identity'), { recursive: true });
    rmSync(at('tls'), { recursive: true });
  });
  after(() => box.remove());

  const at = (file: string): string => path.join(box.folder, file);
  const scan = async (...args: readonly string[]) => {
    const { data } = await box.json(['scan', ...args]);
    const findings = data['findings'] as readonly Finding[];
    return {
      found: findings.find(({ file }) => file === 'debug.txt'),
      notAsked: data['notAsked'] as { backend: string; why: string }[],
    };
  };

  it('contacts nobody without it', async () => {
    const { found, notAsked } = await scan();
    assert.match(found?.message ?? '', /stands here; take it as known to others$/);
    assert.equal(notAsked, undefined);
  });

  it('says what an authority certified with the key', async () => {
    const { found, notAsked } = await scan('--ask-backends');
    assert.deepEqual(notAsked, []);
    assert.match(
      found?.message ?? '',
      /a certificate issued to Certificate\/default\/web.* for CN=.*, as [a-z-]+ says, until \d{4}-\d\d-\d\d/,
    );
    assert.match(found?.related[0]?.file ?? '', /\.identity\.yaml$/);
  });

  it('names a backend that gave no answer, and goes on', async () => {
    writeFileSync(
      at('vault.identity.yaml'),
      'apiVersion: identity-as-code/v1\nkind: Backend\nmetadata: { name: vault-prod }\nspec:\n  type: vault\n  owner: { team: platform }\n  address: https://vault.example.com:8200\n  auth: { method: token }\n  pki: { mount: pki, role: web }\n',
    );
    const { found, notAsked } = await scan('--ask-backends');
    assert.deepEqual(
      notAsked.map(({ backend }) => backend),
      ['vault-prod'],
    );
    assert.match(found?.message ?? '', /, as [a-z-]+ says/);
    const { err } = await box.idac(['scan', '--ask-backends']);
    assert.match(err, /^Not asked: vault-prod: /m);
    assert.ok(
      !readFileSync(at('debug.txt'), 'utf8')
        .split('\n')
        .some((line) => line.length > 20 && err.includes(line)),
    );
  });
});
