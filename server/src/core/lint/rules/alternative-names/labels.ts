/** Labels of DNS names, and how long they are. */

import { altNames, browserNames, labels, nameRules, TLS_NAMES, twice } from '../../dnsNameRows.ts';
import { domainOf } from '../../domains.ts';

export const rules = nameRules([
  ...twice({
    what: 'empty-label',
    title: 'A DNS name has an empty label',
    bad: 'has an empty label',
    isBad: (name) => labels(name).includes(''),
    rfc: ['e_rfc_dnsname_empty_label'],
    browsers: ['e_dnsname_empty_label'],
    browsersSince: '2012-07-01',
  }),
  ...twice({
    what: 'label-too-long',
    title: 'A label of a DNS name has more than 63 characters',
    bad: 'has a label of more than 63 characters',
    isBad: (name) => labels(name).some((label) => label.length > 63),
    rfc: ['e_rfc_dnsname_label_too_long'],
    browsers: ['e_dnsname_label_too_long'],
    browsersSince: '2012-07-01',
  }),
  ...twice({
    what: 'hyphen',
    title: 'The registered part of a DNS name begins or ends with a hyphen',
    bad: 'has a hyphen at the edge of its registered part',
    isBad: (name) => /^-|-$/.test(domainOf(name).registered),
    rfc: ['e_rfc_dnsname_hyphen_in_sld'],
    browsers: ['e_dnsname_hyphen_in_sld'],
    browsersSince: '2008-05-01',
  }),
  {
    id: 'lint/dns-name-too-long',
    title: 'A DNS name has more than 253 characters',
    standard: 'RFC 5280, 4.2.1.6; RFC 1035, 2.3.4',
    source: 'RFC',
    since: '2008-05-01',
    zlint: ['e_ext_san_dns_name_too_long'],
    names: altNames,
    applies: ({ dnsNames }) => dnsNames.length > 0,
    bad: 'has more than 253 characters',
    isBad: (name) => name.length > 253,
  },
  {
    id: 'lint/browser-name-characters',
    title: 'A DNS name has characters that no host has',
    standard: TLS_NAMES,
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: ['e_dnsname_bad_character_in_label'],
    names: browserNames,
    bad: 'has characters that no host has',
    isBad: (name) =>
      !/^(?:\*\.)?(?:\?\.)*(?:[A-Za-z0-9*_-]*\.)*[A-Za-z0-9*_-]*$/.test(name) ||
      /[^.]\.\.|^\.(?=.)/.test(name),
  },
  {
    id: 'lint/reserved-label',
    title: 'A label has hyphens in its third and fourth place and is no A-label',
    why: 'Such labels are kept for encodings to come.',
    standard: 'CA/Browser Forum TLS BR, 7.1.4.2.1; RFC 5890, 2.3.1',
    source: 'CA/B TLS BR',
    since: '2021-10-01',
    zlint: ['e_dnsname_contains_prohibited_reserved_label'],
    names: altNames,
    bad: 'has a label that is reserved',
    isBad: (name) => labels(name).some((label) => /^..--/.test(label) && !/^xn--/i.test(label)),
  },
]);
