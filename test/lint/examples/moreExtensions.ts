import {
  type Access,
  access,
  crlAt,
  dnsName,
  extendedKeyUsage,
  extension,
  hex,
  implicit,
  ip,
  keyUsage,
  octetString,
  policies,
  seq,
  tagged,
  text,
  timestamps,
  uri,
} from '../der.ts';
import type { Example, Examples } from '../example.ts';
import { root, server, subordinate } from '../template.ts';

const constrained = (...parts: readonly Uint8Array[]): Uint8Array =>
  subordinate({ extensions: { nameConstraints: extension('nameConstraints', seq(...parts), true) } });
const permitted = (...subtree: readonly Uint8Array[]): Uint8Array => constrained(tagged(0, seq(...subtree)));
const CONSTRAINED = permitted(dnsName('example.com'));
const constraint = (...subtree: readonly Uint8Array[]): Example => ({
  bad: permitted(...subtree),
  good: CONSTRAINED,
});

const points = (...parts: readonly Uint8Array[]): Uint8Array =>
  extension('cRLDistributionPoints', seq(seq(...parts)));
const POINT = tagged(0, tagged(0, uri('http://crl.example.com/a.crl')));
const crl = (value: Uint8Array): Example => ({
  bad: server({ extensions: { cRLDistributionPoints: value } }),
});
const info = (...places: readonly Access[]): Example => ({
  bad: server({ extensions: { authorityInfoAccess: access(...places) } }),
});
const BEFORE = { notBefore: '2022-04-01T00:00:00Z', notAfter: '2022-06-01T00:00:00Z' };
const HTTP = uri('http://certs.example.com/a.der');
const START = new Date('2026-04-01T00:00:00Z');
const POISON = extension('precertificatePoison', hex('0500'), true);
const responder = (extensions: Readonly<Record<string, Uint8Array | undefined>> = {}): Uint8Array =>
  server({
    extensions: {
      extKeyUsage: extendedKeyUsage('1.3.6.1.5.5.7.3.9'),
      cRLDistributionPoints: undefined,
      certificatePolicies: undefined,
      noCheck: extension('ocspNoCheck', hex('0500')),
      ...extensions,
    },
  });
const RESPONDER = responder();
const list = (octets: Uint8Array) => ({
  signedCertificateTimestamps: extension('signedCertificateTimestamps', octetString(octets)),
});
const keyId = (...parts: readonly Uint8Array[]) => ({
  authorityKeyIdentifier: extension('authorityKeyIdentifier', seq(...parts)),
});
const ISSUER = tagged(1, dnsName('ca.example.com'));
const SERIAL = implicit(2, hex('07'));

