import type { RuleMeta } from '../../rules/rule.ts';

export const credentialBadMac: RuleMeta = {
  id: 'credential/bad-mac',
  severity: 'warning',
  title: 'The integrity check of a PKCS#12 file or a Java key store fails',
  why: 'Either the password is wrong or the file was changed.',
  remedy: 'Give the right password, or take the file again from where it came from.',
  standard: 'RFC 7292, 4',
};
