import type { KeyUsage } from '../../../server/src/core/lint/view/extensionValues.ts';
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
  ia5,
  keyUsage,
  mailbox,
  oid,
  otherName,
  policies,
  seq,
  uri,
  utf8,
} from '../der.ts';
import type { Example, Examples } from '../example.ts';
import { mail, rsaKey } from '../template.ts';

type Change = NonNullable<Parameters<typeof mail>[0]>;
/** A certificate with another policy, with what else is changed. */
const of =
  (arcs: string, base: Change = {}) =>
  (change: Change = {}): Uint8Array =>
    mail({
      ...base,
      ...change,
      extensions: {
        certificatePolicies: policies(`2.23.140.1.5.${arcs}`),
        ...base.extensions,
        ...change.extensions,
      },
    });
const strict = of('1.3');
const multipurpose = of('1.2');
const legacy = of('1.1', { notBefore: '2025-01-01T00:00:00Z', notAfter: '2025-12-01T00:00:00Z' });
const named = (arcs: string, ...subject: readonly Attribute[]) => of(arcs, { subject: dn(...subject) });
const organization = named('2.3', ['C', 'DE'], ['O', 'Example GmbH'], ['CN', 'Example GmbH']);
const person = named('4.3', ['C', 'DE'], ['GN', 'Ada'], ['SN', 'Example'], ['CN', 'Ada Example']);

const bad = (change: Change): Example => ({ bad: strict(change), good: strict() });
const without = (name: string): Example => bad({ extensions: { [name]: undefined } });
const uses = (...set: readonly KeyUsage[]): Change => ({
  extensions: { keyUsage: keyUsage(...set) },
});
const RSA = { spki: rsaKey() };
const EDWARDS = { spki: seq(algorithm('1.3.101.112'), bits(hex('5a'.repeat(32)))) };
const extended = (...usages: readonly string[]): Change => ({
  extensions: { extKeyUsage: extendedKeyUsage(...usages) },
});
const MAIL = '1.3.6.1.5.5.7.3.4';
const SERVER = '1.3.6.1.5.5.7.3.1';
const CLIENT = '1.3.6.1.5.5.7.3.2';
const statements = (critical: boolean): Change => ({
  extensions: { qcStatements: extension('qcStatements', seq(), critical) },
});
const adobe = (critical: boolean): Change => ({
  extensions: { adobe: extension('1.2.840.113583.1.1.9.2', seq(), critical) },
});
const entity = { extensions: { entity: extension('1.3.6.1.4.1.52266.1', seq()) } };
const answers = (...urls: readonly string[]): Change => ({
  extensions: { authorityInfoAccess: access(...urls.map((url) => ['ocsp', uri(url)] as const)) },
});
const INTERNATIONAL = altNames(otherName('1.3.6.1.5.5.7.8.9', utf8('ada@example.com')));

