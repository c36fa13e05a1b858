import type { LintRule } from '../../lintRule.ts';

export const rules: readonly LintRule[] = [
  {
    meta: {
      id: 'lint/validity-not-positive',
      severity: 'error',
      title: 'A validity ends before it begins',
      why: 'Such a certificate is valid at no time.',
      remedy: 'Issue it again; mostly the clock or the time zone of the authority is wrong.',
      standard: 'RFC 5280, 4.1.2.5',
      source: 'community',
      zlint: ['e_validity_time_not_positive'],
    },
    applies: ({ notBefore, notAfter }) => notBefore?.at !== undefined && notAfter?.at !== undefined,
    check: ({ notBefore, notAfter }) =>
      (notBefore?.at ?? 0) > (notAfter?.at ?? 0) && 'the validity ends before it begins',
  },
];
