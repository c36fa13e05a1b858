/** Underscores in DNS names: never in a host by RFC 5280, and for some months in certificates for browsers. */

import { altNames, hasNames, labels, nameRules, RENAMED, shown, twice } from '../../dnsNameRows.ts';
import { domainOf } from '../../domains.ts';
import type { LintRule } from '../../lintRule.ts';

export const rules: readonly LintRule[] = [
  ...nameRules([
    ...twice({
      what: 'underscore-registered',
      title: 'The registered part of a DNS name has an underscore',
      bad: 'has an underscore in its registered part',
      isBad: (name) => domainOf(name).registered.includes('_'),
      rfc: ['e_rfc_dnsname_underscore_in_sld'],
      browsers: ['e_dnsname_underscore_in_sld'],
      browsersSince: '2008-05-01',
    }),
    ...twice({
      what: 'underscore',
      severity: 'warning',
      title: 'A DNS name has an underscore',
      bad: 'has an underscore',
      isBad: (name) => domainOf(name).below.includes('_'),
      rfc: ['w_rfc_dnsname_underscore_in_trd'],
      browsers: ['w_dnsname_underscore_in_trd'],
      browsersSince: '2008-05-01',
    }),
    {
      id: 'lint/underscore-before-2018-12',
      title: 'A DNS name has an underscore',
      standard: 'CA/Browser Forum TLS BR before 1.6.2, 7.1.4.2.1',
      source: 'CA/B TLS BR',
      until: '2018-12-10',
      zlint: ['e_no_underscores_before_1_6_2'],
      names: altNames,
      bad: 'has an underscore',
      isBad: (name) => name.includes('_'),
    },
    {
      id: 'lint/underscore-not-allowed',
      title: 'A DNS name of a certificate for browsers has an underscore',
      standard: 'CA/Browser Forum TLS BR, 7.1.4.2.1 (ballot SC-012)',
      source: 'CA/B TLS BR',
      since: '2019-04-01',
      zlint: ['e_underscore_not_permissible_in_dnsname'],
      names: altNames,
      bad: 'has an underscore',
      isBad: (name) => name.includes('_'),
    },
    {
      id: 'lint/underscore-in-place-of-nothing',
      title: 'A DNS name is no name with hyphens in place of its underscores either',
      standard: 'CA/Browser Forum TLS BR 1.6.2, 7.1.4.2.1',
      source: 'CA/B TLS BR',
      since: '2018-12-10',
      until: '2019-04-01',
      zlint: ['e_underscore_permissible_in_dnsname_if_valid_when_replaced'],
      names: altNames,
      bad: 'has a label that is none with hyphens in place of underscores either',
      isBad: (name) =>
        labels(name).some(
          (label) =>
            label.includes('_') &&
            !/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(label.replaceAll('_', '-')),
        ),
    },
  ]),
  {
    meta: {
      id: 'lint/underscore-held-too-long',
      severity: 'error',
      title: 'A certificate with an underscore holds 30 days or longer',
      why: 'For some months such names were allowed for short certificates, so that they could be replaced.',
      remedy: RENAMED,
      standard: 'CA/Browser Forum TLS BR 1.6.2, 7.1.4.2.1',
      source: 'CA/B TLS BR',
      since: '2018-12-10',
      until: '2019-04-01',
      zlint: ['e_underscore_present_with_too_long_validity'],
    },
    applies: (certificate) =>
      hasNames(certificate) &&
      (certificate.notAfter?.at ?? 0) >= (certificate.notBefore?.at ?? 0) + 30 * 24 * 60 * 60 * 1000,
    check({ dnsNames }) {
      const found = dnsNames.find((name) => name.includes('_'));
      return found === undefined
        ? undefined
        : `${shown(found)} has an underscore, and the certificate holds 30 days or longer`;
    },
  },
];
