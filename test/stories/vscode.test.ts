import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { IdentityEvent, IssuedEvent, RevokedEvent } from '../../server/src/core/lifecycle/event.ts';
import { appRole, needsOpenBao, type OpenBao, setUp, startOpenBao } from '../backends/openbaoServer.ts';
import { makeToken, needsTokens, pkcs11Tool, type TestToken } from '../backends/pkcs11Tokens.ts';
import { makeFoundFolder } from '../support/foundFolder.ts';
import { runIdac } from '../support/idac.ts';
import { hasProgram, needs } from '../support/needs.ts';
import { hsmManifest, vaultManifest } from '../support/vaultProject.ts';
import { makeCredentials } from '../vscode/credentialSamples.ts';
import { isInstalled } from '../vscode/host.mjs';
import { issueSample } from '../vscode/issueSample.ts';
import { runVsCode } from '../vscode/runVsCode.ts';
import type { SampleFolder } from '../vscode/sampleFolder.ts';
import { copySamples } from '../vscode/sampleFolder.ts';

const repository = path.resolve(import.meta.dirname, '../..');

describe('in a real VS Code', function () {
  this.timeout(300_000);
  let samples: SampleFolder;

  before(function () {
    needs(this, 'a VS Code host (test/vscode/install)', isInstalled());
  });
  beforeEach(() => {
    samples = copySamples();
  });
  afterEach(() => samples.remove());

  it('the suite inside the extension host passes as @vscode/test-electron starts it, and what it left behind is true', async () => {
    const results = path.join(samples.root, 'results.json');
    const env = {
      ...process.env,
      ...samples.environment,
      IDAC_SUITE_RESULTS: results,
      VSCODE_EXECUTABLE: path.join(repository, 'test/vscode/code'),
    };
    const command = ['--import', 'tsx', 'test/vscode/runTests.ts', '--workspace', samples.workspace];
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: repository, env }).catch(
      (error) => assert.fail(`${error.stdout}${error.stderr}`),
    );
    assert.match(stdout, /passing/);
    const totals: unknown = JSON.parse(readFileSync(results, 'utf8'));
    assert.ok(typeof totals === 'object' && totals !== null && 'passed' in totals);
    assert.ok(Number(totals.passed) >= 16, JSON.stringify(totals));
    assert.deepEqual({ ...totals, passed: 0 }, { passed: 0, failed: 0, pending: 0 });
    assertWholeLife();
  });

  it('a person takes one certificate through its life with real lenses and real dialogs', async () => {
    await runVsCode(samples, ['--ui', 'test/vscode/ui/lifecycle.mjs']);
    assertWholeLife();
  });

  it('a person reads the dashboard, looks ahead and asks what breaks; everybody can, in every theme', async () => {
    const passphrase = randomBytes(12).toString('hex');
    await issueSample(samples, 'Certificate/tracking/tracking-web', passphrase, 40);
    await issueSample(samples, 'Certificate/depots/gate-controller', passphrase, 5);
    await runVsCode(samples, ['--ui', 'test/vscode/ui/dashboard.mjs']);
  });

  it('a plan is looked at, planned again and run, an audit is read, and what was shown comes back with the window', async () => {
    const passphrase = randomBytes(12).toString('hex');
    await issueSample(samples, 'Certificate/tracking/parcel-events', passphrase, 3);
    await runVsCode(samples, ['--ui', 'test/vscode/ui/documents.mjs'], { IDAC_PASSPHRASE: passphrase });
  });

  it('a person finds their way in more identities than a screen holds', async () => {
    const passphrase = randomBytes(12).toString('hex');
    await issueSample(samples, 'Certificate/tracking/tracking-web', passphrase, 42);
    const many = Array.from({ length: 450 }, (_, place) => bulkManifest(place));
    writeFileSync(path.join(samples.workspace, 'bulk.identity.yaml'), many.join('---\n'));
    await runVsCode(samples, ['--ui', 'test/vscode/ui/trees.mjs'], { IDAC_PASSPHRASE: passphrase });
    const events = recordedEvents(
      path.join(samples.workspace, '.identity/records/payments/Certificate/payments-api'),
    );
    for (const wanted of ['issued', 'revoked'])
      assert.deepEqual(
        events.filter(({ type }) => type === wanted).map(({ machine }) => machine),
        ['payments-1', 'payments-2'],
        wanted,
      );
  });

  it('a folder that is not trusted is read and not acted on, until it is trusted', async () => {
    // The script looks itself that nothing was written before: it knows when the folder was trusted.
    await runVsCode(samples, ['--ui', 'test/vscode/ui/restricted.mjs']);
    const records = path.join(samples.workspace, '.identity/records');
    assert.deepEqual(
      readdirSync(records, { recursive: true }).filter((name) => name === 'tracking'),
      ['tracking'],
    );
  });

  it('files of certificates and keys are shown as what they are, and no private part of them', async function () {
    needs(this, 'ssh-keygen', hasProgram('ssh-keygen', '-?'));
    const { passphrase } = makeCredentials(samples.workspace);
    writeFileSync(path.join(samples.root, 'passphrase.txt'), passphrase);
    await runVsCode(samples, ['--ui', 'test/vscode/ui/viewer.mjs']);
  });

  it('a folder with certificates and without manifests is looked through and adopted, and a wizard declares more', async () => {
    rmSync(samples.workspace, { recursive: true });
    mkdirSync(samples.workspace);
    makeFoundFolder(samples.workspace);
    execFileSync('git', ['init', '--quiet'], { cwd: samples.workspace });
    writeFileSync(path.join(samples.workspace, '.gitignore'), '*.key\n');
    await runVsCode(samples, ['--ui', 'test/vscode/ui/firstRun.mjs']);
    // The keys of the folder stand open, as they did: that is for a scan to say.
    const { out } = await runIdac(['check', '--no-scan', '-C', samples.workspace]);
    assert.doesNotMatch(out, /error/);
    const inventory = await runIdac(['inventory', '--format', 'json', '-C', samples.workspace]);
    assert.match(inventory.out, /"name": "shop-example-com"/);
    assert.doesNotMatch(inventory.out, /soon-example-com/, 'its adoption was undone');
    const recorded = recordedEvents(
      path.join(samples.workspace, '.identity/records/default/Certificate/shop-example-com'),
    );
    assert.deepEqual(
      recorded.map(({ type }) => type),
      ['adopted'],
    );
  });

  it('two folders in one window are two projects', async () => {
    const shop = path.join(samples.root, 'shop');
    mkdirSync(shop);
    writeFileSync(path.join(shop, 'shop.identity.yaml'), SHOP);
    const file = path.join(samples.root, 'both.code-workspace');
    writeFileSync(file, JSON.stringify({ folders: [{ path: samples.workspace }, { path: shop }] }));
    await runVsCode({ ...samples, workspace: file }, ['--ui', 'test/vscode/ui/manyRoots.mjs']);
    assert.ok(existsSync(path.join(shop, '.identity/records/shop/Certificate/web')));
    assert.ok(!existsSync(path.join(samples.workspace, '.identity/records')));
  });

  it('a sealed store with a passphrase asks for it once, when the person acts', async () => {
    const passphrase = randomBytes(12).toString('hex');
    await issueSample(samples, 'Certificate/tracking/tracking-web', passphrase);
    writeFileSync(path.join(samples.root, 'passphrase'), passphrase, { mode: 0o600 });
    await runVsCode(samples, ['--ui', 'test/vscode/ui/passphrase.mjs']);
  });

  describe('with a backend that wants a login', () => {
    let bao: OpenBao;
    before(async function () {
      needsOpenBao(this);
      bao = startOpenBao();
      await setUp(bao);
    });
    after(() => bao?.stop());

    it('a person signs in to it, and issues a certificate there', async () => {
      const login = { ...(await appRole(bao)), address: bao.address };
      writeFileSync(path.join(samples.root, 'login.json'), JSON.stringify(login), { mode: 0o600 });
      const file = path.join(samples.workspace, 'vault.identity.yaml');
      writeFileSync(file, vaultManifest(bao.address, crypto.randomUUID()));
      await runVsCode(samples, ['--ui', 'test/vscode/ui/signIn.mjs']);
      const events = recordedEvents(
        path.join(samples.workspace, '.identity/records/payments/Certificate/api'),
      );
      const issued = events.find((event): event is IssuedEvent => event.type === 'issued');
      assert.match(openssl(['x509', '-noout', '-issuer'], issued?.publicText ?? ''), /Test Root/);
    });

    describe('and a token for the keys', () => {
      let token: TestToken;
      before(async function () {
        needsTokens(this, 'softhsm');
        token = await makeToken('softhsm');
      });
      after(() => token?.remove());

      it('a person issues, rotates and revokes a certificate whose key stays in the token', async () => {
        const ledger = crypto.randomUUID();
        const login = { ...(await appRole(bao)), pin: token.pin };
        writeFileSync(path.join(samples.root, 'login.json'), JSON.stringify(login), { mode: 0o600 });
        const file = path.join(samples.workspace, 'hsm.identity.yaml');
        writeFileSync(file, hsmManifest(bao.address, ledger, token.label));
        await runVsCode(
          samples,
          [
            ...['--ui', 'test/vscode/ui/hsm.mjs'],
            ...['--setting', `idac.pkcs11.modules=${JSON.stringify({ 'under-test': token.module })}`],
          ],
          token.environment,
        );

        const first = await deliveredChain(ledger, 1);
        const second = await deliveredChain(ledger, 2);
        await assert.rejects(deliveredChain(ledger, 3), /404/);
        const root = path.join(samples.root, 'root.pem');
        const crl = path.join(samples.root, 'crl.pem');
        writeFileSync(root, await published('pki/ca/pem'));
        writeFileSync(crl, await published('pki/crl/pem'));
        const chain = path.join(samples.root, 'chain.pem');
        for (const pem of [first, second]) {
          writeFileSync(chain, pem);
          openssl(['verify', '-no-CAfile', '-no-CApath', '-x509_strict', '-trusted', root, chain]);
        }
        const [, serialNumber] = /serial=(\w+)/.exec(openssl(['x509', '-noout', '-serial'], second)) ?? [];
        openssl(['crl', '-in', crl, '-CAfile', root, '-verify', '-noout']);
        assert.match(
          openssl(['crl', '-in', crl, '-noout', '-text']),
          new RegExp(`Serial Number: ${serialNumber}`),
        );

        // The token holds the key of the second certificate alone, and holds it so that it never leaves.
        const privateKeys = pkcs11Tool(token, '--list-objects', '--type', 'privkey').text;
        assert.deepEqual(
          privateKeys.match(/label:\s+certificate\/payments\/api\/\S+/g)?.length,
          1,
          privateKeys,
        );
        assert.match(privateKeys, /Usage:\s+sign\n/);
        assert.match(privateKeys, /Access:\s+sensitive, always sensitive, never extractable, local/);
        const publicKey = path.join(samples.root, 'public.der');
        const [, id = ''] = /ID:\s+([0-9a-f]+)/.exec(privateKeys) ?? [];
        const read = ['--read-object', '--type', 'pubkey', '--id', id, '--output-file', publicKey];
        assert.equal(pkcs11Tool(token, ...read).status, 0);
        const certified = openssl(['x509', '-noout', '-pubkey'], second);
        assert.equal(openssl(['pkey', '-pubin', '-inform', 'der', '-in', publicKey]), certified);
        assert.notEqual(openssl(['x509', '-noout', '-pubkey'], first), certified);
      });

      const published = async (at: string) => (await fetch(`${bao.address}/v1/${at}`)).text();
      const deliveredChain = async (ledger: string, version: number): Promise<string> => {
        const { data } = await bao.root('GET', `secret/data/payments/${ledger}/tls/api?version=${version}`);
        return (data as { data: { chain: string } }).data.chain;
      };
    });
  });

  /** Issued, rotated and revoked: judged from outside, by OpenSSL and the files alone. */
  function assertWholeLife(): void {
    const events = recordedEvents(
      path.join(samples.workspace, '.identity/records/tracking/Certificate/tracking-web'),
    );
    const issued = events.filter((event): event is IssuedEvent => event.type === 'issued');
    const revoked = events.filter((event): event is RevokedEvent => event.type === 'revoked');
    const roots = path.join(samples.workspace, 'pki/internal-ca.roots.pem');
    assert.equal(issued.length, 2, 'issued and rotated');
    const keys = issued.map(({ publicText }) => openssl(['x509', '-noout', '-pubkey'], publicText));
    assert.equal(new Set(keys).size, 2, 'rotated to another key');
    const chain = path.join(samples.root, 'chain.pem');
    for (const { publicText } of issued) {
      writeFileSync(chain, publicText);
      openssl(['verify', '-no-CAfile', '-no-CApath', '-trusted', roots, '-untrusted', chain, chain]);
    }
    assert.ok(revoked.length > 0, 'what was in use was revoked');
    const listed = openssl([
      'crl',
      '-noout',
      '-text',
      '-in',
      path.join(samples.workspace, 'pki/internal-ca.crl.pem'),
    ]);
    for (const { serialNumber, reason } of revoked) {
      assert.equal(reason, 'cessationOfOperation');
      assert.match(listed, new RegExp(`Serial Number: 0*${serialNumber}`, 'i'));
    }
  }
});

function bulkManifest(place: number): string {
  return `apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: n${place}, namespace: bulk }
spec:
  owner: { team: bulk, contact: bulk@fernweh.example }
  usages: [serverAuth]
  dnsNames: [n${place}.fernweh.example]
  issuer: internal-ca
  duration: 47d
  deliverTo:
    - { backend: internal-ca, path: bulk/n${place}.pem, contents: [chain] }
`;
}

/** A project of its own, with an authority that has the name of none in the samples. */
const SHOP = `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: shop-ca }
spec:
  type: local
  owner: { team: shop, contact: shop@fernweh.example }
  authority: { commonName: Shop }
---
apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: web, namespace: shop }
spec:
  owner: { team: shop, contact: shop@fernweh.example }
  usages: [serverAuth]
  dnsNames: [shop.fernweh.example]
  issuer: shop-ca
  duration: 47d
  deliverTo:
    - { backend: shop-ca, path: tls/web.pem, contents: [chain] }
`;

function recordedEvents(folder: string): readonly IdentityEvent[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as IdentityEvent);
}

/** Throws with OpenSSL's own words when it does not agree. */
function openssl(args: readonly string[], input = ''): string {
  return execFileSync('openssl', [...args], { input, encoding: 'utf8' });
}
