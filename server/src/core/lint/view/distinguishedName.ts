/** A Name with its types of strings, as X.520 and RFC 5280, 4.1.2.4 limit them. */
import {
  content,
  type Der,
  elements,
  expect,
  objectIdentifier,
  sequence,
  stringOf,
  TAG,
} from '../../credential/der.ts';
import { NAME_ATTRIBUTES } from '../../credential/oid.ts';

export interface NameAttribute {
  readonly type: string;
  /** The short name of its type, such as `CN`; else the type dotted. */
  readonly name: string;
  /** Identifier octet of the value. */
  readonly tag: number;
  readonly octets: Uint8Array;
  /** Undefined: it is no string, or no text in the encoding that its tag says. */
  readonly text: string | undefined;
  /** Place of its RDN in the name. */
  readonly rdn: number;
}

export interface DistinguishedName {
  readonly node: Der;
  readonly attributes: readonly NameAttribute[];
  readonly rdnCount: number;
}

/** Throws `DerError` where it is no Name. */
export function readDistinguishedName(node: Der): DistinguishedName {
  expect(node, TAG.sequence, 'a name');
  const attributes: NameAttribute[] = [];
  let rdn = 0;
  for (const set of elements(node)) {
    expect(set, TAG.set, 'a part of a name');
    for (const attribute of elements(set)) {
      const fields = sequence(attribute, 'an attribute of a name');
      const type = objectIdentifier(fields.any('the type of an attribute'), 'the type of an attribute');
      const value = fields.any('the value of an attribute');
      const octets = content(value);
      attributes.push({
        type,
        name: NAME_ATTRIBUTES.get(type) ?? type,
        tag: value.tag,
        octets,
        text: stringOf(value),
        rdn,
      });
    }
    rdn += 1;
  }
  return { node, attributes, rdnCount: rdn };
}

/** Texts of one type, in their order. */
export function valuesOf(name: DistinguishedName | undefined, type: string): readonly string[] {
  const values: string[] = [];
  for (const attribute of name?.attributes ?? [])
    if (attribute.name === type && attribute.text !== undefined) values.push(attribute.text);
  return values;
}

/** No attribute at all, or none that says anything. */
export function saysNothing(name: DistinguishedName): boolean {
  return name.attributes.every(({ octets }) => octets.length === 0);
}
