/** The DER that examples are put together from, right or wrong on purpose. */
import { element, oidElement } from '../../server/src/core/credential/derWriter.ts';
import { KEY_USAGES } from '../../server/src/core/credential/extension.ts';
import { concat, fromHex } from '../../server/src/core/credential/octets.ts';
import { EXTENSIONS, NAME_ATTRIBUTES } from '../../server/src/core/credential/oid.ts';
import type { KeyUsage } from '../../server/src/core/lint/view/extensionValues.ts';

export const hex = (text: string): Uint8Array => fromHex(text.replaceAll(' ', ''));
export const text = (value: string): Uint8Array => new TextEncoder().encode(value);
export const seq = (...parts: readonly Uint8Array[]): Uint8Array => element(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]): Uint8Array => element(0x31, ...parts);
export const integer = (octets: Uint8Array): Uint8Array => element(0x02, octets);
export const oid = oidElement;
export const nothing = (): Uint8Array => element(0x05);
export const octetString = (content: Uint8Array): Uint8Array => element(0x04, content);
export const bits = (octets: Uint8Array, unused = 0): Uint8Array =>
  element(0x03, Uint8Array.of(unused), octets);
export const bool = (value: number): Uint8Array => element(0x01, Uint8Array.of(value));
export const utf8 = (value: string): Uint8Array => element(0x0c, text(value));
export const printable = (value: string): Uint8Array => element(0x13, text(value));
export const ia5 = (value: string): Uint8Array => element(0x16, text(value));
/** `[n]`, constructed. */
export const tagged = (number: number, ...parts: readonly Uint8Array[]): Uint8Array =>
  element(0xa0 | number, ...parts);
/** `[n]`, primitive. */
export const implicit = (number: number, content: Uint8Array): Uint8Array => element(0x80 | number, content);

const TYPES = new Map(Array.from(NAME_ATTRIBUTES, ([type, name]) => [name, type]));
const EXTENSION_OIDS = new Map(Array.from(EXTENSIONS, ([type, name]) => [name, type]));
const PRINTABLE: ReadonlySet<string> = new Set(['C', 'serialNumber', 'jurisdictionC']);
const IA5: ReadonlySet<string> = new Set(['DC', 'emailAddress']);

/** One attribute; `value` is text in the type of string that the standard wants, or an element. */
export function attribute(name: string, value: string | Uint8Array): Uint8Array {
  const string = PRINTABLE.has(name) ? printable : IA5.has(name) ? ia5 : utf8;
  return seq(oid(TYPES.get(name) ?? name), typeof value === 'string' ? string(value) : value);
}

/** Its type by its short name, and its value. */
export type Attribute = readonly [name: string, value: string | Uint8Array];

/** A Name with an attribute in each RDN. */
export function dn(
  ...attributes: readonly (readonly [name: string, value: string | Uint8Array])[]
): Uint8Array {
  return seq(...attributes.map(([name, value]) => set(attribute(name, value))));
}

export function extension(name: string, value: Uint8Array, critical = false): Uint8Array {
  return seq(oid(EXTENSION_OIDS.get(name) ?? name), ...(critical ? [bool(0xff)] : []), octetString(value));
}

export function algorithm(type: string, ...parameters: readonly Uint8Array[]): Uint8Array {
  return seq(oid(type), ...parameters);
}

export const dnsName = (name: string): Uint8Array => implicit(2, text(name));
export const mailbox = (address: string): Uint8Array => implicit(1, text(address));
export const uri = (value: string): Uint8Array => implicit(6, text(value));
export const otherName = (type: string, value: Uint8Array): Uint8Array =>
  tagged(0, oid(type), tagged(0, value));

export function altNames(...names: readonly Uint8Array[]): Uint8Array {
  return extension('subjectAltName', seq(...names));
}

/** Named bits as DER wants them: without zeros at their end. */
export function keyUsage(...usages: readonly KeyUsage[]): Uint8Array {
  const numbers = usages.map((usage) => KEY_USAGES.indexOf(usage));
  const last = Math.max(...numbers);
  const octets = new Uint8Array((last >> 3) + 1);
  for (const number of numbers) octets[number >> 3] = (octets[number >> 3] ?? 0) | (0x80 >> (number & 7));
  return extension('keyUsage', bits(octets, 7 - (last & 7)), true);
}

export function extendedKeyUsage(...usages: readonly string[]): Uint8Array {
  return extension('extKeyUsage', seq(...usages.map(oid)));
}

export type GivenPolicy = string | readonly [oid: string, ...qualifiers: Uint8Array[]];

export function policies(...wanted: readonly GivenPolicy[]): Uint8Array {
  return extension(
    'certificatePolicies',
    seq(
      ...wanted.map((each) => {
        const [type, ...qualifiers] = typeof each === 'string' ? [each] : each;
        return seq(oid(type), ...(qualifiers.length === 0 ? [] : [seq(...qualifiers)]));
      }),
    ),
  );
}

const ACCESS = { ocsp: '1.3.6.1.5.5.7.48.1', issuer: '1.3.6.1.5.5.7.48.2' };

/** A method, by its name or dotted, and its place. */
export type Access = readonly [method: string, place: Uint8Array];

export function access(...places: readonly Access[]): Uint8Array {
  return extension(
    'authorityInfoAccess',
    seq(
      ...places.map(([method, place]) =>
        seq(oid(method in ACCESS ? ACCESS[method as keyof typeof ACCESS] : method), place),
      ),
    ),
  );
}

export function crlAt(...urls: readonly string[]): Uint8Array {
  return extension('cRLDistributionPoints', seq(seq(tagged(0, tagged(0, ...urls.map(uri))))));
}

/** A list of timestamps, each of another log. */
export function timestamps(at: Date, count: number): Uint8Array {
  const stamps = Array.from({ length: count }, (_, log) => {
    const stamp = new Uint8Array(1 + 32 + 8 + 2 + 2 + 2 + 8);
    stamp.fill(log + 1, 1, 33);
    new DataView(stamp.buffer).setBigUint64(33, BigInt(at.getTime()));
    stamp.set([4, 3, 0, 8], 43);
    return concat(Uint8Array.of(0, stamp.length), stamp);
  });
  const length = stamps.reduce((sum, stamp) => sum + stamp.length, 0);
  const list = concat(Uint8Array.of(length >> 8, length & 0xff), ...stamps);
  return extension('signedCertificateTimestamps', octetString(list));
}

export const ip = (...octets: readonly number[]): Uint8Array => implicit(7, Uint8Array.from(octets));
