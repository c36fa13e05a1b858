import type { RuleMeta } from '../../rules/rule.ts';

export const credentialWrongLabel: RuleMeta = {
  id: 'credential/wrong-label',
  severity: 'warning',
  title: 'A PEM label names something else than what is inside',
  why: 'Some programs go by the label and refuse the file, or skip the block without a word.',
  remedy: 'Correct the BEGIN and END lines, or convert the file again.',
  standard: 'RFC 7468, 4',
};