export const examples: Examples = {
  'lint/mail-policy': bad({
    extensions: { certificatePolicies: policies('2.23.140.1.5.1.3', '2.23.140.1.5.2.3') },
  }),
  'lint/mail-legacy-policy': { bad: of('1.1')(), good: strict() },
  'lint/mail-key-algorithm': bad({
    spki: seq(algorithm('1.2.840.10045.2.1', oid('1.3.132.0.10')), bits(hex('04'.repeat(65)))),
  }),
  'lint/mail-key-algorithm-2023': {
    bad: legacy({ spki: seq(algorithm('2.16.840.1.101.3.4.3.17'), bits(hex('5a'.repeat(1312)))) }),
    good: legacy(),
  },
  'lint/mail-key-usage-missing': without('keyUsage'),
  'lint/mail-key-usage-not-critical': bad({
    extensions: { keyUsage: extension('keyUsage', bits(hex('80'), 7)) },
  }),
  'lint/mail-rsa-key-usage-strict': {
    bad: strict({ ...RSA, ...uses('digitalSignature', 'keyEncipherment', 'dataEncipherment') }),
    good: strict({ ...RSA, ...uses('digitalSignature', 'nonRepudiation', 'keyEncipherment') }),
  },
  'lint/mail-rsa-key-usage': {
    bad: multipurpose({ ...RSA, ...uses('digitalSignature', 'dataEncipherment') }),
    good: multipurpose({ ...RSA, ...uses('keyEncipherment', 'dataEncipherment') }),
  },
  'lint/mail-rsa-key-without-use': {
    bad: strict({ ...RSA, ...uses('nonRepudiation') }),
    good: strict({ ...RSA, ...uses('keyEncipherment') }),
  },
  'lint/mail-ec-key-usage': {
    bad: strict(uses('digitalSignature', 'encipherOnly')),
    good: strict(uses('digitalSignature', 'keyAgreement')),
  },
  'lint/mail-ec-key-without-use': { bad: strict(uses('nonRepudiation')), good: strict(uses('keyAgreement')) },
  'lint/mail-edwards-key-usage': {
    bad: strict({ ...EDWARDS, ...uses('digitalSignature', 'keyAgreement') }),
    good: strict({ ...EDWARDS, ...uses('digitalSignature', 'nonRepudiation') }),
  },
  'lint/mail-extended-key-usage-strict': bad(extended(MAIL, CLIENT)),
  'lint/mail-extended-key-usage': {
    bad: multipurpose(extended(MAIL, SERVER)),
    good: multipurpose(extended(MAIL, CLIENT)),
  },
  'lint/mail-authority-key-id': without('authorityKeyIdentifier'),
  'lint/mail-crl-missing': without('cRLDistributionPoints'),
  'lint/mail-crl-address': bad({
    extensions: { cRLDistributionPoints: crlAt('http://crl.example.com/a', 'ldap://crl.example.com/a') },
  }),
  'lint/mail-info-address': bad(answers('http://ocsp.example.com', 'https://ocsp.example.com')),
  'lint/mail-legacy-info-address': {
    bad: legacy(answers('https://ocsp.example.com')),
    good: legacy(answers('http://ocsp.example.com', 'https://ocsp.example.com')),
  },
  'lint/mail-directory-attributes': bad({
    extensions: { attributes: extension('subjectDirectoryAttributes', seq()) },
  }),
  'lint/mail-qualified-statements-critical': {
    bad: strict(statements(true)),
    good: strict(statements(false)),
  },
  'lint/mail-legal-entity': { bad: strict(entity), good: organization(entity) },
  'lint/mail-adobe-strict': bad(adobe(false)),
  'lint/mail-adobe-critical': { bad: multipurpose(adobe(true)), good: multipurpose(adobe(false)) },
  'lint/mail-alternative-name-missing': without('subjectAltName'),
  'lint/mail-alternative-name-critical': {
    bad: strict({
      extensions: { subjectAltName: extension('subjectAltName', seq(mailbox('a@example.com')), true) },
    }),
    good: strict({
      subject: seq(),
      extensions: { subjectAltName: extension('subjectAltName', seq(mailbox('a@example.com')), true) },
    }),
  },
  'lint/mail-address-not-repeated': {
    bad: strict({ extensions: { subjectAltName: altNames(mailbox('bob@example.com')) } }),
    good: strict({ extensions: { subjectAltName: INTERNATIONAL } }),
  },
  'lint/mail-subject-address': {
    bad: strict({ subject: dn(['emailAddress', ia5('ada@example.com, bob@example.com')]) }),
    good: strict({ subject: dn(['emailAddress', ia5('ada@example.com')]) }),
  },
  'lint/mail-subject-attributes': bad({ subject: dn(['O', 'Example GmbH'], ['CN', 'ada@example.com']) }),
  'lint/mail-common-name': bad({ subject: dn(['CN', 'Ada Example']) }),
  'lint/mail-organization-common-name': {
    bad: organization({ subject: dn(['C', 'DE'], ['O', 'Example GmbH'], ['CN', 'Example Bank']) }),
    good: organization(),
  },
  'lint/mail-person': { bad: person({ subject: dn(['C', 'DE'], ['CN', 'Ada Example']) }), good: person() },
  'lint/mail-country': {
    bad: person({ subject: dn(['C', 'UK'], ['GN', 'Ada'], ['CN', 'Ada Example']) }),
    good: person(),
  },
};
