import { AsnConvert } from '@peculiar/asn1-schema';
import { AttributeTypeAndValue, AttributeValue, Name, RelativeDistinguishedName } from '@peculiar/asn1-x509';
import { sameOctets, toHex } from '../octets.ts';
import { type ReadAttributeValue, readAttributeValue } from './attributeValue.ts';
import { derOf } from './der.ts';

type Encoding = 'utf8String' | 'printableString' | 'ia5String';

interface EncodedText {
  readonly encoding: Encoding;
  readonly text: string;
}

interface AttributeKind {
  readonly oid: string;
  readonly encoding: Encoding;
  /** Upper bound in characters (RFC 5280, appendix A.1). */
  readonly maximum: number;
}

const COMMON_NAME: AttributeKind = { oid: '2.5.4.3', encoding: 'utf8String', maximum: 64 };
const ORGANIZATION: AttributeKind = { oid: '2.5.4.10', encoding: 'utf8String', maximum: 64 };

/** Short names of RFC 4514, 3 and the further ones that certificates carry (RFC 5280, 4.1.2.4; X.520). */
const SHORT_NAMES: Readonly<Record<string, AttributeKind>> = {
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

/** By short name in lower case, and by dotted OID. */
const KINDS: ReadonlyMap<string, AttributeKind> = new Map(
  Object.entries(SHORT_NAMES).flatMap(([name, kind]) => [
    [name, kind],
    [kind.oid, kind],
  ]),
);

const STRING_NAMES: Readonly<Record<Encoding, string>> = {
  utf8String: 'UTF8String or PrintableString',
  printableString: 'PrintableString',
  ia5String: 'IA5String',
};
const MAXIMUM_TEXT = 4096;

export type ParsedName =
  | { readonly ok: true; readonly name: Name }
  /** `why` completes a sentence that starts with the text: `…: "X" is no known attribute`. */
  | { readonly ok: false; readonly why: string };

/**
 * Reads the text form of RFC 4514, in which the most specific part comes first (`CN=api,O=Example`), into a DER name,
 * in which it comes last. A space after a separator is forgiven, and so is what RFC 2253 still took: `;` and quotes.
 *
 * Our own, since `Name` of @peculiar/x509 keeps the order of the text, leaves a multi-valued part out of DER order,
 * reads `\C4\8D` as "C48D", and passes over text that is no name: `test/unit/build/names.test.ts` tests each.
 */
export function parseDistinguishedName(text: string): ParsedName {
  if (text.length > MAXIMUM_TEXT) return { ok: false, why: `it is longer than ${MAXIMUM_TEXT} characters` };
  const rdns: RelativeDistinguishedName[] = [];
  let attributes: AttributeTypeAndValue[] = [];
  let at = 0;
  while (at < text.length) {
    const equals = text.indexOf('=', at);
    if (equals < 0) return { ok: false, why: `"${text.slice(at).trim()}" has no "=" (write CN=name)` };
    const typeText = text.slice(at, equals).trim();
    const kind = KINDS.get(typeText.toLowerCase());
    if (kind === undefined) return { ok: false, why: `"${typeText}" is no attribute that we know` };
    const value = readAttributeValue(text, equals + 1);
    if (value.form === 'wrong') return { ok: false, why: value.why };
    const attribute = attributeFrom(typeText, kind, value);
    if ('why' in attribute) return { ok: false, why: attribute.why };
    attributes.push(attribute);
    at = value.end + 1;
    const separator = text[value.end];
    if (separator !== undefined && text.slice(at).trim() === '')
      return { ok: false, why: `it ends with "${separator}"` };
    if (separator === '+') continue;
    rdns.unshift(new RelativeDistinguishedName(inDerOrder(attributes)));
    attributes = [];
  }
  return { ok: true, name: new Name(rdns) };
}

/** The subject `CN=<name>`, or undefined where the name does not fit into a CN (RFC 5280, A.1: 64 characters). */
export function commonNameOnly(commonName: string): Name | undefined {
  const value: EncodedText = { encoding: COMMON_NAME.encoding, text: commonName };
  return problemOf('CN', COMMON_NAME, value) === undefined ? nameOf(commonName, undefined) : undefined;
}

/** `CN=…` below `O=…`, for a CA of ours. The parts must fit their bounds: 64 characters each. */
export function nameOf(commonName: string, organization: string | undefined): Name {
  const part = (kind: AttributeKind, text: string): RelativeDistinguishedName =>
    new RelativeDistinguishedName([attributeOf(kind, { encoding: kind.encoding, text })]);
  return new Name([
    ...(organization === undefined ? [] : [part(ORGANIZATION, organization)]),
    part(COMMON_NAME, commonName),
  ]);
}

function attributeFrom(
  typeText: string,
  kind: AttributeKind,
  read: Exclude<ReadAttributeValue, { form: 'wrong' }>,
): AttributeTypeAndValue | { readonly why: string } {
  const value =
    read.form === 'text'
      ? { encoding: kind.encoding, text: read.text }
      : stringIn(read.octets, kind.encoding);
  if (value === undefined)
    return { why: `the #hex value of ${typeText} is no ${STRING_NAMES[kind.encoding]} in DER` };
  const why = problemOf(typeText, kind, value);
  return why === undefined ? attributeOf(kind, value) : { why };
}

/**
 * The string whose DER the octets are, to the octet, if the attribute may have it so: X.520 lets a DirectoryString be a
 * PrintableString too.
 */
function stringIn(octets: Uint8Array, wanted: Encoding): EncodedText | undefined {
  try {
    const value = AsnConvert.parse(octets, AttributeValue);
    if (!sameOctets(derOf(value), octets)) return undefined;
    const printable = wanted === 'utf8String' && value.printableString !== undefined;
    const encoding = printable ? 'printableString' : wanted;
    const text = value[encoding];
    return text === undefined ? undefined : { encoding, text };
  } catch {
    return undefined;
  }
}

function problemOf(typeText: string, kind: AttributeKind, value: EncodedText): string | undefined {
  const { encoding, text } = value;
  const length = [...text].length;
  if (length === 0) return `${typeText} is empty`;
  if (length > kind.maximum)
    return `${typeText} is longer than ${kind.maximum} characters (RFC 5280, appendix A.1)`;
  if (/[\p{Cc}\p{Cs}]/u.test(text)) return `${typeText} holds a control character`;
  switch (encoding) {
    case 'utf8String':
      return undefined;
    case 'printableString':
      if (kind.oid === '2.5.4.6' && !/^[A-Z]{2}$/.test(text))
        return `${typeText} is a country of two capital letters`;
      return /^[A-Za-z0-9 '()+,\-./:=?]+$/.test(text)
        ? undefined
        : `${typeText} takes letters, digits and '()+,-./:=? only`;
    case 'ia5String':
      return /^[\x20-\x7e]+$/.test(text) ? undefined : `${typeText} takes ASCII only`;
    default:
      return encoding satisfies never;
  }
}

/** X.690, 11.6: the members of a SET OF stand in the order of their encodings. */
function inDerOrder(attributes: readonly AttributeTypeAndValue[]): AttributeTypeAndValue[] {
  const encoded = attributes.map((attribute) => ({ attribute, hex: toHex(derOf(attribute)) }));
  return encoded.sort((a, b) => (a.hex < b.hex ? -1 : 1)).map(({ attribute }) => attribute);
}

function attributeOf({ oid }: AttributeKind, { encoding, text }: EncodedText): AttributeTypeAndValue {
  return new AttributeTypeAndValue({ type: oid, value: new AttributeValue({ [encoding]: text }) });
}
