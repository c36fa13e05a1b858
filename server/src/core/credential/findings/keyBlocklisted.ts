import type { RuleMeta } from '../../rules/rule.ts';

export const keyBlocklisted: RuleMeta = {
  id: 'key/blocklisted',
  severity: 'error',
  title: 'The private key is on the list of compromised keys',
  why: 'The list that was given names keys whose private half is known: made by a faulty generator, as by OpenSSL of Debian from 2006 to 2008, or published. Whoever has the list of private keys has this one.',
  remedy: 'Make a new key, replace what was issued for this one, and revoke it for key compromise.',
  standard: 'CVE-2008-0166; CA/Browser Forum Baseline Requirements, 6.1.1.3',
};
