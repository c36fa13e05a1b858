import type { RuleMeta } from '../../rules/rule.ts';

export const credentialDamaged: RuleMeta = {
  id: 'credential/damaged',
  severity: 'error',
  title: 'A credential cannot be read in full',
  why: 'Programs differ in what they do with damaged data: one refuses it, another one reads something else out of it.',
  remedy: 'Take the file again from where it came from.',
};
