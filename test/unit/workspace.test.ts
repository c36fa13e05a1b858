import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { openWorkspace, type Workspace } from '../../server/src/app/workspace.ts';

const HEAD = 'apiVersion: identity-as-code/v1\n';
const backend = (name: string): string =>
  `${HEAD}kind: Backend\nmetadata: { name: ${name} }\nspec: { type: local, owner: { team: a } }\n`;
const certificate = (name: string, issuer: string): string =>
  `${HEAD}kind: Certificate\nmetadata: { name: ${name} }\nspec: { issuer: ${issuer}, owner: { team: a }, dnsNames: [a.example.com] }\n`;

describe('workspace', () => {
  let root: string;
  let workspace: Workspace;
  const { signal } = new AbortController();

  const write = async (file: string, text: string | Uint8Array): Promise<void> => {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  };
  const found = (): Readonly<Record<string, readonly string[]>> =>
    Object.fromEntries(
      [...workspace.findings()]
        .filter(([, all]) => all.length > 0)
        .map(([file, all]) => [file, all.map(({ rule }) => rule)]),
    );
  const names = (): readonly string[] => [...workspace.files().keys()].sort();

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'idac-workspace-'));
    workspace = openWorkspace(root, { clock: { now: () => new Date(0) } });
    await write('ca.identity.yaml', backend('ca'));
    await write('web/web.identity.yml', certificate('web', 'ca'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('reads the manifests of a folder, and nothing else', async () => {
    await write('all.yaml', `${backend('other')}---\nkind: ConfigMap\n`);
    await write('deploy.yaml', 'kind: Deployment\nbroken: [\n');
    await write('package.json', '{}');
    await write('machine.identity.json', JSON.stringify({ kind: 'Machine' }));
    await write('node_modules/x/x.identity.yaml', 'kind: Nothing');
    await write('.git/x.identity.yaml', 'kind: Nothing');
    await write('nested/.identity/records/x.json', '{}');
    await write('nested/x.identity.yaml', 'kind: Nothing');
    await workspace.scan(signal);
    assert.deepEqual(names(), [
      'all.yaml',
      'ca.identity.yaml',
      'machine.identity.json',
      'web/web.identity.yml',
    ]);
    assert.deepEqual(Object.keys(found()), ['machine.identity.json']);
    assert.deepEqual(
      workspace
        .index()
        .certificates()
        .map(({ name }) => name),
      ['web'],
    );
  });

  it('follows no link to a folder, and no link out of the project', async () => {
    const outside = await mkdtemp(path.join(tmpdir(), 'idac-outside-'));
    try {
      await writeFile(path.join(outside, 'x.identity.yaml'), backend('outside'));
      await symlink(root, path.join(root, 'loop'));
      await symlink(outside, path.join(root, 'away'));
      await symlink(path.join(outside, 'x.identity.yaml'), path.join(root, 'x.identity.yaml'));
      await symlink(path.join(root, 'ca.identity.yaml'), path.join(root, 'inside.identity.yaml'));
      await workspace.scan(signal);
      assert.deepEqual(names(), ['ca.identity.yaml', 'inside.identity.yaml', 'web/web.identity.yml']);
    } finally {
      await rm(outside, { recursive: true });
    }
  });

  it('sees what changed on disk', async () => {
    await workspace.scan(signal);
    await write('ca.identity.yaml', backend('other-ca'));
    await workspace.reload('ca.identity.yaml');
    assert.deepEqual(found(), { 'web/web.identity.yml': ['reference/missing'] });
    await rm(path.join(root, 'web'), { recursive: true });
    await write('new.identity.yaml', certificate('new', 'nothing'));
    await workspace.scan(signal);
    assert.deepEqual(names(), ['ca.identity.yaml', 'new.identity.yaml']);
    assert.deepEqual(found(), { 'new.identity.yaml': ['reference/missing'] });
    await rm(path.join(root, 'new.identity.yaml'));
    await workspace.reload('new.identity.yaml');
    assert.deepEqual(names(), ['ca.identity.yaml']);
  });

  it('lets an open buffer count before the file', async () => {
    await workspace.scan(signal);
    const file = 'web/web.identity.yml';
    assert.equal(await workspace.isDirty(file), false);
    workspace.setText(file, certificate('web', 'cb'));
    assert.equal(await workspace.isDirty(file), true);
    assert.deepEqual(found(), { [file]: ['reference/missing'] });
    workspace.setText(file, certificate('web', 'ca'));
    assert.equal(await workspace.isDirty(file), false);
    assert.deepEqual(found(), {});
    workspace.setText(file, '');
    assert.deepEqual(workspace.index().certificates(), []);
    await workspace.scan(signal);
    assert.deepEqual(workspace.index().certificates(), []);
    workspace.setText(file, undefined);
    assert.deepEqual(workspace.index().certificates().length, 1);
    workspace.setText('unsaved.identity.yaml', backend('unsaved'));
    assert.equal(await workspace.isDirty('unsaved.identity.yaml'), true);
    assert.notEqual(workspace.index().backend('unsaved'), undefined);
  });

  it('keeps what did not change', async () => {
    await workspace.scan(signal);
    const before = workspace.findings();
    await workspace.scan(signal);
    assert.equal(workspace.findings(), before);
    const kept = workspace.files().get('ca.identity.yaml');
    workspace.setText('web/web.identity.yml', certificate('web', 'cb'));
    assert.equal(workspace.files().get('ca.identity.yaml'), kept);
  });

  it('says what is not UTF-8, and is not disturbed by a byte order mark', async () => {
    await write('latin.identity.yaml', Buffer.from(`${backend('latin')}# caf\xe9\n`, 'latin1'));
    await write('mark.identity.yaml', `\uFEFF${backend('mark')}`);
    await workspace.scan(signal);
    assert.deepEqual(found(), { 'latin.identity.yaml': ['manifest/invalid-utf8'] });
    workspace.setText('mark.identity.yaml', backend('mark'));
    assert.equal(await workspace.isDirty('mark.identity.yaml'), false);
  });

  it('reads nothing outside of its folder', async () => {
    await workspace.reload('../x.identity.yaml');
    await workspace.reload('/etc/x.identity.yaml');
    assert.deepEqual(names(), []);
  });

  it('can be stopped', async () => {
    await assert.rejects(workspace.scan(AbortSignal.abort()), { name: 'AbortError' });
  });

  it('follows references both ways, over namespaces', async () => {
    const machine = (name: string, namespace: string): string =>
      `${HEAD}kind: Machine\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { type: vm }\n`;
    const spec = 'spec: { issuer: ca, machines: [a, b, ops/c], dnsNames: [x.example.com] }\n';
    await write(
      'm.identity.yaml',
      [machine('a', 'shop'), machine('a', 'default'), machine('b', 'default'), machine('c', 'ops')].join(
        '---\n',
      ),
    );
    await write(
      'c.identity.yaml',
      `${HEAD}kind: Certificate\nmetadata: { name: c, namespace: shop }\n${spec}`,
    );
    await workspace.scan(signal);
    const index = workspace.index();
    const from = index.get({ kind: 'Certificate', namespace: 'shop', name: 'c' });
    assert.ok(from !== undefined);
    assert.deepEqual(
      index.referencesFrom(from).map(({ target }) => [target?.kind, target?.namespace, target?.name]),
      [
        ['Backend', '', 'ca'],
        ['Machine', 'shop', 'a'],
        ['Machine', 'default', 'b'],
        ['Machine', 'ops', 'c'],
      ],
    );
    const ca = index.get({ kind: 'Backend', namespace: '', name: 'ca' });
    assert.ok(ca !== undefined);
    assert.deepEqual(
      index.referencesTo(ca).map((reference) => reference.from.name),
      ['c', 'web'],
    );
  });

  it('turns rules off and down as the settings say', async () => {
    workspace = openWorkspace(root, {
      clock: { now: () => new Date(0) },
      ruleSettings: { 'reference/missing': 'info', 'manifest/unknown-field': 'off' },
    });
    await write(
      'web/web.identity.yml',
      certificate('web', 'cb').replace('dnsNames', 'frobnicate: 1, dnsNames'),
    );
    await workspace.scan(signal);
    assert.deepEqual(
      workspace
        .findings()
        .get('web/web.identity.yml')
        ?.map(({ rule, severity }) => [rule, severity]),
      [['reference/missing', 'info']],
    );
  });

  it('finds after any edits what a workspace finds that was opened just now', () => {
    const project = `${HEAD}kind: Project\nmetadata: { name: p }\nspec: { defaults: { renewal: { before: 400d } } }\n`;
    const machine = `${HEAD}kind: Machine\nmetadata: { name: m }\nspec: { owner: { team: a } }\n`;
    const delivering = (name: string): string =>
      `${certificate(name, 'ca').trimEnd().slice(0, -2)}, machines: [m], deliverTo: [{ backend: ca, path: out.pem }] }\n`;
    const workload = (name: string, parent: string, domain = 'a.example', namespace = 'default'): string =>
      `${HEAD}kind: Workload\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { owner: { team: a }, registry: ca, spiffeId: spiffe://${domain}/${name}, selectors: [a:b], parent: ${parent} }\n`;
    const bundle = `${HEAD}kind: TrustBundle\nmetadata: { name: t }\nspec: { owner: { team: a }, anchors: [{ backend: ca }], deliverTo: [{ backend: ca, path: out.pem }] }\n`;
    const playbook = `${HEAD}kind: Playbook\nmetadata: { name: p }\nspec: { owner: { team: a }, scope: { identities: [Certificate/default/a, Workload/x/c] }, steps: [{ name: look }] }\n`;
    const documents = fc.constantFrom(
      workload('a', 'b'),
      workload('b', 'c'),
      workload('c', 'a', 'b.example'),
      workload('c', 'a', 'a.example', 'x'),
      workload('c', 'a', 'a.example', 'y'),
      bundle,
      playbook,
      backend('ca'),
      backend('other'),
      project,
      machine,
      certificate('a', 'ca'),
      certificate('b', 'missing'),
      certificate('b', 'other').replace(', owner: { team: a }', ''),
      delivering('c'),
      delivering('d'),
    );
    const text = fc.array(documents, { maxLength: 4 }).map((all) => all.join('---\n'));
    const edit = fc.record({ file: fc.constantFrom('a.identity.yaml', 'b.identity.yaml'), text });
    const all = ({ findings }: Workspace) =>
      [...findings()].flatMap(([, each]) => each.map((finding) => JSON.stringify(finding))).sort();
    const open = () => openWorkspace(root, { clock: { now: () => new Date(0) } });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), (edits) => {
        const edited = open();
        const texts = new Map<string, string>();
        for (const { file, text: typed } of edits) {
          // As an editor does it: the whole text, or what was typed in the place of all lines.
          const range = { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } };
          if (!edited.editText(file, [{ range, text: typed }])) edited.setText(file, typed);
          texts.set(file, typed);
          const fresh = open();
          for (const [each, now] of texts) fresh.setText(each, now);
          assert.deepEqual(all(edited), all(fresh));
        }
      }),
      { numRuns: 80 },
    );
  });
});
