import { bool, dn, extendedKeyUsage, hex, integer, keyUsage, policies } from '../der.ts';
import type { Example, Examples } from '../example.ts';
import { basicConstraints, root, server, subordinate } from '../template.ts';

const without = (name: string): Example => ({
  bad: subordinate({ extensions: { [name]: undefined } }),
  good: subordinate(),
});
const of = (extensions: Readonly<Record<string, Uint8Array>>): Example => ({
  bad: subordinate({ extensions }),
  good: subordinate(),
});
const named = (...attributes: readonly (readonly [string, string])[]): Example => ({
  bad: subordinate({ subject: dn(...attributes) }),
  good: subordinate(),
});
const ofRoot = (extensions: Readonly<Record<string, Uint8Array | undefined>>): Example => ({
  bad: root({ extensions }),
  good: root(),
});
const EARLY = { notBefore: '2015-04-01T00:00:00Z' };

export const examples: Examples = {
  'lint/authority-without-subject-key-id': without('subjectKeyIdentifier'),
  'lint/authority-without-key-usage': without('keyUsage'),
  'lint/root-without-key-usage': ofRoot({ keyUsage: undefined }),
  'lint/subordinate-without-info-access': without('authorityInfoAccess'),
  'lint/subordinate-without-info-access-before-2020': {
    bad: subordinate({ ...EARLY, extensions: { authorityInfoAccess: undefined } }),
    good: subordinate(EARLY),
  },
  'lint/subordinate-without-policies': without('certificatePolicies'),
  'lint/subordinate-without-crl': without('cRLDistributionPoints'),
  'lint/subordinate-without-extended-key-usage': without('extKeyUsage'),
  'lint/authority-may-not-sign-crls': of({ keyUsage: keyUsage('keyCertSign') }),
  'lint/authority-may-not-sign-certificates': of({ keyUsage: keyUsage('cRLSign') }),
  'lint/authority-may-not-sign-ocsp': of({ keyUsage: keyUsage('keyCertSign', 'cRLSign') }),
  'lint/cert-sign-and-no-authority': {
    bad: server({ extensions: { keyUsage: keyUsage('keyCertSign') } }),
    good: subordinate(),
  },
  'lint/authority-without-common-name': named(['C', 'DE'], ['O', 'Example Trust']),
  'lint/authority-without-country': named(['O', 'Example Trust'], ['CN', 'CA 1']),
  'lint/authority-without-organization': named(['C', 'DE'], ['CN', 'CA 1']),
  'lint/authority-with-organizational-unit': named(
    ['C', 'DE'],
    ['O', 'Example Trust'],
    ['OU', 'PKI'],
    ['CN', 'CA 1'],
  ),
  'lint/subordinate-with-other-usages': of({
    extKeyUsage: extendedKeyUsage('1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.4'),
  }),
  'lint/subordinate-usage-not-tls': {
    bad: subordinate({ extensions: { extKeyUsage: extendedKeyUsage('2.5.29.37.0') } }),
    good: subordinate(),
  },
  'lint/subordinate-usage-mixed': of({
    extKeyUsage: extendedKeyUsage('1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.4'),
  }),
  'lint/subordinate-several-reserved-policies': of({
    certificatePolicies: policies('2.23.140.1.2.1', '2.23.140.1.2.2'),
  }),
  'lint/subordinate-policies-invalid': of({ certificatePolicies: policies('1.3.6.1.4.1.32473.1') }),
  'lint/root-with-path-length': ofRoot({
    basicConstraints: basicConstraints(bool(0xff), integer(hex('01'))),
  }),
  'lint/root-with-policies': ofRoot({ certificatePolicies: policies('2.23.140.1.2.1') }),
  'lint/root-with-extended-key-usage': ofRoot({ extKeyUsage: extendedKeyUsage('1.3.6.1.5.5.7.3.1') }),
};
