import { isIpv6 } from '../names.ts';
import { type FormatProblem, problem, shown } from './problem.ts';
import { idProblem } from './spiffe.ts';

const LONGEST = 2048;

/** An absolute URI (RFC 3986, 3). One of the scheme `spiffe` is a SPIFFE ID. */
export function uri(text: string): FormatProblem | undefined {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]{0,30}):/.exec(text)?.[1];
  const why = scheme === undefined ? noScheme(text) : uriProblem(text, scheme);
  if (why !== undefined) {
    // What cannot stand in a URI is written in another way, as long as the rest is one.
    const [, authority = '', rest = ''] =
      /^([A-Za-z][A-Za-z0-9+.-]{0,30}:\/\/[^/?#\s]{0,300})(\/.*)$/.exec(text) ?? [];
    const encoded =
      text.length > LONGEST ? text : authority + rest.replace(/[\s"<>\\^`{|}]/g, percentEncoded);
    const instead = authority !== '' && encoded !== text && uri(encoded) === undefined ? encoded : undefined;
    return problem('bad-uri', `${shown(text)} is no URI: ${why}`, instead);
  }
  if (scheme?.toLowerCase() !== 'spiffe') return undefined;
  const wrong = idProblem(text);
  return wrong === undefined
    ? undefined
    : problem('bad-spiffe-id', `${shown(text)} is no SPIFFE ID: ${wrong.why}`, wrong.instead);
}

function noScheme(text: string): string {
  if (text === '') return 'it is empty';
  return /^[^/?#]{0,40}:/.test(text)
    ? 'a scheme has letters, digits, "+", "-" and "." only, and begins with a letter'
    : 'it starts with a scheme, such as spiffe:// or https://';
}

function uriProblem(text: string, scheme: string): string | undefined {
  if (text.length > LONGEST) return `it is longer than ${LONGEST} characters`;
  const odd = /[^A-Za-z0-9:/?#[\]@!$&'()*+,;=._~%-]/u.exec(text)?.[0];
  if (odd !== undefined) return `${nameOf(odd)} is written as ${percentEncoded(odd)} in a URI`;
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return 'two hexadecimal digits follow each "%"';
  const rest = text.slice(scheme.length + 1);
  if (rest === '') return 'nothing follows the scheme';
  const [beforeFragment = '', ...fragments] = rest.split('#');
  if (fragments.length > 1) return 'a second "#" is written as %23';
  const [hierarchy = ''] = beforeFragment.split('?');
  const authority = /^\/\/([^/]*)/.exec(hierarchy)?.[1];
  const path = authority === undefined ? hierarchy : hierarchy.slice(2 + authority.length);
  if (/[[\]]/.test(path) || /[[\]]/.test(rest.slice(hierarchy.length)))
    return 'brackets stand around an IPv6 address alone';
  return authority === undefined ? undefined : authorityProblem(authority, scheme);
}

/** RFC 3986, 3.2: `user@host:port`; where resources are fetched by a scheme, the host is needed. */
function authorityProblem(authority: string, scheme: string): string | undefined {
  const at = authority.lastIndexOf('@');
  if (authority.slice(0, Math.max(0, at)).includes('@')) return 'an "@" before the host is written as %40';
  const place = authority.slice(at + 1);
  const [, literal, plain, port] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::([^:]*))?$/.exec(place) ?? [];
  if (literal === undefined && plain === undefined) return 'an IPv6 address stands in brackets';
  if (literal !== undefined && !isIpv6(literal)) return 'what stands in brackets is no IPv6 address';
  if (port !== undefined && (!/^[0-9]{0,5}$/.test(port) || Number(port) > 65_535))
    return 'a port is a number up to 65535';
  const needsHost = /^(https?|wss?|ftp|ldaps?)$/i.test(scheme);
  return needsHost && literal === undefined && plain === '' ? 'it has no host' : undefined;
}

function nameOf(character: string): string {
  return character === ' ' ? 'a space' : /[!-~]/.test(character) ? `"${character}"` : 'a character';
}

function percentEncoded(character: string): string {
  try {
    return encodeURIComponent(character).startsWith('%') ? encodeURIComponent(character) : '%XX';
  } catch {
    return '%XX';
  }
}
