/** What editing a manifest does to what was issued from it. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { assertRefused, attempt, certificateId, done, NEVER } from '../support/acting.ts';
import { type TempProject, TWO_MACHINES, tempProject } from '../support/tempProject.ts';

const api = certificateId('api', 'payments');
const text = TWO_MACHINES['api.identity.yaml'] ?? '';

describe('manifests that change', () => {
  let place: TempProject;
  beforeEach(async () => {
    place = await tempProject(TWO_MACHINES);
  });
  afterEach(() => place.remove());

  it('one identity on three machines is three keys', async () => {
    await place.write(
      'api.identity.yaml',
      `${text.replace('[api-1, api-2]', '[api-1, api-2, api-3]')}---
apiVersion: identity-as-code/v1
kind: Machine
metadata: { name: api-3 }
spec: { type: vm, provider: lab, owner: { team: payments }, network: { location: berlin } }
`,
    );
    const project = await place.open();
    await done(project, 'issue', api);
    const rows = await project.inventory(NEVER);
    assert.deepEqual(
      rows.map((row) => row.machine),
      ['api-1', 'api-2', 'api-3'],
    );
    assert.equal(new Set(rows.map((row) => row.spkiSha256)).size, 3);
    const keys = new Set<string>();
    for (const machine of ['api-1', 'api-2', 'api-3']) {
      const pem = await readFile(path.join(place.root, `tls/${machine}/tls.pem`), 'utf8');
      keys.add(new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'pem' }).toString());
    }
    assert.equal(keys.size, 3);
    await project.close();
  });

  it('a new machine is issued for without touching the others', async () => {
    await place.write('api.identity.yaml', text.replace('[api-1, api-2]', '[api-1]'));
    const project = await place.open();
    await done(project, 'issue', api);
    const [before] = await project.inventory(NEVER);
    await place.write('api.identity.yaml', text);
    await project.workspace.reload('api.identity.yaml');
    assert.deepEqual(
      (await project.inventory(NEVER)).map((row) => row.state),
      ['active', 'declared'],
    );
    await done(project, 'issue', api);
    const rows = await project.inventory(NEVER);
    assert.deepEqual(
      rows.map((row) => row.state),
      ['active', 'active'],
    );
    assert.equal(rows[0]?.serialNumber, before?.serialNumber);
    await project.close();
  });

  it('a renamed identity keeps its record', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    const before = await project.inventory(NEVER);
    await place.write(
      'api.identity.yaml',
      text.replace(
        'name: api, namespace: payments',
        'name: checkout, namespace: payments, formerNames: [api]',
      ),
    );
    await project.workspace.reload('api.identity.yaml');
    const after = await project.inventory(NEVER);
    assert.deepEqual(
      after.map((row) => row.name),
      ['checkout', 'checkout'],
    );
    assert.deepEqual(
      after.map((row) => row.serialNumber),
      before.map((row) => row.serialNumber),
    );
    assert.deepEqual(
      after.map((row) => row.state),
      ['active', 'active'],
    );
    assert.deepEqual(await project.check(NEVER), []);
    await done(project, 'rotate', certificateId('checkout', 'payments'));
    assert.deepEqual(
      (await project.inventory(NEVER)).map((row) => row.state),
      ['active', 'active'],
    );
    assert.deepEqual((await project.verifyLog(NEVER)).problems, []);
    await project.close();
  });

  it('an edited specification is out of date until it is renewed', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    await place.write(
      'api.identity.yaml',
      text.replace('[api.example.com]', '[api.example.com, pay.example.com]'),
    );
    await project.workspace.reload('api.identity.yaml');
    assert.deepEqual(
      (await project.inventory(NEVER)).map((row) => row.state),
      ['outOfDate', 'outOfDate'],
    );
    assert.deepEqual(
      (await project.check(NEVER)).map((finding) => finding.rule),
      ['certificate/out-of-date', 'certificate/out-of-date'],
    );
    await done(project, 'renew', api);
    assert.deepEqual(
      (await project.inventory(NEVER)).map((row) => row.state),
      ['active', 'active'],
    );
    const pem = await readFile(path.join(place.root, 'tls/api-1/tls.pem'), 'utf8');
    assert.match(new X509Certificate(pem).subjectAltName ?? '', /pay\.example\.com/);
    await project.close();
  });

  it('without a duration the issuer decides how long', async () => {
    const backends = TWO_MACHINES['backends.identity.yaml'] ?? '';
    await place.write(
      'backends.identity.yaml',
      backends.replace('  type: local\n', '  type: local\n  authority: { defaultDuration: 9d }\n'),
    );
    await place.write('api.identity.yaml', text.replace('  duration: 30d\n', ''));
    const project = await place.open();
    await done(project, 'issue', api);
    const [row] = await project.inventory(NEVER);
    const seconds = (Date.parse(row?.notAfter ?? '') - Date.parse(row?.notBefore ?? '')) / 1000;
    // Its start is not before that of its issuer, which is made in the same moment.
    assert.ok(Math.abs(seconds - 9 * 86_400) <= 5, `${seconds} seconds`);
    await project.close();
  });

  it('an edited owner is not', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    await place.write('api.identity.yaml', text.replace('team: payments', 'team: checkout'));
    await project.workspace.reload('api.identity.yaml');
    assert.deepEqual(
      (await project.inventory(NEVER)).map((row) => [row.state, row.owner]),
      [
        ['active', 'checkout'],
        ['active', 'checkout'],
      ],
    );
    await project.close();
  });

  it('a key that may not leave its store is not delivered', async () => {
    await place.write('api.identity.yaml', text.replace('origin: engine', 'origin: store, store: local-ca'));
    const project = await place.open();
    const [finding] = (await project.check(NEVER)).filter((each) => each.rule === 'key/undeliverable');
    assert.equal(finding?.severity, 'error');
    assertRefused(await attempt(project, 'issue', api), 'manifest-has-errors', /never leaves it/);
    assert.deepEqual(await project.events(api, NEVER), []);
    await project.close();
  });

  it('a key in a store is signed with there; only the chain is delivered', async () => {
    await place.write(
      'api.identity.yaml',
      text
        .replace('origin: engine', 'origin: store, store: local-ca')
        .replace('[chain, privateKey]', '[chain]'),
    );
    const project = await place.open();
    await done(project, 'issue', api);
    const before = await project.inventory(NEVER);
    await done(project, 'rotate', api);
    const after = await project.inventory(NEVER);
    assert.notEqual(after[0]?.spkiSha256, before[0]?.spkiSha256);
    assert.doesNotMatch(await readFile(path.join(place.root, 'tls/api-1/tls.pem'), 'utf8'), /PRIVATE/);
    await project.close();
  });

  it('renewal keeps a stored key where the policy says so; rotation never does', async () => {
    await place.write(
      'api.identity.yaml',
      text
        .replace('origin: engine', 'origin: store, store: local-ca, rotationPolicy: Never')
        .replace('[chain, privateKey]', '[chain]'),
    );
    const project = await place.open();
    await done(project, 'issue', api);
    const [issued] = await project.inventory(NEVER);
    const plan = await project.actions.plan({ verb: 'renew', identity: api }, NEVER);
    assert.ok(!('refused' in plan) && plan.steps.every((step) => !step.keyChanges));
    await done(project, 'renew', api);
    const [renewed] = await project.inventory(NEVER);
    assert.equal(renewed?.spkiSha256, issued?.spkiSha256);
    assert.notEqual(renewed?.serialNumber, issued?.serialNumber);
    await done(project, 'rotate', api);
    const [rotated] = await project.inventory(NEVER);
    assert.notEqual(rotated?.spkiSha256, issued?.spkiSha256);
    await project.close();
  });

  it('a delivered file that was deleted is written again by a rotation', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    await rm(path.join(place.root, 'tls'), { recursive: true });
    const report = await project.actions.verify({ identity: api }, NEVER);
    assert.ok(!('refused' in report) && !report.ok);
    await done(project, 'rotate', api);
    const again = await project.actions.verify({ identity: api }, NEVER);
    assert.ok(!('refused' in again) && again.ok, JSON.stringify(again));
    await project.close();
  });

  it('revoked and destroyed, it can be issued again', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    assertRefused(await attempt(project, 'issue', api), 'already-issued', /Renew or rotate/);
    await done(project, 'revoke', api);
    assert.deepEqual(
      (await project.inventory(NEVER)).map((row) => row.state),
      ['revoked', 'revoked'],
    );
    await done(project, 'destroy', api);
    assert.deepEqual(
      (await project.inventory(NEVER)).map((row) => row.state),
      ['destroyed', 'destroyed'],
    );
    await done(project, 'issue', api);
    assert.deepEqual(
      (await project.inventory(NEVER)).map((row) => row.state),
      ['active', 'active'],
    );
    await project.close();
  });
});
