/** International names, and names that come twice. */
import { decodePunycode } from '../../../text/punycode.ts';
import { altNames, labels, nameRules, shown, withAltNames } from '../../dnsNameRows.ts';
import type { LintRule } from '../../lintRule.ts';

export const rules: readonly LintRule[] = [
  ...nameRules([
    {
      id: 'lint/idna-not-decodable',
      title: 'An A-label is no Punycode',
      why: 'Nobody can show what the name says, and clients that try fail in different ways.',
      standard: 'RFC 5280, 7.2; RFC 5891, 4.4; RFC 3492',
      source: 'RFC',
      since: '2003-03-01',
      zlint: ['e_international_dns_name_not_unicode'],
      names: altNames,
      applies: withAltNames,
      bad: 'has an A-label that cannot be decoded',
      isBad: (name) =>
        labels(name).some((label) => /^xn--/i.test(label) && decodePunycode(label.slice(4)) === undefined),
    },
    {
      id: 'lint/idna-not-nfc',
      title: 'An A-label is not in the normal form of Unicode',
      why: 'The same letters can be written in several ways; only the normal form is one name.',
      standard: 'RFC 8399, 2.2; RFC 5891, 4.1',
      source: 'RFC',
      since: '2018-05-01',
      zlint: ['e_international_dns_name_not_nfc'],
      names: altNames,
      applies: withAltNames,
      bad: 'has an A-label that is not in normal form C',
      isBad: (name) =>
        labels(name).some((label) => {
          const text = /^xn--/i.test(label) ? decodePunycode(label.slice(4)) : undefined;
          return text !== undefined && text !== text.normalize('NFC');
        }),
    },
  ]),
  {
    meta: {
      id: 'lint/dns-name-twice',
      severity: 'info',
      title: 'A DNS name stands among the alternative names twice',
      why: 'It says nothing more, and makes each handshake longer.',
      remedy: 'Have it issued again with each name once.',
      standard: 'RFC 5280, 4.2.1.6',
      source: 'community',
      zlint: ['n_san_dns_name_duplicate'],
    },
    applies: withAltNames,
    check({ dnsNames }) {
      const seen = new Set<string>();
      for (const name of dnsNames) {
        const lower = name.toLowerCase();
        if (seen.has(lower)) return `${shown(name)} stands there twice`;
        seen.add(lower);
      }
      return undefined;
    },
  },
];
