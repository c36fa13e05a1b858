/** Tokens that tests put together while they run, so that none stands in the repository. */
import { Buffer } from 'node:buffer';
import { constants, createPublicKey, verify } from 'node:crypto';
import { buildJwt } from '../../../server/src/core/credential/jwt/buildJwt.ts';
import { type Jwt, readJwt } from '../../../server/src/core/credential/jwt/readJwt.ts';
import type { KeyAlgorithm } from '../../../server/src/core/credential/keyAlgorithm.ts';
import type { Signer } from '../../../server/src/core/ports.ts';
import { generateSoftwareKey, softwareSigner } from '../../../server/src/platform/crypto/softwareKeys.ts';

export const SIGNAL = new AbortController().signal;

export function base64url(content: Uint8Array | string): string {
  return Buffer.from(content).toString('base64url');
}

/** Any header and claims, as objects or as raw JSON, with any signature. */
export function compact(header: object | string, claims: object | string, signature: Uint8Array): string {
  const text = (part: object | string): string => (typeof part === 'string' ? part : JSON.stringify(part));
  return [base64url(text(header)), base64url(text(claims)), base64url(signature)].join('.');
}

export async function newSigner(algorithm: KeyAlgorithm = 'ECDSA-P256'): Promise<Signer> {
  const { pkcs8 } = await generateSoftwareKey(algorithm);
  return softwareSigner(pkcs8, algorithm);
}

/** Header and claims as they are, signed by the key: for headers that `buildJwt` would not write. */
export async function signed(header: object, claims: object, signer: Signer): Promise<string> {
  const token = await buildJwt({ keyId: 'k', claims: {} }, signer, SIGNAL);
  const input = [header, claims].map((part) => base64url(JSON.stringify(part))).join('.');
  const signature = await signer.sign(new TextEncoder().encode(input), SIGNAL);
  const isEcdsa = signer.algorithm.startsWith('ECDSA');
  return `${input}.${base64url(isEcdsa ? rawOf(signature, (token.split('.')[2]?.length ?? 0) * 0.75) : signature)}`;
}

/** DER to r || s by another way than the one under test: OpenSSL's DER has minimal integers. */
function rawOf(der: Uint8Array, length: number): Uint8Array {
  const size = Math.floor(length / 2);
  let at = (der[1] ?? 0) > 0x80 ? 3 : 2;
  const halves = [0, 1].map(() => {
    const octets = Buffer.from(der.subarray(at + 2, at + 2 + (der[at + 1] ?? 0)));
    at += 2 + (der[at + 1] ?? 0);
    const hex = octets
      .toString('hex')
      .replace(/^00/, '')
      .padStart(size * 2, '0');
    return Buffer.from(hex, 'hex');
  });
  return Buffer.concat(halves);
}

export function read(token: string): Jwt {
  const result = readJwt(token);
  if (!result.ok) throw new Error(result.why);
  return result.jwt;
}

/** Node's own judgement from a JWK alone: a library's way, not ours. */
export function nodeVerifies(token: string, jwk: object): boolean {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const key = createPublicKey({ key: { ...jwk } as never, format: 'jwk' });
  const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { alg: string };
  const data = Buffer.from(`${header}.${claims}`);
  const octets = Buffer.from(signature, 'base64url');
  const hash = alg === 'EdDSA' ? null : `sha${alg.slice(2)}`;
  const padding = alg.startsWith('PS')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(alg.slice(2)) / 8 }
    : {};
  return verify(hash, data, { key, dsaEncoding: 'ieee-p1363', ...padding }, octets);
}
