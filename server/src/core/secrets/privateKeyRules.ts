import type { RuleMeta } from '../rules/rule.ts';

export const PRIVATE_KEY: RuleMeta = {
  id: 'secret/private-key',
  severity: 'error',
  title: 'A private key stands in a file',
  why: 'Whoever can read the repository, a copy of it or its history is the identity that the key belongs to, and nothing tells the two apart.',
  remedy:
    'Take the key as known to others: rotate every identity that it belongs to, then remove it. Keep private keys in a key store, or have them made where they are used.',
  standard: 'NIST SP 800-57 Part 1, 6.2.2.3',
};

export const ENCRYPTED_PRIVATE_KEY: RuleMeta = {
  id: 'secret/encrypted-private-key',
  severity: 'warning',
  title: 'An encrypted private key stands in a file',
  why: 'It is as safe as its passphrase, which can be tried without end and unseen by whoever has the file. History keeps it when the passphrase is changed.',
  remedy:
    'Move it into a key store. If its passphrase was weak, or stands anywhere in the repository, rotate the identity that it belongs to.',
  standard: 'NIST SP 800-57 Part 1, 6.2.2.3',
};
