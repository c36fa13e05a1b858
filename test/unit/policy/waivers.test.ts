/** Exceptions: whose they are, until when they hold, and what none of them covers. */
import assert from 'node:assert/strict';
import { certificate, findingsOf, outside, policy, projectOf, shown } from './project.ts';

const RULE = 'certificate/validity-too-long';
const limit = (name: string, more = ''): string => policy(name, `rules:\n  ${RULE}: { maximum: 47d${more} }`);
const waiver = (rule = RULE): string =>
  policy(
    'waivers',
    `waivers:\n  - rule: ${rule}\n    identities: [Certificate/default/a]\n    owner: web\n    approvedBy: security\n    reason: the partner is slow\n    until: 2027-01-31`,
  );
const COMMENT = `# idac-ignore ${RULE} until 2027-01-31: the partner is slow\n`;

const found = (files: Readonly<Record<string, string>>, from: Parameters<typeof findingsOf>[1] = []) =>
  findingsOf(projectOf({ 'a.identity.yaml': certificate('a', 'duration: 90d'), ...files }), from).map(shown);

describe('waivers', () => {
  it('cover a rule for the identities that they name', () => {
    assert.deepEqual(found({ 'p.identity.yaml': limit('p'), 'w.identity.yaml': waiver() }), []);
    const others = found({
      'b.identity.yaml': certificate('b', 'duration: 90d'),
      'p.identity.yaml': limit('p'),
      'w.identity.yaml': waiver(),
    });
    assert.deepEqual(
      others.map((each) => each.split(' ').slice(0, 3).join(' ')),
      [`error ${RULE} b.identity.yaml:8`],
    );
  });

  it('cover nothing that its policy calls not waivable, and say so', () => {
    const findings = found({
      'p.identity.yaml': limit('p', ', waivable: false'),
      'w.identity.yaml': waiver(),
    });
    assert.equal(findings.length, 2);
    assert.match(findings.join('\n'), /ignore\/unused w\.identity\.yaml:6 policy p lets nobody waive/);
  });

  it('and comments cover nothing that is asked from outside, unless it says so', () => {
    const a = certificate('a', `${COMMENT}duration: 90d`);
    const own = found({ 'a.identity.yaml': a, 'p.identity.yaml': limit('p') });
    assert.deepEqual(own, []);
    const bound = found({ 'a.identity.yaml': a, 'w.identity.yaml': waiver() }, [outside(limit('baseline'))]);
    assert.deepEqual(
      bound.map((each) => each.split(' ')[1]),
      [RULE, 'ignore/unused', 'ignore/unused'],
    );
    assert.match(bound.join('\n'), /policy baseline lets nobody ignore/);
    const allowed = found({ 'a.identity.yaml': a }, [outside(limit('baseline', ', waivable: true'))]);
    assert.deepEqual(allowed, []);
  });

  it('of those who ask from outside cover what they ask', () => {
    const pack = 'package @example/pki';
    assert.deepEqual(found({}, [outside(limit('baseline'), pack), outside(waiver(), pack)]), []);
    assert.equal(found({}, [outside(limit('baseline'), pack), outside(waiver(), 'another')]).length, 1);
  });

  it('cover findings of rules that a policy makes itself', () => {
    const own = policy(
      'own',
      `customRules:\n  - { id: short, expression: "identity.spec.duration == '1d'", message: be short }`,
    );
    assert.equal(found({ 'p.identity.yaml': own }).length, 1);
    assert.deepEqual(found({ 'p.identity.yaml': own, 'w.identity.yaml': waiver('custom/short') }), []);
  });
});
