/** Names of hosts as rules judge them, beside `core/path/nameSyntax.ts`, which says whether one is a name at all. */
import { parseIpAddress } from '../credential/build/ipAddress.ts';

export interface UriParts {
  /** In lower case; empty: the reference is relative. */
  readonly scheme: string;
  /** Without port and user; empty: it has no authority. */
  readonly host: string;
  /** A scheme and then something without `/`, such as `urn:` has it. */
  readonly isOpaque: boolean;
  /** Nothing stands behind the scheme. */
  readonly isEmpty: boolean;
}

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/;

/** RFC 3986, as far as rules ask; undefined where it is none. */
export function uriParts(text: string): UriParts | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a URI has none
  if (text === '' || /[\u0000-\u001f\u007f]/.test(text) || /%(?![0-9A-Fa-f]{2})/.test(text)) return undefined;
  const scheme = SCHEME.exec(text)?.[1] ?? '';
  const rest = scheme === '' ? text : text.slice(scheme.length + 1);
  if (scheme === '' && /^[^/?#]*:/.test(text)) return undefined;
  const authority = /^\/\/([^/?#]*)/.exec(rest)?.[1] ?? '';
  if (authority.includes(' ')) return undefined;
  const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '');
  return {
    scheme: scheme.toLowerCase(),
    host: host.replace(/^\[(.*)\]$/, '$1'),
    isOpaque: scheme !== '' && !rest.startsWith('/'),
    isEmpty: rest.replace(/[?#].*$/s, '') === '' || rest === '//',
  };
}

export function isAddress(host: string): boolean {
  return parseIpAddress(host) !== undefined;
}

/** Two labels or more of letters, digits and hyphens, and a top one of letters. */
export function isFullyQualified(host: string): boolean {
  return /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})\.?$/i.test(
    host.replace(/^\*\./, ''),
  );
}
