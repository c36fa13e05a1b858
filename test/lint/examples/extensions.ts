import {
  bits,
  bool,
  dnsName,
  extendedKeyUsage,
  extension,
  hex,
  implicit,
  integer,
  keyUsage,
  octetString,
  oid,
  seq,
  tagged,
  uri,
} from '../der.ts';
import type { Examples } from '../example.ts';
import { basicConstraints, root, server, subordinate } from '../template.ts';

const ANY = '2.5.29.37.0';
const TRUE = bool(0xff);
const FALSE = bool(0);
const KEY_ID = octetString(hex('c1c2c3'));
const CERT_SIGN = bits(hex('04'), 2);
const SIGNATURE = bits(hex('80'), 7);

/** The extension, critical and not. */
const both = (name: string, value: Uint8Array) => ({
  critical: { [name]: extension(name, value, true) },
  not: { [name]: extension(name, value) },
});
const info = both(
  'authorityInfoAccess',
  seq(seq(oid('1.3.6.1.5.5.7.48.2'), uri('http://certs.example.com/a.der'))),
);
const subjectInfo = both(
  'subjectInfoAccess',
  seq(seq(oid('1.3.6.1.5.5.7.48.5'), uri('http://certs.example.com/'))),
);
const points = both(
  'cRLDistributionPoints',
  seq(seq(tagged(0, tagged(0, uri('http://crl.example.com/a.crl'))))),
);
const constraints = both('nameConstraints', seq(tagged(0, seq(dnsName('example.com')))));
const policyConstraints = both('policyConstraints', seq(implicit(0, hex('00'))));
const mappings = both('policyMappings', seq(seq(oid('1.3.6.1.4.1.32473.1'), oid('2.23.140.1.2.1'))));
const inhibit = both('inhibitAnyPolicy', integer(hex('00')));
const freshest = both('freshestCRL', seq(seq(tagged(0, tagged(0, uri('http://crl.example.com/d.crl'))))));
const directory = both('subjectDirectoryAttributes', seq(seq(oid('1.3.6.1.5.5.7.9.4'), hex('3100'))));
const issuerNames = both('issuerAltName', seq(dnsName('ca.example.com')));
const usagePolicies = both('certificatePolicies', seq(seq(oid('2.23.140.1.2.1'))));
const extended = both('extKeyUsage', seq(oid('1.3.6.1.5.5.7.3.1')));
const ownKeyId = both('subjectKeyIdentifier', KEY_ID);
const authorityKeyId = both('authorityKeyIdentifier', seq(implicit(0, hex('a1a2'))));
const uniqueId = implicit(1, hex('00aa'));

