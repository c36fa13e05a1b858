import { visibleText } from '../text/visibleText.ts';
import { encodeUtf8 } from './charset.ts';
import {
  type Der,
  elements,
  expect,
  objectIdentifier,
  readDer,
  sequence,
  stringOf,
  TAG,
  whole,
} from './der.ts';
import { toHex } from './octets.ts';
import { NAME_ATTRIBUTES } from './oid.ts';

/** A Name as RFC 4514 text: last RDN first. Empty for an empty name. */
export function nameText(name: Der, what: string): string {
  expect(name, TAG.sequence, what);
  let text: string | undefined;
  // Without generators and closures: certificates have two names each, and there are hundreds of thousands of them.
  for (let at = name.contentStart; at < name.contentEnd; ) {
    const rdn = readDer(name.source, at, name.contentEnd);
    if (rdn.tag !== TAG.set) expect(rdn, TAG.set, `a part of ${what}`);
    const part = partText(rdn, what);
    text = text === undefined ? part : `${part},${text}`;
    at = rdn.end;
  }
  return text ?? '';
}

function partText(rdn: Der, what: string): string {
  let text: string | undefined;
  for (let at = rdn.contentStart; at < rdn.contentEnd; ) {
    const attribute = readDer(rdn.source, at, rdn.contentEnd);
    const one = attributeText(attribute, what);
    text = text === undefined ? one : `${text}+${one}`;
    at = attribute.end;
  }
  return text ?? '';
}

/** One attribute of a name. */
export interface NamePart {
  /** Its short name, else its dotted type. */
  readonly name: string;
  /** As it stands there, but for what cannot be seen (`visibleText`); `#` and hex where it has no string form. */
  readonly value: string;
}

/** The attributes of a Name, in the order of the file. */
export function nameParts(name: Der, what: string): readonly NamePart[] {
  const parts: NamePart[] = [];
  for (const rdn of elements(expect(name, TAG.sequence, what))) {
    for (const attribute of elements(expect(rdn, TAG.set, `a part of ${what}`))) {
      const { type, value } = readAttribute(attribute, what);
      const text = stringOf(value);
      const shown = text === undefined ? `#${toHex(whole(value))}` : visibleText(text);
      parts.push({ name: NAME_ATTRIBUTES.get(type) ?? type, value: shown });
    }
  }
  return parts;
}

function readAttribute(attribute: Der, what: string): { readonly type: string; readonly value: Der } {
  const fields = sequence(attribute, `a part of ${what}`);
  const type = objectIdentifier(fields.take(TAG.oid, `a type in ${what}`), `a type in ${what}`);
  return { type, value: fields.any(`a value in ${what}`) };
}

function attributeText(attribute: Der, what: string): string {
  const { type, value } = readAttribute(attribute, what);
  const name = NAME_ATTRIBUTES.get(type);
  const text = stringOf(value);
  // RFC 4514, 2.4: what has no string form is shown as `#` and the hex of its BER encoding.
  return name === undefined || text === undefined
    ? `${name ?? type}=#${toHex(whole(value))}`
    : `${name}=${escapeValue(text)}`;
}

/**
 * RFC 4514, 2.4. Control and bidirectional characters are escaped as well, which the standard allows: a name is written
 * by whoever made the file, and must not steer a terminal.
 */
export function escapeValue(text: string): string {
  if (PLAIN.test(text)) return text;
  const escaped = text
    .replace(/[\\"+,;<>]/g, '\\$&')
    .replace(/\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, (character) =>
      Array.from(encodeUtf8(character), (octet) => `\\${toHex(Uint8Array.of(octet))}`).join(''),
    )
    .replace(/^[ #]/, '\\$&');
  return text.length > 1 && text.endsWith(' ') ? `${escaped.slice(0, -1)}\\ ` : escaped;
}

const PLAIN = /^[\w.:/@()'*=&-](?:[ \w.:/@()'*=&-]*[\w.:/@()'*=&-])?$/;
