import { parseDuration } from '../text/duration.ts';
import { quotable } from '../text/quote.ts';
import { isDeviceName } from '../text/relativePath.ts';
import { type HostProblem, hostNameProblem, isDnsLabel, isIpv4, isIpv6, toDnsLabel } from './names.ts';

export interface FormatProblem {
  /** Second half of the rule id: `manifest/<rule>`. */
  readonly rule: string;
  readonly message: string;
  /** A value that is surely meant. */
  readonly instead?: string;
}

type Check = (text: string) => FormatProblem | undefined;

const shown = (text: string, otherwise: string): string => quotable(text) ?? otherwise;

function problem(rule: string, message: string, instead?: string): FormatProblem {
  return { rule, message, ...(instead === undefined ? {} : { instead }) };
}

function dnsLabel(text: string): FormatProblem | undefined {
  if (isDeviceName(text)) {
    return problem(
      'bad-name',
      `${shown(text, 'this')} is a device on Windows, where no file can have that name; choose another`,
    );
  }
  if (isDnsLabel(text)) return undefined;
  const instead = toDnsLabel(text);
  const rule = 'a name has lower-case letters, digits and hyphens, at most 63';
  const hint = instead === undefined ? '' : `; write "${instead}"`;
  return problem('bad-name', `${shown(text, 'this')} is no name: ${rule}${hint}`, instead);
}

function reference(text: string): FormatProblem | undefined {
  const parts = text.split('/');
  if (parts.length <= 2 && parts.every((part) => isDnsLabel(part))) return undefined;
  const instead = parts.length <= 2 ? parts.map((part) => toDnsLabel(part)).join('/') : undefined;
  const usable = instead?.split('/').every(isDnsLabel) ? instead : undefined;
  return problem(
    'bad-name',
    `${shown(text, 'this')} is no reference: write "name" or "namespace/name"`,
    usable,
  );
}

const HOST_SENTENCES: Readonly<Record<HostProblem, string>> = {
  empty: 'it is empty',
  'too-long': 'it has more than 253 characters',
  'label-empty': 'there is nothing between two dots',
  'label-too-long': 'a label has more than 63 characters',
  'label-characters': 'a label has letters, digits and hyphens only; no scheme, port or path',
  'label-hyphen': 'a label starts or ends with a hyphen',
  'not-ascii': 'write international names in their A-label form (xn--…, RFC 5890)',
  wildcard: 'the * stands for the whole leftmost label alone, as in *.example.com',
  address: 'it is an IP address; put it into "ipAddresses"',
  'trailing-dot': 'certificates have no dot at the end',
};

function host(text: string, wildcard: boolean): FormatProblem | undefined {
  const what = hostNameProblem(text, { wildcard });
  if (what === undefined) return undefined;
  const instead =
    what === 'trailing-dot' ? text.replace(/\.+$/, '') : /^https?:\/\/([^/:]+)\/?$/.exec(text)?.[1];
  const usable =
    instead !== undefined && hostNameProblem(instead, { wildcard }) === undefined ? instead : undefined;
  return problem('bad-dns-name', `${shown(text, 'this')} is no DNS name: ${HOST_SENTENCES[what]}`, usable);
}

function ipAddress(text: string): FormatProblem | undefined {
  if (isIpv4(text) || isIpv6(text)) return undefined;
  const network = /^(.{2,45})\/[0-9]{1,3}$/.exec(text)?.[1];
  const isNetwork = network !== undefined && (isIpv4(network) || isIpv6(network));
  const hint = isNetwork
    ? 'a certificate names single addresses, no networks'
    : 'write IPv4 as 192.0.2.10, IPv6 as 2001:db8::10';
  return problem(
    'bad-ip-address',
    `${shown(text, 'this')} is no IP address: ${hint}`,
    isNetwork ? network : undefined,
  );
}

/** RFC 3986, 3: a scheme and something after it, in the characters that a URI may have. */
function uri(text: string): FormatProblem | undefined {
  const bad = (why: string): FormatProblem => problem('bad-uri', `${shown(text, 'this')} is no URI: ${why}`);
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]{0,30}):/.exec(text)?.[1];
  if (scheme === undefined) return bad('it starts with a scheme, such as spiffe:// or https://');
  if (text.length > 2048) return bad('it is longer than 2048 characters');
  if (!/^[A-Za-z0-9:/?#[\]@!$&'()*+,;=._~%-]+$/.test(text) || /%(?![0-9A-Fa-f]{2})/.test(text)) {
    return bad('it has a character that a URI cannot have; write it as %XX');
  }
  if (text.length === scheme.length + 1) return bad('nothing follows the scheme');
  return scheme.toLowerCase() === 'spiffe' ? spiffeId(text) : undefined;
}

