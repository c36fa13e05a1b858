/** Certificates that keep all rules of their profile, and what is changed of them. Nothing is signed: rules read alone. */

import { element } from '../../server/src/core/credential/derWriter.ts';
import { concat } from '../../server/src/core/credential/octets.ts';
import {
  access,
  algorithm,
  altNames,
  bits,
  crlAt,
  dn,
  dnsName,
  extendedKeyUsage,
  extension,
  hex,
  implicit,
  integer,
  keyUsage,
  mailbox,
  nothing,
  octetString,
  oid,
  otherName,
  policies,
  seq,
  tagged,
  text,
  timestamps,
  uri,
} from './der.ts';

export interface Template {
  /** Undefined: the field is absent. */
  readonly version: Uint8Array | undefined;
  readonly serial: Uint8Array;
  readonly declared: Uint8Array;
  readonly issuer: Uint8Array;
  readonly notBefore: Uint8Array;
  readonly notAfter: Uint8Array;
  readonly subject: Uint8Array;
  readonly spki: Uint8Array;
  readonly uniqueIds: readonly Uint8Array[];
  /** By their names, in their order; undefined: left out. */
  readonly extensions: Readonly<Record<string, Uint8Array | undefined>>;
  readonly algorithm: Uint8Array;
  readonly signature: Uint8Array;
  /** Behind the certificate. */
  readonly trailing: Uint8Array;
}

export type Change = Partial<Omit<Template, 'notBefore' | 'notAfter'>> & {
  readonly notBefore?: Uint8Array | string;
  readonly notAfter?: Uint8Array | string;
};

const DAY = 86_400_000;

/** As RFC 5280, 4.1.2.5 writes it. */
function time(iso: string): Uint8Array {
  const digits = new Date(iso).toISOString().replace(/[-:T]|\.\d+/g, '');
  return Number(digits.slice(0, 4)) < 2050
    ? element(0x17, text(digits.slice(2)))
    : element(0x18, text(digits));
}

export const ECDSA_SHA256 = algorithm('1.2.840.10045.4.3.2');
export const RSA_SHA256 = algorithm('1.2.840.113549.1.1.11', nothing());

/** The base point of P-256: a point of the curve, and nobody's key. */
const P256_POINT = hex(
  '04 6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296 4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
);
export const P256 = seq(algorithm('1.2.840.10045.2.1', oid('1.2.840.10045.3.1.7')), bits(P256_POINT));

/** A number of this many bits that nobody has factors of, without small ones. */
export function modulus(size: number): Uint8Array {
  let value = (1n << BigInt(size)) - 1n - (1n << BigInt(size >> 1)) - 0x5d2n;
  const small = Array.from({ length: 760 }, (_, each) => BigInt(each)).filter((each) => each > 1n);
  while (small.some((each) => value % each === 0n)) value -= 2n;
  return hex(value.toString(16).padStart(Math.ceil(size / 8) * 2, '0'));
}

/** `parameters`: NULL, as RFC 3279, 2.3.1 wants it. */
export function rsaKey(
  n: Uint8Array = modulus(2048),
  e: Uint8Array = hex('010001'),
  ...parameters: readonly Uint8Array[]
): Uint8Array {
  const signed = (octets: Uint8Array) =>
    integer((octets[0] ?? 0) >= 0x80 ? concat(Uint8Array.of(0), octets) : octets);
  const given = parameters.length === 0 ? [nothing()] : parameters;
  return seq(algorithm('1.2.840.113549.1.1.1', ...given), bits(seq(signed(n), signed(e))));
}

const AUTHORITY_ID = hex('a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4');
const OWN_ID = hex('c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4');
const SUBORDINATE = dn(['C', 'DE'], ['O', 'Example Trust'], ['CN', 'Example TLS CA 1']);
const ROOT = dn(['C', 'DE'], ['O', 'Example Trust'], ['CN', 'Example Root 1']);
const authorityKeyId = extension('authorityKeyIdentifier', seq(implicit(0, AUTHORITY_ID)));
const subjectKeyId = (id: Uint8Array) => extension('subjectKeyIdentifier', octetString(id));
export const basicConstraints = (...parts: readonly Uint8Array[]): Uint8Array =>
  extension('basicConstraints', seq(...parts), true);
