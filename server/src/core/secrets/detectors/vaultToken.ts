import { tokensOf } from '../tokenRule.ts';

export const detector = tokensOf(
  {
    id: 'secret/vault-token',
    severity: 'error',
    title: 'A token for Vault or OpenBao stands in a file',
    why: 'With it comes everything that its policies allow: other secrets, and often certificates and keys.',
    remedy:
      'Revoke it by its accessor, look in the audit log for what was done with it, and let the workload log in by its own identity.',
  },
  [
    { prefix: 'hvs.', form: /hvs\.[A-Za-z0-9_-]{24,}/y, what: 'a service token of Vault' },
    { prefix: 'hvb.', form: /hvb\.[A-Za-z0-9_-]{100,}/y, what: 'a batch token of Vault' },
    { prefix: 'hvr.', form: /hvr\.[A-Za-z0-9_-]{24,}/y, what: 'a recovery token of Vault' },
    // OpenBao, and Vault before 1.10.
    {
      prefix: 's.',
      form: /s\.[A-Za-z0-9]{24}(?![A-Za-z0-9_.(-])/y,
      what: 'a service token of Vault or OpenBao',
      holds: isRandom,
    },
    { prefix: 'b.AAAAAQ', form: /b\.AAAAAQ[A-Za-z0-9_-]{80,}/y, what: 'a batch token of Vault or OpenBao' },
  ],
  24,
);

/** A member of something is written `s.` as well: a name has no digits among capitals and small letters. */
function isRandom(token: string): boolean {
  return /[0-9]/.test(token) && /[A-Z]/.test(token.slice(2)) && /[a-z]/.test(token.slice(2));
}
