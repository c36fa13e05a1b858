import { encodePunycode } from '../../../server/src/core/text/punycode.ts';
import { type Attribute, altNames, dn, dnsName, extension, ip, policies, seq } from '../der.ts';
import type { Example, Examples } from '../example.ts';
import { server } from '../template.ts';

const names = (...all: readonly string[]): Uint8Array =>
  server({ extensions: { subjectAltName: extension('subjectAltName', seq(...all.map(dnsName)), true) } });
const name = (bad: string, good = 'www.example.com'): Example => ({ bad: names(bad), good: names(good) });
/** The same for browsers, at the common name. */
const common = (bad: string, good = 'www.example.com'): Example => ({
  bad: called(['CN', bad]),
  good: called(['CN', good]),
});
function called(...attributes: readonly Attribute[]): Uint8Array {
  return server({
    subject: dn(...attributes),
    extensions: { subjectAltName: altNames(dnsName('www.example.com')) },
  });
}
const LONG = `${'a'.repeat(64)}.example.com`;

/** Of the time between two ballots. */
const held = (from: string, until: string, ...all: readonly string[]): Uint8Array =>
  server({
    notBefore: `${from}T00:00:00Z`,
    notAfter: `${until}T00:00:00Z`,
    extensions: { subjectAltName: extension('subjectAltName', seq(...all.map(dnsName)), true) },
  });
const issuedBy = (host: string): Uint8Array =>
  server({ extensions: { issuerAltName: extension('issuerAltName', seq(dnsName(host))) } });
const EARLY = { notBefore: '2015-01-01T00:00:00Z', notAfter: '2016-01-01T00:00:00Z' };
const early = (bad: string): Uint8Array =>
  server({
    ...EARLY,
    subject: dn(['CN', bad]),
    extensions: { subjectAltName: altNames(dnsName('www.example.com')) },
  });
const address = (...octets: readonly number[]): Uint8Array =>
  server({ extensions: { subjectAltName: extension('subjectAltName', seq(ip(...octets)), true) } });
const V3 = `${'a2'.repeat(28)}.onion`;
const onion = (policy: string): Uint8Array =>
  server({
    notBefore: '2018-01-01T00:00:00Z',
    notAfter: '2019-01-01T00:00:00Z',
    extensions: {
      certificatePolicies: policies(policy),
      subjectAltName: extension('subjectAltName', seq(dnsName(V3)), true),
    },
  });

export const examples: Examples = {
  'lint/dns-name-empty-label': name('www..example.com'),
  'lint/browser-name-empty-label': common('www..example.com'),
  'lint/dns-name-label-too-long': name(LONG),
  'lint/browser-name-label-too-long': common(LONG),
  'lint/dns-name-hyphen': name('www.-example.com'),
  'lint/browser-name-hyphen': common('www.example-.co.uk'),
  'lint/dns-name-underscore-registered': name('www.ex_ample.com'),
  'lint/browser-name-underscore-registered': common('www.ex_ample.com'),
  'lint/dns-name-underscore': name('my_host.example.com'),
  'lint/browser-name-underscore': common('my_host.example.com'),
  'lint/dns-name-too-long': name(`${'a.'.repeat(125)}com.de`),
  'lint/browser-name-characters': name('www.exa mple.com'),
  'lint/browser-name-not-public': name('db1.corp.internal'),
  'lint/browser-name-suffix': name('com'),
  'lint/dns-name-public-suffix': name('co.uk'),
  'lint/wildcard-of-public-suffix': name('*.co.uk', '*.example.co.uk'),
  'lint/wildcard-in-label': name('w*.example.com', '*.example.com'),
  'lint/wildcard-not-left': name('www.*.example.com', '*.example.com'),
  'lint/reserved-label': name('ab--cd.example.com', 'xn--mnchen-3ya.example.com'),
  'lint/reverse-zone-name': name('1.2.0.192.in-addr.arpa'),
  'lint/underscore-before-2018-12': {
    bad: held('2018-01-01', '2018-06-01', 'my_host.example.com'),
    good: held('2018-01-01', '2018-06-01', 'my-host.example.com'),
  },
  'lint/underscore-not-allowed': name('my_host.example.com'),
  'lint/underscore-in-place-of-nothing': {
    bad: held('2019-01-01', '2019-01-20', '_host.example.com'),
    good: held('2019-01-01', '2019-01-20', 'my_host.example.com'),
  },
  'lint/underscore-held-too-long': {
    bad: held('2019-01-01', '2019-03-20', 'my_host.example.com'),
    good: held('2019-01-01', '2019-03-20', 'my-host.example.com'),
  },
  'lint/redacted-name': name('?.example.com'),
  'lint/idna-not-decodable': name('xn--\u0041-99999999999.example.com', 'xn--mnchen-3ya.example.com'),
  // "u" and a combining diaeresis, where one character does.
  'lint/idna-not-nfc': name(
    `xn--${encodePunycode('mu\u0308nchen')}.example.com`,
    'xn--mnchen-3ya.example.com',
  ),
  'lint/issuer-public-suffix': { bad: issuedBy('example.com'), good: issuedBy('ca.example.com') },
  'lint/dns-name-twice': {
    bad: names('www.example.com', 'WWW.example.com'),
    good: names('www.example.com', 'example.com'),
  },
  'lint/common-name-not-in-names': common('other.example.com'),
  'lint/common-name-not-in-names-before-2021': {
    bad: early('other.example.com'),
    good: early('WWW.example.com'),
  },
  'lint/common-name-included': { bad: called(['CN', 'www.example.com']) },
  'lint/common-name-deprecated': { bad: early('www.example.com'), good: server(EARLY) },
  'lint/reserved-address': { bad: address(192, 168, 1, 1), good: address(8, 8, 8, 8) },
  'lint/reserved-address-common-name': common('10.0.0.1', '8.8.8.8'),
  'lint/reverse-zone-malformed': name('300.2.0.192.in-addr.arpa', '1.2.0.192.in-addr.arpa'),
  'lint/reverse-zone-reserved': name('1.1.168.192.in-addr.arpa', '8.8.8.8.in-addr.arpa'),
  'lint/onion-malformed': name('shop.onion', V3),
  'lint/onion-without-extended-validation': { bad: onion('2.23.140.1.2.1'), good: onion('2.23.140.1.1') },
};
