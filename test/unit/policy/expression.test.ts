/** Expressions of custom rules: what they see, what is said of mistakes, and what they cost at most. */
import assert from 'node:assert/strict';
import { readExpression } from '../../../server/src/core/policy/cel/expression.ts';
import { certificate, findingsOf, policy, projectOf, shown } from './project.ts';

const GIVEN = {
  identity: {
    metadata: { labels: { tier: '1' } },
    spec: { owner: { contact: 'web@example.com' }, dnsNames: ['a.example.com', 'b.example.com'], count: 4 },
  },
  labels: { tier: '1' },
  now: new Date('2026-12-01T00:00:00Z'),
};

const answer = (text: string, given = GIVEN): string => {
  const { value, problems } = readExpression(text);
  if (value === undefined)
    return problems.map(({ message, start, end }) => `${start}-${end} ${message}`).join('; ');
  const said = value.evaluate(given);
  return said.answer === 'unclear' ? said.why : said.answer;
};

describe('expressions of custom rules', () => {
  it('see the manifest, its labels and the day', () => {
    assert.equal(answer("identity.spec.owner.contact.endsWith('@example.com')"), 'yes');
    assert.equal(answer("labels.tier == '2'"), 'no');
    assert.equal(answer("identity.spec.dnsNames.all(n, n.endsWith('.example.com'))"), 'yes');
    assert.equal(answer("now < timestamp('2030-01-01T00:00:00Z')"), 'yes');
    assert.equal(answer('identity.spec.count > 3'), 'yes');
    assert.equal(answer("labels['tier'] in ['1', '2']"), 'yes');
    assert.equal(answer("has(identity.spec.key) ? identity.spec.key.origin == 'store' : true"), 'yes');
    assert.equal(answer("identity.spec.owner.contact.matches('^[a-z]+@') && 'x'.matches('x')"), 'yes');
  });

  it('say what is wrong, and where', () => {
    assert.equal(
      answer('identity.spec.a &&'),
      '18-18 the expression ends too early; something is missing behind it',
    );
    assert.equal(
      answer("foo == 'a'"),
      '0-3 "foo" is not known here; an expression speaks of identity, labels, now',
    );
    assert.equal(answer("'ab"), '0-3 this text is not closed; its quote is missing');
    assert.match(answer("1 + 'a' == 2"), /^0-7 no such overload/);
    assert.match(answer('size(labels)'), /^0-12 an expression answers yes or no, and this one gives int/);
    assert.equal(
      answer('size(identity.spec.consumers) > 0'),
      'there is no "consumers"; ask with has() first',
    );
    assert.match(answer('cel.bind(x, 1, x == 1)'), /cel.bind is not offered/);
    assert.match(answer("'a'.matches('(')"), /./);
  });

  it('reach nothing but the data', () => {
    for (const text of [
      'identity.constructor',
      'identity.__proto__',
      'labels.toString',
      "identity['constructor']",
    ])
      assert.match(answer(`${text} == 'a'`), /there is no/);
    assert.match(answer("process.env.HOME == ''"), /"process" is not known/);
  });

  it('cost no more than their bound, whatever is written', () => {
    const long = {
      ...GIVEN,
      identity: { spec: { l: Array.from({ length: 5000 }, (_, each) => `n${each}`) } },
    };
    const cases = [
      'identity.spec.l.all(a, identity.spec.l.all(b, identity.spec.l.all(c, a == b || b == c || a == c)))',
      `'${'a'.repeat(1900)}!'.matches('^(a+)+$')`,
      `'${'a'.repeat(1900)}!'.matches('${'(.*)*'.repeat(40)}x')`,
      `'a'.matches('((a{1000}){1000}){1000}')`,
      `${'('.repeat(1500)}true${')'.repeat(1500)}`,
      Array.from({ length: 1500 }, () => 'true').join(' && '),
      `${'!'.repeat(3000)}true`,
      `${'['.repeat(1500)}`,
      'identity.spec.l.map(a, identity.spec.l).size() > 0',
      `size(${Array.from({ length: 300 }, () => 'identity.spec.l').join(' + ')}) > 0`,
    ];
    for (const text of cases) {
      const before = process.cpuUsage();
      answer(text, long as never);
      const { user, system } = process.cpuUsage(before);
      assert.ok((user + system) / 1000 < 500, `${(user + system) / 1000} ms: ${text.slice(0, 80)}`);
    }
  });

  it('are findings of the identity, at the field that they speak of', () => {
    const index = projectOf({
      'a.identity.yaml': certificate('a', 'consumers: []'),
      'b.identity.yaml': certificate('b', ''),
      'p.identity.yaml': policy(
        'ownership',
        `customRules:\n  - { id: consumers-named, expression: size(identity.spec.consumers) > 0, message: name who breaks, severity: warning }\n  - { id: named, expression: "identity.metadata.name != 'b'", message: choose another name, field: metadata.name }`,
      ),
    });
    const findings = findingsOf(index);
    assert.deepEqual(findings.map(shown), [
      'warning custom/consumers-named a.identity.yaml:8 name who breaks (policy ownership)',
      'warning custom/consumers-named b.identity.yaml:4 name who breaks (policy ownership)',
      'error custom/named b.identity.yaml:3 choose another name (policy ownership)',
    ]);
    assert.equal(findings[1]?.why, 'Not kept: there is no "consumers"; ask with has() first.');
    assert.deepEqual(
      findings[0]?.related.map(({ file, range }) => [file, range.start.line]),
      [['p.identity.yaml', 5]],
    );
  });
});
