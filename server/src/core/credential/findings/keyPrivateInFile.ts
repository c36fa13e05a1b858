import type { RuleMeta } from '../../rules/rule.ts';

export const keyPrivateInFile: RuleMeta = {
  id: 'key/private-in-file',
  severity: 'warning',
  title: 'A private key stands in a file without encryption',
  why: 'Whoever can read the file can pass for the machine that the key belongs to.',
  remedy:
    'Keep it in a key store, or encrypt it; make sure that no version control has it and that only its service may read it.',
};
