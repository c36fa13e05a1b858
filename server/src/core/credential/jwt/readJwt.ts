/** JSON Web Tokens in compact form (RFC 7519; RFC 7515, 7.1), read strictly and judged by nobody yet. */
import { decodeBase64Url } from '../base64url.ts';
import { encodeUtf8 } from '../charset.ts';
import { type JsonObject, readJsonObject } from '../uniqueJson.ts';

export interface Jwt {
  readonly header: JsonObject;
  readonly algorithm: string;
  readonly keyId: string | undefined;
  /** `typ`, as it stands there. */
  readonly type: string | undefined;
  readonly claims: JsonObject;
  /** What the signature is over. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

export type ReadJwt = { readonly ok: true; readonly jwt: Jwt } | { readonly ok: false; readonly why: string };

/** Longer than any that fits into a header of HTTP. */
const LONGEST = 65_536;

/**
 * Refuses what must not be processed: other forms than three parts of base64url, member names that come twice, a token
 * without a signature (`alg: none`), extensions that have to be understood (`crit`: we know none, RFC 7515, 4.1.11).
 */
export function readJwt(text: string): ReadJwt {
  if (text.length > LONGEST) return no(`it is longer than ${LONGEST} characters`);
  const [first, second, third, ...more] = text.split('.', 4);
  if (first === undefined || second === undefined || third === undefined || more.length > 0)
    return no('it has not three parts with a dot between');
  const [headerOctets, claimOctets, signature] = [first, second, third].map(decodeBase64Url);
  if (headerOctets === undefined || claimOctets === undefined || signature === undefined)
    return no('a part of it is no base64url');
  const header = readJsonObject(headerOctets);
  if (!header.ok) return no(`its header cannot be read: ${header.why}`);
  const wrong = headerProblem(header.value);
  if (wrong !== undefined) return no(wrong);
  const algorithm = textOf(header.value, 'alg') ?? '';
  // RFC 8725, 3.1: whatever its spelling, a token that nobody signed is none.
  if (algorithm.toLowerCase() === 'none' || signature.length === 0) return no('it is not signed');
  const claims = readJsonObject(claimOctets);
  if (!claims.ok) return no(`its claims cannot be read: ${claims.why}`);
  return {
    ok: true,
    jwt: {
      header: header.value,
      algorithm,
      keyId: textOf(header.value, 'kid'),
      type: textOf(header.value, 'typ'),
      claims: claims.value,
      signed: encodeUtf8(`${first}.${second}`),
      signature,
    },
  };
}

function headerProblem(header: JsonObject): string | undefined {
  if ('crit' in header) return 'it has extensions that have to be understood, and none is known here (crit)';
  if (typeof header['alg'] !== 'string' || header['alg'] === '') return 'its header names no algorithm (alg)';
  const odd = ['kid', 'typ'].find((name) => name in header && typeof header[name] !== 'string');
  return odd === undefined ? undefined : `the member ${odd} of its header is no text`;
}

function textOf(object: JsonObject, member: string): string | undefined {
  const value = object[member];
  return typeof value === 'string' ? value : undefined;
}

function no(why: string): ReadJwt {
  return { ok: false, why };
}
