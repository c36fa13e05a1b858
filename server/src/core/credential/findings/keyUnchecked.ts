import type { RuleMeta } from '../../rules/rule.ts';

export const keyUnchecked: RuleMeta = {
  id: 'key/unchecked',
  severity: 'info',
  title: 'The key was not looked at for known weaknesses',
  why: 'What takes too long or too much memory is left out, so that a made-up key cannot keep the machine busy. Nothing is known of this key, which is not the same as being sound.',
  remedy:
    'Look at where the key comes from: no common library uses one of such a size. Where many keys were given, check them in parts.',
  standard: 'RFC 8017, 3.1',
};