export const examples: Examples = {
  'lint/name-constraints-without-authority': {
    bad: server({
      extensions: { nameConstraints: extension('nameConstraints', seq(tagged(0, seq(dnsName('a')))), true) },
    }),
    good: CONSTRAINED,
  },
  'lint/name-constraints-empty': { bad: constrained(), good: CONSTRAINED },
  'lint/name-constraints-maximum': constraint(dnsName('example.com'), implicit(1, hex('05'))),
  'lint/name-constraints-minimum': constraint(dnsName('example.com'), implicit(0, hex('01'))),
  'lint/name-constraints-uri-host': {
    bad: permitted(uri('https://example.com/path')),
    good: permitted(uri('.example.com')),
  },
  'lint/name-constraint-malformed': constraint(ip(10, 0, 0, 0)),
  'lint/name-constraints-edi-party': constraint(tagged(5, tagged(1, text('x')))),
  'lint/name-constraints-registered-id': constraint(implicit(8, hex('2a03'))),
  'lint/name-constraints-x400': constraint(tagged(3, seq())),
  'lint/name-constraints-reserved-address': {
    bad: permitted(ip(10, 0, 0, 0, 255, 0, 0, 0)),
    good: permitted(ip(8, 8, 8, 0, 255, 255, 255, 0)),
  },
  'lint/authority-key-id-missing': { bad: server({ extensions: { authorityKeyIdentifier: undefined } }) },
  'lint/authority-key-id-with-issuer': {
    bad: server({ extensions: keyId(implicit(0, hex('a1')), ISSUER, SERIAL) }),
  },
  'lint/authority-key-id-half': { bad: server({ extensions: keyId(implicit(0, hex('a1')), SERIAL) }) },
  'lint/self-signed-key-ids-differ': {
    bad: root({ extensions: keyId(implicit(0, hex('07'))) }),
    good: root(),
  },
  'lint/distribution-point-incomplete': crl(points(implicit(1, hex('0780')))),
  'lint/distribution-point-without-address': crl(crlAt('ftp://crl.example.com/a.crl')),
  'lint/crl-without-http': crl(crlAt('ldap://crl.example.com/a')),
  'lint/subordinate-crl-without-http': {
    bad: subordinate({ extensions: { cRLDistributionPoints: crlAt('ldap://crl.example.com/a') } }),
    good: subordinate(),
  },
  'lint/crl-not-http': crl(crlAt('https://crl.example.com/a.crl')),
  'lint/crl-with-issuer-or-reasons': crl(points(POINT, implicit(1, hex('0780')))),
  'lint/issuer-address-not-fetchable': info(['issuer', uri('ftp://certs.example.com/a.der')]),
  'lint/issuer-address-not-http': info(['issuer', uri('https://certs.example.com/a.der')]),
  'lint/ocsp-address-not-http': info(['ocsp', uri('https://ocsp.example.com')]),
  'lint/subordinate-address-not-http': {
    bad: subordinate({
      extensions: { authorityInfoAccess: access(['issuer', uri('https://certs.example.com/')]) },
    }),
    good: subordinate(),
  },
  'lint/access-method-not-allowed': info(['1.3.6.1.5.5.7.48.3', HTTP]),
  'lint/access-location-twice': info(['issuer', HTTP], ['issuer', uri('HTTP://certs.example.com/a.der')]),
  'lint/subscriber-without-issuer-address': info(['ocsp', uri('http://ocsp.example.com')]),
  'lint/subordinate-without-issuer-address': {
    bad: subordinate({ ...BEFORE, extensions: { authorityInfoAccess: undefined } }),
    good: subordinate(BEFORE),
  },
  'lint/subscriber-without-ocsp-address': {
    bad: server({ ...BEFORE, extensions: { authorityInfoAccess: access(['issuer', HTTP]) } }),
    good: server(BEFORE),
  },
  'lint/access-in-internal-network': info(['ocsp', uri('http://ocsp.corp.internal')], ['issuer', HTTP]),
  'lint/responder-with-crl': {
    bad: responder({ cRLDistributionPoints: crlAt('http://crl.example.com/a.crl') }),
    good: RESPONDER,
  },
  'lint/responder-with-policies': {
    bad: responder({ certificatePolicies: policies('2.23.140.1.2.1') }),
    good: RESPONDER,
  },
  'lint/responder-key-usage': {
    bad: responder({ keyUsage: keyUsage('digitalSignature', 'cRLSign') }),
    good: RESPONDER,
  },
  'lint/responder-without-no-check': { bad: responder({ noCheck: undefined }), good: RESPONDER },
  'lint/timestamps-empty': { bad: server({ extensions: list(hex('0000')) }) },
  'lint/timestamps-unreadable': { bad: server({ extensions: list(hex('00ff0102')) }) },
  'lint/precertificate-with-timestamps': {
    bad: server({ extensions: { poison: POISON } }),
    good: server({ extensions: { poison: POISON, signedCertificateTimestamps: undefined } }),
  },
  'lint/precertificate-poison-not-critical': {
    bad: server({ extensions: { poison: extension('precertificatePoison', hex('0500')) } }),
    good: server({ extensions: { poison: POISON } }),
  },
  'lint/timestamps-of-few-logs': {
    bad: server({ extensions: { signedCertificateTimestamps: timestamps(START, 1) } }),
  },
  'lint/backdated': {
    bad: server({
      extensions: { signedCertificateTimestamps: timestamps(new Date('2026-04-04T00:00:00Z'), 2) },
    }),
  },
};