const TRUE = element(0x01, Uint8Array.of(0xff));
export const AUTHORITY = basicConstraints(TRUE);

const BASE: Template = {
  version: tagged(0, integer(Uint8Array.of(2))),
  serial: integer(hex('4f1c9a6e02b7d8835a0f6c2d91e4b7aa')),
  declared: ECDSA_SHA256,
  issuer: SUBORDINATE,
  notBefore: time('2026-04-01T00:00:00Z'),
  notAfter: time(new Date(Date.parse('2026-04-01T00:00:00Z') + 90 * DAY - 1000).toISOString()),
  subject: seq(),
  spki: P256,
  uniqueIds: [],
  extensions: {},
  algorithm: ECDSA_SHA256,
  signature: bits(seq(integer(hex('1f'.repeat(32))), integer(hex('2e'.repeat(32))))),
  trailing: new Uint8Array(),
};

/** A server's certificate for browsers, domain validated. */
const SERVER: Template = {
  ...BASE,
  extensions: {
    keyUsage: keyUsage('digitalSignature'),
    extKeyUsage: extendedKeyUsage('1.3.6.1.5.5.7.3.1'),
    basicConstraints: basicConstraints(),
    authorityKeyIdentifier: authorityKeyId,
    authorityInfoAccess: access(
      ['ocsp', uri('http://ocsp.example.com')],
      ['issuer', uri('http://certs.example.com/tls1.der')],
    ),
    subjectAltName: extension('subjectAltName', seq(dnsName('www.example.com')), true),
    certificatePolicies: policies('2.23.140.1.2.1'),
    cRLDistributionPoints: crlAt('http://crl.example.com/tls1.crl'),
    signedCertificateTimestamps: timestamps(new Date('2026-04-01T00:00:00Z'), 2),
  },
};

const AUTHORITY_BASE: Template = {
  ...BASE,
  issuer: ROOT,
  subject: SUBORDINATE,
  notAfter: time('2031-04-01T00:00:00Z'),
};

/** Under the root, for servers. */
const SUBORDINATE_AUTHORITY: Template = {
  ...AUTHORITY_BASE,
  extensions: {
    keyUsage: keyUsage('digitalSignature', 'keyCertSign', 'cRLSign'),
    extKeyUsage: extendedKeyUsage('1.3.6.1.5.5.7.3.1'),
    basicConstraints: basicConstraints(TRUE, integer(Uint8Array.of(0))),
    subjectKeyIdentifier: subjectKeyId(OWN_ID),
    authorityKeyIdentifier: authorityKeyId,
    authorityInfoAccess: access(['issuer', uri('http://certs.example.com/root.der')]),
    certificatePolicies: policies('2.23.140.1.2.1'),
    cRLDistributionPoints: crlAt('http://crl.example.com/root.crl'),
  },
};

const ROOT_AUTHORITY: Template = {
  ...AUTHORITY_BASE,
  subject: ROOT,
  notAfter: time('2046-04-01T00:00:00Z'),
  extensions: {
    keyUsage: keyUsage('digitalSignature', 'keyCertSign', 'cRLSign'),
    basicConstraints: AUTHORITY,
    subjectKeyIdentifier: subjectKeyId(AUTHORITY_ID),
    authorityKeyIdentifier: authorityKeyId,
  },
};

/** With organization, as the requirements for code signing want it. */
const CODE_SIGNING: Template = {
  ...BASE,
  subject: dn(['C', 'DE'], ['L', 'Berlin'], ['O', 'Example GmbH'], ['CN', 'Example GmbH']),
  notAfter: time('2027-04-01T00:00:00Z'),
  extensions: {
    keyUsage: keyUsage('digitalSignature'),
    extKeyUsage: extendedKeyUsage('1.3.6.1.5.5.7.3.3'),
    basicConstraints: basicConstraints(),
    subjectKeyIdentifier: subjectKeyId(OWN_ID),
    authorityKeyIdentifier: authorityKeyId,
    authorityInfoAccess: access(
      ['ocsp', uri('http://ocsp.example.com')],
      ['issuer', uri('http://certs.example.com/code1.der')],
    ),
    certificatePolicies: policies('2.23.140.1.4.1'),
    cRLDistributionPoints: crlAt('http://crl.example.com/code1.crl'),
  },
};

