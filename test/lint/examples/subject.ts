import { element } from '../../../server/src/core/credential/derWriter.ts';
import {
  type Attribute,
  altNames,
  attribute,
  dn,
  dnsName,
  mailbox,
  printable,
  seq,
  set,
  text,
  utf8,
} from '../der.ts';
import type { Examples } from '../example.ts';
import { server, subordinate } from '../template.ts';

/** A server with this subject, and so with names that are not critical. */
const named = (...attributes: readonly Attribute[]): Uint8Array =>
  server({
    subject: dn(...attributes),
    extensions: { subjectAltName: altNames(dnsName('www.example.com')) },
  });
const issued = (...attributes: readonly Attribute[]): Uint8Array => server({ issuer: dn(...attributes) });
const teletex = (value: string) => element(0x14, text(value));

/** As long as is allowed, and one character more. */
const length = (attribute: string, longest: number) => ({
  bad: named([attribute, 'ä'.repeat(longest + 1)]),
  good: named([attribute, 'ä'.repeat(longest)]),
});
const plainLength = (attribute: string, longest: number) => ({
  bad: named([attribute, 'a'.repeat(longest + 1)]),
  good: named([attribute, 'a'.repeat(longest)]),
});
const joined = seq(set(attribute('C', 'DE'), attribute('O', 'Example')));

export const examples: Examples = {
  'lint/common-name-too-long': length('CN', 64),
  'lint/organization-too-long': length('O', 64),
  'lint/organizational-unit-too-long': length('OU', 64),
  'lint/locality-too-long': length('L', 128),
  'lint/state-too-long': length('ST', 128),
  'lint/street-too-long': length('STREET', 128),
  'lint/postal-code-too-long': plainLength('postalCode', 16),
  'lint/email-too-long': plainLength('emailAddress', 255),
  'lint/subject-serial-too-long': plainLength('serialNumber', 64),
  'lint/given-name-too-long': length('GN', 32768),
  'lint/surname-too-long': length('SN', 32768),
  'lint/given-name-long': length('GN', 64),
  'lint/surname-long': length('SN', 64),
  'lint/subject-country-string': { bad: named(['C', utf8('DE')]), good: named(['C', 'DE']) },
  'lint/issuer-country-string': { bad: issued(['C', utf8('DE')]) },
  'lint/subject-serial-string': {
    bad: named(['serialNumber', utf8('7')]),
    good: named(['serialNumber', '7']),
  },
  'lint/subject-string-type': { bad: named(['O', teletex('Example')]), good: named(['O', 'Example']) },
  'lint/printable-string-characters': {
    bad: named(['O', printable('Example & Co')]),
    good: named(['O', printable('Example + Co')]),
  },
  'lint/subject-control-characters': {
    bad: named(['O', 'Example\u0000.com']),
    good: named(['O', 'Exämple']),
  },
  'lint/subject-replacement-character': { bad: named(['O', 'Ex\ufffdmple']), good: named(['O', 'Exämple']) },
  'lint/subject-encoding-mixed-up': { bad: named(['L', 'MÃ¼nchen']), good: named(['L', 'München']) },
  'lint/subject-html-entity': { bad: named(['O', 'Example &amp; Co']), good: named(['O', 'Example & Co']) },
  'lint/issuer-leading-space': { bad: issued(['O', ' Example']) },
  'lint/issuer-trailing-space': { bad: issued(['O', 'Example ']) },
  'lint/issuer-several-in-one-rdn': { bad: server({ issuer: joined }) },
  'lint/subject-leading-space': { bad: named(['O', ' Example']) },
  'lint/subject-trailing-space': { bad: named(['O', 'Example ']) },
  'lint/subject-several-in-one-rdn': { bad: server({ subject: joined }) },
  'lint/issuer-empty': { bad: server({ issuer: seq() }) },
  'lint/authority-subject-empty': { bad: subordinate({ subject: seq() }), good: subordinate() },
  'lint/nobody-named': { bad: server({ extensions: { subjectAltName: undefined } }) },
  'lint/alternative-names-not-critical': {
    bad: server({ extensions: { subjectAltName: altNames(dnsName('www.example.com')) } }),
  },
  'lint/alternative-names-critical': { bad: server({ subject: dn(['C', 'DE']) }), good: named(['C', 'DE']) },
  'lint/subject-email-not-in-names': {
    bad: named(['emailAddress', 'a@example.com']),
    good: server({
      subject: dn(['emailAddress', 'a@example.com']),
      extensions: { subjectAltName: altNames(mailbox('a@example.com')) },
    }),
  },
  'lint/country-not-iso': { bad: named(['C', 'QQ']), good: named(['C', 'DE']) },
  'lint/authority-country-not-iso': { bad: subordinate({ subject: dn(['C', 'QQ']) }), good: subordinate() },
  'lint/country-not-upper-case': { bad: named(['C', 'de']), good: named(['C', 'DE']) },
  'lint/subject-says-nothing': { bad: named(['ST', '-']), good: named(['ST', '東京']) },
  'lint/subject-attribute-twice': {
    bad: named(['O', 'One'], ['O', 'Two']),
    good: named(['STREET', 'One'], ['STREET', 'Two']),
  },
  'lint/common-name-twice': {
    bad: named(['CN', 'a.example.com'], ['CN', 'b.example.com']),
    good: named(['CN', 'a.example.com']),
  },
  'lint/subject-order': {
    bad: named(['O', 'Example'], ['C', 'DE']),
    good: named(['C', 'DE'], ['O', 'Example']),
  },
  'lint/place-with-several-parts': { bad: named(['L', 'Berlin, Mitte']), good: named(['L', 'Berlin']) },
  'lint/place-with-markup': { bad: named(['L', '{"city":"Berlin"}']), good: named(['L', 'Berlin']) },
};
