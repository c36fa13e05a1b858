import assert from 'node:assert/strict';
import type { TreeGroups } from '../../server/src/lsp/treeProtocol.ts';
import { type Fixture, openFixture, WEB } from './fixture.ts';

const FILES = 150;
const PER_FILE = 60;

/** More than is read before somebody who asks is answered. */
function manifests(): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  for (let file = 0; file < FILES; file += 1) {
    const own = Array.from({ length: PER_FILE }, (_, place) =>
      WEB.replace('name: web', `name: n${file}-${place}`).replaceAll('tls/web', `tls/n${file}-${place}`),
    );
    files[`many/${file}.identity.yaml`] = own.join('---\n');
  }
  return files;
}

describe('language server: a folder that takes long to read', () => {
  let fixture: Fixture;
  afterEach(() => fixture.end());

  const groups = () => fixture.client.request<TreeGroups>('identity/tree', { groupBy: 'state' });

  it('shows rows while it is read, says that there will be more, and says when', async function () {
    this.timeout(120_000);
    fixture = await openFixture({ files: manifests() });
    const first = await groups();
    assert.ok(first.reading !== undefined, 'the folder was read before anybody was answered');
    assert.ok(first.rows > 0 && first.rows < FILES * PER_FILE);
    assert.ok(first.reading.done <= first.reading.total);
    // What is shown already is right: the backend is known, so that it can be issued.
    assert.deepEqual(
      first.groups.map(({ value }) => value),
      ['declared'],
    );
    let last = first;
    while (last.reading !== undefined) {
      await fixture.client.next('identity/changed');
      const now = await groups();
      assert.ok(now.rows >= last.rows, 'rows went away');
      last = now;
    }
    assert.equal(last.rows, FILES * PER_FILE + 1);
  });

  it('says of an open file what its own text says, and of names only when all are known', async function () {
    this.timeout(120_000);
    const wrong = WEB.replace('dnsNames:', 'dnsName:').replace('issuer: local-ca', 'issuer: nobody');
    fixture = await openFixture({ files: { ...manifests(), 'a/open.identity.yaml': wrong } });
    fixture.open('a/open.identity.yaml');
    const early = await fixture.pull('a/open.identity.yaml');
    assert.ok((await groups()).reading !== undefined, 'the folder was read before anybody was answered');
    assert.deepEqual(
      early.items.map(({ code }) => code),
      ['manifest/unknown-field'],
    );
    while ((await groups()).reading !== undefined) await fixture.client.next('identity/changed');
    const late = await fixture.pull('a/open.identity.yaml', early.resultId);
    assert.ok(late.items.some(({ code }) => code === 'reference/missing'));
    assert.equal(late.items.filter(({ code }) => code === 'manifest/unknown-field').length, 1);
  });

  it('takes what changes on disk meanwhile', async function () {
    this.timeout(120_000);
    fixture = await openFixture({ files: manifests() });
    assert.ok((await groups()).reading !== undefined, 'the folder was read before anybody was answered');
    const file = `many/${FILES - 1}.identity.yaml`;
    fixture.write(file, WEB.replace('name: web', 'name: alone'));
    fixture.client.notify('workspace/didChangeWatchedFiles', {
      changes: [{ uri: fixture.uri(file), type: 2 }],
    });
    while ((await groups()).reading !== undefined) await fixture.client.next('identity/changed');
    const { rows } = await groups();
    assert.equal(rows, (FILES - 1) * PER_FILE + 2);
  });
});
