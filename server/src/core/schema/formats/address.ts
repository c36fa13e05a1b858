import { octetsOf } from '../../text/ipAddress.ts';
import { isIpv4, isIpv6 } from '../names.ts';
import { type FormatProblem, problem, shown } from './problem.ts';

/** One IPv4 or IPv6 address (RFC 4291, 2.2), as a certificate names it. */
export function ipAddress(text: string): FormatProblem | undefined {
  const wrong = addressProblem(text);
  if (wrong === undefined) return undefined;
  const { why, instead } = wrong;
  return problem('bad-ip-address', `${shown(text)} is no IP address: ${why}`, instead);
}

/** An address and the length of its prefix (RFC 4632, 3.1; RFC 4291, 2.3), with no bit beyond the prefix. */
export function cidr(text: string): FormatProblem | undefined {
  const bad = (why: string, instead?: string): FormatProblem =>
    problem('bad-ip-address', `${shown(text)} is no network: ${why}`, instead);
  const slash = text.indexOf('/');
  const address = slash === -1 ? text : text.slice(0, slash);
  const prefix = slash === -1 ? undefined : text.slice(slash + 1);
  const wrong = addressProblem(address);
  if (wrong !== undefined) return bad(wrong.why);
  const bits = isIpv4(address) ? 32 : 128;
  if (prefix === undefined)
    return bad(`a single address is written with its prefix, ${address}/${bits}`, `${address}/${bits}`);
  if (!/^(0|[1-9][0-9]{0,2})$/.test(prefix) || Number(prefix) > bits)
    return bad(`the prefix is a number from 0 to ${bits}`);
  const network = networkOf(address, Number(prefix));
  if (network === undefined) return undefined;
  return bad(`bits are set beyond the prefix; the network is ${network}`, network);
}

interface Wrong {
  readonly why: string;
  readonly instead?: string;
}

function addressProblem(text: string): Wrong | undefined {
  if (isIpv4(text) || isIpv6(text)) return undefined;
  if (text === '') return { why: 'it is empty' };
  if (text.length > 100) return { why: 'it is too long' };
  const [, network, rest] = /^([0-9A-Fa-f:.]{2,45})\/(.*)$/.exec(text) ?? [];
  if (network !== undefined && rest !== undefined && addressProblem(network) === undefined)
    return { why: 'it is a network; name single addresses' };
  const bracketed = /^\[([^\]]{2,45})\]$/.exec(text)?.[1];
  if (bracketed !== undefined && isIpv6(bracketed))
    return { why: 'it stands in brackets', instead: bracketed };
  const [, host, port] =
    /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([0-9.]{7,15})):([0-9]{1,5})$/.exec(text)?.filter(Boolean) ?? [];
  if (host !== undefined && port !== undefined && addressProblem(host) === undefined)
    return { why: `it has the port ${port}`, instead: host };
  const zoned = /^([0-9A-Fa-f:.]{2,45})%/.exec(text)?.[1];
  if (zoned !== undefined && isIpv6(zoned))
    return { why: 'it has a zone, which counts on one machine alone', instead: zoned };
  return text.includes(':') ? ipv6Problem(text) : ipv4Problem(text);
}

function ipv4Problem(text: string): Wrong {
  const parts = text.split('.');
  if (!/^[0-9.]+$/.test(text) || parts.length === 1)
    return { why: 'write IPv4 as 192.0.2.10, IPv6 as 2001:db8::10' };
  if (parts.length !== 4) return { why: `IPv4 has four numbers, not ${parts.length}` };
  if (parts.includes('')) return { why: 'there is nothing between two dots' };
  const large = parts.find((part) => Number(part) > 255);
  if (large !== undefined) return { why: 'a number is above 255' };
  return {
    why: 'a number begins with 0, which some read as octal',
    instead: parts.map((part) => Number(part)).join('.'),
  };
}

function ipv6Problem(text: string): Wrong {
  if (!/^[0-9A-Fa-f:.]+$/.test(text)) return { why: 'IPv6 has hexadecimal digits and colons only' };
  if (text.includes(':::') || text.split('::').length > 2) return { why: '"::" may stand once' };
  const groups = text.split(':').filter((group) => group !== '');
  const tail = groups.at(-1);
  if (groups.some((group) => group.includes('.') && group !== tail)) return { why: 'IPv4 stands at the end' };
  if (tail?.includes('.') && !isIpv4(tail)) return { why: 'the IPv4 address at its end is none' };
  if (groups.some((group) => !group.includes('.') && group.length > 4))
    return { why: 'a group has more than four digits' };
  if (text.includes('::')) return { why: '"::" stands for one group at least, and IPv6 has eight' };
  if (/^:|:$/.test(text)) return { why: 'a single colon stands at its start or end' };
  const count = groups.length + (tail?.includes('.') ? 1 : 0);
  return { why: `IPv6 has eight groups, not ${count}; "::" stands for zeros` };
}

/** The network that was meant, where bits are set beyond its prefix. */
function networkOf(address: string, prefix: number): string | undefined {
  const octets = octetsOf(address);
  const masked = octets.map((octet, index) => {
    const kept = Math.min(8, Math.max(0, prefix - 8 * index));
    return octet & (0xff << (8 - kept)) & 0xff;
  });
  if (masked.every((octet, index) => octet === octets[index])) return undefined;
  return `${textOf(masked)}/${prefix}`;
}

function textOf(octets: readonly number[]): string {
  if (octets.length === 4) return octets.join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((octets[2 * index] ?? 0) << 8) | (octets[2 * index + 1] ?? 0)).toString(16),
  );
  while (groups.length > 0 && groups.at(-1) === '0') groups.pop();
  return groups.length === 8 ? groups.join(':') : `${groups.join(':')}::`;
}
