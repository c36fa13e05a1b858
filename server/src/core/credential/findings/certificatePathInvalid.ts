import type { RuleMeta } from '../../rules/rule.ts';

export const certificatePathInvalid: RuleMeta = {
  id: 'certificate/path-invalid',
  severity: 'error',
  title: 'The path from a certificate to what is trusted does not hold',
  why: 'Whoever checks it as RFC 5280 says refuses it: the machine that shows it is not let in, or its clients stop.',
  remedy:
    'Look at the certificate of the path that the finding names, and replace it or send what is missing along.',
  standard: 'RFC 5280, 6.1',
};
