/** Records are files of the repository: whoever can commit can forge one. Nothing is ended on the record's word alone. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Project } from '../../server/src/app/api.ts';
import type { IdentityEvent, IssuedEvent } from '../../server/src/core/lifecycle/event.ts';
import { eventFile, eventText } from '../../server/src/core/lifecycle/eventFile.ts';
import { assertRefused, attempt, certificateId, done, git, NEVER } from '../support/acting.ts';
import { EVERY_KIND } from '../support/everyKind.ts';
import { hasProgram, needs } from '../support/needs.ts';
import { type TempProject, tempProject } from '../support/tempProject.ts';

const mine = certificateId('mine');
const victim = certificateId('victim');
const certificate = (name: string, more: string) => `---
apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: ${name} }
spec:
  owner: { team: payments, contact: payments@example.com }
  dnsNames: [${name}.example.com]
  issuer: local-ca
  duration: 30d
${more}`;
const FILES = {
  'all.identity.yaml': `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: local-ca }
spec:
  type: local
  owner: { team: platform, contact: platform@example.com }
${certificate('mine', '  deliverTo: [{ backend: local-ca, path: tls/mine.pem, contents: [chain, privateKey] }]\n')}${certificate(
  'victim',
  '  key: { origin: store, store: local-ca }\n  deliverTo: [{ backend: local-ca, path: tls/victim.pem, contents: [chain] }]\n',
)}`,
  'src/server.ts': 'export const answer = 42;\n',
};

describe('a forged record', function () {
  this.timeout(120_000);
  let place: TempProject;
  let project: Project;
  beforeEach(async () => {
    place = await tempProject(FILES);
    project = await place.open();
    await done(project, 'issue', mine);
    await done(project, 'issue', victim);
  });
  afterEach(async () => {
    await project.close();
    await place.remove();
  });

  const issuedOf = async (name: string): Promise<IssuedEvent> => {
    const events = await project.events(certificateId(name), NEVER);
    const found = events.find((event) => event.type === 'issued');
    assert.ok(found?.type === 'issued');
    return found;
  };
  async function forge(event: IdentityEvent): Promise<void> {
    const file = path.join(place.root, eventFile(event));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, eventText(event));
  }
  const later = (id: string) => ({ id: `zzzzzzzzzzzzzzzzzzzzzzzz${id}`, planId: 'forged' });

  /** What the victim has is still there: certificate, key and delivered copy. */
  async function assertUnharmed(): Promise<void> {
    const report = await project.actions.verify({ identity: victim }, NEVER);
    assert.ok(!('refused' in report) && report.ok, JSON.stringify(report, null, 1));
    await done(project, 'renew', victim);
  }

  it("that claims another identity's certificate ends nothing of it", async () => {
    const theirs = await issuedOf('victim');
    await forge({ ...theirs, ...later('01'), identity: mine });
    for (const verb of ['revoke', 'destroy', 'rotate'] as const) {
      assertRefused(
        await attempt(project, verb, mine),
        'record-contradicted',
        /\.identity\/records\/default\/Certificate\/mine\/.*zz01\.json claims .*git log/,
      );
    }
    await assertUnharmed();
  });

  it("that claims another identity's key does not destroy it", async () => {
    const own = await issuedOf('mine');
    const theirs = await issuedOf('victim');
    await forge({ ...own, ...later('02'), ...(theirs.key === undefined ? {} : { key: theirs.key }) });
    for (const verb of ['destroy', 'rotate'] as const)
      assertRefused(
        await attempt(project, verb, mine),
        'record-contradicted',
        /claims the key certificate\/default\/victim/,
      );
    await assertUnharmed();
  });

  it('that puts an older certificate in place of the current one does not save that one from revocation', async () => {
    const first = await issuedOf('mine');
    await done(project, 'rotate', mine);
    const second = (await project.events(mine, NEVER)).filter((event) => event.type === 'issued').at(-1);
    assert.ok(second?.type === 'issued');
    await forge({ ...second, ...later('03'), credential: first.credential, publicText: first.publicText });
    const result = await attempt(project, 'revoke', mine);
    assert.ok(
      'refused' in result && /world-ahead|record-contradicted/.test(result.code),
      JSON.stringify(result),
    );
  });

  it('that names a file of the project as the password of a key store does not have it removed', async () => {
    const { chain, generation, actor, at } = await issuedOf('mine');
    const delivered = (await project.events(mine, NEVER)).find((event) => event.type === 'delivered');
    assert.ok(delivered?.type === 'delivered');
    const keystore = { format: 'pkcs12' as const, alias: 'mine', passwordFile: 'src/server.ts' };
    await forge({
      ...{ schemaVersion: 1, at, identity: mine, generation, actor, chain, ...later('07') },
      type: 'delivered',
      copy: { ...delivered.copy, keystore },
    });
    await done(project, 'destroy', mine);
    assert.equal(existsSync(path.join(place.root, 'tls/mine.pem')), false);
    assert.equal(await readFile(path.join(place.root, 'src/server.ts'), 'utf8'), FILES['src/server.ts']);
  });

  it('that shortens a certificate on paper does not save it from revocation', async () => {
    const own = await issuedOf('mine');
    const past = '2020-01-01T00:00:00.000Z';
    await forge({ ...own, ...later('04'), credential: { ...own.credential, notAfter: past } });
    assertRefused(await attempt(project, 'revoke', mine), 'record-contradicted', /claims certificate/);
  });

  it('that says revoked, or forgotten, does not keep a good certificate from being revoked', async () => {
    const { credential, chain, generation, actor, at } = await issuedOf('mine');
    const base = { schemaVersion: 1 as const, at, identity: mine, generation, actor, chain };
    await forge({
      ...base,
      ...later('05'),
      type: 'revoked',
      backend: 'local-ca',
      serialNumber: credential.serialNumber,
      reason: 'superseded',
      revokedAt: at,
    });
    await forge({ ...base, ...later('06'), type: 'forgotten', why: 'forged' });
    await done(project, 'revoke', mine);
    const report = await project.actions.verify({ identity: victim }, NEVER);
    assert.ok(!('refused' in report) && report.ok);
  });

  it('that calls a key ended does not keep it valid once another has taken its place', async () => {
    await writeFile(
      path.join(place.root, 'ssh.identity.yaml'),
      `apiVersion: identity-as-code/v1
kind: SshKey
metadata: { name: deploy }
spec:
  owner: { team: payments, contact: payments@example.com }
  issuer: local-ca
  key: { algorithm: Ed25519 }
  deliverTo: [{ backend: local-ca, path: tls/deploy.pem, contents: [privateKey] }]
`,
    );
    await project.workspace.reload('ssh.identity.yaml');
    const deploy = { ...mine, kind: 'SshKey', name: 'deploy' };
    await done(project, 'issue', deploy);
    const [first] = await project.events(deploy, NEVER);
    assert.ok(first?.type === 'issued');
    const { schemaVersion, at, identity, generation, actor, chain, backend, credential } = first;
    const base = { schemaVersion, at, identity, generation, actor, chain };
    await forge({ ...base, ...later('08'), type: 'superseded', by: 'nobody' });
    await done(project, 'issue', deploy);
    const revoked = (await project.events(deploy, NEVER)).filter((event) => event.type === 'revoked');
    assert.deepEqual(
      revoked.map((event) => [event.backend, event.serialNumber, event.reason]),
      [[backend, credential.serialNumber, 'superseded']],
    );
    const report = await project.actions.verify({ identity: deploy }, NEVER);
    assert.ok(!('refused' in report) && report.ok, JSON.stringify(report, null, 1));
  });

  it('that says that the key is destroyed does not keep its copies from being destroyed', async () => {
    const { chain, generation, actor, at } = await issuedOf('mine');
    const base = { schemaVersion: 1 as const, at, identity: mine, generation, actor, chain };
    await forge({ ...base, ...later('07'), type: 'destroyed', what: { key: true } });
    await done(project, 'destroy', mine);
    assert.equal(existsSync(path.join(place.root, 'tls/mine.pem')), false);
  });

  it('that claims any file as a delivered copy does not have it removed', async () => {
    const { chain, generation, actor, at } = await issuedOf('mine');
    const copies = { 'src/server.ts': '08', 'tls/victim.pem': '09' };
    for (const [file, id] of Object.entries(copies)) {
      const version = createHash('sha256')
        .update(await readFile(path.join(place.root, file)))
        .digest('hex');
      const event: IdentityEvent = {
        ...{ schemaVersion: 1, at, identity: mine, generation, actor, chain },
        ...later(id),
        type: 'delivered',
        copy: { backend: 'local-ca', as: 'file', path: file, contents: ['chain'], version },
      };
      await forge(event);
      assertRefused(await attempt(project, 'destroy', mine), 'target-occupied', new RegExp(file));
      await rm(path.join(place.root, eventFile(event)));
    }
    assert.equal(await readFile(path.join(place.root, 'src/server.ts'), 'utf8'), FILES['src/server.ts']);
    await assertUnharmed();
  });

  it("that gives another identity's certificate a number that no authority knows does not have its copy removed", async () => {
    const own = await issuedOf('mine');
    const { credential } = await issuedOf('victim');
    const generation = 'zzzzzzzzzzzzzzzzzzzzzzzz10';
    const unknown = { ...credential, serialNumber: 'decade' };
    await forge({ ...own, ...later('11'), generation, credential: unknown });
    const version = createHash('sha256')
      .update(await readFile(path.join(place.root, 'tls/victim.pem')))
      .digest('hex');
    const { chain, actor, at } = own;
    await forge({
      ...{ schemaVersion: 1, at, identity: mine, generation, actor, chain },
      ...later('12'),
      type: 'delivered',
      copy: { backend: 'local-ca', as: 'file', path: 'tls/victim.pem', contents: ['chain'], version },
    });
    await attempt(project, 'destroy', mine);
    assert.ok(existsSync(path.join(place.root, 'tls/victim.pem')));
    await assertUnharmed();
  });

  it("with another version of the manifest's format is damage, and no way around the authority's list", async () => {
    const own = await issuedOf('mine');
    await forge({ ...own, ...later('10'), identity: { ...mine, apiVersion: 'identity-as-code/v0' } });
    const damaged = (await project.check(NEVER)).filter((finding) => finding.rule === 'record/damaged-event');
    assert.equal(damaged.length, 1);
    await done(project, 'revoke', mine);
  });
});

