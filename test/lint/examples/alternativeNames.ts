import { dnsName, extension, implicit, mailbox, seq, uri } from '../der.ts';
import type { Example, Examples } from '../example.ts';
import { server } from '../template.ts';

const wrong = {
  'names-empty': [],
  'name-empty': [dnsName('')],
  'dns-name-not-ascii': [dnsName('münchen.example')],
  'dns-name-space': [dnsName(' ')],
  'email-malformed': [mailbox('<a@example.com>')],
  'uri-malformed': [uri('//example.com/path')],
  'uri-relative': [uri('path/of/it')],
  'uri-host': [uri('https://localhost/path')],
  'uri-not-ascii': [uri('https://example.com/ä')],
  'bare-wildcard': [dnsName('*')],
  'wildcard-inside': [dnsName('www.*.example.com')],
  'dns-name-null': [dnsName('www.example.com\u0000.example.net')],
  'dns-name-leading-period': [dnsName('.example.com')],
} as const;

const right = [
  dnsName('*.example.com'),
  mailbox('a@example.com'),
  uri('https://example.com/path'),
  uri('urn:uuid:3f9b'),
  uri('spiffe://payments/api'),
  implicit(7, Uint8Array.of(192, 0, 2, 1)),
];

function exampleOf(name: 'subjectAltName' | 'issuerAltName', names: readonly Uint8Array[]): Example {
  const made = (all: readonly Uint8Array[]) =>
    server({ extensions: { [name]: extension(name, seq(...all), name === 'subjectAltName') } });
  return { bad: made(names), good: made(right) };
}

export const examples: Examples = Object.fromEntries(
  Object.entries(wrong).flatMap(([id, names]) => [
    [`lint/subject-${id}`, exampleOf('subjectAltName', names)],
    [`lint/issuer-${id}`, exampleOf('issuerAltName', names)],
  ]),
);
