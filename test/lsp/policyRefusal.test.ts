import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
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
