/** What characters a name holds, and in which type of string. */
import { decodeUtf8 } from '../../../credential/charset.ts';
import type { LintRule } from '../../lintRule.ts';
import type { DistinguishedName, NameAttribute } from '../../view/distinguishedName.ts';

const PRINTABLE_STRING = 0x13;
const UTF8_STRING = 0x0c;
const IA5_STRING = 0x16;
const PRINTABLE = /^[A-Za-z0-9 '()+,./:=?-]+$/;

const TYPE_WHY =
  'Names are compared in the way of their type of string; in another type the same text may count as another name.';
const TYPE_REMEDY = 'Issue it again with the type of string that the standard names.';
const TEXT_REMEDY = 'Issue it again with the text as it is meant.';

function found(
  name: DistinguishedName | undefined,
  test: (attribute: NameAttribute) => boolean,
): string | undefined {
  return name?.attributes.find(test)?.name;
}

const isCountry = ({ name }: NameAttribute) => name === 'C';

/** Types of string that CA/Browser Forum TLS BR, 7.1.4.2 leaves for each attribute. */
const PRINTABLE_ONLY: ReadonlySet<string> = new Set(['C', 'jurisdictionC', 'serialNumber']);
const DIRECTORY_STRINGS: ReadonlySet<string> = new Set([
  'ST',
  'L',
  'postalCode',
  'STREET',
  'O',
  'SN',
  'GN',
  'OU',
  'CN',
  'businessCategory',
  'jurisdictionST',
  'jurisdictionL',
  'organizationIdentifier',
]);

function hasWrongType({ name, tag }: NameAttribute): boolean {
  if (name === 'DC') return tag !== IA5_STRING;
  if (PRINTABLE_ONLY.has(name)) return tag !== PRINTABLE_STRING;
  return DIRECTORY_STRINGS.has(name) && tag !== PRINTABLE_STRING && tag !== UTF8_STRING;
}

/** Control characters: C0, DEL and C1. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** UTF-8 of a Latin letter with a mark, read as Latin-1 and written again: `Ã` and what follows it. */
const MIXED_UP = /Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/;
const PERSONS_AND_PLACES: ReadonlySet<string> = new Set([
  'GN',
  'SN',
  'CN',
  'OU',
  'O',
  'L',
  'ST',
  'STREET',
  'postalCode',
  'organizationIdentifier',
  'jurisdictionL',
  'jurisdictionST',
]);

export const rules: readonly LintRule[] = [
  {
    meta: {
      id: 'lint/subject-country-string',
      severity: 'error',
      title: 'The country of a subject is no PrintableString',
      why: TYPE_WHY,
      remedy: TYPE_REMEDY,
      standard: 'RFC 5280, A.1',
      source: 'RFC',
      zlint: ['e_subject_dn_country_not_printable_string'],
    },
    applies: ({ subject }) => subject?.attributes.some(isCountry) === true,
    check: ({ subject }) =>
      found(subject, (each) => isCountry(each) && each.tag !== PRINTABLE_STRING) !== undefined &&
      'the country of the subject is no PrintableString',
  },
  {
    meta: {
      id: 'lint/issuer-country-string',
      severity: 'error',
      title: 'The country of an issuer is no PrintableString',
      why: TYPE_WHY,
      remedy: TYPE_REMEDY,
      standard: 'RFC 5280, A.1',
      source: 'RFC',
      zlint: ['e_issuer_dn_country_not_printable_string'],
    },
    applies: ({ issuer }) => issuer?.attributes.some(isCountry) === true,
    check: ({ issuer }) =>
      found(issuer, (each) => isCountry(each) && each.tag !== PRINTABLE_STRING) !== undefined &&
      'the country of the issuer is no PrintableString',
  },
  {
    meta: {
      id: 'lint/subject-serial-string',
      severity: 'error',
      title: 'The serial number of a subject is no PrintableString',
      why: TYPE_WHY,
      remedy: TYPE_REMEDY,
      standard: 'RFC 5280, A.1',
      source: 'RFC',
      zlint: ['e_subject_dn_serial_number_not_printable_string'],
    },
    applies: ({ subject }) => found(subject, ({ name }) => name === 'serialNumber') !== undefined,
    check: ({ subject }) =>
      found(subject, ({ name, tag }) => name === 'serialNumber' && tag !== PRINTABLE_STRING) !== undefined &&
      'the serial number of the subject is no PrintableString',
  },
  {
    meta: {
      id: 'lint/subject-string-type',
      severity: 'error',
      title: 'An attribute of a subject is in a type of string that is not allowed for browsers',
      why: TYPE_WHY,
      remedy: TYPE_REMEDY,
      standard: 'CA/Browser Forum TLS BR, 7.1.4.2, tables 77 and 78',
      source: 'CA/B TLS BR',
      since: '2023-09-15',
      zlint: ['e_subject_rdns_correct_encoding'],
    },
    applies: ({ subject }) => subject !== undefined,
    check({ subject }) {
      const name = found(subject, hasWrongType);
      return name && `the ${name} of the subject is in a type of string that it must not have`;
    },
  },
  {
    meta: {
      id: 'lint/printable-string-characters',
      severity: 'error',
      title: 'A PrintableString has characters that this type does not have',
      why: 'Strict readers refuse the name; others read the character by the code page of the machine.',
      remedy: 'Issue it again with UTF8String, which has all characters.',
      standard: 'RFC 5280, B; X.680, 41.4',
      source: 'RFC',
      since: '1999-01-01',
      zlint: ['e_subject_printable_string_badalpha'],
    },
    applies: ({ subject }) => subject !== undefined,
    check({ subject }) {
      const name = found(subject, ({ tag, text = '' }) => tag === PRINTABLE_STRING && !PRINTABLE.test(text));
      return name && `the ${name} of the subject has characters that a PrintableString does not have`;
    },
  },
  {
    meta: {
      id: 'lint/subject-control-characters',
      severity: 'error',
      title: 'A subject has control characters',
      why: 'Whoever shows the name shows something else than is there: a zero octet ends it, others steer a terminal.',
      remedy: TEXT_REMEDY,
      standard: 'RFC 5280, A.1',
      source: 'RFC',
      zlint: ['e_subject_dn_not_printable_characters'],
    },
    applies: ({ subject }) => subject !== undefined,
    check({ subject }) {
      const name = found(subject, ({ octets }) => CONTROL.test(decodeUtf8(octets) ?? ''));
      return name && `the ${name} of the subject has control characters`;
    },
  },
  {
    meta: {
      id: 'lint/subject-replacement-character',
      severity: 'error',
      title: 'A subject has the sign for a character that was lost',
      why: 'Somewhere the name was read in the wrong encoding: what was meant is not there any more.',
      remedy: TEXT_REMEDY,
      standard: 'Unicode, 23.8',
      source: 'community',
      zlint: ['e_utf8_replacement_char_in_subject'],
    },
    applies: ({ subject }) => subject !== undefined,
    check({ subject }) {
      const name = found(
        subject,
        ({ tag, text }) => tag === UTF8_STRING && text?.includes('\ufffd') === true,
      );
      return name && `the ${name} of the subject has a replacement character`;
    },
  },
  {
    meta: {
      id: 'lint/subject-encoding-mixed-up',
      severity: 'error',
      title: 'A subject has UTF-8 that was read as Latin-1',
      why: 'The name shown is not that of whoever it is about, and a search for the right one does not find it.',
      remedy: TEXT_REMEDY,
      standard: 'RFC 5280, 4.1.2.4',
      source: 'community',
      zlint: ['e_utf8_latin1_mixup'],
    },
    applies: ({ subject }) => subject !== undefined,
    check({ subject }) {
      const name = found(
        subject,
        (each) => PERSONS_AND_PLACES.has(each.name) && MIXED_UP.test(each.text ?? ''),
      );
      return name && `the ${name} of the subject is UTF-8 that was read as Latin-1`;
    },
  },
  {
    meta: {
      id: 'lint/subject-html-entity',
      severity: 'error',
      title: 'A subject has an HTML entity',
      why: 'The name went through a web form and was issued as it was written for HTML.',
      remedy: TEXT_REMEDY,
      standard: 'RFC 5280, 4.1.2.6',
      source: 'community',
      zlint: ['e_subj_contains_html_entities'],
    },
    applies: ({ subject }) => subject !== undefined,
    check({ subject }) {
      const name = found(
        subject,
        (each) => PERSONS_AND_PLACES.has(each.name) && /&#?[A-Za-z0-9]{1,32};/.test(each.text ?? ''),
      );
      return name && `the ${name} of the subject has an HTML entity`;
    },
  },
  ...(['issuer', 'subject'] as const).flatMap((whose): readonly LintRule[] => [
    {
      meta: {
        id: `lint/${whose}-leading-space`,
        severity: 'warning',
        title: `A name of the ${whose} begins with white space`,
        why: 'Nobody sees it; whether it counts when names are compared differs from reader to reader.',
        remedy: TEXT_REMEDY,
        standard: 'RFC 5280, 7.1',
        source: 'community',
        zlint: [`w_${whose}_dn_leading_whitespace`],
      },
      applies: (certificate) => certificate[whose] !== undefined,
      check(certificate) {
        const name = found(certificate[whose], ({ text }) => /^\s/u.test(text ?? ''));
        return name && `the ${name} of the ${whose} begins with white space`;
      },
    },
    {
      meta: {
        id: `lint/${whose}-trailing-space`,
        severity: 'warning',
        title: `A name of the ${whose} ends with white space`,
        why: 'Nobody sees it; whether it counts when names are compared differs from reader to reader.',
        remedy: TEXT_REMEDY,
        standard: 'RFC 5280, 7.1',
        source: 'community',
        zlint: [`w_${whose}_dn_trailing_whitespace`],
      },
      applies: (certificate) => certificate[whose] !== undefined,
      check(certificate) {
        const name = found(certificate[whose], ({ text }) => text !== text?.trimEnd());
        return name && `the ${name} of the ${whose} ends with white space`;
      },
    },
    {
      meta: {
        id: `lint/${whose}-several-in-one-rdn`,
        severity: whose === 'issuer' ? 'warning' : 'info',
        title: `A name of the ${whose} has several attributes in one part`,
        why: 'It is allowed and hardly ever meant. Many programs show or compare the first of them alone.',
        remedy: 'Issue it again with each attribute in an RDN of its own.',
        standard: 'RFC 5280, 4.1.2.4',
        source: 'community',
        zlint: [whose === 'issuer' ? 'w_multiple_issuer_rdn' : 'n_multiple_subject_rdn'],
      },
      applies: (certificate) => certificate[whose] !== undefined,
      check(certificate) {
        const attributes = certificate[whose]?.attributes ?? [];
        const isSecond = ({ rdn }: NameAttribute, place: number) => attributes[place - 1]?.rdn === rdn;
        return attributes.some(isSecond) && `a part of the ${whose} has several attributes`;
      },
    },
  ]),
];
