import type { RuleMeta } from '../../rules/rule.ts';

export const credentialUnknownFormat: RuleMeta = {
  id: 'credential/unknown-format',
  severity: 'warning',
  title: 'A file is no credential of a known format',
  why: 'What is not recognized was not checked.',
  remedy: 'Name a file in PEM, DER, PKCS#7, PKCS#8, PKCS#12, JKS, OpenSSH, PuTTY or JWK format.',
};
