/** Lenses, hovers, symbols and actions for the kinds of identity beside Certificate, over stdio. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { EVERY_KIND } from '../support/everyKind.ts';
import { CAPABILITIES, CONFIRMING, type Fixture, type Outcome, openFixture } from './fixture.ts';

const TOKEN = 'token.identity.yaml';
const SSH = 'ssh-user.identity.yaml';
const WORKLOAD = 'workload.identity.yaml';

interface Plan {
  readonly id: string;
  readonly hash: string;
  readonly summary: string;
  readonly steps: readonly { readonly verb: string; readonly consequence: string }[];
}

describe('language server: every kind of identity', function () {
  this.timeout(120_000);
  let fixture: Fixture;
  afterEach(() => fixture.end());

  const open = async (capabilities: object = CONFIRMING) => {
    fixture = await openFixture({
      files: EVERY_KIND,
      capabilities,
      answers: {
        'identity/confirm': (params) => {
          const { typedName } = params as { typedName?: string };
          return { confirmed: true, ...(typedName === undefined ? {} : { typed: typedName }) };
        },
        'workspace/inlayHint/refresh': () => null,
      },
    });
    for (const file of [TOKEN, SSH, WORKLOAD]) fixture.open(file);
  };
  const pressLens = async (file: string, title: string): Promise<Outcome> => {
    const lens = (await fixture.lenses(file)).find((each) => each.command?.title === title);
    assert.ok(lens?.command, `no lens ${title}`);
    return fixture.run(lens.command.command, (lens.command.arguments?.[0] ?? {}) as object);
  };
  const planned = async (verb: string, identity: string): Promise<Outcome & { readonly plan: Plan }> => {
    const plan = await fixture.run<Plan>('idac.plan', { verb, identity });
    const outcome = await fixture.run('idac.execute', { planId: plan.id, hash: plan.hash });
    assert.equal(outcome.result.state, 'done', outcome.message);
    return { ...outcome, plan };
  };
  const asked = () =>
    fixture.client.received('identity/confirm').map(({ params }) => params) as readonly {
      readonly title: string;
      readonly backend: string;
      readonly consequence: string;
      readonly typedName?: string;
    }[];
  const hintsOf = async (file: string) =>
    (
      await fixture.client.request<{ label: string }[]>('textDocument/inlayHint', {
        textDocument: { uri: fixture.uri(file) },
        range: { start: { line: 0, character: 0 }, end: { line: 40, character: 0 } },
      })
    ).map(({ label }) => label);
  const hoverOnName = async (file: string) => {
    const lines = fixture.read(file).split('\n');
    const line = lines.findIndex((each) => each.startsWith('metadata:'));
    const hover = await fixture.client.request<{ contents: { value: string } } | null>('textDocument/hover', {
      textDocument: { uri: fixture.uri(file) },
      position: { line, character: (lines[line] ?? '').indexOf('name: ') + 'name: '.length },
    });
    return hover?.contents.value ?? '';
  };

  it('Token: planned, confirmed, issued, rotated, revoked; the token never crosses the connection', async () => {
    await open();
    assert.deepEqual(await fixture.lensTitles(TOKEN), ['not issued yet · 2 machines · lab', 'Issue']);
    const issued = await planned('issue', 'Token/default/api');
    assert.match(issued.plan.summary, /^issue Token\/default\/api: 2 tokens from lab for 30d/);
    // A token is not for looking at: nothing offers to open its file.
    assert.deepEqual(issued.files, []);
    const [state, ...verbs] = await fixture.lensTitles(TOKEN);
    assert.match(state ?? '', /^valid · (29|30) days left · 2 machines · lab$/);
    assert.deepEqual(verbs, ['Rotate', 'Revoke', 'Verify', 'Destroy']);
    assert.match((await hintsOf(TOKEN)).join(), /^valid · (29|30) days left · 2 machines$/);
    const card = await hoverOnName(TOKEN);
    for (const part of [/expires in (29|30) days/, /Serial/, /api\.token/, /db-2/]) assert.match(card, part);

    const first = fixture.read('secret/db-1/api.token').trim();
    const rotated = await pressLens(TOKEN, 'Rotate');
    assert.equal(rotated.result.state, 'done', rotated.message);
    const second = fixture.read('secret/db-1/api.token').trim();
    assert.notEqual(first, second);
    const revoked = await pressLens(TOKEN, 'Revoke');
    assert.equal(revoked.result.state, 'done', revoked.message);
    assert.match((await fixture.lensTitles(TOKEN))[0] ?? '', /^revoked/);
    assert.deepEqual(
      asked().map(({ title, backend, typedName }) => [title, backend, typedName]),
      [
        ['Issue Token/default/api?', 'lab', undefined],
        ['Rotate Token/default/api?', 'lab', undefined],
        ['Revoke Token/default/api?', 'lab', 'api'],
      ],
    );
    const trace = fixture.client.trace();
    for (const token of [first, second]) assert.equal(trace.includes(token.split('.').at(-1) ?? ''), false);
    assert.doesNotMatch(JSON.stringify(asked()), /certificate/i);
    assert.doesNotMatch(revoked.message + rotated.message, /certificate/i);
  });

  it('SshCertificate: planned, confirmed, issued for each machine and verified; nothing opens its key', async () => {
    await open();
    const { plan, files } = await planned('issue', 'SshCertificate/default/ops');
    assert.match(plan.summary, /2 SSH certificates from lab for 7d/);
    assert.ok(plan.steps.some(({ consequence }) => /^signs an SSH certificate/.test(consequence)));
    assert.deepEqual(
      files,
      ['db-1', 'db-2'].map((machine) => fixture.uri(`ssh/${machine}/id-cert.pub`)),
    );
    const report = await pressLens(SSH, 'Verify');
    assert.equal((report as unknown as { ok: boolean }).ok, true);
    assert.deepEqual((await fixture.lensTitles(SSH)).slice(1), [
      'Renew',
      'Rotate',
      'Revoke',
      'Verify',
      'Destroy',
    ]);
    assert.match(await hoverOnName(SSH), /id-cert\.pub/);
  });

  it('Workload: has no end, so no hint counts its days; it is verified, and made again when it changed', async () => {
    await open();
    await planned('issue', 'Workload/default/front');
    assert.deepEqual(await fixture.lensTitles(WORKLOAD), ['does not expire · lab', 'Revoke', 'Verify']);
    assert.deepEqual(await hintsOf(WORKLOAD), []);
    assert.doesNotMatch(await hoverOnName(WORKLOAD), /9999|certificate/i);
    const report = (await pressLens(WORKLOAD, 'Verify')) as unknown as { ok: boolean };
    assert.equal(report.ok, true);
    const edited = fixture.read(WORKLOAD).replace('uid:1000', 'uid:1001');
    fixture.write(WORKLOAD, edited);
    fixture.change(WORKLOAD, 2, [{ text: edited }]);
    let titles = await fixture.lensTitles(WORKLOAD);
    // What rests on records follows a moment after the text.
    while (!(titles[0] ?? '').startsWith('manifest changed since it was issued')) {
      await fixture.client.next('identity/changed');
      titles = await fixture.lensTitles(WORKLOAD);
    }
    assert.deepEqual(titles.slice(1), ['Renew', 'Revoke', 'Verify']);
    const { items } = await fixture.pull(WORKLOAD);
    assert.deepEqual(
      items.map(({ code }) => code),
      ['credential/out-of-date'],
    );
    const renewed = await pressLens(WORKLOAD, 'Renew');
    assert.equal(renewed.result.state, 'done', renewed.message);
    assert.equal((await fixture.lensTitles(WORKLOAD))[0], 'does not expire · lab');
  });

  it('a client that cannot ask ends no token, whatever it sends along', async () => {
    await open(CAPABILITIES);
    fixture.client.answer('window/showMessageRequest', (params) =>
      (params as { actions: { title: string }[] }).actions.find(({ title }) => title === 'Issue'),
    );
    const issued = await fixture.run('idac.run', { verb: 'issue', identity: 'Token/default/api' });
    assert.equal(issued.result.state, 'done', issued.message);
    for (const verb of ['revoke', 'destroy']) {
      const refused = await fixture.run('idac.run', { verb, identity: 'Token/default/api' });
      assert.equal(refused.result.code, 'refused/needs-confirmation');
      assert.match(refused.result.hint ?? '', new RegExp(`idac ${verb} Token/default/api`));
    }
    await assert.rejects(fixture.run('idac.run', { verb: 'revoke' }), /identity/);
    assert.ok(existsSync(path.join(fixture.box.folder, 'secret/db-1/api.token')));
  });

  it('symbols name identities of all kinds', async () => {
    await open();
    const found = await fixture.client.request<{ name: string }[]>('workspace/symbol', { query: '' });
    const names = found.map(({ name }) => name).join('\n');
    for (const id of [
      'Key/default/signing',
      'SshKey/default/deploy',
      'SshCertificate/default/host',
      'Token/default/opaque',
      'Workload/default/front',
    ])
      assert.ok(names.includes(id), `${id} in ${names}`);
    const symbols = await fixture.client.request<{ name: string; detail: string }[]>(
      'textDocument/documentSymbol',
      {
        textDocument: { uri: fixture.uri(TOKEN) },
      },
    );
    assert.deepEqual(
      symbols.map(({ name, detail }) => [name, detail]),
      [['api', 'Token in default']],
    );
  });
});
