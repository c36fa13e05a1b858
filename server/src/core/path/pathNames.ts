/** General names and name constraints as they are compared (RFC 5280, 4.2.1.6 and 4.2.1.10). */
import { decodeLatin1 } from '../credential/charset.ts';
import {
  content,
  context,
  type Der,
  elements,
  fieldsOf,
  objectIdentifier,
  sequence,
} from '../credential/der.ts';
import { type NameKey, nameKey } from './nameKey.ts';

export type AnyName =
  | { readonly kind: 'dns' | 'email' | 'uri'; readonly text: string }
  | { readonly kind: 'ip'; readonly octets: Uint8Array }
  | { readonly kind: 'directory'; readonly name: NameKey }
  | { readonly kind: 'other'; readonly type: string };

export interface NameConstraintSet {
  readonly permitted: readonly AnyName[];
  readonly excluded: readonly AnyName[];
  /** A field that RFC 5280 wants to have no other value has one: nobody knows what it means. */
  readonly unusual: boolean;
  readonly isEmpty: boolean;
}

export function anyNames(node: Der): readonly AnyName[] {
  return Array.from(elements(node), anyName);
}

function anyName(node: Der): AnyName {
  switch (node.tag) {
    case context(1, 'primitive'):
      return { kind: 'email', text: decodeLatin1(content(node)) };
    case context(2, 'primitive'):
      return { kind: 'dns', text: decodeLatin1(content(node)) };
    case context(6, 'primitive'):
      return { kind: 'uri', text: decodeLatin1(content(node)) };
    case context(7, 'primitive'):
      return { kind: 'ip', octets: content(node) };
    case context(4):
      return { kind: 'directory', name: nameKey(fieldsOf(node).any('a directory name')) };
    case context(0):
      return { kind: 'other', type: `other ${objectIdentifier(fieldsOf(node).any('a type'), 'a type')}` };
    default:
      return { kind: 'other', type: `#${node.tag}` };
  }
}

export function nameConstraintSet(node: Der): NameConstraintSet {
  const fields = sequence(node, 'the name constraints');
  let unusual = false;
  const subtrees = (list: Der | undefined): readonly AnyName[] =>
    list === undefined
      ? []
      : Array.from(elements(list), (each) => {
          const subtree = sequence(each, 'a subtree');
          const base = anyName(subtree.any('its base'));
          // `minimum` is 0 and `maximum` absent, says RFC 5280; DER leaves the default out.
          if (subtree.more()) unusual = true;
          return base;
        });
  const permittedList = fields.optional(context(0));
  const excludedList = fields.optional(context(1));
  const permitted = subtrees(permittedList);
  const excluded = subtrees(excludedList);
  return { permitted, excluded, unusual, isEmpty: permitted.length === 0 && excluded.length === 0 };
}

const EMAIL_ATTRIBUTE = '1.2.840.113549.1.9.1=';

/** Addresses in a subject, which count where no alternative name is an address (RFC 5280, 4.2.1.10). */
export function emailsIn(subject: NameKey): readonly string[] {
  return subject
    .flatMap((rdn) => rdn.split('+'))
    .filter((attribute) => attribute.startsWith(EMAIL_ATTRIBUTE))
    .map((attribute) => attribute.slice(EMAIL_ATTRIBUTE.length));
}
