import { AttributeTypeAndValue, AttributeValue, Name, RelativeDistinguishedName } from '@peculiar/asn1-x509';
import { toHex } from '../octets.ts';
import { derOf } from './der.ts';

interface AttributeKind {
  readonly oid: string;
  readonly encoding: 'utf8String' | 'printableString' | 'ia5String';
  /** Upper bound in characters (RFC 5280, appendix A.1). */
  readonly maximum: number;
}

const COMMON_NAME: AttributeKind = { oid: '2.5.4.3', encoding: 'utf8String', maximum: 64 };
const ORGANIZATION: AttributeKind = { oid: '2.5.4.10', encoding: 'utf8String', maximum: 64 };

/** Short names of RFC 4514, 3 and the further ones that certificates carry (RFC 5280, 4.1.2.4; X.520). */
const KINDS: Readonly<Record<string, AttributeKind>> = {
  cn: COMMON_NAME,
  sn: { oid: '2.5.4.4', encoding: 'utf8String', maximum: 32768 },
  serialnumber: { oid: '2.5.4.5', encoding: 'printableString', maximum: 64 },
  c: { oid: '2.5.4.6', encoding: 'printableString', maximum: 2 },
  l: { oid: '2.5.4.7', encoding: 'utf8String', maximum: 128 },
  st: { oid: '2.5.4.8', encoding: 'utf8String', maximum: 128 },
  street: { oid: '2.5.4.9', encoding: 'utf8String', maximum: 128 },
  o: ORGANIZATION,
  ou: { oid: '2.5.4.11', encoding: 'utf8String', maximum: 64 },
  title: { oid: '2.5.4.12', encoding: 'utf8String', maximum: 64 },
  postalcode: { oid: '2.5.4.17', encoding: 'utf8String', maximum: 40 },
  gn: { oid: '2.5.4.42', encoding: 'utf8String', maximum: 32768 },
  organizationidentifier: { oid: '2.5.4.97', encoding: 'utf8String', maximum: 256 },
  uid: { oid: '0.9.2342.19200300.100.1.1', encoding: 'utf8String', maximum: 256 },
  dc: { oid: '0.9.2342.19200300.100.1.25', encoding: 'ia5String', maximum: 63 },
  emailaddress: { oid: '1.2.840.113549.1.9.1', encoding: 'ia5String', maximum: 255 },
};

const MAXIMUM_TEXT = 4096;
const SPECIAL = new Set([',', '+', '"', '\\', '<', '>', ';', ' ', '#', '=']);

export type ParsedName =
  | { readonly ok: true; readonly name: Name }
  /** `why` completes a sentence that starts with the text: `…: "X" is no known attribute`. */
  | { readonly ok: false; readonly why: string };

/**
 * Reads the text form of RFC 4514, in which the most specific part comes first (`CN=api,O=Example`), into a DER name,
 * in which it comes last. A space after a separator is forgiven; quoted and `#hex` values are refused.
 */
export function parseDistinguishedName(text: string): ParsedName {
  if (text.length > MAXIMUM_TEXT) return { ok: false, why: `it is longer than ${MAXIMUM_TEXT} characters` };
  const rdns: RelativeDistinguishedName[] = [];
  let attributes: AttributeTypeAndValue[] = [];
  let at = 0;
  while (at < text.length || attributes.length > 0) {
    const equals = text.indexOf('=', at);
    if (equals < 0) return { ok: false, why: `"${text.slice(at).trim()}" has no "=" (write CN=name)` };
    const typeText = text.slice(at, equals).trim();
    const kind = KINDS[typeText.toLowerCase()];
    if (kind === undefined) return { ok: false, why: `"${typeText}" is no attribute that we know` };
    const value = readValue(text, equals + 1);
    if ('why' in value) return { ok: false, why: value.why };
    const wrong = problemOf(typeText, kind, value.text);
    if (wrong !== undefined) return { ok: false, why: wrong };
    attributes.push(attributeOf(kind, value.text));
    at = value.end + 1;
    if (text[value.end] !== '+') {
      rdns.unshift(new RelativeDistinguishedName(inDerOrder(attributes)));
      attributes = [];
      if (text[value.end] === ',' && text.slice(at).trim() === '')
        return { ok: false, why: 'it ends with a comma' };
    } else if (text.slice(at).trim() === '') {
      return { ok: false, why: 'it ends with a plus sign' };
    }
  }
  return { ok: true, name: new Name(rdns) };
}