describe('authorities that are not here', () => {
  it('a colleague’s certificate is left to the colleague; one’s own is revoked and destroyed', async function () {
    needs(this, 'git', hasProgram('git'));
    this.timeout(120_000);
    const place = await tempProject({ ...FILES, '.gitignore': 'tls/\n' });
    git(place.root, 'init', '-q');
    git(place.root, 'add', '-A');
    git(place.root, 'commit', '-qm', 'manifests');
    const theirs = await tempProject({});
    git(theirs.root, 'clone', '-q', place.root, '.');
    const other = await theirs.open();
    await done(other, 'issue', mine);
    git(theirs.root, 'add', '-A');
    git(theirs.root, 'commit', '-qm', 'issued there');
    const project = await place.open();
    await done(project, 'issue', mine);
    git(place.root, 'add', '-A');
    git(place.root, 'commit', '-qm', 'issued here');
    git(place.root, 'pull', '-q', '--no-rebase', '--no-edit', theirs.root, 'main');
    const plan = await project.actions.plan({ verb: 'revoke', identity: mine }, NEVER);
    assert.ok(!('refused' in plan));
    assert.match(plan.warnings.join(' '), /did not issue certificate \w+: revoke it in the clone that did/);
    await done(project, 'revoke', mine);
    await done(project, 'destroy', mine);
    assert.equal(existsSync(path.join(place.root, 'tls/mine.pem')), false);
    assertRefused(await attempt(project, 'destroy', mine), 'nothing-to-destroy', /destroy it there/);
    assert.equal(existsSync(path.join(theirs.root, 'tls/mine.pem')), true);
    assertRefused(
      await attempt(project, 'revoke', mine),
      'nothing-to-revoke',
      /revoke it in the clone that did/,
    );
    await project.close();
    await other.close();
    await place.remove();
    await theirs.remove();
  });

  it('an identity moves to another authority, whose predecessor is then declared no more', async () => {
    const place = await tempProject(FILES);
    const project = await place.open();
    await done(project, 'issue', mine);
    await place.write('all.identity.yaml', FILES['all.identity.yaml'].replaceAll('local-ca', 'new-ca'));
    await project.workspace.reload('all.identity.yaml');
    await done(project, 'rotate', mine);
    assertRefused(
      await attempt(project, 'revoke', mine),
      'not-an-authority',
      /local-ca cannot revoke.*Declare/,
    );
    await done(project, 'rotate', mine);
    await project.close();
    await place.remove();
  });
});

