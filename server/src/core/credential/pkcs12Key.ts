/** The key derivation that PKCS#12 brought along (RFC 7292, B). */
import type { Hasher, HashName } from '../ports.ts';
import { encodeUtf16BigEndian } from './charset.ts';
import { concat, fromBigInt, toBigInt } from './octets.ts';
import { type RoundBudget, spend } from './roundBudget.ts';

/** The loop over digests here is slower than a library's PBKDF2 by as much. */
const COST = 4;

/** RFC 7292, B.1 ends the password with two zero octets; for an empty one, some writers leave those out. */
export function bmpPasswords(password: string): readonly Uint8Array[] {
  const terminated = concat(encodeUtf16BigEndian(password), Uint8Array.of(0, 0));
  return password === '' ? [terminated, new Uint8Array()] : [terminated];
}

/** RFC 7292, B.2. `purpose`: 1 key, 2 initial vector, 3 MAC. Undefined when it would take too long. */
export function pkcs12Key(
  { hasher, budget }: { readonly hasher: Hasher; readonly budget: RoundBudget },
  hash: HashName,
  password: Uint8Array,
  salt: Uint8Array,
  rounds: number,
  purpose: 1 | 2 | 3,
  length: number,
): Uint8Array | undefined {
  if (!spend(budget, rounds * COST)) return undefined;
  const block = hash === 'sha384' || hash === 'sha512' ? 128 : 64;
  const fill = (octets: Uint8Array): Uint8Array =>
    octets.length === 0
      ? octets
      : Uint8Array.from(
          { length: block * Math.ceil(octets.length / block) },
          (_, index) => octets[index % octets.length] ?? 0,
        );
  const diversifier = new Uint8Array(block).fill(purpose);
  let input = concat(fill(salt), fill(password));
  let output: Uint8Array = new Uint8Array();
  while (output.length < length) {
    let digest = hasher.hash(hash, concat(diversifier, input));
    for (let round = 1; round < rounds; round++) digest = hasher.hash(hash, digest);
    output = concat(output, digest);
    input = addToBlocks(
      input,
      Uint8Array.from({ length: block }, (_, index) => digest[index % digest.length] ?? 0),
    );
  }
  return output.subarray(0, length);
}

/** Each block plus `addend` plus one, modulo its size. */
function addToBlocks(input: Uint8Array, addend: Uint8Array): Uint8Array {
  const size = addend.length;
  const increment = toBigInt(addend) + 1n;
  const modulus = 1n << BigInt(size * 8);
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < input.length; at += size) {
    blocks.push(fromBigInt((toBigInt(input.subarray(at, at + size)) + increment) % modulus, size));
  }
  return concat(...blocks);
}
