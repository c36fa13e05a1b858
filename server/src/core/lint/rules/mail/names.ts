/** Whom a certificate for mail names, and by which mailboxes (CA/Browser Forum S/MIME BR, 7.1.2.3 h, 7.1.4.2). */
import { fieldsOf, readInside, stringOf } from '../../../credential/der.ts';
import { attempt } from '../../../credential/problem.ts';
import { isMailbox } from '../../../path/nameSyntax.ts';
import type { CertificateView } from '../../certificateView.ts';
import { isCountryCode } from '../../countries.ts';
import { isMail, MAIL_SHARED, MAIL_SINCE, mailStandard } from '../../mailPolicy.ts';
import { type Row, rulesOf } from '../../rows.ts';
import { otherNameType, textsOf } from '../../view/alternativeName.ts';
import { valuesOf } from '../../view/distinguishedName.ts';

const WHY =
  'A mail program shows the name, and people take it for that of the sender: only what was checked may stand there.';
const isOfMailbox = (certificate: CertificateView) => isMail(certificate, { validation: ['mailbox'] });
const OF_MAILBOX = new Set(['CN', 'serialNumber', 'emailAddress']);
/** RFC 9598: a mailbox whose local part is not ASCII. */
const SMTP_UTF8_MAILBOX = '1.3.6.1.5.5.7.8.9';

/** Mailboxes of the alternative names, in either form. */
function mailboxes({ subjectAltName = [] }: CertificateView): ReadonlySet<string> {
  const international = subjectAltName.flatMap((name) => {
    const read = attempt([], 'a name', () => {
      if (otherNameType(name) !== SMTP_UTF8_MAILBOX) return undefined;
      const fields = fieldsOf(name.node);
      fields.any('a type');
      return stringOf(readInside(fields.any('its value')));
    });
    return read === undefined ? [] : [read];
  });
  return new Set([...textsOf(subjectAltName, 'email'), ...international]);
}

/** Mailboxes of the subject; of a certificate that is for a mailbox alone its common name is one, too. */
function named(certificate: CertificateView): readonly string[] {
  const { subject } = certificate;
  const common = isOfMailbox(certificate) ? valuesOf(subject, 'CN') : [];
  return [...common, ...valuesOf(subject, 'emailAddress')].filter(isMailbox);
}

const ROWS: readonly Row[] = [
  {
    id: 'lint/mail-alternative-name-missing',
    title: 'A certificate for mail has no alternative name',
    why: 'Mail programs compare the sender with the mailboxes there, and with nothing else.',
    standard: mailStandard('7.1.2.3 h'),
    zlint: ['e_san_shall_be_present'],
    applies: (certificate) => isMail(certificate),
    check: (certificate) =>
      certificate.extension('subjectAltName') === undefined && 'it has no subjectAltName',
  },
  {
    id: 'lint/mail-alternative-name-critical',
    severity: 'warning',
    title: 'The alternative name of a certificate for mail is critical beside a subject',
    why: 'It is critical only where it stands for the subject.',
    standard: mailStandard('7.1.2.3 h'),
    zlint: ['w_san_should_not_be_critical'],
    applies: (certificate) => isMail(certificate) && certificate.extension('subjectAltName') !== undefined,
    check: (certificate) =>
      certificate.extension('subjectAltName')?.critical === true &&
      (certificate.subject?.attributes.length ?? 0) > 0 &&
      'subjectAltName is critical, and there is a subject',
  },
  {
    id: 'lint/mail-address-not-repeated',
    title: 'A mailbox of the subject is not among the alternative names',
    why: 'Mail programs compare the sender with the mailboxes there, and with nothing else.',
    standard: mailStandard('7.1.4.2.1'),
    zlint: ['e_mailbox_address_shall_contain_an_rfc822_name'],
    applies: (certificate) => isMail(certificate) && named(certificate).length > 0,
    check(certificate) {
      const known = mailboxes(certificate);
      return (
        named(certificate).some((address) => !known.has(address)) &&
        'a mailbox of the subject is not in subjectAltName'
      );
    },
  },
  {
    id: 'lint/mail-subject-address',
    title: 'The e-mail address of the subject is no mailbox',
    why: WHY,
    standard: mailStandard('7.1.4.2.2 h'),
    zlint: ['e_single_email_subject_if_present'],
    applies: (certificate) => isMail(certificate) && valuesOf(certificate.subject, 'emailAddress').length > 0,
    check: ({ subject }) =>
      !valuesOf(subject, 'emailAddress').every(isMailbox) &&
      'emailAddress of the subject is no single mailbox',
  },
  {
    id: 'lint/mail-subject-attributes',
    title: 'A certificate for a mailbox says more than that of its subject',
    why: WHY,
    standard: mailStandard('7.1.4.2.3'),
    zlint: [
      'e_mailbox_validated_allowed_subjectdn_attributes',
      'e_mailbox_validated_enforce_subject_field_restrictions',
    ],
    applies: isOfMailbox,
    check({ subject }) {
      const others = (subject?.attributes ?? []).filter(({ name }) => !OF_MAILBOX.has(name));
      return others.length > 0 && `the subject has ${others.map(({ name }) => name).join(', ')}`;
    },
  },
  {
    id: 'lint/mail-common-name',
    title: 'The common name of a certificate for a mailbox is no mailbox',
    why: WHY,
    standard: mailStandard('7.1.4.2.2 a'),
    zlint: ['e_commonname_mailbox_validated'],
    applies: isOfMailbox,
    check: ({ subject }) => !valuesOf(subject, 'CN').every(isMailbox) && 'the common name is no mailbox',
  },
  {
    id: 'lint/mail-organization-common-name',
    title:
      'The common name of an organization’s certificate for mail is neither a mailbox nor the organization',
    why: WHY,
    standard: mailStandard('7.1.4.2.2 a'),
    zlint: ['e_org_validated_invalid_cn'],
    applies: (certificate) =>
      isMail(certificate, { validation: ['organization'] }) && valuesOf(certificate.subject, 'CN').length > 0,
    check({ subject }) {
      const name = valuesOf(subject, 'CN').at(-1) ?? '';
      return (
        !isMailbox(name) &&
        name !== valuesOf(subject, 'O')[0] &&
        'the common name is neither a mailbox nor the organization'
      );
    },
  },
  {
    id: 'lint/mail-person',
    title: 'A certificate for a person’s mail names no person',
    why: WHY,
    standard: mailStandard('7.1.4.2.5 and 7.1.4.2.6'),
    zlint: ['e_invalid_individual_identity'],
    applies: (certificate) =>
      isMail(certificate, { validation: ['individual', 'sponsor'], generation: ['multipurpose', 'strict'] }),
    check: ({ subject }) =>
      ['GN', 'SN', 'pseudonym'].every((name) => valuesOf(subject, name).length === 0) &&
      'the subject has no given name, surname or pseudonym',
  },
  {
    id: 'lint/mail-country',
    title: 'The country of a certificate for mail is none of ISO 3166-1',
    why: WHY,
    standard: mailStandard('7.1.4.2.2 n'),
    zlint: ['e_subject_country_name'],
    applies: (certificate) => isMail(certificate, { validation: ['organization', 'sponsor', 'individual'] }),
    check: ({ subject }) =>
      !valuesOf(subject, 'C').every((code) => code.toUpperCase() === 'XX' || isCountryCode(code)) &&
      'the country is none of ISO 3166-1',
  },
];

export const rules = rulesOf(
  MAIL_SHARED,
  ROWS.map((row) => ({ since: MAIL_SINCE, ...row })),
);
