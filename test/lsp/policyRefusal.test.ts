import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PATIENCE } from '../support/idac.ts';
import { BACKEND, CONFIRMING, type Fixture, IDENTITY, openFixture } from './fixture.ts';

const policy = (maximum: string): string => `apiVersion: identity-as-code/v1
kind: Policy
metadata: { name: short-lives }
spec:
  rules:
    certificate/validity-too-long: { severity: error, maximum: ${maximum} }
`;

describe('in an editor, an action that a policy forbids', function () {
  this.timeout(PATIENCE);
  let fixture: Fixture;
  before(async () => {
    fixture = await openFixture({
      capabilities: CONFIRMING,
      files: { 'policies.identity.yaml': policy('30d'), 'ca.identity.yaml': BACKEND },
      answers: { 'identity/confirm': () => ({ confirmed: true }) },
    });
    fixture.open('web.identity.yaml');
  });
  after(() => fixture.end());

  const issue = () => fixture.run('idac.run', { verb: 'issue', identity: IDENTITY });

  it('is refused with the policy and its line, and writes nothing', async () => {
    const { result } = await issue();
    assert.equal(result.code, 'refused/policy');
    assert.match(String((result as { what?: string }).what), /policies\.identity\.yaml:6/);
    for (const made of ['tls', '.identity'])
      assert.ok(!existsSync(path.join(fixture.box.folder, made)), made);
    assert.ok(!existsSync(path.join(fixture.box.stateHome, 'sealed')), 'no key store was opened');
  });

  it('is refused by a policy of the machine, too, which leads to its file, and by one that cannot be had', async () => {
    const outside = path.join(fixture.box.folder, '..', 'machine.yaml');
    writeFileSync(outside, policy('7d').replace('short-lives', 'machine'));
    const box = fixture.box;
    for (const [policies, code] of [
      [[outside], 'refused/policy'],
      [[`${outside}.missing`], 'refused/policy-unreadable'],
    ] as const) {
      const other = await openFixture({ box, capabilities: CONFIRMING, initializationOptions: { policies } });
      other.open('web.identity.yaml');
      const { result } = await other.run('idac.run', { verb: 'issue', identity: IDENTITY });
      assert.equal(result.code, code);
      const related = (await other.pull('web.identity.yaml')).items.flatMap(
        ({ relatedInformation }) => (relatedInformation ?? []) as { location: { uri: string } }[],
      );
      assert.equal(
        related.some(({ location }) => location.uri === pathToFileURL(outside).href),
        code === 'refused/policy',
      );
      await other.client.stop();
    }
  });

  it('is refused while the policy is edited and not saved: nobody acts by words that are not there yet', async () => {
    fixture.open('policies.identity.yaml', policy('90d'));
    assert.equal((await issue()).result.code, 'refused/dirty-manifest');
  });

  it('runs once the policy as it is saved allows it', async () => {
    fixture.write('policies.identity.yaml', policy('90d'));
    const { result } = await issue();
    assert.equal(result.state, 'done', JSON.stringify(result));
  });
});
