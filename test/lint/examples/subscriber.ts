import {
  type Attribute,
  access,
  altNames,
  dn,
  dnsName,
  extendedKeyUsage,
  extension,
  hex,
  implicit,
  keyUsage,
  mailbox,
  octetString,
  otherName,
  policies,
  printable,
  tagged,
  text,
  uri,
} from '../der.ts';
import type { Example, Examples } from '../example.ts';
import { AUTHORITY, server } from '../template.ts';

const SERVER = '1.3.6.1.5.5.7.3.1';
const CLIENT = '1.3.6.1.5.5.7.3.2';
const MAIL = '1.3.6.1.5.5.7.3.4';
const TIME = '1.3.6.1.5.5.7.3.8';

const without = (extensionName: string): Example => ({
  bad: server({ extensions: { [extensionName]: undefined } }),
});
const withName = (name: Uint8Array): Example => ({
  bad: server({ extensions: { subjectAltName: altNames(dnsName('www.example.com'), name) } }),
});
const named = (...attributes: readonly Attribute[]): Uint8Array =>
  server({
    subject: dn(...attributes),
    extensions: { subjectAltName: altNames(dnsName('www.example.com')) },
  });
const usages = (bad: readonly string[], change: Parameters<typeof server>[0] = {}): Example => ({
  bad: server({ ...change, extensions: { extKeyUsage: extendedKeyUsage(...bad) } }),
  good: server(change),
});
const BEFORE = { notBefore: '2022-04-01T00:00:00Z', notAfter: '2022-06-01T00:00:00Z' };
const LATER = { notBefore: '2027-04-01T00:00:00Z', notAfter: '2027-05-01T00:00:00Z' };
const PLACED = named(['C', 'DE'], ['L', 'Berlin'], ['O', 'Example']);
const nobody = (name: string): Example => ({
  bad: named([name, 'Berlin']),
  good: named([name, 'Berlin'], ['O', 'Example']),
});

export const examples: Examples = {
  'lint/alternative-names-missing': without('subjectAltName'),
  'lint/subscriber-without-info-access': without('authorityInfoAccess'),
  'lint/subscriber-without-policies': without('certificatePolicies'),
  'lint/subscriber-without-policy': { bad: server({ extensions: { certificatePolicies: policies() } }) },
  'lint/subscriber-without-extended-key-usage': without('extKeyUsage'),
  'lint/subscriber-without-key-usage': without('keyUsage'),
  'lint/subscriber-without-revocation': {
    bad: server({
      extensions: {
        cRLDistributionPoints: undefined,
        authorityInfoAccess: access(['issuer', uri('http://certs.example.com/a.der')]),
      },
    }),
  },
  'lint/subject-key-id-missing': {
    bad: server(),
    good: server({
      extensions: { subjectKeyIdentifier: extension('subjectKeyIdentifier', octetString(hex('c1'))) },
    }),
  },
  'lint/subject-key-id-not-advised': {
    bad: server({
      extensions: { subjectKeyIdentifier: extension('subjectKeyIdentifier', octetString(hex('c1'))) },
    }),
  },
  'lint/browser-names-with-directory': withName(tagged(4, dn(['CN', 'www.example.com']))),
  'lint/browser-names-with-edi-party': withName(tagged(5, tagged(1, text('x')))),
  'lint/browser-names-with-other': withName(otherName('1.3.6.1.4.1.32473.1', printable('x'))),
  'lint/browser-names-with-registered-id': withName(implicit(8, hex('2a03'))),
  'lint/browser-names-with-email': withName(mailbox('a@example.com')),
  'lint/browser-names-with-uri': withName(uri('https://example.com/')),
  'lint/subject-without-country': { bad: named(['L', 'Berlin'], ['O', 'Example']), good: PLACED },
  'lint/subject-without-locality': { bad: named(['C', 'DE'], ['O', 'Example']), good: PLACED },
  'lint/subject-without-state': { bad: named(['C', 'DE'], ['O', 'Example']), good: PLACED },
  'lint/subject-with-locality-of-nobody': nobody('L'),
  'lint/subject-with-state-of-nobody': nobody('ST'),
  'lint/subject-with-postal-code-of-nobody': nobody('postalCode'),
  'lint/subject-with-street-of-nobody': nobody('STREET'),
  'lint/subscriber-is-authority': { bad: server({ extensions: { basicConstraints: AUTHORITY } }) },
  'lint/subscriber-signs-certificates': {
    bad: server({ extensions: { keyUsage: keyUsage('digitalSignature', 'keyCertSign') } }),
  },
  'lint/subscriber-signs-crls': {
    bad: server({ extensions: { keyUsage: keyUsage('digitalSignature', 'cRLSign') } }),
  },
  'lint/subscriber-extended-key-usage': usages([SERVER, MAIL]),
  'lint/subscriber-extended-key-usage-extra': usages([SERVER, TIME], BEFORE),
  'lint/extended-key-usage-not-tls': {
    bad: server({
      ...BEFORE,
      extensions: { extKeyUsage: extendedKeyUsage(MAIL), certificatePolicies: policies('2.23.140.1.2.1') },
    }),
    good: server(BEFORE),
  },
  'lint/client-usage-for-chrome': usages([SERVER, CLIENT], LATER),
  'lint/organizational-unit': {
    bad: named(['O', 'Example'], ['OU', 'Web']),
    good: named(['O', 'Example']),
  },
  'lint/organizational-unit-of-nobody': {
    bad: named(['OU', 'Web']),
    good: named(['O', 'Example'], ['OU', 'Web']),
  },
  'lint/person-without-policy': {
    bad: named(['SN', 'Muster'], ['GN', 'Maria']),
    good: server({
      subject: dn(['SN', 'Muster'], ['GN', 'Maria']),
      extensions: { certificatePolicies: policies('2.23.140.1.2.3') },
    }),
  },
};
