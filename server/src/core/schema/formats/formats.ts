import { IDENTITY_KINDS, isIdentityKind } from '../../identity/identityId.ts';
import { isDay } from '../../text/day.ts';
import { oneOf } from '../../text/quote.ts';
import { isDeviceName } from '../../text/relativePath.ts';
import { likelyValues } from '../likely.ts';
import { isDnsLabel, isIpv4, isIpv6, toDnsLabel } from '../names.ts';
import { cidr, ipAddress } from './address.ts';
import { duration, durationOrShare } from './duration.ts';
import { hostName, isHostName } from './hostName.ts';
import { type Check, type FormatProblem, problem, shown } from './problem.ts';
import { selector } from './selector.ts';
import { trustDomain, workloadId } from './spiffe.ts';
import { sshPrincipal } from './ssh.ts';
import { audience, scopeToken } from './token.ts';
import { uri } from './uri.ts';

function dnsLabel(text: string): FormatProblem | undefined {
  if (isDeviceName(text)) {
    return problem(
      'bad-name',
      `${shown(text)} is a device on Windows, where no file can have that name; choose another`,
    );
  }
  if (isDnsLabel(text)) return undefined;
  const instead = toDnsLabel(text);
  const rule = 'a name has lower-case letters, digits and hyphens, at most 63';
  const hint = instead === undefined ? '' : `; write "${instead}"`;
  return problem('bad-name', `${shown(text)} is no name: ${rule}${hint}`, instead);
}

function reference(text: string): FormatProblem | undefined {
  const parts = text.split('/');
  if (parts.length <= 2 && parts.every((part) => isDnsLabel(part))) return undefined;
  const instead = parts.length <= 2 ? parts.map((part) => toDnsLabel(part)).join('/') : undefined;
  const usable = instead?.split('/').every(isDnsLabel) ? instead : undefined;
  return problem('bad-name', `${shown(text)} is no reference: write "name" or "namespace/name"`, usable);
}

/** An identity with its kind: `Certificate/payments/api`. */
function identity(text: string): FormatProblem | undefined {
  const [kind = '', ...name] = text.split('/', 5);
  const bad = (why: string, instead?: string): FormatProblem =>
    problem('bad-name', `${shown(text)} names no identity: ${why}`, instead);
  if (name.length === 0 || name.length > 2) return bad('write Kind/name or Kind/namespace/name');
  if (!isIdentityKind(kind)) {
    const close = likelyValues(kind, IDENTITY_KINDS)[0];
    if (name.length === 1 && close === undefined && isDnsLabel(kind))
      return bad(`its kind stands first, as in Certificate/${kind}/${name[0] ?? ''}`);
    const why = close === undefined ? `kinds are ${oneOf(IDENTITY_KINDS)}` : `did you mean ${close}?`;
    return bad(why, close === undefined ? undefined : [close, ...name].join('/'));
  }
  const wrong = name.map(dnsLabel).find((each) => each !== undefined);
  return wrong === undefined ? undefined : bad(wrong.message);
}

/** `<subject>/<what>`, as findings show it. */
function ruleId(text: string): FormatProblem | undefined {
  return text.length <= 100 && /^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/.test(text)
    ? undefined
    : problem('bad-name', `${shown(text)} is no rule: write its id, such as certificate/expired`);
}

/** RFC 5280, 4.2.1.6 wants an `rfc822Name`: local part, @, host; ASCII. */
function email(text: string): FormatProblem | undefined {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const isLocal =
    at > 0 &&
    local.length <= 64 &&
    /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/.test(local);
  if (isLocal && isHostName(text.slice(at + 1), { wildcard: false })) return undefined;
  const bare = text
    .slice(0, 400)
    .replace(/^mailto:/i, '')
    .trim();
  const instead = bare !== text && email(bare) === undefined ? bare : undefined;
  const why = /^mailto:/i.test(text) ? 'it begins with mailto:' : 'write it as name@example.com';
  return problem('bad-email', `${shown(text)} is no mail address: ${why}`, instead);
}

