import { tokensOf } from '../tokenRule.ts';

/** Of the documentation: they end in EXAMPLE, which `isPlaceholder` knows. */
const form = (prefix: string): RegExp => new RegExp(`${prefix}[A-Z2-7]{16}(?![A-Za-z0-9_])`, 'y');

export const detector = tokensOf(
  {
    id: 'secret/aws-access-key',
    severity: 'error',
    title: 'The id of an access key for AWS stands in a file',
    why: 'Its secret half is usually beside it or in the same history. An access key has no end, and works from anywhere.',
    remedy: 'Deactivate the key in IAM, look for its use in CloudTrail, and let the workload take a role.',
  },
  [
    { prefix: 'AKIA', form: form('AKIA'), what: 'the id of an AWS access key' },
    { prefix: 'ASIA', form: form('ASIA'), what: 'the id of a temporary AWS access key' },
  ],
);
