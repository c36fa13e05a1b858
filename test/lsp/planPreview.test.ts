import assert from 'node:assert/strict';
import { BACKEND, CONFIRMING, type Fixture, IDENTITY, openFixture, WEB } from './fixture.ts';

const FILE = 'web.identity.yaml';

interface Change {
  what: string;
  title: string;
  machines?: string[];
  before: string | null;
  after: string | null;
  changes: boolean;
}
interface Plan {
  id: string;
  hash: string;
  changes: Change[];
  reach: { what: string; name: string; detail: string }[];
  again: object;
}

describe('language server: what a plan would change', () => {
  let fixture: Fixture;
  afterEach(() => fixture.end());

  const confirmAll = (params: unknown) => {
    const { typedName } = params as { typedName?: string };
    return { confirmed: true, ...(typedName === undefined ? {} : { typed: typedName }) };
  };
  const open = async (files: Readonly<Record<string, string>> = {}) => {
    fixture = await openFixture({
      capabilities: CONFIRMING,
      answers: { 'identity/confirm': confirmAll },
      files,
    });
  };
  const planOf = (verb: string, more: object = {}) =>
    fixture.run<Plan>('idac.plan', { verb, identity: IDENTITY, ...more });
  const run = async (verb: string) => {
    const { result, message } = await fixture.run('idac.run', { verb, identity: IDENTITY });
    assert.equal(result.state, 'done', message);
  };
  const change = (plan: Plan, what: string, title = ''): Change => {
    const found = plan.changes.find((each) => each.what === what && each.title.includes(title));
    assert.ok(found, `${what} ${title} in ${JSON.stringify(plan.changes)}`);
    return found;
  };
  const reach = (plan: Plan, what: string): string[] =>
    plan.reach.filter((each) => each.what === what).map(({ name, detail }) => `${name}: ${detail}`);
  const changeManifest = async (text: string) => {
    fixture.write(FILE, text);
    fixture.client.notify('workspace/didChangeWatchedFiles', {
      changes: [{ uri: fixture.uri(FILE), type: 2 }],
    });
    await fixture.client.request('identity/inventory', {});
  };

  it('of a first issue: everything is new', async () => {
    await open();
    const plan = await planOf('issue');
    assert.ok(plan.changes.every(({ before, changes }) => before === null && changes));
    assert.deepEqual(
      plan.changes.map(({ what }) => what),
      ['names', 'usages', 'issuer', 'key', 'validity', 'delivery', 'delivery'],
    );
    assert.equal(change(plan, 'names').after, 'shop.example.com');
    assert.equal(change(plan, 'key').after, 'a new ECDSA-P256 key, made here, erased once it is delivered');
    assert.match(change(plan, 'validity').after ?? '', /^until about \d{4}-\d\d-\d\d \(47d\)$/);
    assert.equal(change(plan, 'delivery', 'tls/web.pem').after, 'chain of the new certificate');
    assert.deepEqual(reach(plan, 'backend'), [
      'local-ca: issue, deliver, verify, publish; owned by platform, platform@example.com',
    ]);
    assert.match(reach(plan, 'outage')[0] ?? '', /none/);
  });

  it('of a rotation: before and after of what the manifest changed, and what stays', async () => {
    await open();
    await run('issue');
    await changeManifest(
      WEB.replace(
        '[shop.example.com]',
        '[shop.example.com, "*.shop.example.com"]\n  ipAddresses: ["2001:DB8::0:1"]',
      )
        .replace('[serverAuth]', '[serverAuth, clientAuth]')
        .replace('duration: 47d', 'duration: 30d\n  consumers: [checkout, mobile-app]'),
    );
    const plan = await planOf('rotate');
    assert.deepEqual(
      [change(plan, 'names').before, change(plan, 'names').after],
      ['shop.example.com', 'shop.example.com, *.shop.example.com, 2001:db8::1'],
    );
    assert.deepEqual(
      [change(plan, 'usages').before, change(plan, 'usages').after],
      ['serverAuth', 'serverAuth, clientAuth'],
    );
    assert.equal(change(plan, 'issuer').changes, false);
    assert.match(change(plan, 'issuer').after ?? '', /^local-ca \(CN=Test Internal/);
    assert.match(change(plan, 'validity').before ?? '', /\(4[67] days left\)$/);
    assert.match(change(plan, 'validity').after ?? '', /\(30d\)$/);
    assert.match(
      change(plan, 'key').before ?? '',
      /^ECDSA-P256, made here, erased once it is delivered, SHA-256 [0-9a-f]{16}…$/,
    );
    assert.match(change(plan, 'former').after ?? '', /^retired, not revoked/);
    assert.match(
      change(plan, 'delivery', 'tls/web.key.pem').before ?? '',
      /^privateKey of certificate [0-9a-f]+…, version/,
    );
    assert.deepEqual(
      plan.reach.filter(({ what }) => what === 'consumer').map(({ name }) => name),
      ['checkout', 'mobile-app'],
    );
    assert.match(reach(plan, 'outage')[0] ?? '', /none expected/);

    await run('rotate');
    const again = await planOf('rotate');
    // The same names in another spelling and order are the same.
    assert.equal(change(again, 'names').changes, false);
  });

  it('of revoking and destroying: what ends, and the outage', async () => {
    await open({ [FILE]: WEB.replace('  duration', '  consumers: [checkout]\n  duration') });
    await run('issue');
    const revoke = await planOf('revoke', { reason: 'keyCompromise' });
    assert.deepEqual(
      revoke.changes.map(({ what, after }) => [what, after]),
      [['status', 'revoked, reason keyCompromise']],
    );
    assert.match(revoke.changes[0]?.before ?? '', /^in use, valid until/);
    assert.match(reach(revoke, 'consumer')[0] ?? '', /^checkout: fails from step 1 on/);
    assert.match(reach(revoke, 'outage')[0] ?? '', /this plan makes none/);

    const destroy = await planOf('destroy');
    assert.deepEqual(
      destroy.changes.filter(({ what }) => what === 'copy').map(({ title, after }) => [title, after]),
      [
        ['tls/web.pem at local-ca', null],
        ['tls/web.key.pem at local-ca', null],
      ],
    );
    await run('revoke');
    const later = await planOf('destroy');
    assert.match(reach(later, 'outage')[0] ?? '', /in use no more/);
  });

  it('is one line for machines of which the same is said', async () => {
    const machine = (name: string) =>
      `---\napiVersion: identity-as-code/v1\nkind: Machine\nmetadata: { name: ${name} }\nspec: { type: server, owner: { team: shop } }\n`;
    await open({
      [FILE]: WEB.replace('  usages:', '  machines: [web-1, web-2]\n  usages:').replaceAll(
        /path: tls\/web([a-z.]+)/g,
        'path: "tls/{machine}$1"',
      ),
      'machines.identity.yaml': `${machine('web-1')}${machine('web-2')}`,
    });
    const plan = await planOf('issue');
    assert.equal(change(plan, 'machines').after, 'web-1, web-2');
    const names = plan.changes.filter(({ what }) => what === 'names');
    assert.deepEqual(
      names.map(({ machines }) => machines),
      [undefined],
    );
    assert.deepEqual(change(plan, 'delivery', 'tls/web-1.pem').machines, ['web-1']);
  });

  it('says when it is outdated, and makes it anew with what was asked for then', async () => {
    await open({ 'ca.identity.yaml': BACKEND });
    await run('issue');
    const state = (planId: string) =>
      fixture.client.request<{ state: string; why?: string }>('identity/planState', { planId });
    const plan = await planOf('revoke', { reason: 'superseded', because: 'a test' });
    assert.deepEqual(await state(plan.id), { state: 'current' });
    assert.deepEqual(plan.again, {
      verb: 'revoke',
      identity: IDENTITY,
      reason: 'superseded',
      because: 'a test',
      uri: fixture.uri('').replace(/\/$/, ''),
    });

    fixture.open(FILE);
    fixture.change(FILE, 2, [
      { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: '# typed\n' },
    ]);
    assert.match((await state(plan.id)).why ?? '', /its manifest changed/);
    await changeManifest(`# typed\n${WEB}`);
    fixture.client.notify('textDocument/didSave', { textDocument: { uri: fixture.uri(FILE) } });

    const second = await fixture.run<Plan>('idac.plan', plan.again);
    assert.deepEqual(await state(second.id), { state: 'current' });
    assert.equal((await state(plan.id)).state, 'gone');
    assert.equal(
      (await fixture.run('idac.execute', { planId: second.id, hash: second.hash })).result.state,
      'done',
    );
    assert.equal((await state(second.id)).state, 'gone');
    await assert.rejects(fixture.client.request('identity/planState', {}), /"planId" is missing/);
  });
});
