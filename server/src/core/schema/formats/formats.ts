import { IDENTITY_KINDS, isIdentityKind } from '../../identity/identityId.ts';
import { nearest } from '../../text/nearest.ts';
import { oneOf } from '../../text/quote.ts';
import { isDeviceName } from '../../text/relativePath.ts';
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
    const close = nearest(kind, IDENTITY_KINDS)[0];
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
  return problem('bad-email', `${shown(text)} is no mail address: write it as name@example.com`);
}

function endpoint(text: string): FormatProblem | undefined {
  const [, bracketed, plain, port] = /^(?:\[([^\]]{1,45})\]|([^:[\]]{1,253})):([0-9]{1,5})$/.exec(text) ?? [];
  const number = Number(port);
  const isHost =
    bracketed === undefined
      ? plain !== undefined && (isIpv4(plain) || isHostName(plain, { wildcard: false }))
      : isIpv6(bracketed);
  if (isHost && number >= 1 && number <= 65_535) return undefined;
  const instead = isHostName(text, { wildcard: false }) ? `${text}:443` : undefined;
  return problem(
    'bad-endpoint',
    `${shown(text)} is no endpoint: write host:port, such as example.com:443`,
    instead,
  );
}

const CHECKS: Readonly<Record<string, Check>> = {
  'dns-label': dnsLabel,
  reference,
  'dns-name': (text) => hostName(text, true),
  'ip-address': ipAddress,
  host: (text) => (isIpv4(text) || isIpv6(text) ? undefined : hostName(text, false)),
  cidr,
  uri,
  email,
  duration,
  'duration-or-share': durationOrShare,
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
      : problem('bad-value', `${shown(text)} is no file mode: write it in octal, such as "0644"`),
  version: (text) =>
    /^(0|[1-9][0-9]{0,5})(\.(0|[1-9][0-9]{0,5})){2}$/.test(text)
      ? undefined
      : problem('bad-value', `${shown(text)} is no version: write three numbers, such as 0.1.0`),
};

/** What is wrong with a text that a schema gives this `format`; formats that are not ours are not checked. */
export function checkFormat(format: string, text: string): FormatProblem | undefined {
  return Object.hasOwn(CHECKS, format) ? CHECKS[format]?.(text) : undefined;
}
