/** A repository may be hostile: each attempt is refused with a clear word, and nothing is touched outside. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { assertRefused, attempt, certificateId, done, git, NEVER } from '../support/acting.ts';
import { hasProgram, needs } from '../support/needs.ts';
import { type TempProject, TWO_MACHINES, tempProject } from '../support/tempProject.ts';

const api = certificateId('api', 'payments');
const text = TWO_MACHINES['api.identity.yaml'] ?? '';
const toPath = (target: string) =>
  text
    .replace('machines: [api-1, api-2]', 'machines: [api-1]')
    .replace('"tls/{machine}/tls.pem"', JSON.stringify(target));

describe('a hostile repository', () => {
  let place: TempProject;
  beforeEach(async () => {
    place = await tempProject(TWO_MACHINES);
  });
  afterEach(() => place.remove());

  const OUTSIDE = [
    '../outside.pem',
    'tls/../../outside.pem',
    '/tmp/idac-outside.pem',
    '//server/share/tls.pem',
    '\\\\server\\share\\tls.pem',
    'C:/tls.pem',
    'C:tls.pem',
    'tls/CON.pem',
    'tls/tls.pem:stream',
    '.git/hooks/post-checkout',
    '.identity/records/x.json',
  ];
  for (const target of OUTSIDE) {
    it(`delivers nothing to ${target}`, async () => {
      await place.write('api.identity.yaml', toPath(target));
      const project = await place.open();
      const findings = (await project.check(NEVER)).filter((finding) => finding.severity === 'error');
      assert.deepEqual(
        findings.map((finding) => finding.rule),
        ['path/outside-project'],
      );
      const before = await readdir(path.dirname(place.root));
      const result = await attempt(project, 'issue', api);
      assert.ok('refused' in result, JSON.stringify(result));
      assert.match(`${result.code} ${result.what}`, /manifest-has-errors|forbidden/);
      assert.deepEqual(await readdir(path.dirname(place.root)), before);
      assert.equal(existsSync(path.join(place.root, '.identity')), false);
      assert.deepEqual(await project.events(api, NEVER), []);
      await project.close();
    });
  }

  it('delivers nothing outside because a comment says that the finding is to be ignored', async () => {
    for (const target of OUTSIDE) {
      const manifest = toPath(target).replace(
        '    - {',
        '    # idac-ignore path/outside-project until 2999-01-01: so they say\n    - {',
      );
      await place.write('api.identity.yaml', manifest);
      const project = await place.open();
      const rules = (await project.check(NEVER)).map((finding) => finding.rule);
      assert.ok(!rules.includes('path/outside-project'), `${target}: the comment holds`);
      const result = await attempt(project, 'issue', api);
      assert.ok(
        'refused' in result && /^refused\/forbidden$/.test(result.code),
        `${target} ${JSON.stringify(result)}`,
      );
      assert.deepEqual(await readdir(path.dirname(place.root)), ['project', 'state']);
      assert.deepEqual(await project.events(api, NEVER), []);
      await project.close();
    }
  });

  it('gets no key out of a store because a comment says so', async () => {
    const manifest = text
      .replace('origin: engine', 'origin: store, store: local-ca')
      .replace('    - {', '    # idac-ignore key/undeliverable until 2999-01-01: so they say\n    - {');
    await place.write('api.identity.yaml', manifest);
    const project = await place.open();
    assertRefused(await attempt(project, 'issue', api), 'key-not-exportable', /never leaves its store/);
    await project.close();
  });

  it('delivers nothing through a link that leaves the project', async () => {
    const outside = path.join(path.dirname(place.root), 'outside');
    await mkdir(outside);
    await symlink(outside, path.join(place.root, 'tls'));
    const project = await place.open();
    assertRefused(await attempt(project, 'issue', api), 'forbidden', /tls\/api-1\/tls\.pem.*link/);
    assert.deepEqual(await readdir(outside), []);
    await project.close();
  });

  it('delivers nothing through a link that is put there after the plan', async () => {
    const outside = path.join(path.dirname(place.root), 'outside');
    await mkdir(path.join(outside, 'api-1'), { recursive: true });
    await mkdir(path.join(place.root, 'tls/api-1'), { recursive: true });
    const project = await place.open();
    const result = await attempt(project, 'issue', api, {
      async reached(point) {
        if (point.at !== 'step-journaled' || point.step.verb !== 'deliver' || point.step.machine !== 'api-1')
          return;
        await rename(path.join(place.root, 'tls'), path.join(place.root, 'was-tls'));
        await symlink(outside, path.join(place.root, 'tls'));
      },
    });
    assert.ok(!('refused' in result), JSON.stringify(result));
    assert.notEqual(result.state, 'done');
    assert.match(JSON.stringify(result), /link/);
    assert.deepEqual(await readdir(path.join(outside, 'api-1')), []);
    await rm(path.join(place.root, 'tls'));
    for (const { plan } of await project.actions.unfinished(NEVER)) {
      const resumed = await project.actions.resume(plan.id, 'forward', {}, NEVER);
      assert.ok(!('refused' in resumed) && resumed.state === 'failed', JSON.stringify(resumed));
    }
    assert.deepEqual(
      (await project.inventory(NEVER)).map((row) => row.state),
      ['declared', 'declared'],
    );
    await project.close();
  });

  it('puts no private key where git does not ignore it', async function () {
    needs(this, 'git', hasProgram('git'));
    git(place.root, 'init', '-q');
    const project = await place.open();
    assertRefused(await attempt(project, 'issue', api), 'forbidden', /tls\/api-1\/tls\.pem.*\.gitignore/);
    assert.equal(existsSync(path.join(place.root, 'tls')), false);
    await place.write('.gitignore', 'tls/\n');
    await done(project, 'issue', api);
    await project.close();
  });

  it('obeys no address that nobody confirmed', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    const manifest = TWO_MACHINES['backends.identity.yaml'] ?? '';
    await place.write(
      'backends.identity.yaml',
      manifest.replace('  type: local\n', '  type: local\n  store: another\n'),
    );
    await project.workspace.reload('backends.identity.yaml');
    assertRefused(
      await attempt(project, 'rotate', api),
      'forbidden',
      /points to local:store\/another .* now; it was confirmed for local:this-folder .*idac login local-ca/,
    );
    assert.equal(existsSync(path.join(place.stateHome, 'backends')), false);
    await project.close();
  });

  it('carries out no plan whose manifest changed since', async () => {
    const project = await place.open();
    const plan = await project.actions.plan({ verb: 'issue', identity: api }, NEVER);
    assert.ok(!('refused' in plan));
    await place.write('api.identity.yaml', text.replace('api.example.com', 'evil.example.com'));
    const result = await project.actions.execute(plan.id, plan.hash, { confirmed: true }, {}, NEVER);
    assertRefused(result, 'plan-outdated', /changed since the plan was made/);
    assert.deepEqual(await project.events(api, NEVER), []);
    await project.close();
  });

  it('carries out nothing that is not saved', async () => {
    const project = await place.open();
    await project.identities(NEVER);
    project.workspace.setText('api.identity.yaml', text.replace('api.example.com', 'typing.example.com'));
    assertRefused(await attempt(project, 'issue', api), 'dirty-manifest', /not saved/);
    await project.close();
  });

  it('carries out no plan whose backend changed since, nor one over a backend that is not saved', async () => {
    const project = await place.open();
    const manifest = TWO_MACHINES['backends.identity.yaml'] ?? '';
    const published = manifest.replace(
      '  type: local\n',
      '  type: local\n  authority: { publish: { roots: src/roots.pem } }\n',
    );
    const plan = await project.actions.plan({ verb: 'issue', identity: api }, NEVER);
    assert.ok(!('refused' in plan));
    await place.write('backends.identity.yaml', published);
    const result = await project.actions.execute(plan.id, plan.hash, { confirmed: true }, {}, NEVER);
    assertRefused(result, 'plan-outdated', /changed since the plan was made/);
    assert.equal(existsSync(path.join(place.root, 'src')), false);
    project.workspace.setText('backends.identity.yaml', `${manifest}# typing\n`);
    assertRefused(
      await attempt(project, 'issue', api),
      'dirty-manifest',
      /backends\.identity\.yaml.*not saved/,
    );
    await project.close();
  });

  it('carries out nothing without the confirmation that the plan asks for', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    const confirmations = [
      { confirmed: false },
      { confirmed: true },
      { confirmed: true, typed: 'apj' },
      { confirmed: false, typed: 'api' },
    ];
    for (const confirmation of confirmations) {
      const plan = await project.actions.plan({ verb: 'revoke', identity: api }, NEVER);
      assert.ok(!('refused' in plan));
      const result = await project.actions.execute(plan.id, plan.hash, confirmation, {}, NEVER);
      assert.ok('refused' in result && /not-confirmed|name-not-typed/.test(result.code));
      assert.match(result.hint, /idac revoke Certificate\/payments\/api/);
    }
    const plan = await project.actions.plan({ verb: 'destroy', identity: api }, NEVER);
    assert.ok(!('refused' in plan));
    assertRefused(
      await project.actions.execute(plan.id, 'another hash', { confirmed: true, typed: 'api' }, {}, NEVER),
      'unknown-plan',
      /another hash/,
    );
    assertRefused(
      await project.actions.execute(
        '01m80000000000000000000000',
        plan.hash,
        { confirmed: true, typed: 'api' },
        {},
        NEVER,
      ),
      'unknown-plan',
      /no plan/,
    );
    assert.deepEqual(
      (await project.inventory(NEVER)).map((row) => row.state),
      ['active', 'active'],
    );
    await project.close();
  });

  it('is only read while it is not trusted', async () => {
    const project = await place.open({ trusted: false });
    assert.deepEqual(await project.check(NEVER), []);
    assert.deepEqual(
      (await project.inventory(NEVER)).map((row) => row.state),
      ['declared', 'declared'],
    );
    for (const verb of ['issue', 'renew', 'rotate', 'revoke', 'destroy'] as const) {
      assertRefused(await attempt(project, verb, api), 'untrusted', /not trusted/);
    }
    const report = await project.actions.verify({ identity: api }, NEVER);
    assertRefused(report, 'untrusted', /not trusted/);
    await project.doctor(NEVER);
    assert.equal(existsSync(place.stateHome), false, 'nothing was written for the user either');
    await project.close();
  });

  it('is not overwritten where something else stands', async () => {
    await place.write('tls/api-1/tls.pem', 'not ours\n');
    const project = await place.open();
    assertRefused(await attempt(project, 'issue', api), 'target-occupied', /tls\/api-1\/tls\.pem/);
    assert.equal(await readFile(path.join(place.root, 'tls/api-1/tls.pem'), 'utf8'), 'not ours\n');
    await project.close();
  });
});
