import assert from 'node:assert/strict';
import type { BackendItem } from '../../server/src/lsp/treeProtocol.ts';
import { vaultManifest } from '../support/vaultProject.ts';
import { BACKEND, type Fixture, openFixture } from './fixture.ts';

const VAULT = vaultManifest('https://vault.invalid:8200', 'one');
const FILES = {
  'vault.identity.yaml': VAULT,
  'broken.identity.yaml': BACKEND.replace('local-ca', 'broken').replace('type: local', 'typ: local'),
};

describe('language server: the backends as they were seen last', () => {
  let fixture: Fixture;
  afterEach(() => fixture.end());
  const backends = () => fixture.client.request<BackendItem[]>('identity/backends');
  const named = async (name: string) => {
    const found = (await backends()).find(({ backend }) => backend === name);
    assert.ok(found, name);
    return found;
  };

  it('says what each is, where it is, what it does here, and what is missing', async () => {
    fixture = await openFixture({ files: FILES });
    const local = await named('local-ca');
    assert.equal(local.standing, 'unknown');
    assert.equal(local.signIn, false);
    assert.deepEqual(local.holds, { issues: 1, keys: 0, delivered: 1 });
    assert.ok(local.roles.includes('CertificateAuthority'));
    assert.equal(local.owner, 'platform');
    assert.deepEqual([local.at, local.login, local.checks], [null, null, []]);
    assert.equal(local.declaredAt.file, 'ca.identity.yaml');

    const vault = await named('vault-prod');
    assert.deepEqual(vault.holds, { issues: 1, keys: 1, delivered: 1 });
    assert.equal(vault.standing, 'unconfirmed');
    assert.equal(vault.signIn, true);
    assert.match(vault.address ?? '', /^https:\/\/vault\.invalid:8200/);
    assert.equal(vault.title, 'HashiCorp Vault or OpenBao');

    const broken = await named('broken');
    assert.equal(broken.standing, 'broken');
    assert.deepEqual([broken.address, broken.roles], [null, []]);
    const ids = (await backends()).map(({ id }) => id);
    assert.equal(new Set(ids).size, 3);
  });

  it('keeps what a check said, for the next server too', async () => {
    fixture = await openFixture();
    const check = await fixture.run<{ ok: boolean; checks: unknown[] }>('idac.checkConnection', {
      backend: 'local-ca',
    });
    const seen = await named('local-ca');
    assert.equal(seen.standing, check.ok ? 'reachable' : 'failed');
    assert.deepEqual(seen.checks, check.checks);
    assert.ok(seen.at !== null && Math.abs(Date.parse(seen.at) - Date.now()) < 600_000);
    await fixture.client.stop();
    const { box } = fixture;
    fixture = await openFixture({ box });
    assert.deepEqual((await named('local-ca')).checks, check.checks);
  });

  it('of a folder that is not trusted it tells the manifests alone', async () => {
    fixture = await openFixture({ files: FILES, trusted: false });
    for (const name of ['local-ca', 'vault-prod']) {
      const { standing, at, login, signIn, checks } = await named(name);
      assert.deepEqual(
        { standing, at, login, signIn, checks },
        { standing: 'untrusted', at: null, login: null, signIn: false, checks: [] },
      );
    }
  });
});
