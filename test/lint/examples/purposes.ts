import {
  type Attribute,
  access,
  algorithm,
  altNames,
  bits,
  crlAt,
  dn,
  extendedKeyUsage,
  extension,
  hex,
  keyUsage,
  oid,
  seq,
  uri,
} from '../der.ts';
import type { Example, Examples } from '../example.ts';
import { codeSigning, device, modulus, root, rsaKey, workload } from '../template.ts';

const SIGNATURE = bits(hex('80'), 7);
const svid = (extensions: Readonly<Record<string, Uint8Array | undefined>>): Example => ({
  bad: workload({ extensions }),
  good: workload(),
});
const named = (...uris: readonly string[]): Example => svid({ subjectAltName: altNames(...uris.map(uri)) });
const authority = (...uris: readonly string[]) =>
  root({ extensions: { subjectAltName: altNames(...uris.map(uri)) } });

const code = (change: Parameters<typeof codeSigning>[0]): Example => ({
  bad: codeSigning(change),
  good: codeSigning(),
});
const without = (name: string): Example => code({ extensions: { [name]: undefined } });
const subject = (...attributes: readonly Attribute[]): Example => code({ subject: dn(...attributes) });
const EARLIER = { notBefore: '2020-01-01T00:00:00Z' };

const ofDevice = (change: Parameters<typeof device>[0]): Example => ({ bad: device(change), good: device() });

export const examples: Examples = {
  'lint/svid-one-uri': named('spiffe://example.org/a', 'spiffe://example.org/b'),
  'lint/svid-id-malformed': named('spiffe://Example.org/a'),
  'lint/svid-id-without-path': named('spiffe://example.org'),
  'lint/svid-authority-id-with-path': {
    bad: authority('spiffe://example.org/server'),
    good: authority('spiffe://example.org'),
  },
  'lint/svid-authority-may-not-sign': {
    bad: root({ extensions: { keyUsage: keyUsage('cRLSign') } }),
    good: authority('spiffe://example.org'),
  },
  'lint/svid-without-key-usage': svid({ keyUsage: undefined }),
  'lint/svid-key-usage-not-critical': svid({ keyUsage: extension('keyUsage', SIGNATURE) }),
  'lint/svid-cannot-sign': svid({ keyUsage: keyUsage('keyAgreement') }),
  'lint/svid-signs-certificates': svid({ keyUsage: keyUsage('digitalSignature', 'keyCertSign') }),
  'lint/svid-extended-key-usage': svid({ extKeyUsage: extendedKeyUsage('1.3.6.1.5.5.7.3.1') }),
  'lint/device-without-subject': ofDevice({ subject: seq() }),
  'lint/device-without-serial-number': ofDevice({ subject: dn(['O', 'Example Devices']) }),
  'lint/device-ends': ofDevice({ notAfter: '2036-04-01T00:00:00Z' }),
  'lint/device-without-key-usage': ofDevice({ extensions: { keyUsage: keyUsage('keyAgreement') } }),
  'lint/device-signs-certificates': ofDevice({
    extensions: { keyUsage: keyUsage('digitalSignature', 'keyCertSign') },
  }),
  'lint/device-without-authority-key-id': ofDevice({ extensions: { authorityKeyIdentifier: undefined } }),
  'lint/code-issuer-address': code({
    extensions: { authorityInfoAccess: access(['ocsp', uri('http://ocsp.example.com')]) },
  }),
  'lint/code-ocsp-address': code({
    extensions: { authorityInfoAccess: access(['ocsp', uri('https://ocsp.example.com')]) },
  }),
  'lint/code-info-access': without('authorityInfoAccess'),
  'lint/code-crl': code({ extensions: { cRLDistributionPoints: crlAt('ldap://crl.example.com/a') } }),
  'lint/code-extended-key-usage': code({
    extensions: { extKeyUsage: extendedKeyUsage('1.3.6.1.5.5.7.3.3', '1.3.6.1.5.5.7.3.1') },
  }),
  'lint/code-key-usage': code({ extensions: { keyUsage: keyUsage('digitalSignature', 'cRLSign') } }),
  'lint/code-curve': code({
    spki: seq(algorithm('1.2.840.10045.2.1', oid('1.3.132.0.10')), bits(hex('04'.repeat(65)))),
  }),
  'lint/code-rsa-too-short': {
    bad: codeSigning({ spki: rsaKey(modulus(2048)) }),
    good: codeSigning({ spki: rsaKey(modulus(3072)) }),
  },
  'lint/code-signature': code({ algorithm: algorithm('1.2.840.10045.4.1') }),
  'lint/code-domain-component': subject(['DC', 'com'], ['C', 'DE'], ['O', 'Example']),
  'lint/code-country': subject(['L', 'Berlin'], ['O', 'Example']),
  'lint/code-place': subject(['C', 'DE'], ['O', 'Example']),
  'lint/code-organization': subject(['C', 'DE'], ['L', 'Berlin']),
  'lint/code-over-39-months': {
    bad: codeSigning({ ...EARLIER, notAfter: '2023-05-01T00:00:00Z' }),
    good: codeSigning({ ...EARLIER, notAfter: '2023-03-01T00:00:00Z' }),
  },
  'lint/code-over-460-days': code({ notAfter: '2027-09-01T00:00:00Z' }),
};
