/** Addresses that belong to everybody's network, and not to this machine or the one that it stands in (RFC 6890). */
import { BlockList, isIPv4 } from 'node:net';

const OWN = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Clouds answer here, to whoever asks from the machine, with its credentials.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  OWN.addSubnet(net, prefix, 'ipv4');

const GLOBAL = new BlockList();
GLOBAL.addSubnet('2000::', 3, 'ipv6');
/** Parts of that which lead to IPv4 addresses of whoever made them, or to nobody. */
const SPECIAL = new BlockList();
for (const [net, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  SPECIAL.addSubnet(net, prefix, 'ipv6');
/** Networks without IPv4 reach it so (RFC 6052); the last 32 bits are the address. */
const TRANSLATED = new BlockList();
TRANSLATED.addSubnet('64:ff9b::', 96, 'ipv6');

/** Why one is not connected to because a certificate says so; undefined for those of the public network. */
export function notPublic(address: string): string | undefined {
  const isPublic = isIPv4(address) ? !OWN.check(address, 'ipv4') : isPublicIpv6(address);
  return isPublic ? undefined : `${address} is an address of this machine or of a network of its own`;
}

function isPublicIpv6(address: string): boolean {
  if (TRANSLATED.check(address, 'ipv6')) return !OWN.check(embedded(address), 'ipv4');
  return GLOBAL.check(address, 'ipv6') && !SPECIAL.check(address, 'ipv6');
}

function embedded(address: string): string {
  const dotted = /(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  if (dotted !== undefined) return dotted;
  const [high = '0', low = '0'] = address.split(':').slice(-2);
  const bits = (Number.parseInt(high || '0', 16) << 16) | Number.parseInt(low || '0', 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join('.');
}
