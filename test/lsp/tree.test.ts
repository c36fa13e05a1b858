import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Found, Summary, TreeGroups, TreeRows, WholeRow } from '../../server/src/lsp/treeProtocol.ts';
import { type Fixture, IDENTITY, openFixture, WEB } from './fixture.ts';

const MANY = 20_000;

/** As manifests of many teams. */
function manifests(count: number): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  for (let file = 0; file < 20; file += 1) {
    const own = Array.from({ length: count / 20 }, (_, place) => {
      const n = file * (count / 20) + place;
      return WEB.replace(
        'name: web',
        `name: n${n}\n  labels: { exposure: ${n % 2 ? 'internal' : 'external'} }`,
      )
        .replace('team: shop', `team: team-${n % 300}`)
        .replaceAll('tls/web', `tls/n${n}`);
    });
    files[`many-${file}.identity.yaml`] = own.join('---\n');
  }
  return files;
}

describe('language server: the inventory a page at a time', () => {
  let fixture: Fixture;
  before(async function () {
    this.timeout(120_000);
    fixture = await openFixture({ files: manifests(MANY) });
    while ((await groups({ groupBy: 'owner' })).reading !== undefined)
      await fixture.client.next('identity/changed');
  });
  after(() => fixture.end());

  const groups = (params: object) => fixture.client.request<TreeGroups>('identity/tree', params);
  const rows = (params: object) => fixture.client.request<TreeRows>('identity/tree', params);

  it('groups tell how many there are, and pages of them are whole', async () => {
    const first = await groups({ groupBy: 'owner' });
    assert.equal(first.rows, MANY + 1);
    assert.equal(first.matching, MANY + 1);
    assert.equal(first.total, 301);
    assert.equal(first.groups.length, 200);
    const second = await groups({ groupBy: 'owner', offset: 200 });
    const ids = [...first.groups, ...second.groups].map(({ id }) => id);
    assert.equal(new Set(ids).size, 301);
    assert.equal(
      [...first.groups, ...second.groups].reduce((sum, { count }) => sum + count, 0),
      MANY + 1,
    );
  });

  it('a page is as long as it was asked for, and pages neither overlap nor leave anything out', async () => {
    const seen = new Set<string>();
    for (let offset = 0; ; offset += 1000) {
      const page = await rows({ groupBy: 'expiry', group: 'notIssued', offset, limit: 1000 });
      assert.equal(page.total, MANY + 1);
      assert.ok(page.rows.length <= 1000);
      if (page.rows.length === 0) break;
      for (const { id } of page.rows) seen.add(id);
    }
    assert.equal(seen.size, MANY + 1);
  });

  it('nobody is sent more than a page, whatever is asked for', async () => {
    const before = fixture.client.trace().length;
    const page = await rows({ groupBy: 'kind', group: 'Certificate', limit: MANY });
    assert.equal(page.rows.length, 1000);
    assert.equal((await rows({ groupBy: 'kind', group: 'Certificate' })).rows.length, 200);
    assert.ok(fixture.client.trace().length - before < 1_000_000);
  });

  it('a filter leaves what it names, and groups count only that', async () => {
    const filtered = await groups({ groupBy: 'exposure', filter: 'owner:team-7 exposure:internal n1' });
    assert.deepEqual(
      filtered.groups.map(({ value }) => value),
      ['internal'],
    );
    assert.equal(filtered.groups[0]?.count, filtered.matching);
    assert.ok(filtered.matching > 0 && filtered.matching < MANY / 10);
    assert.equal(filtered.rows, MANY + 1);
  });

  it('what somebody types is found by the server', async () => {
    const found = await fixture.client.request<Found>('identity/find', { query: 'n77', limit: 10 });
    assert.equal(found.rows.length, 10);
    assert.equal(found.more, true);
    assert.equal(found.rows[0]?.identity.name, 'n77');
    const none = await fixture.client.request<Found>('identity/find', { query: 'n77', verb: 'revoke' });
    assert.deepEqual(none, { rows: [], more: false });
  });

  it('sums up what the badge and the status bar say', async () => {
    const summary = await fixture.client.request<Summary>('identity/summary');
    assert.equal(summary.total, MANY + 1);
    assert.equal(summary.attention, 0);
    assert.equal(summary.endThisWeek, 0);
    assert.deepEqual(
      summary.groups.map(({ value, count }) => [value, count]),
      [['notIssued', MANY + 1]],
    );
  });

  it('an edit of one manifest changes the revision of its groups alone', async () => {
    const before = await groups({ groupBy: 'file' });
    const file = 'many-3.identity.yaml';
    fixture.open(file);
    const text = fixture.read(file);
    const at = text.split('\n').findIndex((line) => line.includes('team: team-'));
    fixture.change(file, 2, [
      {
        range: { start: { line: at, character: 0 }, end: { line: at + 1, character: 0 } },
        text: '  owner: { team: other }\n',
      },
    ]);
    const changedGroups = async () => {
      const after = await groups({ groupBy: 'file' });
      return after.groups.filter(
        ({ id, revision }) => before.groups.find((each) => each.id === id)?.revision !== revision,
      );
    };
    let changed = await changedGroups();
    while (changed.length === 0) {
      await fixture.client.next('identity/changed');
      changed = await changedGroups();
    }
    assert.deepEqual(
      changed.map(({ value }) => value),
      [file],
    );
  });

  it('takes nothing that it does not know', async () => {
    for (const params of [
      {},
      { groupBy: 'colour' },
      { groupBy: 'kind', filter: 1 },
      { groupBy: 'kind', offset: -1 },
      { groupBy: 'kind', limit: 1.5 },
    ])
      await assert.rejects(groups(params), { code: -32602 });
    await assert.rejects(fixture.client.request('identity/find', { verb: 'paint' }), { code: -32602 });
    assert.deepEqual(await rows({ groupBy: 'owner', group: 'nobody' }), { rows: [], total: 0, revision: '' });
  });
});

