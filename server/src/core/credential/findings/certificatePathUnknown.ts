import type { RuleMeta } from '../../rules/rule.ts';

export const certificatePathUnknown: RuleMeta = {
  id: 'certificate/path-unknown',
  severity: 'warning',
  title: 'Whether a certificate is trusted cannot be told here',
  why: 'Something on the way to what is trusted is missing or is not understood here. That is no sign that it holds, and none that it does not.',
  remedy:
    'Give the missing certificates with `--chain`, or check on a machine that understands what is named.',
  standard: 'RFC 5280, 6.1',
};
