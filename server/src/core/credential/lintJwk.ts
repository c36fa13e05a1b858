/** What is wrong with a JSON Web Key, alone and among the others of its set (RFC 7517, RFC 7518, RFC 8725). */
import type { Hasher } from '../ports.ts';
import type { RuleMeta } from '../rules/rule.ts';
import { decodeBase64 } from './base64.ts';
import { jwkKeyId } from './findings/jwkKeyId.ts';
import { jwkPrivateInSet } from './findings/jwkPrivateInSet.ts';
import { jwkUse } from './findings/jwkUse.ts';
import { keyMismatch } from './findings/keyMismatch.ts';
import { keyWeak } from './findings/keyWeak.ts';
import type { DecodedJwk, JwkInText } from './jwk.ts';
import { sameOctets } from './octets.ts';

export interface JwkFinding {
  readonly meta: RuleMeta;
  readonly message: string;
}

/** Of each key of a set, or of the one that stands alone. */
export function lintJwks(set: readonly JwkInText[], hasher: Hasher): readonly (readonly JwkFinding[])[] {
  const isPublished = set.some(({ key }) => !key.private && key.problem === undefined);
  const names = new Map<string, number>();
  for (const { json } of set) {
    const name = nameOf(json);
    if (name !== undefined) names.set(name, (names.get(name) ?? 0) + 1);
  }
  return set.map(({ key, json }) => {
    if (key.problem !== undefined) return [];
    const { kty, crv, alg, use, key_ops: operations } = json;
    return [
      ...(set.length < 2 ? [] : setFindings(key, names.get(nameOf(json) ?? ''), isPublished)),
      ...algorithmFindings(alg, kty, crv, use),
      ...useFindings(use, operations, crv),
      ...secretFindings(json['k'], alg),
      ...thumbprintFindings(key, json, hasher),
    ];
  });
}

/** RFC 7517, 4.5: keys of different types may be alternatives of one name. */
function nameOf({ kid, kty }: JwkInText['json']): string | undefined {
  return typeof kid === 'string' && kid !== '' ? JSON.stringify([kid, kty]) : undefined;
}

/** `sameName`: how many have the name of this one; undefined: it has none. */
function setFindings(
  key: DecodedJwk,
  sameName: number | undefined,
  isPublished: boolean,
): readonly JwkFinding[] {
  return [
    ...(key.private && isPublished
      ? [{ meta: jwkPrivateInSet, message: 'this key is private, and others of the set are public' }]
      : []),
    ...(sameName === undefined
      ? [{ meta: jwkKeyId, message: 'it has no "kid", so nobody can say which key of the set is meant' }]
      : sameName > 1
        ? [{ meta: jwkKeyId, message: 'another key of the set has the same "kid"' }]
        : []),
  ];
}

interface Scheme {
  readonly kty: string;
  readonly curves?: readonly string[];
  readonly use: 'sig' | 'enc';
}

const RSA_SIGNING: Scheme = { kty: 'RSA', use: 'sig' };
const HMAC: Scheme = { kty: 'oct', use: 'sig' };
const AGREEMENT = ['P-256', 'P-384', 'P-521', 'X25519', 'X448'];
const SCHEMES: ReadonlyMap<string, readonly Scheme[]> = new Map([
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'].map((alg) => [alg, [RSA_SIGNING]] as const),
  ...['HS256', 'HS384', 'HS512'].map((alg) => [alg, [HMAC]] as const),
  ['ES256', [{ kty: 'EC', curves: ['P-256'], use: 'sig' }]],
  ['ES384', [{ kty: 'EC', curves: ['P-384'], use: 'sig' }]],
  ['ES512', [{ kty: 'EC', curves: ['P-521'], use: 'sig' }]],
  ['ES256K', [{ kty: 'EC', curves: ['secp256k1'], use: 'sig' }]],
  ['EdDSA', [{ kty: 'OKP', curves: ['Ed25519', 'Ed448'], use: 'sig' }]],
  ['Ed25519', [{ kty: 'OKP', curves: ['Ed25519'], use: 'sig' }]],
  ['Ed448', [{ kty: 'OKP', curves: ['Ed448'], use: 'sig' }]],
  ...['RSA1_5', 'RSA-OAEP', 'RSA-OAEP-256', 'RSA-OAEP-384', 'RSA-OAEP-512'].map(
    (alg) => [alg, [{ kty: 'RSA', use: 'enc' }]] as const,
  ),
  ...['ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A192KW', 'ECDH-ES+A256KW'].map(
    (alg) =>
      [
        alg,
        [
          { kty: 'EC', curves: AGREEMENT, use: 'enc' },
          { kty: 'OKP', curves: AGREEMENT, use: 'enc' },
        ],
      ] as const,
  ),
] as readonly (readonly [string, readonly Scheme[]])[]);

