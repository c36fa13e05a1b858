/** Defaults of policies: which of them counts, what comes of them, and that no limit is loosened by one. */
import assert from 'node:assert/strict';
import type { ProjectIndex } from '../../../server/src/core/identity/projectIndex.ts';
import { declarationOf } from '../../../server/src/core/lifecycle/declarationOf.ts';
import { defaultsFor } from '../../../server/src/core/policy/defaults.ts';
import { keepVerdicts, policyFindings } from '../../../server/src/core/policy/policyFindings.ts';
import { judgesOf, keepRuns, runRules } from '../../../server/src/core/rules/runRules.ts';
import { backendRoles } from '../../../server/src/core/schema/backendRoles.ts';
import { certificate, findingsOf, outside, policy, projectOf, shown } from './project.ts';

const DAY = 86_400;
const NOW = new Date('2026-12-01T08:00:00Z');
const PROJECT = `apiVersion: identity-as-code/v1
kind: Project
metadata: { name: shop }
spec: { defaults: { duration: 60d, renewal: { before: 20d }, owner: { team: all } } }
`;
const LIMIT = 'rules:\n  certificate/validity-too-long: { maximum: 40d }';

function declared(index: ProjectIndex) {
  const [resource] = index.identities();
  assert.ok(resource !== undefined);
  return { resource, declaration: declarationOf(resource, index) };
}

const days = (index: ProjectIndex): number => (declared(index).declaration.durationSeconds ?? 0) / DAY;

