/** General names (RFC 5280, 4.2.1.6) as they stand there, before anything is made of them. */
import { decodeLatin1 } from '../../credential/charset.ts';
import { content, type Der, elements, fieldsOf, objectIdentifier } from '../../credential/der.ts';

export type NameForm =
  | 'other'
  | 'email'
  | 'dns'
  | 'x400'
  | 'directory'
  | 'ediParty'
  | 'uri'
  | 'ip'
  | 'registeredId'
  /** A tag that the standard does not have. */
  | 'unknown';

/** By their numbers. */
const FORMS: readonly NameForm[] = [
  'other',
  'email',
  'dns',
  'x400',
  'directory',
  'ediParty',
  'uri',
  'ip',
  'registeredId',
];

export interface AlternativeName {
  readonly form: NameForm;
  readonly node: Der;
  readonly octets: Uint8Array;
  /** Of e-mail, DNS and URI: an octet, a character. Else empty. */
  readonly text: string;
}

export function readAlternativeName(node: Der): AlternativeName {
  const form = (node.tag & 0xc0) === 0x80 ? (FORMS[node.tag & 0x1f] ?? 'unknown') : 'unknown';
  const octets = content(node);
  const isText = form === 'email' || form === 'dns' || form === 'uri';
  return { form, node, octets, text: isText ? decodeLatin1(octets) : '' };
}

export function readAlternativeNames(node: Der): readonly AlternativeName[] {
  return Array.from(elements(node), readAlternativeName);
}

export function textsOf(names: readonly AlternativeName[] | undefined, form: NameForm): readonly string[] {
  return (names ?? []).flatMap((each) => (each.form === form ? [each.text] : []));
}

/** The type of an other name; undefined for other forms. Throws `DerError`. */
export function otherNameType({ form, node }: AlternativeName): string | undefined {
  return form === 'other' ? objectIdentifier(fieldsOf(node).any('a type'), 'a type') : undefined;
}
