import type { ManifestDocument } from '../../manifest/manifestFile.ts';
import { testDocuments, testProblems } from '../../policy/policyTests.ts';
import type { RuleContext } from '../context.ts';
import { perValue } from '../perValue.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'policy/bad-test',
    severity: 'error',
    title: 'A test of policies cannot be run, or cannot fail',
    why: 'A test that expects nothing, or whose manifests nobody can read, looks as if it held the policies to something.',
    remedy: 'Give the test manifests that have no mistake of their own, and something that it expects.',
  },
  *check({ index, recorded }) {
    if (recorded !== undefined) return;
    for (const { file, document } of testDocuments(index.fileList)) {
      // What its schema finds comes first.
      if (document.findings.length > 0) continue;
      for (const problem of problemsOf(document)) yield { ...problem, file, related: [], fixes: [] };
    }
  },
};

/** Its manifests are read again only where the file changes. */
const problemsOf = perValue((document: ManifestDocument) => [...testProblems(document, { manifests: true })]);
