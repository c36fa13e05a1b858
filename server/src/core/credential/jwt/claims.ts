/** The registered claims (RFC 7519, 4.1), by type; what has another type than the RFC's is a problem, never guessed. */
import { formatInstant } from '../../text/instant.ts';
import type { JsonObject } from '../uniqueJson.ts';

export interface RegisteredClaims {
  readonly issuer: string | undefined;
  readonly subject: string | undefined;
  /** Empty when the claim is absent. */
  readonly audience: readonly string[];
  readonly expiresAt: Date | undefined;
  readonly notBefore: Date | undefined;
  readonly issuedAt: Date | undefined;
  readonly tokenId: string | undefined;
}

export type ReadClaims =
  | { readonly ok: true; readonly claims: RegisteredClaims }
  | { readonly ok: false; readonly why: string };

export interface Expected {
  readonly now: Date;
  /** How far the clocks may differ, both ways. */
  readonly leewaySeconds: number;
  readonly issuer?: string;
  readonly subject?: string;
  /** One that has to be among those of the token. */
  readonly audience?: string;
}

export function readClaims(object: JsonObject): ReadClaims {
  const texts = ['iss', 'sub', 'jti'].find((name) => name in object && typeof object[name] !== 'string');
  if (texts !== undefined) return { ok: false, why: `its claim ${texts} is no text` };
  const times = ['exp', 'nbf', 'iat'].find((name) => name in object && timeOf(object[name]) === undefined);
  if (times !== undefined) return { ok: false, why: `its claim ${times} is no time` };
  const audience = audienceOf(object['aud']);
  if (audience === undefined)
    return { ok: false, why: 'its claim aud is neither a text nor a list of texts' };
  return {
    ok: true,
    claims: {
      issuer: textOf(object['iss']),
      subject: textOf(object['sub']),
      audience,
      expiresAt: timeOf(object['exp']),
      notBefore: timeOf(object['nbf']),
      issuedAt: timeOf(object['iat']),
      tokenId: textOf(object['jti']),
    },
  };
}

/**
 * Why a token with these claims does not count; undefined when it does. Its end is exclusive (RFC 7519, 4.1.4: "on or
 * after"). A claim that is expected and absent is a reason; an absent time is none.
 */
export function claimsProblem(claims: RegisteredClaims, expected: Expected): string | undefined {
  const now = expected.now.getTime();
  const leeway = expected.leewaySeconds * 1000;
  const { expiresAt, notBefore, issuedAt } = claims;
  if (expiresAt !== undefined && now >= expiresAt.getTime() + leeway)
    return `it expired at ${formatInstant(expiresAt.toISOString())}`;
  if (notBefore !== undefined && now < notBefore.getTime() - leeway)
    return `it is not valid before ${formatInstant(notBefore.toISOString())}`;
  if (issuedAt !== undefined && now < issuedAt.getTime() - leeway)
    return `it was issued in the future, at ${formatInstant(issuedAt.toISOString())}`;
  if (expected.issuer !== undefined && claims.issuer !== expected.issuer)
    return 'another issuer made it (iss)';
  if (expected.subject !== undefined && claims.subject !== expected.subject)
    return 'it is about another subject (sub)';
  if (expected.audience !== undefined && !claims.audience.includes(expected.audience))
    return 'it is meant for another audience (aud)';
  return undefined;
}

/** The last second of the year 9999: no date of ISO 8601 with four digits lies beyond. */
const LATEST = 253_402_300_799;

/** NumericDate (RFC 7519, 2): seconds, which may have a fraction. */
function timeOf(value: unknown): Date | undefined {
  return typeof value === 'number' && value >= 0 && value <= LATEST ? new Date(value * 1000) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function audienceOf(value: unknown): readonly string[] | undefined {
  if (value === undefined) return [];
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return undefined;
  const texts: readonly unknown[] = value;
  return texts.every((each) => typeof each === 'string') ? texts : undefined;
}
