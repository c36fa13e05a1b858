/** What an OpenSSH certificate may say, so that sshd and ssh take it as it is meant (PROTOCOL.certkeys). */
import { parseIpAddress } from '../build/ipAddress.ts';

/** Of user certificates; host certificates have none. */
export const SSH_CRITICAL_OPTIONS = ['force-command', 'source-address', 'verify-required'] as const;
export const SSH_EXTENSIONS = [
  'permit-X11-forwarding',
  'permit-agent-forwarding',
  'permit-port-forwarding',
  'permit-pty',
  'permit-user-rc',
] as const;

/** OpenSSH refuses a certificate with more. */
const MAX_PRINCIPALS = 256;
const MAX_NAME = 255;
/** A comma ends a principal wherever lists of them are written, and white space ends it in an AuthorizedPrincipalsFile. */
const PRINCIPAL = /^[^\s,\p{Cc}]+$/u;

/** Why certificates with these principals must not be made; undefined when they may. */
export function problemOfPrincipals(
  principals: readonly string[],
  type: 'user' | 'host',
): string | undefined {
  if (principals.length === 0) return 'it would name no principal, so it would count for everybody';
  if (principals.length > MAX_PRINCIPALS)
    return `it would name ${principals.length} principals, and OpenSSH takes ${MAX_PRINCIPALS}`;
  for (const principal of principals) {
    const shown = `the principal "${principal.slice(0, 80)}"`;
    if (principal.length > MAX_NAME) return `${shown} has more than ${MAX_NAME} characters`;
    if (!PRINCIPAL.test(principal)) return `${shown} is empty, or holds white space or a comma`;
    if (type === 'user' && /[*?]/.test(principal))
      return `${shown} holds a wildcard, which counts as nothing but itself in a user certificate`;
    if (/^[*?.]+$/.test(principal)) return `${shown} would stand for every host`;
  }
  return new Set(principals).size < principals.length ? 'a principal stands there twice' : undefined;
}

/** Why OpenSSH would refuse this list of addresses and networks (CIDR, RFC 4632), separated by commas. */
export function problemOfSourceAddress(list: string): string | undefined {
  return list
    .split(',')
    .map(problemOfNetwork)
    .find((problem) => problem !== undefined);
}

function problemOfNetwork(network: string): string | undefined {
  const shown = `"${network.slice(0, 80)}"`;
  const [address = '', length, ...more] = network.split('/');
  const octets = parseIpAddress(address);
  if (octets === undefined || more.length > 0)
    return `${shown} is no IP address or network such as 192.0.2.0/24`;
  if (length === undefined) return undefined;
  const bits = /^(?:0|[1-9]\d{0,2})$/.test(length) ? Number(length) : Number.POSITIVE_INFINITY;
  if (bits > octets.length * 8) return `${shown} has no prefix length from 0 to ${octets.length * 8}`;
  const beyond = octets.some(
    (octet, at) => (octet & (0xff >> Math.min(8, Math.max(0, bits - at * 8)))) !== 0,
  );
  return beyond ? `${shown} names a host inside of a network; clear the bits behind the prefix` : undefined;
}