function endpoint(text: string): FormatProblem | undefined {
  const [, bracketed, plain, port] = /^(?:\[([^\]]{1,45})\]|([^:[\]]{1,253})):([0-9]{1,5})$/.exec(text) ?? [];
  const number = Number(port);
  const isHost =
    bracketed === undefined
      ? plain !== undefined && (isIpv4(plain) || isHostName(plain, { wildcard: false }))
      : isIpv6(bracketed);
  if (isHost && number >= 1 && number <= 65_535) return undefined;
  const { why, instead } = endpointProblem(text, number);
  return problem('bad-endpoint', `${shown(text)} is no endpoint: ${why}`, instead);
}

const PORTS: Readonly<Record<string, number>> = { https: 443, http: 80, wss: 443, ldaps: 636 };

function endpointProblem(
  text: string,
  port: number,
): { readonly why: string; readonly instead?: string | undefined } {
  if (isHostName(text, { wildcard: false }) || isIpv4(text))
    return { why: 'its port is missing', instead: `${text}:443` };
  if (isIpv6(text))
    return { why: 'its port is missing, and IPv6 stands in brackets', instead: `[${text}]:443` };
  const [, scheme = '', host, written] =
    /^([a-z]{2,8}):\/\/([^/:?#@\s]{1,253})(?::([0-9]{1,5}))?\/?$/i.exec(text) ?? [];
  if (host !== undefined) {
    const likely = `${host}:${written ?? PORTS[scheme.toLowerCase()] ?? 443}`;
    return { why: 'it is a URL', instead: endpoint(likely) === undefined ? likely : undefined };
  }
  const [, place] = /^([^/\s]{3,260}:[0-9]{1,5})\/\S*$/.exec(text) ?? [];
  if (place !== undefined && endpoint(place) === undefined) return { why: 'it has a path', instead: place };
  if (port > 65_535) return { why: 'a port is a number from 1 to 65535' };
  return { why: 'write host:port, such as example.com:443' };
}

const CHECKS: Readonly<Record<string, Check>> = {
  'dns-label': dnsLabel,
  reference,
  'dns-name': (text) => hostName(text, true),
  'ip-address': ipAddress,
  host: (text) => (/^[0-9.]+(?::[0-9]+)?$|^\[|:.*:/.test(text) ? ipAddress(text) : hostName(text, false)),
  cidr,
  uri,
  email,
  duration,
  'duration-or-share': durationOrShare,
  day: (text) =>
    isDay(text)
      ? undefined
      : problem('bad-value', `${shown(text)} is no day: write it as year-month-day, such as 2030-01-31`),
  endpoint,
  identity,
  'rule-id': ruleId,
  'spiffe-id': workloadId,
  'trust-domain': trustDomain,
  selector,
  'ssh-principal': sshPrincipal,
  'token-audience': audience,
  'scope-token': scopeToken,
  'project-path': (text) => (text === '' ? problem('empty-value', 'a path is missing here') : undefined),
  'file-mode': (text) =>
    /^0?[0-7]{3}$/.test(text)
      ? undefined
      : problem(
          'bad-value',
          `${shown(text)} is no file mode: write it in octal (digits 0 to 7), such as "0644"`,
        ),
  version: (text) =>
    /^(0|[1-9][0-9]{0,5})(\.(0|[1-9][0-9]{0,5})){2}$/.test(text)
      ? undefined
      : problem(
          'bad-value',
          `${shown(text)} is no version: write three numbers, such as 0.1.0`,
          /^v[0-9]{1,5}(\.[0-9]{1,5}){2}$/.test(text) ? text.slice(1) : undefined,
        ),
};

/** What is wrong with a text that a schema gives this `format`; formats that are not ours are not checked. */
export function checkFormat(format: string, text: string): FormatProblem | undefined {
  return Object.hasOwn(CHECKS, format) ? CHECKS[format]?.(text) : undefined;
}