describe('a forged record of another kind', function () {
  this.timeout(120_000);
  const of = (kind: string, name: string) => ({ ...certificateId(name), kind });

  for (const [kind, name, victim] of [
    ['Token', 'api', of('Token', 'opaque')],
    ['SshKey', 'deploy', of('SshCertificate', 'ops')],
    ['Key', 'signing', of('Key', 'other')],
    ['Workload', 'front', of('Token', 'opaque')],
  ] as const) {
    it(`${kind}: what it claims of ${victim.kind} ${victim.name} is contradicted, and ends nothing`, async () => {
      const key = EVERY_KIND['key.identity.yaml'] ?? '';
      const place = await tempProject({
        ...EVERY_KIND,
        'other.identity.yaml': key.replaceAll('signing', 'other'),
      });
      const project = await place.open();
      try {
        const mine = of(kind, name);
        await done(project, 'issue', mine);
        await done(project, 'issue', victim);
        const issued = async (identity: typeof mine) => {
          const event = (await project.events(identity, NEVER)).find(({ type }) => type === 'issued');
          assert.ok(event?.type === 'issued');
          return event;
        };
        const [own, theirs] = [await issued(mine), await issued(victim)];
        const { credential } = theirs;
        const forged = { ...own, id: `${'z'.repeat(24)}01`, planId: 'forged', credential };
        await writeFile(path.join(place.root, eventFile(forged)), eventText(forged));
        const result = await attempt(project, 'revoke', mine);
        assert.ok('refused' in result, JSON.stringify(result));
        assert.match(result.code, /record-contradicted|world-ahead/);
        const report = await project.actions.verify({ identity: victim }, NEVER);
        assert.ok(!('refused' in report) && report.ok, JSON.stringify(report));
      } finally {
        await project.close();
        await place.remove();
      }
    });
  }
});
