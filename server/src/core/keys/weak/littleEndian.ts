import { toBigInt } from '../../credential/octets.ts';

/** Numbers of RFC 7748 and RFC 8032 begin with their last octet. */
export function littleEndian(octets: Uint8Array): bigint {
  return toBigInt(Uint8Array.from(octets).reverse());
}
