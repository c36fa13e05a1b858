import { withoutLeadingZeros } from '../../../credential/octets.ts';
import type { LintRule } from '../../lintRule.ts';
import { bitLength } from '../../view/publicKey.ts';

const LONGEST = 20;
const LEAST_ENTROPY = 64;

export const rules: readonly LintRule[] = [
  {
    meta: {
      id: 'lint/serial-too-long',
      severity: 'error',
      title: 'A serial number has more than 20 octets',
      why: 'Software that keeps to the standard reserves 20 octets; a longer number is refused, or cut off so that revocation lists no longer find the certificate.',
      remedy: 'Have the authority draw serial numbers of at most 159 bits: the sign takes the first bit.',
      standard: 'RFC 5280, 4.1.2.2',
      source: 'RFC',
      since: '2002-04-01',
      zlint: ['e_serial_number_longer_than_20_octets'],
    },
    applies: ({ serial }) => serial !== undefined,
    check: ({ serial = new Uint8Array() }) =>
      serial.length > LONGEST && `the serial number has ${serial.length} octets, and ${LONGEST} are the most`,
  },
  {
    meta: {
      id: 'lint/serial-not-positive',
      severity: 'error',
      title: 'A serial number is zero or negative',
      why: 'Issuer and serial number name a certificate in revocation lists. Zero and negative numbers are read differently by different software, so a revocation may not be seen.',
      remedy:
        'Issue it again with a positive serial number; set a leading zero octet where the first bit is set.',
      standard: 'RFC 5280, 4.1.2.2',
      source: 'RFC',
      since: '2002-04-01',
      zlint: ['e_serial_number_not_positive'],
    },
    applies: ({ serial }) => serial !== undefined,
    check({ serial = new Uint8Array() }) {
      if ((serial[0] ?? 0) >= 0x80) return 'the serial number is negative';
      return serial.every((octet) => octet === 0) && 'the serial number is zero';
    },
  },
  {
    meta: {
      id: 'lint/serial-low-entropy',
      severity: 'warning',
      title: 'A serial number is shorter than 64 bits of a random source',
      why: 'A serial number that can be foreseen helps whoever looks for two certificates with the same digest: so the forged certificate of 2008 was made.',
      remedy: 'Have the authority take at least 64 bits from a random source for each serial number.',
      standard: 'CA/Browser Forum TLS BR, 7.1',
      source: 'CA/B TLS BR',
      since: '2016-09-30',
      zlint: [],
    },
    applies: ({ serial }) => serial !== undefined,
    // 64 random bits begin with 8 zeros once in 256 times: what is shorter than 7 octets was not drawn so.
    check({ serial = new Uint8Array() }) {
      const bits = bitLength(withoutLeadingZeros(serial));
      return (
        bits < LEAST_ENTROPY - 8 &&
        `the serial number has ${bits} bits, and ${LEAST_ENTROPY} have to come from a random source`
      );
    },
  },
];
