/** What lies in a folder without any manifest, over the real connection: found, adopted by an edit, and recorded once it is saved. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFoundFolder, openssl } from '../support/foundFolder.ts';
import { PATIENCE, sandbox } from '../support/idac.ts';
import { BACKEND, CAPABILITIES, type Fixture, openFixture } from './fixture.ts';
import { sealingPoint, sealTo } from './sealing.ts';

interface Item {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly adopt: string | null;
  readonly locked: boolean;
  readonly notAfter: string | null;
}
interface Page {
  readonly total: number;
  readonly adoptable: number;
  readonly offset: number;
  readonly items: readonly Item[];
  readonly cut: readonly string[];
  readonly issuers: readonly { readonly backend: string; readonly kinds: readonly string[] }[];
}
interface Create {
  readonly kind: 'create';
  readonly uri: string;
  readonly options: object;
  readonly annotationId: string;
}
interface Edits {
  readonly textDocument: { readonly uri: string; readonly version: null };
  readonly edits: readonly { readonly newText: string; readonly annotationId: string }[];
}
interface Adopted {
  readonly refused: readonly unknown[] | true;
  readonly code?: string;
  readonly adoptions: readonly { readonly file: string; readonly text: string }[];
  readonly edit: {
    readonly documentChanges: readonly (Create | Edits)[];
    readonly changeAnnotations: Readonly<
      Record<string, { readonly needsConfirmation: boolean; readonly description: string }>
    >;
  } | null;
}
interface Rows {
  readonly rows: readonly {
    readonly name: string;
    readonly state: string;
    readonly notAfter: string | null;
  }[];
}

const MAKES_FILES = {
  ...CAPABILITIES,
  workspace: {
    ...CAPABILITIES.workspace,
    workspaceEdit: {
      documentChanges: true,
      resourceOperations: ['create'],
      changeAnnotationSupport: { groupsOnLabel: true },
    },
  },
};

describe('language server: what lies in a folder', function () {
  this.timeout(PATIENCE);
  let fixture: Fixture;
  afterEach(() => fixture.end());
  const open = async (options: Parameters<typeof openFixture>[0] = {}): Promise<void> => {
    const box = sandbox();
    makeFoundFolder(box.folder);
    fixture = await openFixture({ capabilities: MAKES_FILES, box, ...options });
  };
  const look = async (more: object = {}): Promise<Page> => {
    const [page, ...others] = await fixture.client.request<Page[]>('identity/found', more);
    assert.ok(page !== undefined && others.length === 0);
    return page;
  };
  /** As an editor applies an edit that was confirmed. */
  const apply = (edit: Adopted['edit']): readonly string[] => {
    const texts = new Map<string, string>();
    for (const change of edit?.documentChanges ?? []) {
      if ('kind' in change) texts.set(change.uri, '');
      else texts.set(change.textDocument.uri, change.edits.map(({ newText }) => newText).join(''));
    }
    for (const [uri, text] of texts) {
      const file = fileURLToPath(uri);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text, { flag: 'wx' });
    }
    return [...texts.keys()];
  };

  it('is paged, adopted by an edit that is to be confirmed, and recorded once saved', async () => {
    await open();
    const page = await look();
    assert.equal(page.adoptable, 5);
    assert.equal(page.items.length, page.total);
    const second = await look({ offset: 2, limit: 2 });
    assert.deepEqual(
      second.items.map(({ id }) => id),
      page.items.slice(2, 4).map(({ id }) => id),
    );
    const shop = page.items.find(({ title }) => title === 'shop.example.com');
    const answer = await fixture.client.request<Adopted>('identity/adopt', { wanted: [shop?.id] });
    const [create, ...more] = answer.edit?.documentChanges ?? [];
    assert.ok(create !== undefined && 'kind' in create && more.length === 1);
    assert.deepEqual(create.options, { overwrite: false, ignoreIfExists: false });
    const annotation = answer.edit?.changeAnnotations[create.annotationId];
    assert.equal(annotation?.needsConfirmation, true);
    assert.match(annotation?.description ?? '', /Certificate\/default\/shop-example-com/);
    const [uri = ''] = apply(answer.edit);
    fixture.client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 1 }] });
    const { recorded } = await fixture.client.request<{ recorded: { name: string }[] }>(
      'identity/adopted',
      {},
    );
    assert.deepEqual(
      recorded.map(({ name }) => name),
      ['shop-example-com'],
    );
    const tree = await fixture.client.request<{ total: number }>('identity/tree', { groupBy: 'kind' });
    assert.equal(tree.total, 1);
    const [inventory] = await fixture.client.request<Rows[]>('identity/inventory', {});
    const end = openssl(fixture.box.folder, 'x509', '-in', 'tls/shop.crt', '-noout', '-enddate')
      .trim()
      .replace('notAfter=', '');
    const row = inventory?.rows.find(({ name }) => name === 'shop-example-com');
    assert.equal(row?.state, 'active');
    assert.equal(row?.notAfter, new Date(end).toISOString());
    const titles = await fixture.lensTitles('identities/shop-example-com.identity.yaml');
    assert.match(titles[0] ?? '', /^valid · 8\d days left/);
    assert.equal((await look()).adoptable, 4);
  });

  it('a key store is opened with a passphrase that is sealed for this project, and shows in no trace', async () => {
    await open();
    const passphrase = `p-${randomBytes(9).toString('hex')}`;
    openssl(
      fixture.box.folder,
      ...'pkcs12 -export -in tls/shop.crt -inkey tls/shop.key -out java/shop.p12 -passout'.split(' '),
      `pass:${passphrase}`,
    );
    rmSync(path.join(fixture.box.folder, 'tls/shop.crt'));
    const { items, adoptable, total } = await look();
    const store = items.find(({ title }) => title === 'shop.p12');
    assert.deepEqual([store?.adopt, store?.locked], ['Certificate', true]);
    assert.ok(adoptable < items.filter(({ adopt }) => adopt !== null).length && total === items.length);
    const root = fixture.uri('').replace(/\/$/, '');
    const secret = new TextEncoder().encode(passphrase);
    const adopt = (purpose: string | undefined) =>
      fixture.client.request<Adopted>('identity/adopt', {
        uri: root,
        wanted: [store?.id],
        ...(purpose === undefined
          ? {}
          : { passphrase: sealTo(sealingPoint(fixture.client), purpose, secret) }),
      });
    // Without one, and with one that was sealed for something else.
    for (const purpose of [undefined, `inspect\n${root}`, 'adopt\nfile:///elsewhere']) {
      const shut = await adopt(purpose);
      assert.deepEqual(shut.adoptions, []);
      assert.match(JSON.stringify(shut.refused), /It is locked: give its passphrase/);
    }
    const answer = await adopt(`adopt\n${root}`);
    assert.deepEqual(answer.refused, []);
    const [uri = ''] = apply(answer.edit);
    fixture.client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 1 }] });
    const { recorded } = await fixture.client.request<{ recorded: { name: string }[] }>(
      'identity/adopted',
      {},
    );
    assert.deepEqual(
      recorded.map(({ name }) => name),
      ['shop-example-com'],
    );
    assert.ok(!fixture.client.trace().includes(passphrase));
  });

  it('records nothing of what was not saved', async () => {
    await open();
    await fixture.client.request<Adopted>('identity/adopt', { wanted: 'all' });
    const { recorded } = await fixture.client.request<{ recorded: unknown[] }>('identity/adopted', {});
    assert.deepEqual(recorded, []);
    const [inventory] = await fixture.client.request<Rows[]>('identity/inventory', {});
    assert.deepEqual(inventory?.rows, []);
  });

  it('tells who could renew, and gives the texts to a client that makes no files', async () => {
    const box = sandbox();
    makeFoundFolder(box.folder);
    writeFileSync(path.join(box.folder, 'ca.identity.yaml'), BACKEND);
    fixture = await openFixture({ box });
    assert.deepEqual((await look()).issuers, [
      { backend: 'local-ca', kinds: ['Certificate', 'SshCertificate', 'SshKey'] },
    ]);
    const answer = await fixture.client.request<Adopted>('identity/adopt', {
      wanted: ['tls/shop.crt'],
      issuer: 'local-ca',
    });
    assert.equal(answer.edit, null);
    assert.match(answer.adoptions[0]?.text ?? '', /issuer: local-ca/);
  });

  it('looks in a folder that is not trusted, and adopts nothing there', async () => {
    await open({ trusted: false });
    assert.equal((await look()).adoptable, 5);
    const answer = await fixture.client.request<Adopted>('identity/adopt', { wanted: 'all' });
    assert.equal(answer.code, 'refused/untrusted');
  });

  it('refuses parameters that are none', async () => {
    await open();
    for (const [method, params] of [
      ['identity/found', { offset: -1 }],
      ['identity/found', { limit: 'all' }],
      ['identity/adopt', {}],
      ['identity/adopt', { wanted: [1] }],
    ] as const)
      await assert.rejects(fixture.client.request(method, params), /whole number|"wanted"/);
  });
});
