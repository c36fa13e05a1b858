/** Networks that IANA set aside: nobody can prove to be at such an address (RFC 6890 and its registries). */
import { parseIpAddress } from '../credential/build/ipAddress.ts';

interface Network {
  readonly octets: Uint8Array;
  readonly bits: number;
}

const RESERVED: readonly Network[] = [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24',
  '192.31.196.0/24 192.52.193.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24',
  '224.0.0.0/4 240.0.0.0/4',
  '::/8 100::/8 400::/6 800::/5 1000::/4 2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20 4000::/3',
  '6000::/3 8000::/3 a000::/3 c000::/3 e000::/4 f000::/5 f800::/6 fc00::/7 fe00::/9 fe80::/10 ff00::/8',
]
  .flatMap((line) => line.split(' '))
  .map((text) => {
    const [address = '', bits = '0'] = text.split('/');
    return { octets: parseIpAddress(address) ?? new Uint8Array(), bits: Number(bits) };
  });

export function isReserved(octets: Uint8Array): boolean {
  const plain = unmapped(octets);
  return RESERVED.some((network) => contains(network, plain));
}

/** An address and its mask, as name constraints write them; `undefined` for other lengths. */
export function meetsReserved(constraint: Uint8Array): boolean | undefined {
  if (constraint.length !== 8 && constraint.length !== 32) return undefined;
  const half = constraint.length / 2;
  const octets = constraint.subarray(0, half);
  const bits = constraint
    .subarray(half)
    .reduce((sum, octet) => sum + (octet.toString(2).match(/1/g)?.length ?? 0), 0);
  return RESERVED.some((network) => contains(network, octets) || contains({ octets, bits }, network.octets));
}

function contains({ octets, bits }: Network, address: Uint8Array): boolean {
  if (octets.length !== address.length) return false;
  for (let bit = 0; bit < bits; bit += 8) {
    const mask = bits - bit >= 8 ? 0xff : 0xff << (8 - (bits - bit));
    if ((((octets[bit >> 3] ?? 0) ^ (address[bit >> 3] ?? 0)) & mask) !== 0) return false;
  }
  return true;
}

/** RFC 4291, 2.5.5.2: an IPv4 address in the form of IPv6 is that one. */
function unmapped(octets: Uint8Array): Uint8Array {
  const isMapped =
    octets.length === 16 &&
    octets.subarray(0, 10).every((octet) => octet === 0) &&
    octets[10] === 0xff &&
    octets[11] === 0xff;
  return isMapped ? octets.subarray(12) : octets;
}
