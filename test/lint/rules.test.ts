/** Each rule with its examples: it finds the one, is about the other, and says nothing of it. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { viewCertificate } from '../../server/src/core/lint/certificateView.ts';
import { LINT_RULES } from '../../server/src/core/lint/generated/registry.ts';
import { isApplicable, lintCertificate } from '../../server/src/core/lint/lintCertificate.ts';
import type { LintChoice } from '../../server/src/core/lint/lintRule.ts';
import { policies } from './der.ts';
import type { Example, Examples } from './example.ts';
import { codeSigning, device, mail, root, server, subordinate, workload } from './template.ts';

const FOLDER = 'test/lint/examples';
const all = new Map<string, Example>();
for (const file of readdirSync(FOLDER).sort()) {
  const { examples } = (await import(`./examples/${file}`)) as { examples: Examples };
  for (const [id, example] of Object.entries(examples)) all.set(id, example);
}

describe('lint rules', () => {
  it('have examples each, and no example is of no rule', () => {
    assert.deepEqual([...all.keys()].sort(), LINT_RULES.map(({ meta }) => meta.id).sort());
  });

  for (const rule of LINT_RULES) {
    const { id } = rule.meta;
    it(id, () => {
      const example = all.get(id);
      assert.ok(example, 'it has no example');
      const bad = viewCertificate(example.bad);
      assert.ok(isApplicable(rule, bad), 'it is not about the bad example');
      assert.equal(typeof rule.check(bad), 'string', 'the bad example is not found');
      const good = viewCertificate(example.good ?? server());
      assert.ok(isApplicable(rule, good), 'it is not about the good example');
      assert.ok(!rule.check(good), `the good example is found: ${rule.check(good)}`);
    });
  }

  it('say what, why, what to do and where that stands', () => {
    for (const { meta } of LINT_RULES) {
      for (const text of [meta.title, meta.why, meta.remedy, meta.standard])
        assert.ok(text.length > 4, meta.id);
      assert.match(meta.id, /^lint\/[a-z0-9]+(?:-[a-z0-9]+)*$/);
      for (const day of [meta.since, meta.until])
        if (day !== undefined) assert.match(day, /^\d{4}-\d{2}-\d{2}$/);
      assert.ok(
        existsSync(`docs/rules/${meta.id}.md`),
        `docs/rules/${meta.id}.md: npm run generate -- --docs`,
      );
    }
    assert.equal(new Set(LINT_RULES.map(({ meta }) => meta.id)).size, LINT_RULES.length);
  });

  it('know extended validation by the policies that authorities had before the common one', () => {
    for (const [policy, expected] of [
      ['2.16.840.1.114412.2.1', true],
      ['2.16.840.1.114412.1.1', false],
    ] as const) {
      const der = server({ extensions: { certificatePolicies: policies(policy) } });
      const found = lintCertificate(der, 'tls-public').map(({ meta }) => meta.id);
      assert.equal(found.includes('lint/extended-validated-without-organization'), expected, policy);
    }
  });

  it('find no error in certificates that keep them', () => {
    const kept: readonly (readonly [LintChoice, Uint8Array])[] = [
      ['tls-public', server()],
      ['tls-public', subordinate()],
      ['tls-public', root()],
      ['code-signing', codeSigning()],
      ['email-public', mail()],
      ['spiffe', workload()],
      ['device', device()],
    ];
    for (const [profile, der] of kept) {
      const errors = lintCertificate(der, profile).filter(({ meta }) => meta.severity === 'error');
      assert.deepEqual(
        errors.map(({ meta, message }) => `${profile} ${meta.id}: ${message}`),
        [],
      );
    }
  });
});
