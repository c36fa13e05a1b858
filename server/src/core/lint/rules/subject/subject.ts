import { isCountryCode } from '../../countries.ts';
import type { LintRule } from '../../lintRule.ts';
import { textsOf } from '../../view/alternativeName.ts';
import { saysNothing, valuesOf } from '../../view/distinguishedName.ts';

const AGAIN = 'Issue it again with the subject as the standard wants it.';
/** Once only, says CA/Browser Forum TLS BR, 7.1.4.1; domain components, streets and units may come again. */
const SINGLE: ReadonlySet<string> = new Set([
  'jurisdictionL',
  'jurisdictionST',
  'jurisdictionC',
  'CN',
  'SN',
  'serialNumber',
  'C',
  'L',
  'ST',
  'O',
  'businessCategory',
  'GN',
  'organizationIdentifier',
]);
const ORDER = ['DC', 'C', 'ST', 'L', 'postalCode', 'STREET', 'O', 'SN', 'GN', 'OU', 'CN'];

export const rules: readonly LintRule[] = [
  {
    meta: {
      id: 'lint/issuer-empty',
      severity: 'error',
      title: 'A certificate has an empty issuer',
      why: 'The issuer and the serial number are the name of a certificate, and a path is found by the issuer.',
      remedy: 'Issue it again by an authority that has a name.',
      standard: 'RFC 5280, 4.1.2.4',
      source: 'RFC',
      since: '1999-01-01',
      zlint: ['e_issuer_field_empty'],
    },
    applies: ({ issuer }) => issuer !== undefined,
    check: ({ issuer }) => issuer !== undefined && saysNothing(issuer) && 'the issuer is empty',
  },
  {
    meta: {
      id: 'lint/authority-subject-empty',
      severity: 'error',
      title: 'An authority has an empty subject',
      why: 'Its subject is the issuer of what it signs: without one no path leads to it.',
      remedy: 'Issue it again with a subject.',
      standard: 'RFC 5280, 4.1.2.6',
      source: 'RFC',
      since: '1999-01-01',
      zlint: ['e_ca_subject_field_empty'],
    },
    applies: ({ isAuthority, subject }) => isAuthority && subject !== undefined,
    check: ({ subject }) =>
      subject !== undefined && saysNothing(subject) && 'it is an authority with an empty subject',
  },
  {
    meta: {
      id: 'lint/nobody-named',
      severity: 'error',
      title: 'A certificate names nobody',
      why: 'The subject is empty and there are no alternative names: nobody can use it to prove who they are.',
      remedy: 'Issue it again with alternative names.',
      standard: 'RFC 5280, 4.1.2.6 and 4.2.1.6',
      source: 'RFC',
      since: '1999-01-01',
      zlint: ['e_subject_empty_without_san'],
    },
    applies: ({ subject }) => subject !== undefined,
    check: (certificate) =>
      certificate.subject?.attributes.length === 0 &&
      certificate.extension('subjectAltName') === undefined &&
      'the subject is empty, and there are no alternative names',
  },
  {
    meta: {
      id: 'lint/alternative-names-not-critical',
      severity: 'error',
      title: 'The alternative names are all there is of a name, and not critical',
      why: 'Who does not know the extension then sees a certificate of nobody and passes over the names.',
      remedy: 'Issue it again with subjectAltName marked as critical, or with a subject.',
      standard: 'RFC 5280, 4.2.1.6',
      source: 'RFC',
      since: '1999-01-01',
      zlint: ['e_ext_san_not_critical_without_subject'],
    },
    applies: (certificate) =>
      certificate.extension('subjectAltName') !== undefined && certificate.subject !== undefined,
    check: (certificate) =>
      certificate.subject !== undefined &&
      saysNothing(certificate.subject) &&
      certificate.extension('subjectAltName')?.critical === false &&
      'the subject is empty, and the alternative names are not critical',
  },
  {
    meta: {
      id: 'lint/alternative-names-critical',
      severity: 'warning',
      title: 'The alternative names are critical beside a subject',
      why: 'Where there is a subject, who does not know the extension need not refuse the certificate.',
      remedy: 'Issue it again with subjectAltName marked as not critical.',
      standard: 'RFC 5280, 4.2.1.6; CA/Browser Forum TLS BR, 7.1.2.7.12',
      source: 'CA/B TLS BR',
      since: '2008-05-01',
      zlint: ['w_ext_san_critical_with_subject_dn'],
    },
    applies: (certificate) =>
      certificate.extension('subjectAltName') !== undefined && certificate.subject !== undefined,
    check: (certificate) =>
      certificate.subject !== undefined &&
      !saysNothing(certificate.subject) &&
      certificate.extension('subjectAltName')?.critical === true &&
      'the alternative names are critical, and there is a subject',
  },
  {
    meta: {
      id: 'lint/subject-email-not-in-names',
      severity: 'error',
      title: 'An e-mail address stands in the subject alone',
      why: 'Mail programs go by the alternative names, and name constraints too.',
      remedy: 'Issue it again with the address in subjectAltName.',
      standard: 'RFC 5280, 4.1.2.6',
      source: 'RFC',
      since: '1999-01-01',
      zlint: ['e_subj_email_not_in_san'],
    },
    applies: ({ subject }) => valuesOf(subject, 'emailAddress').length > 0,
    check({ subject, subjectAltName }) {
      const names = textsOf(subjectAltName, 'email');
      return (
        valuesOf(subject, 'emailAddress').some((address) => !names.includes(address)) &&
        'an e-mail address of the subject is none of the alternative names'
      );
    },
  },
  {
    meta: {
      id: 'lint/country-not-iso',
      severity: 'error',
      title: 'A country is no code of ISO 3166-1',
      why: 'The country says under which law somebody was found; another text says nothing.',
      remedy: 'Issue it again with the code of two letters, or XX where there is none.',
      standard: 'CA/Browser Forum TLS BR, 7.1.4.2',
      source: 'CA/B TLS BR',
      since: '2012-07-01',
      zlint: ['e_subject_country_not_iso'],
    },
    applies: ({ subject }) => subject !== undefined,
    check({ subject }) {
      const bad = valuesOf(subject, 'C').find((code) => !isCountryCode(code.toUpperCase()));
      return bad !== undefined && 'the country of the subject is no code of ISO 3166-1';
    },
  },
  {
    meta: {
      id: 'lint/authority-country-not-iso',
      severity: 'error',
      title: 'The country of an authority is no code of ISO 3166-1',
      why: 'The country says under which law the authority was found; another text says nothing.',
      remedy: 'Issue it again with the code of two letters.',
      standard: 'CA/Browser Forum TLS BR, 7.1.2.10.2',
      source: 'CA/B TLS BR',
      since: '2012-07-01',
      zlint: ['e_ca_country_name_invalid'],
    },
    applies: ({ isAuthority, subject }) => isAuthority && valuesOf(subject, 'C').length > 0,
    check: ({ subject }) =>
      valuesOf(subject, 'C').some((code) => !isCountryCode(code)) &&
      'the country of the authority is no code of ISO 3166-1',
  },
  {
    meta: {
      id: 'lint/country-not-upper-case',
      severity: 'error',
      title: 'A country is not written in capitals',
      why: 'The codes are capitals; names in other letters may count as other names.',
      remedy: AGAIN,
      standard: 'ISO 3166-1, 5.1',
      source: 'community',
      zlint: ['e_subj_country_not_uppercase'],
    },
    applies: ({ subject }) => subject !== undefined,
    check: ({ subject }) =>
      valuesOf(subject, 'C').some((code) => !/^[A-Z]+$/.test(code)) &&
      'the country of the subject is not written in capitals',
  },
  {
    meta: {
      id: 'lint/subject-says-nothing',
      severity: 'error',
      title: 'An attribute of a subject has signs and no letters',
      why: 'A hyphen or a full stop in place of a value pretends that something was checked.',
      remedy: 'Issue it again without the attribute.',
      standard: 'CA/Browser Forum TLS BR, 7.1.4.2',
      source: 'CA/B TLS BR',
      since: '2012-07-01',
      zlint: ['e_subject_contains_noninformational_value'],
    },
    applies: ({ subject }) => subject !== undefined,
    check({ subject }) {
      const empty = subject?.attributes.find(
        ({ text }) => text !== undefined && !/[a-zA-Z0-9]|\P{ASCII}/u.test(text),
      );
      return empty && `the ${empty.name} of the subject has no letter or digit`;
    },
  },
  {
    meta: {
      id: 'lint/subject-attribute-twice',
      severity: 'error',
      title: 'An attribute stands in a subject twice',
      why: 'Programs show the first or the last of them: who the subject is, then depends on the program.',
      remedy: AGAIN,
      standard: 'CA/Browser Forum TLS BR, 7.1.4.1',
      source: 'CA/B TLS BR',
      since: '2023-09-15',
      zlint: ['e_duplicate_subject_attribs'],
    },
    applies: ({ subject }) => subject !== undefined,
    check({ subject }) {
      const seen = new Set<string>();
      for (const { name } of subject?.attributes ?? []) {
        if (SINGLE.has(name) && seen.has(name)) return `the subject has ${name} twice`;
        seen.add(name);
      }
      return undefined;
    },
  },
  {
    meta: {
      id: 'lint/common-name-twice',
      severity: 'warning',
      title: 'A subject has several common names',
      why: 'Clients that still look at it take the first or the last.',
      remedy: 'Issue it again with one, or none.',
      standard: 'CA/Browser Forum TLS BR, 7.1.4.2',
      source: 'CA/B TLS BR',
      since: '2012-07-01',
      zlint: ['w_extra_subject_common_names'],
    },
    applies: ({ isSubscriber, subject }) => isSubscriber && subject !== undefined,
    check: ({ subject }) => valuesOf(subject, 'CN').length > 1 && 'the subject has several common names',
  },
  {
    meta: {
      id: 'lint/subject-order',
      severity: 'error',
      title: 'The attributes of a subject are in another order than is prescribed',
      why: 'Names with other orders are other names: renewed certificates of one subject would not be found together.',
      remedy: `Issue it again in the order ${ORDER.join(', ')}.`,
      standard: 'CA/Browser Forum TLS BR, 7.1.4.2',
      source: 'CA/B TLS BR',
      since: '2023-09-15',
      zlint: ['e_invalid_subject_rdn_order'],
    },
    applies: ({ isSubscriber, subject }) => isSubscriber && subject !== undefined,
    check({ subject }) {
      let last = 0;
      for (const { name } of subject?.attributes ?? []) {
        const place = ORDER.indexOf(name);
        if (place < 0) continue;
        if (place < last) return `the subject has ${name} behind ${ORDER[last]}`;
        last = place;
      }
      return undefined;
    },
  },
  {
    meta: {
      id: 'lint/place-with-several-parts',
      severity: 'info',
      title: 'A locality or a state looks like several parts of an address',
      why: 'A comma, a colon or brackets in such a value mostly come from an address that was put into one field.',
      remedy: AGAIN,
      standard: 'CA/Browser Forum TLS BR, 7.1.4.2',
      source: 'community',
      zlint: ['n_suspicious_chars_in_address'],
    },
    applies: ({ subject }) => valuesOf(subject, 'L').length + valuesOf(subject, 'ST').length > 0,
    check: ({ subject }) =>
      [...valuesOf(subject, 'L'), ...valuesOf(subject, 'ST')].some((value) => /[,:="()]/.test(value)) &&
      'the locality or the state has signs of an address in several parts',
  },
  {
    meta: {
      id: 'lint/place-with-markup',
      severity: 'error',
      title: 'A locality or a state has signs of data and not of a name',
      why: 'Brackets, braces and equals signs show that a record of a data base was issued in place of a name.',
      remedy: AGAIN,
      standard: 'CA/Browser Forum TLS BR, 3.2.2.1',
      source: 'CA/B TLS BR',
      since: '2012-07-01',
      zlint: ['e_state_or_province_name_must_not_contain_control_characters'],
    },
    applies: ({ subject }) => subject !== undefined,
    check: ({ subject }) =>
      [...valuesOf(subject, 'ST'), ...valuesOf(subject, 'L')].some((value) => /[=:{};"|\\[\]]/.test(value)) &&
      'the locality or the state has signs that are in no name of a place',
  },
];
