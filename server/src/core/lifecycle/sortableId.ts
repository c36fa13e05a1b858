import type { Clock, RandomSource } from '../ports.ts';

/** Crockford's base 32: no letter is mistaken for a digit. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

function encode(value: bigint, length: number): string {
  let text = '';
  let rest = value;
  for (let i = 0; i < length; i++) {
    text = ALPHABET.charAt(Number(rest & 31n)) + text;
    rest >>= 5n;
  }
  return text;
}

export type IdSource = () => string;

/**
 * Ids of 26 characters that sort by time: 48 bits of milliseconds, then 80 random bits (the ULID layout, lower case).
 * Ids of one source strictly grow, also inside one millisecond and when the clock steps back.
 */
export function createIdSource(clock: Clock, random: RandomSource): IdSource {
  let lastTime = -1n;
  let lastRandom = 0n;
  return () => {
    const time = BigInt(clock.now().getTime());
    if (time > lastTime) {
      lastTime = time;
      // The top bit stays free, so that counting on inside a millisecond never overflows.
      lastRandom = random.bytes(10).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n) >> 1n;
    } else {
      lastRandom += 1n;
    }
    return encode(lastTime, 10) + encode(lastRandom, 16);
  };
}
