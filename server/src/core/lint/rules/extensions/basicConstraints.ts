import type { LintRule } from '../../lintRule.ts';

export const rules: readonly LintRule[] = [
  {
    meta: {
      id: 'lint/authority-false-written',
      severity: 'error',
      title: 'The basic constraints write that it is no authority',
      why: 'That is the default, and DER leaves defaults out. Strict readers refuse the certificate.',
      remedy: 'Issue it again with an empty sequence in its basic constraints.',
      standard: 'RFC 5280, 4.1; X.690, 11.5',
      source: 'RFC',
      since: '1999-01-01',
      zlint: ['e_basic_constr_invalid_der'],
    },
    applies: ({ basicConstraints }) => basicConstraints !== undefined,
    check: ({ basicConstraints }) =>
      basicConstraints?.isAuthorityWritten === true &&
      !basicConstraints.isAuthority &&
      'the basic constraints write cA as false, which DER leaves out',
  },
  {
    meta: {
      id: 'lint/path-length-without-authority',
      severity: 'error',
      title: 'A path length is limited where no certificates are issued',
      why: 'The limit is for certificates below an authority; elsewhere it shows that the template is wrong, and strict readers refuse it.',
      remedy: 'Issue it again without pathLenConstraint, or as an authority that may sign certificates.',
      standard: 'RFC 5280, 4.2.1.9',
      source: 'RFC',
      since: '2002-04-01',
      zlint: ['e_path_len_constraint_improperly_included'],
    },
    applies: ({ basicConstraints }) => basicConstraints !== undefined,
    check: ({ basicConstraints, keyUsage }) =>
      basicConstraints?.pathLength !== undefined &&
      (!basicConstraints.isAuthority || keyUsage?.set.has('keyCertSign') !== true) &&
      'it limits the length of paths, and may not issue certificates',
  },
  {
    meta: {
      id: 'lint/path-length-negative',
      severity: 'error',
      title: 'A path length is negative',
      why: 'It would allow less than no certificate; readers refuse it, or take it for a large number.',
      remedy: 'Issue it again with 0 or more.',
      standard: 'RFC 5280, 4.2.1.9',
      source: 'RFC',
      since: '1999-01-01',
      zlint: ['e_path_len_constraint_zero_or_less'],
    },
    applies: ({ basicConstraints }) => basicConstraints !== undefined,
    check: ({ basicConstraints }) =>
      (basicConstraints?.pathLength?.[0] ?? 0) >= 0x80 && 'the limit of the path length is negative',
  },
];
