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

  describe('after edits of what others name, or of a large document', () => {
    const all = ({ findings }: Workspace) =>
      [...findings()].flatMap(([, each]) => each.map((finding) => JSON.stringify(finding))).sort();
    const references = ({ index }: Workspace) =>
      index()
        .resources.flatMap((each) => index().referencesFrom(each))
        .map(({ from, name, range, target }) => [
          from.key,
          from.file,
          name,
          range,
          target?.key,
          target?.file,
        ]);
    const namedBy = ({ index }: Workspace) =>
      index().resources.map((each) => [
        each.key,
        index()
          .referencesTo(each)
          .map(({ from }) => from.key),
      ]);
    const open = () => openWorkspace(root, { clock: { now: () => new Date(0) } });
    const sameAsFresh = (edited: Workspace, texts: ReadonlyMap<string, string>): void => {
      const fresh = open();
      for (const [file, text] of texts) fresh.setText(file, text);
      assert.deepEqual(all(edited), all(fresh));
      assert.deepEqual(references(edited), references(fresh));
      assert.deepEqual(namedBy(edited), namedBy(fresh));
    };
    /** As an editor says it: what stands in one line in the place of a word. */
    const replacing = (text: string, at: number, length: number, by: string) => {
      const before = text.slice(0, at).split('\n');
      const start = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
      const range = { start, end: { line: start.line, character: start.character + length } };
      return { change: { range, text: by }, now: text.slice(0, at) + by + text.slice(at + length) };
    };

    it('follows every rename into the other files', () => {
      const machine = (name: string): string =>
        `${HEAD}kind: Machine\nmetadata: { name: ${name} }\nspec: { type: vm, owner: { team: a } }\n`;
      const bundle = (name: string, include: string): string =>
        `${HEAD}kind: TrustBundle\nmetadata: { name: ${name} }\nspec: { owner: { team: a }, anchors: [{ backend: ca }], include: [${include}] }\n`;
      const workload = (name: string, parent: string): string =>
        `${HEAD}kind: Workload\nmetadata: { name: ${name} }\nspec: { owner: { team: a }, registry: ca, spiffeId: spiffe://a.example/${name}, selectors: [a:b], parent: ${parent} }\n`;
      const certManagers = (kind: string, name: string, issuer: string): string =>
        `apiVersion: cert-manager.io/v1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: default }\nspec: ${kind === 'Certificate' ? `{ secretName: s, dnsNames: [a.example.com], issuerRef: { name: ${issuer} } }` : '{ selfSigned: {} }'}\n`;
      const FILES: Readonly<Record<string, readonly string[]>> = {
        'backends.identity.yaml': [backend('ca'), backend('cb'), machine('ma'), machine('mb')],
        'certificates.identity.yaml': [
          certificate('ca', 'ca').replace('dnsNames', 'machines: [ma, mb], dnsNames'),
          certificate('cb', 'cb'),
          bundle('ba', 'bb'),
          bundle('bb', 'bc'),
        ],
        'others.identity.yaml': [
          bundle('bc', 'ba'),
          workload('wa', 'wb'),
          workload('wb', 'wa'),
          certManagers('Certificate', 'ma', 'ca'),
          certManagers('ClusterIssuer', 'ca', ''),
          certManagers('Issuer', 'cb', ''),
        ],
      };
      const rename = fc.record({
        file: fc.constantFrom(...Object.keys(FILES)),
        place: fc.nat(5),
        to: fc.constantFrom('ca', 'cb', 'ma', 'mb', 'ba', 'bb', 'bc', 'wa', 'wb', 'new'),
      });
      fc.assert(
        fc.property(fc.array(rename, { minLength: 1, maxLength: 8 }), (renames) => {
          const edited = open();
          const texts = new Map(Object.entries(FILES).map(([file, each]) => [file, each.join('---\n')]));
          for (const [file, text] of texts) edited.setText(file, text);
          edited.findings();
          for (const { file, place, to } of renames) {
            const text = texts.get(file) ?? '';
            const names = [...text.matchAll(/(?<=metadata: \{ name: )\w+/g)];
            const name = names[place % names.length];
            assert.ok(name !== undefined);
            const { change, now } = replacing(text, name.index, name[0].length, to);
            assert.equal(edited.editText(file, [change]), true);
            texts.set(file, now);
            sameAsFresh(edited, texts);
          }
        }),
        { numRuns: 60 },
      );
    });

    it('knows a large document as it was until it is read, and then as it was typed last', async () => {
      const names = Array.from({ length: 4000 }, (_, host) => `    - host-${host}.example.com\n`).join('');
      const large = certificate('large', 'ca').replace(
        'spec: {',
        `spec:\n  dnsNames:\n${names}  issuer: ca\n#`,
      );
      const FILE = 'large.identity.yaml';
      const original = [backend('ca'), large, certificate('small', 'ca')].join('---\n');
      const typed = fc.record({
        at: fc.oneof(
          fc.nat(original.length),
          fc.constantFrom(
            ...['name: ', 'issuer: ', 'dnsNames:', '---'].map((word) => original.indexOf(word, 200)),
          ),
        ),
        length: fc.nat(8),
        by: fc.constantFrom('x', 'cb', '"', '\n', ': [', '\n---\n', ''),
        isRead: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(typed, { minLength: 1, maxLength: 5 }), async (edits) => {
          const edited = open();
          let text = original;
          edited.setText(FILE, text);
          edited.setText('other.identity.yaml', certificate('other', 'ca'));
          for (const { at, length, by, isRead } of edits) {
            const from = Math.min(at, text.length);
            const newline = text.indexOf('\n', from);
            const end = Math.min(from + length, newline === -1 ? text.length : newline);
            const { change, now } = replacing(text, from, end - from, by);
            const before = edited.files().get(FILE);
            text = now;
            if (edited.typeText(FILE, [change], () => now)) assert.equal(edited.files().get(FILE), before);
            else if (!edited.editText(FILE, [change])) edited.setText(FILE, now);
            assert.equal(edited.typed(FILE)?.text, now);
            all(edited);
            if (isRead) edited.settle();
          }
          edited.settle();
          await edited.settled(signal);
          sameAsFresh(
            edited,
            new Map([
              [FILE, text],
              ['other.identity.yaml', certificate('other', 'ca')],
            ]),
          );
        }),
        { numRuns: 15 },
      );
    });

    it('compares with the disk what was typed last, read or not', async () => {
      const names = Array.from({ length: 4000 }, (_, host) => `    - host-${host}.example.com\n`).join('');
      const text = `${HEAD}kind: Certificate\nmetadata: { name: large }\nspec:\n  issuer: ca\n  dnsNames:\n${names}`;
      await write('large.identity.yaml', text);
      await workspace.scan(signal);
      workspace.setText('large.identity.yaml', text);
      const { change, now } = replacing(text, text.length, 0, '#');
      assert.equal(
        workspace.typeText('large.identity.yaml', [change], () => now),
        true,
      );
      assert.equal(await workspace.isDirty('large.identity.yaml'), true);
      await assert.rejects(workspace.settled(AbortSignal.abort()), { name: 'AbortError' });
      // Saved before it was read.
      await write('large.identity.yaml', now);
      await workspace.reload('large.identity.yaml');
      assert.equal(await workspace.isDirty('large.identity.yaml'), false);
      assert.equal(workspace.files().get('large.identity.yaml')?.text, now);
      // The same whole text again is nothing new.
      assert.equal(
        workspace.typeText('large.identity.yaml', undefined, () => now),
        false,
      );
      assert.equal(
        workspace.typeText('large.identity.yaml', undefined, () => text),
        true,
      );
      assert.equal(await workspace.isDirty('large.identity.yaml'), true);
      workspace.setText('large.identity.yaml', undefined);
      assert.equal(await workspace.isDirty('large.identity.yaml'), false);
      await workspace.settled(signal);
    });
  });

  it('finds after any edits of policies what a workspace finds that was opened just now, whichever file is asked for', () => {
    const policy = (name: string, spec: string): string =>
      `${HEAD}kind: Policy\nmetadata: { name: ${name} }\nspec: { ${spec} }\n`;
    const limit = (maximum: string, more = ''): string =>
      `rules: { certificate/validity-too-long: { maximum: ${maximum}${more} } }`;
    const lasting = (name: string, duration: string, line = ''): string =>
      `${HEAD}kind: Certificate\nmetadata: { name: ${name} }\nspec:\n  issuer: ca\n  owner: { team: a }\n  dnsNames: [a.example.com]\n${line}  duration: ${duration}\n`;
    const ignoring = '  # idac-ignore certificate/validity-too-long until 2030-01-31: known\n';
    const waiver = (name: string): string =>
      `waivers: [{ rule: certificate/validity-too-long, identities: [Certificate/default/${name}], owner: a, reason: known, until: 2030-01-31 }]`;
    const documents = fc.constantFrom(
      policy('p', limit('30d')),
      policy('p', limit('60d', ', severity: warning')),
      policy('p', `selector: { matchPaths: [a.*] }, ${limit('30d')}`),
      policy('q', `selector: { matchKinds: [Certificate] }, ${limit('20d')}`),
      policy('q', `selector: { matchLabels: { a: b } }, ${limit('20d')}`),
      policy('r', waiver('a')),
      policy('r', `${limit('10d', ', waivable: false')}, ${waiver('b')}`),
      policy('s', 'rules: { certificate/missing-owner: { severity: info }, no/rule: {} }'),
      lasting('a', '40d'),
      lasting('a', '40d', ignoring),
      lasting('b', '25d'),
      lasting('b', '5d', ignoring),
      lasting('c', '100d').replace('name: c', 'name: c, labels: { a: b }'),
      backend('ca'),
    );
    const files = ['a.identity.yaml', 'b.identity.yaml', 'c.identity.yaml'];
    const text = fc.array(documents, { maxLength: 3 }).map((all) => all.join('---\n'));
    const edit = fc.record({
      file: fc.constantFrom(...files),
      text,
      asked: fc.subarray(files),
    });
    const open = () => openWorkspace(root, { clock: { now: () => new Date(0) } });
    const said = (of: Workspace, asked: readonly string[]) =>
      asked.map((file) => of.findingsOf(file).map((finding) => JSON.stringify(finding)));
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), (edits) => {
        const edited = open();
        const texts = new Map<string, string>();
        for (const { file, text: typed, asked } of edits) {
          edited.setText(file, typed);
          texts.set(file, typed);
          const fresh = open();
          for (const [each, now] of texts) fresh.setText(each, now);
          assert.deepEqual(said(edited, asked), said(fresh, asked));
        }
        const fresh = open();
        for (const [each, now] of texts) fresh.setText(each, now);
        assert.deepEqual(said(edited, files), said(fresh, files));
      }),
      { numRuns: 120 },
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
