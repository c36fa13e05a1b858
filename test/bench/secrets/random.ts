/** Everything in the corpus comes from one seed, so that two machines measure the same files. */
import { createHash } from 'node:crypto';

export const ALPHABET = {
  digits: '0123456789',
  hex: '0123456789abcdef',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  base32: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  lowerAlnum: 'abcdefghijklmnopqrstuvwxyz0123456789',
  upperAlnum: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  base62: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  base64url: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
} as const;

/** A stream of bytes that its label alone decides: SHA-256 over label and counter. */
export class Random {
  private pool = Buffer.alloc(0);
  private counter = 0;

  private readonly label: string;
  /** What the first of all forks began with. */
  readonly seed: string;

  constructor(label: string, seed: string = label) {
    this.label = label;
    this.seed = seed;
  }

  /** A stream of its own: what is drawn from it does not shift what others draw. */
  fork(label: string): Random {
    return new Random(`${this.label}/${label}`, this.seed);
  }

  bytes(count: number): Buffer {
    const parts = [this.pool];
    for (let length = this.pool.length; length < count; length += 32) {
      parts.push(createHash('sha256').update(`${this.label}#${this.counter}`).digest());
      this.counter += 1;
    }
    const all = Buffer.concat(parts);
    this.pool = all.subarray(count);
    return Buffer.from(all.subarray(0, count));
  }

  /** 0 ≤ result < limit. */
  below(limit: number): number {
    return this.bytes(6).readUIntBE(0, 6) % limit;
  }

  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  pick<T>(choices: readonly T[]): T {
    const chosen = choices[this.below(choices.length)];
    if (chosen === undefined) throw new Error('nothing to pick from');
    return chosen;
  }

  /** Each at most once, in the order of `choices`. */
  some<T>(choices: readonly T[], count: number): T[] {
    const left = choices.map((choice, at) => ({ choice, at, key: this.below(1_000_000) }));
    return left
      .toSorted((a, b) => a.key - b.key)
      .slice(0, count)
      .toSorted((a, b) => a.at - b.at)
      .map(({ choice }) => choice);
  }

  text(length: number, alphabet: string = ALPHABET.base62): string {
    let text = '';
    for (let at = 0; at < length; at += 1) text += alphabet[this.below(alphabet.length)];
    return text;
  }

  hex(length: number): string {
    return this.text(length, ALPHABET.hex);
  }

  base64(bytes: number): string {
    return this.bytes(bytes).toString('base64');
  }

  base64url(bytes: number): string {
    return this.bytes(bytes).toString('base64url');
  }

  uuid(): string {
    const bytes = this.bytes(16);
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const hex = bytes.toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }

  /** A day of the last years, as an ISO date. */
  day(): string {
    return new Date(Date.UTC(2023, 0, 1) + this.below(1_000) * 86_400_000).toISOString().slice(0, 10);
  }
}
