import { element } from '../../../server/src/core/credential/derWriter.ts';
import {
  type Attribute,
  altNames,
  dn,
  dnsName,
  extension,
  type GivenPolicy,
  hex,
  ia5,
  implicit,
  integer,
  oid,
  policies,
  seq,
  utf8,
} from '../der.ts';
import type { Example, Examples } from '../example.ts';
import { server, subordinate } from '../template.ts';

const CPS = '1.3.6.1.5.5.7.2.1';
const NOTICE = '1.3.6.1.5.5.7.2.2';
const OWN = '1.3.6.1.4.1.32473.1';
const ANY = '2.5.29.32.0';
const DV = '2.23.140.1.2.1';
const OV = '2.23.140.1.2.2';
const IV = '2.23.140.1.2.3';
const EV = '2.23.140.1.1';

const qualifier = (type: string, value: Uint8Array) => seq(oid(type), value);
const withPolicy = (...given: readonly GivenPolicy[]): Uint8Array =>
  server({ extensions: { certificatePolicies: policies(...given) } });
const notice = (...parts: readonly Uint8Array[]): Uint8Array =>
  withPolicy([OWN, qualifier(NOTICE, seq(...parts))]);
const NOTICE_GOOD = notice(utf8('Relying is at your own risk'));
const text = (part: Uint8Array): Example => ({ bad: notice(part), good: NOTICE_GOOD });
const mapping = (issuer: string): Uint8Array =>
  subordinate({
    extensions: { policyMappings: extension('policyMappings', seq(seq(oid(issuer), oid(OWN))), true) },
  });
const constraints = (...parts: readonly Uint8Array[]): Uint8Array =>
  subordinate({ extensions: { policyConstraints: extension('policyConstraints', seq(...parts), true) } });

const BEFORE = { notBefore: '2022-04-01T00:00:00Z', notAfter: '2022-06-01T00:00:00Z' };
/** A subject under a policy; `then`: before version 2 of the requirements. */
function validated(policy: string, attributes: readonly Attribute[], then = false): Uint8Array {
  return server({
    ...(then ? BEFORE : {}),
    subject: dn(...attributes),
    extensions: {
      certificatePolicies: policies(policy),
      subjectAltName: altNames(dnsName('www.example.com')),
    },
  });
}
const C = ['C', 'DE'] as const;
const L = ['L', 'Berlin'] as const;
const O = ['O', 'Example GmbH'] as const;
const SN = ['SN', 'Muster'] as const;
const GN = ['GN', 'Maria'] as const;
const CN = ['CN', 'www.example.com'] as const;
const SERIAL = ['serialNumber', 'HRB 7'] as const;
const CATEGORY = ['businessCategory', 'Private Organization'] as const;
const dv = (name: string): Example => ({
  bad: validated(DV, [[name, 'Berlin'], CN], true),
  good: validated(DV, [CN], true),
});
const ORGANIZATION = validated(OV, [C, L, O, CN]);
const PERSON = validated(IV, [C, L, SN, GN, CN]);
const COMPANY = validated(EV, [C, L, O, SERIAL, CATEGORY, CN]);

export const examples: Examples = {
  'lint/policy-twice': { bad: withPolicy(DV, DV) },
  'lint/policy-notice-reference': {
    bad: notice(seq(utf8('Example Trust'), seq(integer(hex('01'))))),
  },
  'lint/any-policy-qualifier': {
    bad: withPolicy([ANY, qualifier(OWN, utf8('x'))]),
    good: withPolicy([ANY, qualifier(CPS, ia5('https://example.com/cps'))]),
  },
  'lint/notice-ia5-string': text(ia5('At your own risk')),
  'lint/notice-not-utf8': text(element(0x1a, new TextEncoder().encode('At your own risk'))),
  'lint/notice-control-characters': text(utf8('At your\u0007 risk')),
  'lint/notice-not-nfc': text(utf8('Fu\u0308r alle')),
  'lint/notice-too-long': text(utf8('a'.repeat(201))),
  'lint/policy-mapping-of-any': { bad: mapping(ANY), good: mapping(DV) },
  'lint/policy-mapping-unasserted': { bad: mapping(OWN), good: mapping(DV) },
  'lint/policy-constraints-empty': { bad: constraints(), good: constraints(implicit(0, hex('00'))) },
  'lint/policy-qualifier-not-cps': {
    bad: NOTICE_GOOD,
    good: withPolicy([DV, qualifier(CPS, ia5('https://example.com/cps'))]),
  },
  'lint/cps-not-http': { bad: withPolicy([DV, qualifier(CPS, ia5('ftp://example.com/cps'))]) },
  'lint/domain-validated-with-locality': dv('L'),
  'lint/domain-validated-with-organization': dv('O'),
  'lint/domain-validated-with-postal-code': dv('postalCode'),
  'lint/domain-validated-with-state': dv('ST'),
  'lint/domain-validated-with-street': dv('STREET'),
  'lint/domain-validated-subject': { bad: validated(DV, [O, CN]) },
  'lint/individual-validated-without-name': {
    bad: validated(IV, [C, L, CN], true),
    good: validated(IV, [C, L, O, CN], true),
  },
  'lint/individual-validated-without-both-names': { bad: validated(IV, [C, L, SN, CN]), good: PERSON },
  'lint/individual-validated-without-country': { bad: validated(IV, [L, SN, GN, CN]), good: PERSON },
  'lint/individual-validated-without-place': { bad: validated(IV, [C, SN, GN, CN]), good: PERSON },
  'lint/organization-validated-without-name': { bad: validated(OV, [C, L, CN]), good: ORGANIZATION },
  'lint/organization-validated-without-country': { bad: validated(OV, [L, O, CN]), good: ORGANIZATION },
  'lint/organization-validated-without-place': { bad: validated(OV, [C, O, CN]), good: ORGANIZATION },
  'lint/extended-validated-without-organization': {
    bad: validated(EV, [C, L, SERIAL, CATEGORY, CN]),
    good: COMPANY,
  },
  'lint/extended-validated-without-country': {
    bad: validated(EV, [L, O, SERIAL, CATEGORY, CN]),
    good: COMPANY,
  },
  'lint/extended-validated-without-category': { bad: validated(EV, [C, L, O, SERIAL, CN]), good: COMPANY },
  'lint/extended-validated-without-serial': { bad: validated(EV, [C, L, O, CATEGORY, CN]), good: COMPANY },
  'lint/extended-validated-wildcard': {
    bad: server({
      extensions: { certificatePolicies: policies(EV), subjectAltName: altNames(dnsName('*.example.com')) },
    }),
    good: COMPANY,
  },
};
