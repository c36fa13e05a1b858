/** Wildcards, and what once stood for labels that were hidden. */

import { browserNames, labels, nameRules } from '../../dnsNameRows.ts';
import { domainOf } from '../../domains.ts';

export const rules = nameRules([
  {
    id: 'lint/wildcard-of-public-suffix',
    severity: 'info',
    title: 'A wildcard stands for everybody under a public suffix',
    why: 'Everybody who registers under it would be covered.',
    standard: 'CA/Browser Forum TLS BR, 3.2.2.6',
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: ['n_dnsname_wildcard_left_of_public_suffix'],
    names: browserNames,
    bad: 'is a wildcard left of a public suffix',
    isBad: (name) => domainOf(name).registered === '*',
  },
  {
    id: 'lint/wildcard-in-label',
    title: 'A wildcard is a part of a label',
    why: 'Clients take a wildcard for a whole label alone (RFC 9525, 6.3), and refuse such a name or match too much.',
    standard: 'CA/Browser Forum TLS BR, 1.6.1',
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: ['e_dnsname_left_label_wildcard_correct'],
    names: browserNames,
    applies: () => true,
    bad: 'has a wildcard with something beside it',
    isBad: (name) => (labels(name)[0] ?? '').includes('*') && labels(name)[0] !== '*',
  },
  {
    id: 'lint/wildcard-not-left',
    title: 'A wildcard is not in the first label',
    why: 'Clients take a wildcard for the first label alone (RFC 9525, 6.3).',
    standard: 'CA/Browser Forum TLS BR, 1.6.1',
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: ['e_dnsname_wildcard_only_in_left_label'],
    names: browserNames,
    applies: () => true,
    bad: 'has a wildcard behind its first label',
    isBad: (name) =>
      labels(name)
        .slice(1)
        .some((label) => label.includes('*')),
  },
  {
    id: 'lint/redacted-name',
    severity: 'info',
    title: 'A name is redacted',
    why: 'Logs once allowed to hide labels with question marks; no client matches them.',
    standard: 'RFC 6962-bis, drafts until 2017',
    source: 'community',
    zlint: ['n_contains_redacted_dnsname'],
    names: browserNames,
    applies: ({ isSubscriber }) => isSubscriber,
    bad: 'is redacted',
    isBad: (name) => name.replace(/^\*\./, '').startsWith('?.'),
  },
]);
