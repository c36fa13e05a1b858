import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Plan } from '../../server/src/core/lifecycle/plan.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { CAPABILITIES, openFixture } from '../lsp/fixture.ts';
import { sealingPoint, sealTo } from '../lsp/sealing.ts';
import { type ActingProcess, buildActingProcess, certificateId, NEVER } from '../support/acting.ts';
import { foundIn, foundInFiles, foundInMemory, keyTraces } from '../support/memory.ts';
import { type TempProject, tempProject } from '../support/tempProject.ts';
import { makeToken, needsTokens, pkcs11Tool, type TestToken, withEnvironment } from './pkcs11Tokens.ts';
import { faultyModule } from './softhsm/faulty.ts';

const MANIFESTS = {
  'all.identity.yaml': `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: hsm }
spec:
  type: pkcs11
  owner: { team: platform, contact: platform@example.com }
  module: under-test
  token: { label: test }
---
apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: local-ca }
spec:
  type: local
  owner: { team: platform, contact: platform@example.com }
---
apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: api }
spec:
  owner: { team: payments, contact: payments@example.com }
  dnsNames: [api.example.com]
  key: { algorithm: ECDSA-P256, origin: store, store: hsm }
  issuer: local-ca
  duration: 20d
  deliverTo:
    - { backend: local-ca, path: tls/api.pem, contents: [certificate] }
`,
};

/**
 * A key whose private number this test knows is put into the token under the name of the key that an action is about to
 * use; then the action goes on with it. The number must be nowhere but in the token and the process that holds its driver.
 */
describe('a key in a token whose private number is known', function () {
  this.timeout(120_000);
  let token: TestToken;
  let project: TempProject;
  let actor: ActingProcess;
  let restore: () => void;
  before(async function () {
    needsTokens(this, 'softhsm');
    token = await makeToken('softhsm');
    actor = await buildActingProcess();
    project = await tempProject(MANIFESTS);
  });
  after(async () => {
    restore?.();
    await project?.remove();
    await actor?.remove();
    await token?.remove();
  });

  it('is found in no memory of the engine and in no file of it', async () => {
    const faulty = faultyModule(token);
    restore = withEnvironment({ ...faulty.environment, IDAC_PKCS11_MODULES: `under-test=${faulty.module}` });
    const opened = await project.open();
    await opened.logins.confirm('hsm');
    await opened.logins.logIn('hsm', { pin: new Secret(token.pin) }, NEVER);

    // Killed right before the key is made; the plan says what it is to be called.
    const orders = {
      root: project.root,
      stateHome: project.stateHome,
      unlockKey: project.unlockKey,
      identity: certificateId('api'),
    };
    const stopped = await actor.start({
      ...orders,
      act: { verb: 'issue' },
      killAt: { at: 'step-journaled', n: 1 },
    }).ended;
    const [unfinished] = await opened.actions.unfinished(NEVER);
    const plan = unfinished?.plan;
    const keyId = plan?.steps.find(({ verb }) => verb === 'make-key')?.target ?? '';
    const issue = plan?.steps.find(({ verb }) => verb === 'issue')?.n ?? 0;
    assert.ok(
      plan && keyId.startsWith('certificate/default/api/') && issue > 0,
      `${stopped.out}${stopped.err}`,
    );

    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    putIntoToken(keyId, {
      privkey: privateKey.export({ format: 'der', type: 'pkcs8' }),
      pubkey: publicKey.export({ format: 'der', type: 'spki' }),
    });
    const forms = keyTraces(privateKey);
    assert.ok(foundInMemory(process.pid, forms).length > 0, 'the search finds it where it is');

    const acting = actor.start({
      ...orders,
      act: { resume: 'forward', planId: plan.id },
      killAt: { at: 'step-acted', n: issue },
      stay: true,
    });
    await acting.staying;
    assert.equal(faulty.calls('C_Sign'), 1, 'the token has signed the request');
    assert.deepEqual(foundInMemory(acting.pid ?? 0, forms), []);
    acting.release();
    const { out, err } = await acting.ended;
    assert.match(out, /"state":"done"/, err);
    await opened.close();

    const certificate = new X509Certificate(readFileSync(path.join(project.root, 'tls/api.pem')));
    assert.ok(certificate.publicKey.equals(publicKey), 'the certificate is for that key');
    const { searched, found } = foundInFiles([path.dirname(project.root)], forms);
    assert.ok(searched > 10);
    assert.deepEqual(found, []);
  });

  it('is found in no memory of the language server and in no file of it', async () => {
    const faulty = faultyModule(token);
    const fixture = await openFixture({
      capabilities: { ...CAPABILITIES, experimental: { identityConfirm: true, identitySignIn: true } },
      files: MANIFESTS,
      env: { ...faulty.environment, IDAC_PKCS11_MODULES: '' },
      initializationOptions: { pkcs11Modules: { 'under-test': faulty.module } },
      answers: {
        'identity/confirm': () => ({ confirmed: true }),
        'identity/signIn': (params) => ({
          confirmed: true,
          sealed: sealTo(
            sealingPoint(fixture.client),
            `login\n${(params as { question: string }).question}`,
            Buffer.from(JSON.stringify({ pin: token.pin })),
          ),
        }),
      },
    });
    try {
      fixture.open('all.identity.yaml');
      const signedIn = await fixture.run<{ ok: boolean; what: string }>('idac.login', { backend: 'hsm' });
      assert.ok(signedIn.ok, signedIn.what);
      const plan = await fixture.run<Plan>('idac.plan', {
        verb: 'issue',
        identity: 'Certificate/default/api',
      });
      const keyId = plan.steps.find(({ verb }) => verb === 'make-key')?.target ?? '';
      assert.match(keyId, /^certificate\/default\/api\//);
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      putIntoToken(keyId, {
        privkey: privateKey.export({ format: 'der', type: 'pkcs8' }),
        pubkey: publicKey.export({ format: 'der', type: 'spki' }),
      });
      const forms = keyTraces(privateKey);
      const { result, message } = await fixture.run('idac.execute', { planId: plan.id, hash: plan.hash });
      assert.equal(result.state, 'done', message);
      const certificate = new X509Certificate(fixture.read('tls/api.pem'));
      assert.ok(certificate.publicKey.equals(publicKey), 'the certificate is for that key');
      const server = fixture.client.process.pid ?? 0;
      assert.deepEqual(foundInMemory(server, forms), []);
      assert.ok(foundInMemory(process.pid, forms).length > 0, 'the search finds it where it is');
      const { searched, found } = foundInFiles([path.dirname(fixture.box.folder)], forms);
      assert.ok(searched > 10);
      assert.deepEqual(found, []);
      assert.deepEqual(foundIn(Buffer.from(fixture.client.trace()), forms), []);
    } finally {
      await fixture.end();
    }
  });

  function putIntoToken(label: string, halves: Readonly<Record<string, Buffer>>): void {
    for (const [type, der] of Object.entries(halves)) {
      const file = path.join(token.folder, type);
      writeFileSync(file, der, { mode: 0o600 });
      const sensitive = type === 'privkey' ? ['--sensitive'] : [];
      const { status, text } = pkcs11Tool(
        token,
        ...['--write-object', file, '--type', type, '--label', label, '--id', 'c0ffee', '--usage-sign'],
        ...sensitive,
      );
      rmSync(file);
      assert.equal(status, 0, text);
    }
  }
});
