/** Which policy decides: the model is that each holds by itself, and that only an `overridable` rule gives way. */
import assert from 'node:assert/strict';
import type { ProjectIndex } from '../../../server/src/core/identity/projectIndex.ts';
import { effectivePolicy } from '../../../server/src/core/policy/effectivePolicy.ts';
import { policiesOf } from '../../../server/src/core/policy/policiesInForce.ts';
import { certificate, findingsOf, outside, policy, projectOf, shown } from './project.ts';

const RULE = 'certificate/validity-too-long';
const limit = (name: string, duration: string, more = ''): string =>
  policy(name, `rules:\n  ${RULE}: { maximum: ${duration}${more} }`);

function found(index: ProjectIndex, from: Parameters<typeof findingsOf>[1] = []): readonly string[] {
  return findingsOf(index, from).map(shown);
}

describe('effective policy', () => {
  it('lets the strictest of several limits decide, and names all who ask', () => {
    const index = projectOf({
      'a.identity.yaml': certificate('a', 'duration: 200d'),
      'p.identity.yaml': [limit('wide', '90d'), limit('narrow', '47d'), limit('wider', '398d')].join('---\n'),
    });
    const findings = findingsOf(index);
    assert.deepEqual(findings.map(shown), [
      `error ${RULE} a.identity.yaml:8 it is valid for 200d, and 47d is the longest allowed (policy narrow)`,
    ]);
    assert.deepEqual(
      findings[0]?.related.map(({ file, range, message }) => `${file}:${range.start.line + 1} ${message}`),
      ['p.identity.yaml:13 policy narrow asks for it', 'p.identity.yaml:6 policy wide asks for it'],
    );
    assert.equal(findings[0]?.policy?.origin, 'project');
    assert.deepEqual(
      findings[0]?.fixes.map(({ title }) => title),
      ['Change to "47d"'],
    );
  });

  it('lets a rule give way only where it is overridable and the other extends it', () => {
    const wide = (more: string) => policy('special', `${more}rules:\n  ${RULE}: { maximum: 200d }`);
    const files = (base: string, special: string) =>
      projectOf({
        'a.identity.yaml': certificate('a', 'duration: 200d'),
        'b.identity.yaml': base,
        's.identity.yaml': special,
      });
    const extending = wide('extends: [base]\n');
    assert.equal(found(files(limit('base', '47d'), extending)).length, 1);
    assert.equal(found(files(limit('base', '47d', ', overridable: true'), wide(''))).length, 1);
    assert.deepEqual(found(files(limit('base', '47d', ', overridable: true'), extending)), []);
    const index = files(limit('base', '47d', ', overridable: true'), extending);
    const [identity] = index.identities();
    assert.ok(identity);
    const { asks, replaced } = effectivePolicy(identity, policiesOf(index));
    assert.deepEqual(
      asks.map(({ policy: { resource } }) => resource.name),
      ['special'],
    );
    assert.deepEqual(
      replaced.map(({ ask }) => ask.policy.resource.name),
      ['base'],
    );
  });

  it('holds what comes from outside, whatever the project declares', () => {
    const index = projectOf({
      'a.identity.yaml': certificate('a', 'duration: 200d'),
      'p.identity.yaml': policy('loose', `extends: [base]\nrules:\n  ${RULE}: { maximum: 398d }`),
    });
    const findings = findingsOf(index, [outside(limit('base', '100d'))]);
    assert.deepEqual(findings.map(shown), [
      `error ${RULE} a.identity.yaml:8 it is valid for 200d, and 100d is the longest allowed (policy base)`,
    ]);
    assert.deepEqual(
      findings.map(({ policy: source }) => [source?.origin, source?.binding]),
      [['package @example/pki', true]],
    );
  });

  it('takes the highest severity that any policy gives', () => {
    const index = projectOf({
      'a.identity.yaml': certificate('a', 'duration: 200d'),
      'p.identity.yaml': [
        limit('a', '47d', ', severity: info'),
        limit('b', '90d', ', severity: warning'),
      ].join('---\n'),
    });
    assert.deepEqual(found(index), [
      `warning ${RULE} a.identity.yaml:8 it is valid for 200d, and 90d is the longest allowed (policy b)`,
    ]);
  });

  it('grades what the built-in rules find, and says who wants it so', () => {
    const missing =
      'apiVersion: identity-as-code/v1\nkind: Certificate\nmetadata: { name: a }\nspec: { dnsNames: [a.example.com], issuer: local-ca }\n';
    const index = projectOf({
      'a.identity.yaml': missing,
      'p.identity.yaml': policy('owners', 'rules:\n  owner/missing: { severity: info }'),
    });
    const [finding] = findingsOf(index);
    assert.equal(finding?.rule, 'owner/missing');
    assert.equal(finding.severity, 'info');
    assert.equal(finding.policy?.name, 'owners');
    assert.equal(finding.related.at(-1)?.file, 'p.identity.yaml');
  });

  it('selects by namespace, owner, issuer, any backend, path, labels and kind', () => {
    const selecting = (selector: string): number =>
      found(
        projectOf({
          'production/a.identity.yaml': certificate(
            'a',
            'duration: 200d',
            ', namespace: shop, labels: { tier: "1" }',
          ),
          'p.identity.yaml': policy('p', `selector: ${selector}\nrules:\n  ${RULE}: { maximum: 47d }`),
        }),
      ).length;
    const counts = (yes: string, no: string) =>
      assert.deepEqual([selecting(yes), selecting(no)], [1, 0], yes);
    counts('{ matchNamespaces: [sh*] }', '{ matchNamespaces: [default] }');
    counts('{ matchOwners: [web] }', '{ matchOwners: [payments] }');
    counts('{ matchIssuers: [local-*] }', '{ matchIssuers: [vault] }');
    counts('{ matchBackends: [local-ca] }', '{ matchBackends: [hsm] }');
    counts('{ matchPaths: ["production/**"] }', '{ matchPaths: ["*"] }');
    counts('{ matchLabels: { tier: "1" } }', '{ matchLabels: { tier: "2" } }');
    counts('{ matchKinds: [Certificate] }', '{ matchKinds: [Key] }');
  });

  it('follows a schedule by day', () => {
    const index = projectOf({
      'a.identity.yaml': certificate('a', 'duration: 200d'),
      'p.identity.yaml': policy(
        'public',
        `rules:\n  ${RULE}:\n    maximum: 398d\n    schedule:\n      - { from: 2029-03-15, maximum: 47d }\n      - { from: 2026-03-15, maximum: 200d }\n      - { from: 2027-03-15, maximum: 100d }`,
      ),
    });
    const on = (day: string) =>
      findingsOf(index, [], new Date(`${day}T00:00:00Z`)).map(({ message }) => message);
    assert.deepEqual(on('2026-12-01'), []);
    assert.deepEqual(on('2027-03-14'), []);
    assert.deepEqual(on('2027-03-15'), [
      'it is valid for 200d, and 100d is the longest allowed since 2027-03-15 (policy public)',
    ]);
    assert.match(on('2030-01-01')[0] ?? '', /47d is the longest allowed since 2029-03-15/);
  });
});
