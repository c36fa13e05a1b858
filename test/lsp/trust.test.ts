import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { IDAC_LSP } from '../support/lspClient.ts';
import { CONFIRMING, type Fixture, IDENTITY, type Outcome, openFixture } from './fixture.ts';

const FILE = 'web.identity.yaml';
/** Its state, and why nothing can be done. */
const UNTRUSTED = 'not issued yet · local-ca · restricted mode: nothing is run';
const yes = { 'identity/confirm': () => ({ confirmed: true }) };

describe('language server: workspace trust', () => {
  let fixture: Fixture;
  afterEach(() => fixture.end());

  it('analyses an untrusted folder and acts on nothing in it', async () => {
    fixture = await openFixture({ trusted: false, capabilities: CONFIRMING, answers: yes });
    fixture.open(FILE);
    assert.deepEqual((await fixture.pull(FILE)).items, []);
    assert.deepEqual(await fixture.lensTitles(FILE), [UNTRUSTED]);
    const asked: [string, object][] = [
      ['idac.plan', { verb: 'issue', identity: IDENTITY }],
      ['idac.verify', { identity: IDENTITY }],
    ];
    for (const [command, argument] of asked) {
      const refused = await fixture.run<{ code: string }>(command, argument);
      assert.equal(refused.code, 'refused/untrusted', command);
    }
    for (const [command, argument] of [
      ['idac.run', { verb: 'issue', identity: IDENTITY }],
      ['idac.execute', { planId: 'a', hash: 'b' }],
      ['idac.resume', { planId: 'a', how: 'forward' }],
    ] as const) {
      const { result, message } = await fixture.run<Outcome>(command, argument);
      assert.equal(result.code, 'refused/untrusted', command);
      assert.match(message, /not trusted/);
    }
    assert.equal(fixture.client.received('identity/confirm').length, 0);
    assert.equal(existsSync(path.join(fixture.box.folder, '.identity')), false);
    assert.equal(existsSync(path.join(fixture.box.stateHome, 'sealed')), false);
  });

  it('acts once trust is granted, without a restart', async () => {
    fixture = await openFixture({ trusted: false, capabilities: CONFIRMING, answers: yes });
    fixture.open(FILE);
    assert.deepEqual(await fixture.lensTitles(FILE), [UNTRUSTED]);
    fixture.client.notify('identity/trustGranted');
    await fixture.client.next('workspace/codeLens/refresh');
    while (!(await fixture.lensTitles(FILE)).includes('Issue')) {
      await fixture.client.next('workspace/codeLens/refresh');
    }
    const issued = await fixture.run('idac.run', { verb: 'issue', identity: IDENTITY });
    assert.equal(issued.result.state, 'done', issued.message);
  });

  it('answers every read while trust is granted', async () => {
    fixture = await openFixture({ trusted: false, capabilities: CONFIRMING, answers: yes });
    fixture.open(FILE);
    const reads = () => [
      fixture.lensTitles(FILE),
      fixture.pull(FILE),
      fixture.client.request('identity/inventory', {}),
    ];
    const asked: Promise<unknown>[] = [...reads()];
    fixture.client.notify('identity/trustGranted');
    for (let round = 0; round < 20; round += 1) {
      asked.push(...reads());
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal((await Promise.all(asked)).length, 63);
  });

  it('trusts nothing by itself over stdio; --trusted says so for all folders', async () => {
    const unsaid = { capabilities: CONFIRMING, answers: yes, initializationOptions: { trusted: undefined } };
    fixture = await openFixture({ ...unsaid, args: IDAC_LSP });
    const refused = await fixture.run('idac.run', { verb: 'issue', identity: IDENTITY });
    assert.equal(refused.result.code, 'refused/untrusted');
    await fixture.end();

    fixture = await openFixture({ ...unsaid, args: [...IDAC_LSP, '--trusted'] });
    const issued = await fixture.run('idac.run', { verb: 'issue', identity: IDENTITY });
    assert.equal(issued.result.state, 'done', issued.message);
  });
});