/** Of a mailbox alone, strict. */
const MAIL: Template = {
  ...BASE,
  subject: dn(['CN', 'ada@example.com']),
  extensions: {
    keyUsage: keyUsage('digitalSignature'),
    extKeyUsage: extendedKeyUsage('1.3.6.1.5.5.7.3.4'),
    basicConstraints: basicConstraints(),
    subjectKeyIdentifier: subjectKeyId(OWN_ID),
    authorityKeyIdentifier: authorityKeyId,
    authorityInfoAccess: access(
      ['ocsp', uri('http://ocsp.example.com')],
      ['issuer', uri('http://certs.example.com/mail1.der')],
    ),
    subjectAltName: altNames(mailbox('ada@example.com')),
    certificatePolicies: policies('2.23.140.1.5.1.3'),
    cRLDistributionPoints: crlAt('http://crl.example.com/mail1.crl'),
  },
};

const WORKLOAD: Template = {
  ...BASE,
  subject: dn(['C', 'US'], ['O', 'SPIRE']),
  notAfter: time('2026-04-01T01:00:00Z'),
  extensions: {
    keyUsage: keyUsage('digitalSignature'),
    extKeyUsage: extendedKeyUsage('1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'),
    basicConstraints: basicConstraints(),
    subjectKeyIdentifier: subjectKeyId(OWN_ID),
    authorityKeyIdentifier: authorityKeyId,
    subjectAltName: altNames(uri('spiffe://example.org/payments/api')),
  },
};

/** The identity that a device leaves its factory with. */
const DEVICE: Template = {
  ...BASE,
  subject: dn(['C', 'DE'], ['O', 'Example Devices'], ['serialNumber', 'ED-2041-77']),
  notAfter: element(0x18, text('99991231235959Z')),
  extensions: {
    keyUsage: keyUsage('digitalSignature'),
    basicConstraints: basicConstraints(),
    subjectKeyIdentifier: subjectKeyId(OWN_ID),
    authorityKeyIdentifier: authorityKeyId,
    subjectAltName: altNames(
      otherName('1.3.6.1.5.5.7.8.4', seq(oid('1.3.6.1.4.1.32473.1'), octetString(hex('77aa01')))),
    ),
  },
};

function changed(template: Template, change: Change): Template {
  const { notBefore, notAfter, extensions, ...rest } = change;
  const at = (value: Uint8Array | string) => (typeof value === 'string' ? time(value) : value);
  return {
    ...template,
    ...rest,
    ...(notBefore === undefined ? {} : { notBefore: at(notBefore) }),
    ...(notAfter === undefined ? {} : { notAfter: at(notAfter) }),
    extensions: { ...template.extensions, ...extensions },
  };
}

function derOf(template: Template): Uint8Array {
  const extensions = Object.values(template.extensions).filter((each) => each !== undefined);
  const tbs = seq(
    ...(template.version === undefined ? [] : [template.version]),
    template.serial,
    template.declared,
    template.issuer,
    seq(template.notBefore, template.notAfter),
    template.subject,
    template.spki,
    ...template.uniqueIds,
    ...(extensions.length === 0 ? [] : [tagged(3, seq(...extensions))]),
  );
  return concat(seq(tbs, template.algorithm, template.signature), template.trailing);
}

const maker =
  (template: Template) =>
  (change: Change = {}): Uint8Array =>
    derOf(changed(template, change));

export const server = maker(SERVER);
export const subordinate = maker(SUBORDINATE_AUTHORITY);
export const root = maker(ROOT_AUTHORITY);
export const codeSigning = maker(CODE_SIGNING);
export const mail = maker(MAIL);
export const workload = maker(WORKLOAD);
export const device = maker(DEVICE);
