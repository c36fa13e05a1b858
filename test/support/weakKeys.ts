/** Weak keys, made when they are asked for, and what is said of them. */
import { spawnSync } from 'node:child_process';
import { checkPrimeSync, createPrivateKey, generatePrimeSync } from 'node:crypto';
import { openWeakKeyTools } from '../../server/src/app/weakKeys/tools.ts';
import { drained } from '../../server/src/core/credential/inspect/derItems.ts';
import { fromBigInt } from '../../server/src/core/credential/octets.ts';
import { rsaSpki } from '../../server/src/core/credential/spki.ts';
import { type KeyProblems, weakKeySteps } from '../../server/src/core/keys/weak/weakKeys.ts';

export function prime(bits: number): bigint {
  return generatePrimeSync(bits, { bigint: true });
}

export function nextPrime(from: bigint): bigint {
  let candidate = from | 1n;
  while (!checkPrimeSync(candidate)) candidate += 2n;
  return candidate;
}

export function rsaKey(modulus: bigint, exponent = 65_537n): Uint8Array {
  const octets = (value: bigint) => fromBigInt(value, Math.ceil(value.toString(16).length / 2));
  return rsaSpki(octets(modulus), octets(exponent));
}

/** PEM of the private key that has these primes. */
export function rsaPrivateKey(p: bigint, q: bigint, exponent = 65_537n): string {
  const number = (value: bigint) =>
    Buffer.from(fromBigInt(value, Math.ceil(value.toString(16).length / 2))).toString('base64url');
  const d = inverse(exponent, (p - 1n) * (q - 1n));
  const key = {
    kty: 'RSA',
    n: number(p * q),
    e: number(exponent),
    d: number(d),
    p: number(p),
    q: number(q),
    dp: number(d % (p - 1n)),
    dq: number(d % (q - 1n)),
    qi: number(inverse(q, p)),
  };
  return createPrivateKey({ key, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }).toString();
}

export function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return ((x % modulus) + modulus) % modulus;
}

export function pemOf(spki: Uint8Array): string {
  const lines =
    Buffer.from(spki)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN PUBLIC KEY-----\n${lines.join('\n')}\n-----END PUBLIC KEY-----\n`;
}

/** By the name given to each key. */
export function problemsOf(keys: Readonly<Record<string, Uint8Array>>): KeyProblems {
  return drained(weakKeySteps(new Map(Object.entries(keys)), openWeakKeyTools({})));
}

/** Rules by the name given to each key; keys that are well are left out. */
export function rulesFor(keys: Readonly<Record<string, Uint8Array>>): Readonly<Record<string, string[]>> {
  return Object.fromEntries(
    [...problemsOf(keys)].map(([name, problems]) => [name, problems.map(({ rule }) => rule.id)]),
  );
}

/** A program of a few lines, as another judge; what it prints. */
export function python(program: string, input: string): string {
  const ran = spawnSync('python3', ['-c', program], { input, encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`python3 failed: ${ran.stderr}`);
  return ran.stdout.trim();
}