/** The subject `CN=<name>`, or undefined where the name does not fit into a CN (RFC 5280, A.1: 64 characters). */
export function commonNameOnly(commonName: string): Name | undefined {
  if (problemOf('CN', COMMON_NAME, commonName) !== undefined) return undefined;
  return nameOf(commonName, undefined);
}

/** `CN=…` below `O=…`, for a CA of ours. The parts must fit their bounds: 64 characters each. */
export function nameOf(commonName: string, organization: string | undefined): Name {
  const parts = organization === undefined ? [] : [attributeOf(ORGANIZATION, organization)];
  parts.push(attributeOf(COMMON_NAME, commonName));
  return new Name(parts.map((part) => new RelativeDistinguishedName([part])));
}

/** Reads up to an unescaped `,`, `;` or `+`, or the end. */
function readValue(text: string, start: number): { text: string; end: number } | { why: string } {
  let at = start;
  while (text[at] === ' ') at++;
  if (text[at] === '"') return { why: 'values in quotes are not taken: escape with a backslash' };
  if (text[at] === '#') return { why: 'values in #hex form are not taken: write the text' };
  let value = '';
  let keep = 0;
  let octets: number[] = [];
  const flush = (): boolean => {
    if (octets.length === 0) return true;
    const decoded = decodeOctets(octets);
    octets = [];
    if (decoded === undefined) return false;
    value += decoded;
    keep = value.length;
    return true;
  };
  for (; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '\\') {
      const next = text[at + 1] ?? '';
      const pair = text.slice(at + 1, at + 3);
      if (/^[0-9a-fA-F]{2}$/.test(pair)) {
        octets.push(Number.parseInt(pair, 16));
        at += 2;
        continue;
      }
      if (!flush()) return { why: 'its escaped octets are no UTF-8' };
      if (!SPECIAL.has(next)) return { why: `"\\${next}" is no escape` };
      value += next;
      keep = value.length;
      at++;
      continue;
    }
    if (!flush()) return { why: 'its escaped octets are no UTF-8' };
    if (character === ',' || character === ';' || character === '+') break;
    if (character === '"' || character === '<' || character === '>')
      return { why: `"${character}" must be escaped with a backslash` };
    value += character;
    if (character !== ' ') keep = value.length;
  }
  if (!flush()) return { why: 'its escaped octets are no UTF-8' };
  return { text: value.slice(0, keep), end: at };
}

function decodeOctets(octets: readonly number[]): string | undefined {
  try {
    return decodeURIComponent(octets.map((octet) => `%${octet.toString(16).padStart(2, '0')}`).join(''));
  } catch {
    return undefined;
  }
}

function problemOf(typeText: string, kind: AttributeKind, value: string): string | undefined {
  const length = [...value].length;
  if (length === 0) return `${typeText} is empty`;
  if (length > kind.maximum)
    return `${typeText} is longer than ${kind.maximum} characters (RFC 5280, appendix A.1)`;
  if (/[\p{Cc}\p{Cs}]/u.test(value)) return `${typeText} holds a control character`;
  switch (kind.encoding) {
    case 'utf8String':
      return undefined;
    case 'printableString':
      if (kind.oid === '2.5.4.6' && !/^[A-Z]{2}$/.test(value))
        return `${typeText} is a country of two capital letters`;
      return /^[A-Za-z0-9 '()+,\-./:=?]+$/.test(value)
        ? undefined
        : `${typeText} takes letters, digits and '()+,-./:=? only`;
    case 'ia5String':
      return /^[\x20-\x7e]+$/.test(value) ? undefined : `${typeText} takes ASCII only`;
    default:
      return kind.encoding satisfies never;
  }
}

/** X.690, 11.6: the members of a SET OF stand in the order of their encodings. */
function inDerOrder(attributes: readonly AttributeTypeAndValue[]): AttributeTypeAndValue[] {
  const encoded = attributes.map((attribute) => ({ attribute, hex: toHex(derOf(attribute)) }));
  return encoded.sort((a, b) => (a.hex < b.hex ? -1 : 1)).map(({ attribute }) => attribute);
}

function attributeOf(kind: AttributeKind, value: string): AttributeTypeAndValue {
  return new AttributeTypeAndValue({
    type: kind.oid,
    value: new AttributeValue({ [kind.encoding]: value }),
  });
}
