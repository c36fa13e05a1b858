/** What is wrong with a JSON Web Token, whoever is to take it (RFC 7519, RFC 8725). It is read more widely than `readJwt` does. */
import type { Decryptor, HashName } from '../../ports.ts';
import type { RuleMeta } from '../../rules/rule.ts';
import { plural } from '../../text/instant.ts';
import { decodeBase64Url } from '../base64url.ts';
import { encodeUtf8 } from '../charset.ts';
import { credentialDamaged } from '../findings/credentialDamaged.ts';
import { tokenAudience } from '../findings/tokenAudience.ts';
import { tokenGuessable } from '../findings/tokenGuessable.ts';
import { tokenHeader } from '../findings/tokenHeader.ts';
import { tokenNoEnd } from '../findings/tokenNoEnd.ts';
import { tokenUnsigned } from '../findings/tokenUnsigned.ts';
import { sameOctets } from '../octets.ts';
import { type JsonObject, readJsonObject } from '../uniqueJson.ts';
import { type RegisteredClaims, readClaims } from './claims.ts';

export interface JwtFinding {
  readonly meta: RuleMeta;
  readonly message: string;
}

export interface LintedJwt {
  readonly algorithm: string | undefined;
  readonly keyId: string | undefined;
  readonly type: string | undefined;
  readonly claims: RegisteredClaims | undefined;
  /** Names alone: what they say may be about a person. */
  readonly claimNames: readonly string[];
  readonly findings: readonly JwtFinding[];
}

/** Longer than any that fits into a header of HTTP. */
export const LONGEST_JWT = 65_536;
const LONGEST_DAYS = 30;
const DAY_MS = 86_400_000;

/** Undefined: it is none. `{"` in base64url begins with `ey`. */
export function lintJwt(text: string, tools: Pick<Decryptor, 'hmac'>): LintedJwt | undefined {
  if (text.length > LONGEST_JWT || !/^ey[\w-]+\.[\w-]*\.[\w-]*$/.test(text)) return undefined;
  const [head = '', body = '', tail = ''] = text.split('.');
  const header = objectIn(head);
  if (typeof header === 'string' || !('alg' in header.value || 'typ' in header.value)) return undefined;
  const read = objectIn(body);
  const claims = typeof read === 'string' ? undefined : readClaims(read.value);
  const damage = typeof read === 'string' ? read : claims?.ok === false ? claims.why : header.why;
  const registered = claims?.ok === true ? claims.claims : undefined;
  const { alg, kid, typ } = header.value;
  const signature = decodeBase64Url(tail);
  return {
    algorithm: textOf(alg),
    keyId: textOf(kid),
    type: textOf(typ),
    claims: registered,
    claimNames: typeof read === 'string' ? [] : Object.keys(read.value).slice(0, 100),
    findings: [
      ...(damage === undefined ? [] : [{ meta: credentialDamaged, message: `the token: ${damage}` }]),
      ...signatureFindings(textOf(alg), `${head}.${body}`, signature, tools),
      ...headerFindings(header.value),
      ...(registered === undefined ? [] : claimFindings(registered)),
    ],
  };
}

/** The object, with what is wrong with it all the same; or why there is none. */
function objectIn(part: string): { readonly value: JsonObject; readonly why: string | undefined } | string {
  const octets = decodeBase64Url(part);
  if (octets === undefined) return 'a part of it is no base64url';
  const read = readJsonObject(octets);
  return read.ok ? { value: read.value, why: undefined } : `a part of it cannot be read: ${read.why}`;
}

const HMAC_HASHES: Readonly<Record<string, HashName>> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };
/** Of documentation, of tutorials, and of whoever was in a hurry. */
const KNOWN_SECRETS = [
  ...['secret', 'your-256-bit-secret', 'your-384-bit-secret', 'your-512-bit-secret', 'your-secret-key'],
  ...[
    'a-string-secret-at-least-256-bits-long',
    'secretkey',
    'secret_key',
    'jwt_secret',
    'jwtsecret',
    'supersecret',
  ],
  ...['password', 'changeme', 'changeit', 'test', 'key', 'admin', 'qwerty', '123456', 'shhhhh', 'dev', ''],
];

function signatureFindings(
  algorithm: string | undefined,
  signed: string,
  signature: Uint8Array | undefined,
  { hmac }: Pick<Decryptor, 'hmac'>,
): readonly JwtFinding[] {
  if (signature === undefined) return [{ meta: credentialDamaged, message: 'the signature is no base64url' }];
  if (algorithm === undefined)
    return [{ meta: tokenUnsigned, message: 'its header names no algorithm ("alg")' }];
  if (algorithm.toLowerCase() === 'none')
    return [{ meta: tokenUnsigned, message: 'its algorithm is "none": nobody signed it' }];
  if (signature.length === 0)
    return [{ meta: tokenUnsigned, message: 'there is nothing where its signature should be' }];
  const hash = HMAC_HASHES[algorithm];
  if (hash === undefined) return [];
  const data = encodeUtf8(signed);
  return KNOWN_SECRETS.some((secret) => sameOctets(hmac(hash, encodeUtf8(secret), data), signature))
    ? [
        {
          meta: tokenGuessable,
          message: `it is signed (${algorithm}) with a secret of documentation and tutorials`,
        },
      ]
    : [];
}

const BROUGHT_ALONG = ['jwk', 'jku', 'x5u', 'x5c'];

function headerFindings(header: JsonObject): readonly JwtFinding[] {
  const brought = BROUGHT_ALONG.filter((member) => member in header);
  return brought.length === 0
    ? []
    : [
        {
          meta: tokenHeader,
          message: `its header brings along with what to check it: ${brought.map((each) => `"${each}"`).join(', ')}`,
        },
      ];
}

function claimFindings(claims: RegisteredClaims): readonly JwtFinding[] {
  const { issuer, audience, expiresAt, notBefore, issuedAt } = claims;
  const missing = [
    ...(audience.length === 0 ? ['for whom it is ("aud")'] : []),
    ...(issuer === undefined ? ['by whom ("iss")'] : []),
  ];
  const begin = issuedAt ?? notBefore;
  return [
    ...(missing.length === 0
      ? []
      : [{ meta: tokenAudience, message: `it does not say ${missing.join(' and ')}` }]),
    ...endFindings(expiresAt, begin),
  ];
}

function endFindings(end: Date | undefined, begin: Date | undefined): readonly JwtFinding[] {
  if (end === undefined) return [{ meta: tokenNoEnd, message: 'it has no end ("exp")' }];
  if (begin === undefined) return [];
  const days = Math.floor((end.getTime() - begin.getTime()) / DAY_MS);
  if (days < 0) return [{ meta: credentialDamaged, message: 'the token: it ends before it begins' }];
  return days <= LONGEST_DAYS
    ? []
    : [
        {
          meta: tokenNoEnd,
          message: `it counts for ${plural(days, 'day')}; ${LONGEST_DAYS} are much for a token`,
        },
      ];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