export const examples: Examples = {
  'lint/basic-constraints-not-critical': {
    bad: subordinate({ extensions: { basicConstraints: extension('basicConstraints', seq(TRUE)) } }),
    good: subordinate(),
  },
  'lint/subscriber-basic-constraints-not-critical': {
    bad: server({ extensions: { basicConstraints: extension('basicConstraints', seq()) } }),
  },
  'lint/key-usage-not-critical': {
    bad: server({ extensions: { keyUsage: extension('keyUsage', SIGNATURE) } }),
  },
  'lint/authority-key-usage-not-critical': {
    bad: subordinate({ extensions: { keyUsage: extension('keyUsage', CERT_SIGN) } }),
    good: subordinate(),
  },
  'lint/root-key-usage-not-critical': {
    bad: root({ extensions: { keyUsage: extension('keyUsage', CERT_SIGN) } }),
    good: root(),
  },
  'lint/authority-key-id-critical': { bad: server({ extensions: authorityKeyId.critical }) },
  'lint/subject-key-id-critical': {
    bad: server({ extensions: ownKeyId.critical }),
    good: server({ extensions: ownKeyId.not }),
  },
  'lint/authority-info-access-critical': { bad: server({ extensions: info.critical }) },
  'lint/subordinate-authority-info-access-critical': {
    bad: subordinate({ extensions: info.critical }),
    good: subordinate(),
  },
  'lint/subscriber-authority-info-access-critical': { bad: server({ extensions: info.critical }) },
  'lint/subject-info-access-critical': {
    bad: server({ extensions: subjectInfo.critical }),
    good: server({ extensions: subjectInfo.not }),
  },
  'lint/subject-directory-attributes-critical': {
    bad: server({ extensions: directory.critical }),
    good: server({ extensions: directory.not }),
  },
  'lint/issuer-alt-name-critical': {
    bad: server({ extensions: issuerNames.critical }),
    good: server({ extensions: issuerNames.not }),
  },
  'lint/freshest-crl-critical': {
    bad: server({ extensions: freshest.critical }),
    good: server({ extensions: freshest.not }),
  },
  'lint/crl-distribution-points-critical': { bad: server({ extensions: points.critical }) },
  'lint/tls-crl-distribution-points-critical': { bad: server({ extensions: points.critical }) },
  'lint/subordinate-crl-distribution-points-critical': {
    bad: subordinate({ extensions: points.critical }),
    good: subordinate(),
  },
  'lint/name-constraints-not-critical': {
    bad: subordinate({ extensions: constraints.not }),
    good: subordinate({ extensions: constraints.critical }),
  },
  'lint/subordinate-name-constraints-not-critical': {
    bad: subordinate({ extensions: constraints.not }),
    good: subordinate({ extensions: constraints.critical }),
  },
  'lint/policy-constraints-not-critical': {
    bad: subordinate({ extensions: policyConstraints.not }),
    good: subordinate({ extensions: policyConstraints.critical }),
  },
  'lint/policy-mappings-not-critical': {
    bad: subordinate({ extensions: mappings.not }),
    good: subordinate({ extensions: mappings.critical }),
  },
  'lint/inhibit-any-policy-not-critical': {
    bad: subordinate({ extensions: inhibit.not }),
    good: subordinate({ extensions: inhibit.critical }),
  },
  'lint/tls-policies-critical': { bad: server({ extensions: usagePolicies.critical }) },
  'lint/subordinate-policies-critical': {
    bad: subordinate({ extensions: usagePolicies.critical }),
    good: subordinate(),
  },
  'lint/extended-key-usage-critical': { bad: server({ extensions: extended.critical }) },
  'lint/subordinate-extended-key-usage-critical': {
    bad: subordinate({ extensions: extended.critical }),
    good: subordinate(),
  },
  'lint/unknown-critical-extension': {
    bad: server({ extensions: { own: extension('1.3.6.1.4.1.32473.9', hex('0500'), true) } }),
    good: server({ extensions: { own: extension('1.3.6.1.4.1.32473.9', hex('0500')) } }),
  },
  'lint/extensions-need-version-3': { bad: server({ version: undefined }) },
  'lint/version-not-3': { bad: server({ version: undefined }) },
  'lint/unique-id': { bad: server({ uniqueIds: [uniqueId] }) },
  'lint/unique-id-version': { bad: server({ version: undefined, uniqueIds: [uniqueId] }) },
  'lint/duplicate-extension': { bad: server({ extensions: { again: keyUsage('keyAgreement') } }) },
  'lint/empty-extension': { bad: server({ extensions: { extKeyUsage: extendedKeyUsage() } }) },
  'lint/critical-false-written': {
    bad: server({
      extensions: {
        authorityKeyIdentifier: seq(oid('2.5.29.35'), FALSE, octetString(seq(implicit(0, hex('a1'))))),
      },
    }),
  },
  'lint/authority-false-written': {
    bad: server({ extensions: { basicConstraints: basicConstraints(FALSE) } }),
  },
  'lint/path-length-without-authority': {
    bad: server({ extensions: { basicConstraints: basicConstraints(integer(hex('00'))) } }),
    good: subordinate(),
  },
  'lint/path-length-negative': {
    bad: subordinate({ extensions: { basicConstraints: basicConstraints(TRUE, integer(hex('ff'))) } }),
    good: subordinate(),
  },
  'lint/cert-sign-without-authority': { bad: server({ extensions: { keyUsage: keyUsage('keyCertSign') } }) },
  'lint/key-usage-empty': {
    bad: server({ extensions: { keyUsage: extension('keyUsage', bits(hex('')), true) } }),
  },
  'lint/key-usage-unknown-bit': {
    bad: server({ extensions: { keyUsage: extension('keyUsage', bits(hex('8040'), 6), true) } }),
  },
  'lint/key-usage-unused-bits': {
    bad: server({ extensions: { keyUsage: extension('keyUsage', bits(hex('80'), 0), true) } }),
  },
  'lint/key-usage-trailing-octet': {
    bad: server({ extensions: { keyUsage: extension('keyUsage', bits(hex('8000'), 0), true) } }),
  },
  'lint/key-usage-unlike-extended': {
    bad: server({ extensions: { keyUsage: keyUsage('digitalSignature', 'dataEncipherment') } }),
  },
  'lint/any-usage-critical': {
    bad: server({ extensions: { extKeyUsage: extension('extKeyUsage', seq(oid(ANY)), true) } }),
  },
};
