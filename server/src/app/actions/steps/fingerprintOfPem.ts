import { toHex } from '../../../core/credential/octets.ts';
import { decodePem } from '../../../core/credential/pem.ts';
import type { Hasher } from '../../../core/ports.ts';

/** Hex SHA-256 of the first PEM block; undefined when there is none. */
export function fingerprintOfPem(pem: string, hasher: Hasher): string | undefined {
  const bytes = decodePem(pem)[0]?.bytes;
  return bytes === undefined ? undefined : toHex(hasher.hash('sha256', bytes));
}
