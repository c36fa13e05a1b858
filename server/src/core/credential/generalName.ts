import { decodeLatin1 } from './charset.ts';
import {
  content,
  context,
  type Der,
  elements,
  objectIdentifier,
  sequence,
  stringOf,
  TAG,
  whole,
} from './der.ts';
import { escapeValue, nameText } from './distinguishedName.ts';
import { toHex } from './octets.ts';

/** One name of RFC 5280, 4.2.1.6. */
export interface GeneralName {
  readonly kind: 'dns' | 'email' | 'uri' | 'ip' | 'directory' | 'registeredId' | 'other';
  readonly value: string;
}

export function generalNames(node: Der): readonly GeneralName[] {
  return Array.from(elements(node), generalName);
}

export function generalName(node: Der): GeneralName {
  switch (node.tag) {
    case context(1, 'primitive'):
      return { kind: 'email', value: ia5(node) };
    case context(2, 'primitive'):
      return { kind: 'dns', value: ia5(node) };
    case context(6, 'primitive'):
      return { kind: 'uri', value: ia5(node) };
    case context(7, 'primitive'):
      return { kind: 'ip', value: addressText(content(node)) };
    case context(4):
      return { kind: 'directory', value: nameText([...elements(node)][0] ?? node, 'a directory name') };
    case context(8, 'primitive'):
      return { kind: 'registeredId', value: objectIdentifier({ ...node, tag: TAG.oid }, 'a registered id') };
    case context(0):
      return { kind: 'other', value: otherName(node) };
    default:
      return { kind: 'other', value: `#${toHex(whole(node))}` };
  }
}

function ia5(node: Der): string {
  // The file's author chose this text: control characters are shown, not obeyed.
  return decodeLatin1(content(node)).replace(
    /\p{Cc}/gu,
    (character) => `\\${toHex(Uint8Array.of(character.charCodeAt(0)))}`,
  );
}

function otherName(node: Der): string {
  const fields = sequence({ ...node, tag: TAG.sequence }, 'an other name');
  const type = objectIdentifier(fields.any('the type of an other name'), 'the type of an other name');
  const wrapper = fields.any('the value of an other name');
  const value = [...elements(wrapper)][0];
  const text = value === undefined ? undefined : stringOf(value);
  const label = type === '1.3.6.1.4.1.311.20.2.3' ? 'UPN' : type;
  return text === undefined ? `${label}:#${toHex(whole(wrapper))}` : `${label}:${escapeValue(text)}`;
}

/** IPv4 dotted, IPv6 as RFC 5952 wants it; with a mask (8 or 32 octets, name constraints) as `address/mask`. */
export function addressText(octets: Uint8Array): string {
  switch (octets.length) {
    case 4:
      return octets.join('.');
    case 16:
      return ipv6Text(octets);
    case 8:
      return `${octets.subarray(0, 4).join('.')}/${octets.subarray(4).join('.')}`;
    case 32:
      return `${ipv6Text(octets.subarray(0, 16))}/${ipv6Text(octets.subarray(16))}`;
    default:
      return `#${toHex(octets)}`;
  }
}

function ipv6Text(octets: Uint8Array): string {
  const groups = Array.from(
    { length: 8 },
    (_, index) => ((octets[index * 2] ?? 0) << 8) | (octets[index * 2 + 1] ?? 0),
  );
  let best = { start: 0, length: 0 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const hex = groups.map((group) => group.toString(16));
  if (best.length < 2) return hex.join(':');
  return `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`;
}
