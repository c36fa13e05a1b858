/** Forms of names that certificates for browsers must not have. */
import type { CertificateView } from '../../certificateView.ts';
import type { LintRule } from '../../lintRule.ts';

const BR = 'CA/Browser Forum TLS BR, ';

const FORMS = [
  ['directory', 'directory', 'e_ext_san_directory_name_present'],
  ['ediParty', 'edi-party', 'e_ext_san_edi_party_name_present'],
  ['other', 'other', 'e_ext_san_other_name_present'],
  ['registeredId', 'registered-id', 'e_ext_san_registered_id_present'],
  ['email', 'email', 'e_ext_san_rfc822_name_present'],
  ['uri', 'uri', 'e_ext_san_uniform_resource_identifier_present'],
] as const;

export const rules: readonly LintRule[] = FORMS.map(([form, id, zlint]) => ({
  meta: {
    id: `lint/browser-names-with-${id}`,
    severity: 'error',
    title: `The alternative names of a certificate for browsers have one of the form ${id}`,
    why: 'Only names of hosts and addresses are checked before such a certificate is issued.',
    remedy:
      'Have it issued again with DNS names and addresses alone, or by an authority that is not for browsers.',
    standard: `${BR}7.1.2.7.12`,
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: [zlint],
  },
  applies: ({ subjectAltName }: CertificateView) => subjectAltName !== undefined,
  check: ({ subjectAltName = [] }: CertificateView) =>
    subjectAltName.some((name) => name.form === form) && `the alternative names have one of the form ${id}`,
}));