describe('language server: the inventory of several projects', () => {
  let fixture: Fixture;
  let other: string;
  before(async () => {
    fixture = await openFixture();
    other = mkdtempSync(path.join(tmpdir(), 'idac-other-'));
    writeFileSync(path.join(other, 'web.identity.yaml'), WEB);
    const added = [{ uri: pathToFileURL(other).href, name: 'other' }];
    fixture.client.notify('workspace/didChangeWorkspaceFolders', { event: { added, removed: [] } });
  });
  after(async () => {
    await fixture.end();
    rmSync(other, { recursive: true });
  });

  it('all are in one list; each row names its project, and ids tell them apart', async () => {
    const page = await fixture.client.request<TreeRows>('identity/tree', {
      groupBy: 'expiry',
      group: 'notIssued',
    });
    assert.equal(page.total, 2);
    assert.equal(new Set(page.rows.map(({ id }) => id)).size, 2);
    assert.deepEqual(
      page.rows.map(({ project }) => project).sort(),
      [path.basename(fixture.box.folder), path.basename(other)].sort(),
    );
  });

  it('the same file in two projects is two groups', async () => {
    const byFile = await fixture.client.request<TreeGroups>('identity/tree', { groupBy: 'file' });
    assert.deepEqual(
      byFile.groups.map(({ value, count }) => [value, count]),
      [
        ['web.identity.yaml', 1],
        ['web.identity.yaml', 1],
      ],
    );
    const page = await fixture.client.request<TreeRows>('identity/tree', {
      groupBy: 'file',
      group: byFile.groups[1]?.id,
    });
    assert.equal(page.rows[0]?.project, byFile.groups[1]?.project);
  });

  it('a row tells all about itself where it is asked', async () => {
    const uri = pathToFileURL(other).href;
    const whole = await fixture.client.request<WholeRow>('identity/row', { identity: IDENTITY, uri });
    assert.equal(whole.row.declaredAt?.file, 'web.identity.yaml');
    assert.equal(whole.project, path.basename(other));
    const none = await fixture.client.request('identity/row', { identity: 'Certificate/none', uri });
    assert.equal(none, null);
  });
});

describe('language server: ids of rows', () => {
  it('are the same after an action, and the group that a row came from and went to has another revision', async () => {
    const fixture = await openFixture({
      capabilities: { experimental: { identityConfirm: true } },
      answers: { 'identity/confirm': () => ({ confirmed: true }) },
    });
    try {
      const all = async () => {
        const { groups } = await fixture.client.request<TreeGroups>('identity/tree', { groupBy: 'expiry' });
        const pages = await Promise.all(
          groups.map(({ id }) =>
            fixture.client.request<TreeRows>('identity/tree', { groupBy: 'expiry', group: id }),
          ),
        );
        return { groups, ids: pages.flatMap(({ rows }) => rows.map(({ id }) => id)) };
      };
      const before = await all();
      await fixture.run('idac.run', { verb: 'issue', identity: IDENTITY });
      const after = await all();
      assert.deepEqual(after.ids, before.ids);
      assert.deepEqual(
        after.groups.map(({ value }) => value),
        ['within90Days'],
      );
      const { row } = await fixture.client.request<WholeRow>('identity/row', { identity: IDENTITY });
      assert.match(row.issuer ?? '', /Test Internal/);
      assert.deepEqual(row.targets, ['local-ca']);
    } finally {
      await fixture.end();
    }
  });

  it('what another process wrote is seen once a person asks for it', async () => {
    const fixture = await openFixture();
    try {
      const groups = async (params: object) =>
        (await fixture.client.request<Summary>('identity/summary', params)).groups.map(({ value }) => value);
      assert.deepEqual(await groups({}), ['notIssued']);
      const issued = await fixture.box.idac(['issue', IDENTITY, '--yes']);
      assert.equal(issued.code, 0, issued.err);
      assert.deepEqual(await groups({}), ['notIssued']);
      assert.deepEqual(await groups({ refresh: true }), ['within90Days']);
    } finally {
      await fixture.end();
    }
  });
});