describe('defaults of policies', () => {
  it('are filled in where the manifest says nothing, before those of the project', () => {
    const policies = policy(
      'shop',
      'defaults: { duration: 30d, renewal: { overlap: 1d }, keyAlgorithm: RSA-3072 }',
    );
    const index = projectOf({
      'a.identity.yaml': certificate('a', ''),
      'p.identity.yaml': policies,
      'project.identity.yaml': PROJECT,
    });
    const { declaration } = declared(index);
    assert.equal(declaration.durationSeconds, 30 * DAY);
    assert.equal(declaration.key?.algorithm, 'RSA-3072');
    assert.deepEqual(declaration.renewal, {
      by: 'idac',
      before: { seconds: 20 * DAY },
      overlapSeconds: DAY,
    });
    const own = projectOf({
      'a.identity.yaml': certificate('a', 'duration: 50d\nkey: { algorithm: Ed25519 }'),
      'p.identity.yaml': policies,
    });
    assert.equal(days(own), 50);
    assert.equal(declared(own).declaration.key?.algorithm, 'Ed25519');
  });

  it('are for selected identities alone, and for kinds that have the field', () => {
    const index = projectOf({
      'a.identity.yaml': certificate('a', ''),
      'p.identity.yaml': policy(
        'external',
        'selector: { matchLabels: { exposure: external } }\ndefaults: { duration: 30d }',
      ),
    });
    assert.equal(days(index), 0);
    const token = projectOf({
      't.identity.yaml':
        'apiVersion: identity-as-code/v1\nkind: Token\nmetadata: { name: t }\nspec: { issuer: local-ca }\n',
      'p.identity.yaml': policy('all', 'defaults: { duration: 30d, keyAlgorithm: RSA-3072 }'),
      'project.identity.yaml': PROJECT,
    });
    const { resource, declaration } = declared(token);
    assert.equal(declaration.durationSeconds, 30 * DAY);
    assert.equal(declaration.key, null);
    assert.deepEqual(
      defaultsFor(resource, token).fields.map(({ path }) => path.join('.')),
      ['spec.owner', 'spec.duration', 'spec.renewal.before'],
    );
  });

  it('of a policy count before those of a policy that it extends, whatever their names and files', () => {
    for (const [general, special] of [
      ['aa', 'zz'],
      ['zz', 'aa'],
    ] as const) {
      const index = projectOf({
        'a.identity.yaml': certificate('a', ''),
        [`${general}.identity.yaml`]: policy(general, 'defaults: { duration: 30d, keyAlgorithm: RSA-3072 }'),
        [`${special}.identity.yaml`]: policy(special, `extends: [${general}]\ndefaults: { duration: 20d }`),
      });
      assert.equal(days(index), 20);
      const { resource, declaration } = declared(index);
      assert.equal(declaration.key?.algorithm, 'RSA-3072');
      const field = defaultsFor(resource, index).fields.find(({ path }) => path[1] === 'duration');
      assert.deepEqual(
        [field?.given?.by.name, field?.gaveWay.map(({ by }) => by.name), field?.conflict],
        [special, [general], []],
      );
      assert.deepEqual(findingsOf(index).map(shown), []);
    }
  });

  it('that differ are a finding, and none of them counts', () => {
    const index = projectOf({
      'a.identity.yaml': certificate('a', ''),
      'one.identity.yaml': policy('one', 'defaults: { duration: 30d, renewal: { by: idac } }'),
      'two.identity.yaml': policy('two', 'defaults: { duration: 20d, renewal: { by: idac } }'),
      'project.identity.yaml': PROJECT,
    });
    assert.equal(days(index), 60);
    const [finding, ...others] = findingsOf(index);
    assert.deepEqual(others, []);
    assert.equal(
      finding && shown(finding),
      'error policy/conflicting-defaults a.identity.yaml:4 policies fill in different values for spec.duration (one, two); write it here',
    );
    assert.deepEqual(
      finding?.related.map(({ file, range, message }) => [file, range.start.line, message]),
      [
        ['one.identity.yaml', 4, 'policy one fills in "30d"'],
        ['two.identity.yaml', 4, 'policy two fills in "20d"'],
      ],
    );
    assert.equal(finding?.policy?.binding, true);
  });

  it('that differ are an error, whatever a policy makes of that', () => {
    const index = projectOf({
      'a.identity.yaml': certificate('a', ''),
      'one.identity.yaml': policy('one', 'defaults: { duration: 30d }'),
      'two.identity.yaml': policy('two', 'defaults: { duration: 20d }'),
      'lax.identity.yaml': policy('lax', 'rules: { policy/conflicting-defaults: { severity: info } }'),
    });
    assert.deepEqual(
      findingsOf(index).map(({ rule, severity }) => [rule, severity]),
      [['policy/conflicting-defaults', 'error']],
    );
  });

  it('of a long line of policies that extend each other are combined at once', () => {
    const policies = Array.from({ length: 300 }, (_, place) => [
      `p${place}.identity.yaml`,
      policy(
        `p${place}`,
        `${place === 0 ? '' : `extends: [p${place - 1}]\n`}defaults: { duration: ${place + 1}d }`,
      ),
    ]);
    const index = projectOf({ 'a.identity.yaml': certificate('a', ''), ...Object.fromEntries(policies) });
    assert.equal(days(index), 300);
  });

  it('are judged by limits, and the finding leads to them', () => {
    const index = projectOf({
      'a.identity.yaml': certificate('a', ''),
      'p.identity.yaml': policy('shop', 'defaults: { duration: 50d }'),
      'q.identity.yaml': policy('limit', LIMIT),
    });
    const [finding] = findingsOf(index);
    assert.equal(
      finding?.message,
      'it is valid for 50d by default of policy shop, and 40d is the longest allowed (policy limit)',
    );
    assert.deepEqual(
      finding.related.map(({ file, message }) => [file, message]),
      [
        ['q.identity.yaml', 'policy limit asks for it'],
        ['p.identity.yaml', 'policy shop fills it in'],
      ],
    );
  });

  it('are seen by expressions, schemas and limits on fields', () => {
    const limits = policy(
      'limit',
      `schema: { required: [duration], properties: { duration: { enum: [30d] } } }
rules:
  field/not-allowed: { fields: { spec.renewal.by: { allow: [idac], required: true } } }
customRules:
  - { id: long, expression: identity.spec.key.algorithm == 'RSA-3072', message: take RSA-3072 }`,
    );
    const messages = (defaults: string) =>
      findingsOf(
        projectOf({
          'a.identity.yaml': certificate('a', ''),
          'l.identity.yaml': limits,
          'p.identity.yaml': policy('shop', defaults),
        }),
      ).map(({ rule, message }) => `${rule}: ${message}`);
    assert.deepEqual(
      messages('defaults: { duration: 30d, renewal: { by: idac }, keyAlgorithm: RSA-3072 }'),
      [],
    );
    assert.deepEqual(
      messages('defaults: { duration: 20d, renewal: { by: machine }, keyAlgorithm: Ed25519 }'),
      [
        'field/not-allowed: the value of spec.renewal.by "machine" is not allowed; "idac" is (policy limit)',
        'custom/long: take RSA-3072 (policy limit)',
        'policy/schema: it must be "30d" (policy limit)',
      ],
    );
    assert.equal(messages('defaults: { owner: { team: all } }').length, 3);
  });

  it('break no closed world, since nobody could remove them from the manifest', () => {
    const closed = policy(
      'closed',
      `schema: { properties: { renewal: false, key: { additionalProperties: false } } }
rules:
  field/not-allowed: { closed: [spec], fields: { spec.owner: {}, spec.dnsNames: {}, spec.issuer: {} } }`,
    );
    const index = projectOf({
      'a.identity.yaml': certificate('a', ''),
      'c.identity.yaml': closed,
      'p.identity.yaml': policy('shop', 'defaults: { renewal: { by: idac }, keyAlgorithm: RSA-3072 }'),
    });
    assert.deepEqual(findingsOf(index).map(shown), []);
  });

  it('break none in one of several forms either, nor a number of fields, and are judged by those forms all the same', () => {
    const found = (schema: string, defaults: string) =>
      findingsOf(
        projectOf({
          'a.identity.yaml': certificate('a', ''),
          'c.identity.yaml': policy('closed', `schema: ${schema}`),
          'p.identity.yaml': policy('shop', `defaults: ${defaults}`),
        }),
      ).map(({ message }) => message);
    const fields = 'owner: {}, dnsNames: {}, issuer: {}';
    for (const form of ['anyOf', 'oneOf'])
      assert.deepEqual(
        found(
          `{ ${form}: [{ properties: { ${fields} }, additionalProperties: false }, { required: [machines] }] }`,
          '{ duration: 20d, renewal: { by: idac } }',
        ),
        [],
        form,
      );
    assert.deepEqual(found('{ maxProperties: 3 }', '{ duration: 20d, renewal: { by: idac } }'), []);
    assert.deepEqual(found('{ maxProperties: 2 }', '{ duration: 20d }'), [
      'it must have 2 fields or fewer (policy closed)',
    ]);
    assert.deepEqual(
      found('{ anyOf: [{ properties: { duration: { const: 30d } } }] }', '{ duration: 20d }'),
      ['it has none of the forms that the schema allows (policy closed)'],
    );
  });

  it('name an owner', () => {
    const text = certificate('a', '').replace('  owner: { team: web }\n', '');
    const alone = projectOf({ 'a.identity.yaml': text });
    assert.deepEqual(
      findingsOf(alone).map(({ rule }) => rule),
      ['owner/missing'],
    );
    const index = projectOf({
      'a.identity.yaml': text,
      'p.identity.yaml': policy('shop', 'defaults: { owner: { team: shop } }'),
    });
    assert.deepEqual(findingsOf(index).map(shown), []);
  });

  it('from outside of the project fill in nothing', () => {
    const index = projectOf({ 'a.identity.yaml': certificate('a', '') });
    const from = outside(policy('org', `defaults: { duration: 50d }\n${LIMIT}`));
    assert.equal(days(index), 0);
    // The default of the tool is judged, and theirs is not there.
    assert.match(findingsOf(index, [from])[0]?.message ?? '', /^it is valid for 47d by default, /);
  });

  it('are judged after each edit as if all were read again', () => {
    const files = (defaults: string, more = ''): Record<string, string> => ({
      'a.identity.yaml': certificate('a', ''),
      'b.identity.yaml': certificate('b', 'duration: 10d'),
      'p.identity.yaml': policy('shop', `${defaults}\nselector: { matchPaths: ['a.*'] }`),
      'q.identity.yaml': policy('limit', LIMIT),
      ...(more === '' ? {} : { 'r.identity.yaml': policy('other', more) }),
    });
    const kept = keepVerdicts();
    const runs = keepRuns();
    for (const [defaults, more] of [
      ['defaults: { duration: 50d }', ''],
      ['defaults: { duration: 30d }', ''],
      ['defaults: { duration: 30d }', 'defaults: { duration: 20d }'],
      ['defaults: { renewal: { before: 80d } }', 'defaults: { duration: 70d }'],
      ['description: none', ''],
    ] as const) {
      const index = projectOf(files(defaults, more));
      const input = { index, now: NOW, rules: judgesOf({}) };
      assert.deepEqual(
        policyFindings(input, kept).map(shown),
        policyFindings(input, keepVerdicts()).map(shown),
        defaults,
      );
      const context = { index, now: NOW, records: new Map(), backendRoles: backendRoles() };
      assert.deepEqual(runRules(context, {}, runs).map(shown), runRules(context, {}).map(shown), defaults);
    }
  });
});
