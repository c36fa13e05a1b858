/** Whether a certificate is for a host (RFC 9525): by its alternative names alone, never by its common name. */
import { isHostName } from './nameSyntax.ts';
import type { AnyName } from './pathNames.ts';

/** What a client wanted to reach. */
export type ReferenceName =
  | { readonly kind: 'dns'; readonly text: string }
  | { readonly kind: 'ip'; readonly octets: Uint8Array }
  | { readonly kind: 'email'; readonly text: string };

export function isForName(names: readonly AnyName[], wanted: ReferenceName): boolean {
  return names.some((name) => {
    if (wanted.kind === 'ip')
      return (
        name.kind === 'ip' &&
        name.octets.length === wanted.octets.length &&
        name.octets.every((octet, place) => octet === wanted.octets[place])
      );
    if (wanted.kind === 'email') return name.kind === 'email' && sameMailbox(name.text, wanted.text);
    return name.kind === 'dns' && presents(name.text, wanted.text);
  });
}

/** RFC 9525, 6.3: an asterisk is the whole leftmost label, and stands for one. */
function presents(name: string, host: string): boolean {
  const presented = name.toLowerCase();
  const wanted = host.toLowerCase().replace(/\.$/, '');
  if (!isHostName(wanted)) return false;
  if (!presented.startsWith('*.')) return isHostName(presented) && presented === wanted;
  const rest = presented.slice(2);
  // `*.com` would be for whole registries.
  if (!isHostName(rest) || !rest.includes('.')) return false;
  const point = wanted.indexOf('.');
  return point !== -1 && wanted.slice(point + 1) === rest;
}

function sameMailbox(a: string, b: string): boolean {
  const split = (text: string): readonly [string, string] => {
    const at = text.lastIndexOf('@');
    return [text.slice(0, at), text.slice(at + 1).toLowerCase()];
  };
  const [userA, hostA] = split(a);
  const [userB, hostB] = split(b);
  return userA === userB && hostA === hostB;
}