/** SPIFFE-ID standard, 2: trust domain of lower-case letters, digits, `.-_`; path segments without `.`, `..`, empty ones. */
function spiffeId(text: string): FormatProblem | undefined {
  const bad = (why: string): FormatProblem =>
    problem('bad-uri', `${shown(text, 'this')} is no SPIFFE ID: ${why}`);
  const match = /^spiffe:\/\/([^/?#]*)(.*)$/.exec(text);
  const [, domain = '', path = ''] = match ?? [];
  if (match === null) return bad('it starts with spiffe:// in lower case');
  if (!/^[a-z0-9._-]{1,255}$/.test(domain)) {
    return bad('a trust domain has lower-case letters, digits, dots, hyphens, underscores; no port, no user');
  }
  if (/[?#]/.test(path)) return bad('it has no query and no fragment');
  if (path === '') return undefined;
  const segments = path.slice(1).split('/');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    return bad('no part of its path is empty, "." or ".."');
  }
  if (!segments.every((segment) => /^[A-Za-z0-9._-]+$/.test(segment))) {
    return bad('its path has letters, digits, dots, hyphens and underscores');
  }
  return undefined;
}

/** RFC 5280, 4.2.1.6 wants an `rfc822Name`: local part, @, host; ASCII. */
function email(text: string): FormatProblem | undefined {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const isLocal =
    at > 0 &&
    local.length <= 64 &&
    /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/.test(local);
  if (isLocal && hostNameProblem(text.slice(at + 1), { wildcard: false }) === undefined) return undefined;
  return problem('bad-email', `${shown(text, 'this')} is no mail address: write it as name@example.com`);
}

function duration(text: string): FormatProblem | undefined {
  if (parseDuration(text) !== undefined) return undefined;
  return problem(
    'bad-duration',
    `${shown(text, 'this')} is no duration: write 47d, 12h, 30m or 1d12h`,
    spelledOut(text),
  );
}

const SPELLED: Readonly<Record<string, string>> = {
  second: 's',
  sec: 's',
  minute: 'm',
  min: 'm',
  hour: 'h',
  day: 'd',
  week: 'w',
  year: 'y',
  yr: 'y',
};

/** `47 days` and `47D` mean `47d`; months have no fixed length, so they are not guessed. */
function spelledOut(text: string): string | undefined {
  const [, digits, word] = /^([0-9]{1,6}) ?([A-Za-z]{1,8})$/.exec(text) ?? [];
  if (digits === undefined || word === undefined) return undefined;
  const lower = word.toLowerCase();
  const letter = lower.length === 1 && word !== 'M' ? lower : SPELLED[lower.replace(/s$/, '')];
  const instead = letter === undefined ? '' : `${Number(digits)}${letter}`;
  return parseDuration(instead) === undefined ? undefined : instead;
}

function durationOrShare(text: string): FormatProblem | undefined {
  if (/^[1-9][0-9]?%$/.test(text) || parseDuration(text) !== undefined) return undefined;
  const message = `${shown(text, 'this')} is no time to renew: write a duration such as 15d, or a share such as 33%`;
  return problem('bad-duration', message, spelledOut(text));
}

function endpoint(text: string): FormatProblem | undefined {
  const [, bracketed, plain, port] = /^(?:\[([^\]]{1,45})\]|([^:[\]]{1,253})):([0-9]{1,5})$/.exec(text) ?? [];
  const number = Number(port);
  const isHost =
    bracketed === undefined
      ? plain !== undefined && (isIpv4(plain) || hostNameProblem(plain, { wildcard: false }) === undefined)
      : isIpv6(bracketed);
  if (isHost && number >= 1 && number <= 65_535) return undefined;
  const instead = hostNameProblem(text, { wildcard: false }) === undefined ? `${text}:443` : undefined;
  return problem(
    'bad-endpoint',
    `${shown(text, 'this')} is no endpoint: write host:port, such as example.com:443`,
    instead,
  );
}

const CHECKS: Readonly<Record<string, Check>> = {
  'dns-label': dnsLabel,
  reference,
  'dns-name': (text) => host(text, true),
  'ip-address': ipAddress,
  host: (text) => (isIpv4(text) || isIpv6(text) ? undefined : host(text, false)),
  uri,
  email,
  duration,
  'duration-or-share': durationOrShare,
  endpoint,
  'project-path': (text) => (text === '' ? problem('empty-value', 'a path is missing here') : undefined),
  'file-mode': (text) =>
    /^0?[0-7]{3}$/.test(text)
      ? undefined
      : problem('bad-value', `${shown(text, 'this')} is no file mode: write it in octal, such as "0644"`),
  version: (text) =>
    /^(0|[1-9][0-9]{0,5})(\.(0|[1-9][0-9]{0,5})){2}$/.test(text)
      ? undefined
      : problem('bad-value', `${shown(text, 'this')} is no version: write three numbers, such as 0.1.0`),
};

/** What is wrong with a text that a schema gives this `format`; formats that are not ours are not checked. */
export function checkFormat(format: string, text: string): FormatProblem | undefined {
  return Object.hasOwn(CHECKS, format) ? CHECKS[format]?.(text) : undefined;
}