function algorithmFindings(alg: unknown, kty: unknown, crv: unknown, use: unknown): readonly JwkFinding[] {
  if (alg === undefined) return [];
  if (typeof alg !== 'string') return [{ meta: jwkUse, message: '"alg" is no text' }];
  if (alg.toLowerCase() === 'none') return [{ meta: jwkUse, message: '"alg" is "none", which no key has' }];
  const schemes = SCHEMES.get(alg);
  // An algorithm of somebody's own, or of content encryption: nothing follows.
  if (schemes === undefined) return [];
  const fitting = schemes.find(
    (scheme) => scheme.kty === kty && (scheme.curves === undefined || scheme.curves.includes(String(crv))),
  );
  if (fitting === undefined)
    return [{ meta: jwkUse, message: `"alg" is ${alg}, which a key of this type or curve cannot do` }];
  return use !== undefined && use !== fitting.use && (use === 'sig' || use === 'enc')
    ? [{ meta: jwkUse, message: `"alg" is ${alg}, and "use" says "${use}"` }]
    : [];
}

const SIGNING_OPERATIONS = ['sign', 'verify'];
const OTHER_OPERATIONS = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey', 'deriveKey', 'deriveBits'];

function useFindings(use: unknown, operations: unknown, crv: unknown): readonly JwkFinding[] {
  const meta = jwkUse;
  const found: JwkFinding[] = [];
  if (crv === 'X25519' || crv === 'X448') {
    if (use === 'sig') found.push({ meta, message: `a key of ${crv} signs nothing, and "use" says "sig"` });
  } else if ((crv === 'Ed25519' || crv === 'Ed448') && use === 'enc')
    found.push({ meta, message: `a key of ${crv} is for signing alone, and "use" says "enc"` });
  if (operations === undefined) return found;
  if (!Array.isArray(operations) || operations.some((each) => typeof each !== 'string'))
    return [...found, { meta, message: '"key_ops" is no list of texts' }];
  if (new Set(operations).size < operations.length)
    found.push({ meta, message: '"key_ops" names an operation twice' });
  const signs = operations.some((each) => SIGNING_OPERATIONS.includes(each));
  const does = operations.some((each) => OTHER_OPERATIONS.includes(each));
  if ((use === 'sig' && does) || (use === 'enc' && signs))
    found.push({ meta, message: `"use" says "${use}", and "key_ops" allows something else` });
  else if (use === undefined && signs && does)
    found.push({ meta, message: '"key_ops" allows to sign and to encrypt with one key' });
  return found;
}

const HMAC_OCTETS: Readonly<Record<string, number>> = { HS256: 32, HS384: 48, HS512: 64 };

function secretFindings(k: unknown, alg: unknown): readonly JwkFinding[] {
  if (typeof k !== 'string') return [];
  const decoded = decodeBase64(k);
  const least = HMAC_OCTETS[String(alg)];
  if (!decoded.ok || least === undefined || decoded.bytes.length >= least) return [];
  const message = `the shared secret has ${decoded.bytes.length * 8} bits, and ${alg} wants ${least * 8} at least (RFC 7518, 3.2)`;
  return [{ meta: keyWeak, message }];
}

/** RFC 7517, 4.8 and 4.9. */
function thumbprintFindings(
  { certificates }: DecodedJwk,
  json: JwkInText['json'],
  hasher: Hasher,
): readonly JwkFinding[] {
  const [leaf] = certificates;
  if (leaf === undefined) return [];
  return (['x5t#S256', 'x5t'] as const).flatMap((member) => {
    const text = json[member];
    if (typeof text !== 'string') return [];
    const decoded = decodeBase64(text);
    const digest = hasher.hash(member === 'x5t' ? 'sha1' : 'sha256', leaf);
    return decoded.ok && sameOctets(decoded.bytes, digest)
      ? []
      : [{ meta: keyMismatch, message: `"${member}" is not the digest of the first certificate of "x5c"` }];
  });
}
