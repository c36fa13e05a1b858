/** What is kept from one edit to the next is what would be said if everything were asked again. */
import assert from 'node:assert/strict';
import { buildProjectIndex, type ProjectIndex } from '../../../server/src/core/identity/projectIndex.ts';
import { parseManifestFile } from '../../../server/src/core/manifest/manifestFile.ts';
import {
  judgeIdentity,
  keepVerdicts,
  policyFindings,
  policyFindingsByFile,
} from '../../../server/src/core/policy/policyFindings.ts';
import type { JudgingRules } from '../../../server/src/core/policy/said.ts';
import { judgesOf } from '../../../server/src/core/rules/runRules.ts';
import { certificate, policy, projectOf, shown } from './project.ts';

const NOW = new Date('2026-12-01T08:00:00Z');
const RULE = 'certificate/validity-too-long';

/** The rules, with a count of how often they were asked. */
function counting(): { readonly rules: JudgingRules; taken(): number } {
  let count = 0;
  const rules = new Map(
    [...judgesOf({})].map(([id, { severity, judge }]) => [
      id,
      {
        severity,
        judge: (...given: Parameters<typeof judge>) => {
          count += 1;
          return judge(...given);
        },
      },
    ]),
  );
  const taken = () => {
    const before = count;
    count = 0;
    return before;
  };
  return { rules, taken };
}

describe('what policies say, kept over edits', () => {
  const limits = (external: string, all: string, head = ''): string =>
    head +
    [
      policy(
        'external',
        `selector: { matchLabels: { exposure: external } }\nrules:\n  ${RULE}: { maximum: ${external} }`,
      ),
      policy('all', `rules:\n  ${RULE}: { maximum: ${all} }`),
    ].join('---\n');
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_, place) => [
      `m${place}.identity.yaml`,
      certificate(
        `m${place}`,
        `duration: ${place + 40}d`,
        place < 10 ? ', labels: { exposure: external }' : '',
      ),
    ]),
  );

  const edited = (index: ProjectIndex, path: string, text: string): ProjectIndex =>
    buildProjectIndex(
      new Map(index.files).set(path, parseManifestFile(path, text, index.files.get(path))),
      index,
    );

  it('asks again only those that a changed policy selects, and those that changed', () => {
    const { rules, taken } = counting();
    const kept = keepVerdicts();
    const check = (index: ProjectIndex): number => {
      const findings = policyFindings({ index, now: NOW, rules }, kept);
      const asked = taken();
      const fresh = index.identities().flatMap((each) => judgeIdentity(each, { index, now: NOW, rules }));
      taken();
      const sorted = (all: typeof findings) =>
        all.map((each) => JSON.stringify([shown(each), each.related])).sort();
      assert.deepEqual(sorted(findings), sorted(fresh));
      assert.ok(findings.length > 0);
      return asked;
    };
    let index = projectOf({ ...files, 'p.identity.yaml': limits('47d', '70d') });
    assert.equal(check(index), 50);
    index = edited(index, 'p.identity.yaml', limits('45d', '70d'));
    assert.equal(check(index), 10, 'the ten that it selects');
    index = edited(index, 'p.identity.yaml', limits('45d', '70d', '# moved\n'));
    assert.equal(check(index), 0, 'it only moved');
    index = edited(index, 'm3.identity.yaml', `# moved\n${files['m3.identity.yaml']}`);
    assert.equal(check(index), 2, 'one manifest, two policies');
    index = edited(index, 'p.identity.yaml', limits('45d', '60d', '# moved\n'));
    assert.equal(check(index), 40);
    index = edited(
      index,
      'p.identity.yaml',
      limits('45d', '60d', '# moved\n').replace('exposure: external', 'exposure: internal'),
    );
    assert.equal(check(index), 0, 'nothing new is asked of those that remain');
    index = edited(index, 'p.identity.yaml', limits('45d', '60d').replace('maximum: 45d', 'maximum: 4'));
    assert.equal(check(index), 0, 'a policy with a mistake asks nothing');
  });

  it('judges a file when it is asked for, and of a selector those alone that it selects now and did not before', () => {
    const { rules, taken } = counting();
    const kept = keepVerdicts();
    const start = projectOf({ ...files, 'p.identity.yaml': limits('47d', '70d') });
    policyFindings({ index: start, now: NOW, rules }, kept);
    assert.equal(taken(), 50);
    const everybody = limits('47d', '70d').replace(
      '{ matchLabels: { exposure: external } }',
      '{ matchKinds: [Certificate] }',
    );
    const index = edited(start, 'p.identity.yaml', everybody);
    const findingsOf = policyFindingsByFile({ index, now: NOW, rules }, kept);
    assert.equal(taken(), 0, 'nobody asked');
    const there = index.files.get('m20.identity.yaml');
    assert.ok(there !== undefined && findingsOf(there).length > 0);
    assert.equal(taken(), 1, 'one file, and one policy that is new to it');
    policyFindings({ index, now: NOW, rules }, kept);
    assert.equal(taken(), 29, 'the others that it did not select');
  });
});
