/** JSON Web Keys and key sets (RFC 7517, RFC 7518, RFC 8037). */
import { decodeBase64 } from './base64.ts';
import { coordinateSize } from './ecPoint.ts';
import { concat } from './octets.ts';
import { OID } from './oid.ts';
import { ecSpkiOf, type PublicKeyFacts, plainSpki, publicKeyFacts, rsaSpki } from './spki.ts';

export interface DecodedJwk {
  readonly keyId: string | undefined;
  readonly use: string | undefined;
  readonly private: boolean;
  /** `oct`: a shared secret, which has no public half. */
  readonly symmetric: boolean;
  readonly publicKey: PublicKeyFacts | undefined;
  /** DER certificates of `x5c`. */
  readonly certificates: readonly Uint8Array[];
  readonly problem: string | undefined;
}

export type Json = Readonly<Record<string, unknown>>;

const EC_CURVES: ReadonlyMap<string, string> = new Map([
  ['P-256', OID.p256],
  ['P-384', OID.p384],
  ['P-521', OID.p521],
  ['secp256k1', OID.secp256k1],
]);
const OKP_CURVES: ReadonlyMap<string, { readonly oid: string; readonly size: number }> = new Map([
  ['Ed25519', { oid: OID.ed25519, size: 32 }],
  ['Ed448', { oid: OID.ed448, size: 57 }],
  ['X25519', { oid: OID.x25519, size: 32 }],
  ['X448', { oid: OID.x448, size: 56 }],
]);
const MAX_KEYS = 10_000;

/** One key where it stands. */
export interface JwkInText {
  readonly key: DecodedJwk;
  /** Its members, secret ones, too. */
  readonly json: Json;
  /** Offsets in the text. */
  readonly start: number;
  readonly end: number;
}

/** The keys of a JWK or JWKS; undefined for JSON that is neither, and for text that is no JSON. */
export function decodeJwks(text: string): readonly JwkInText[] | undefined {
  const start = text.trimStart();
  if (!start.startsWith('{') || !start.includes('"kty"')) return undefined;
  const value = parse(text);
  if (!isObject(value)) return undefined;
  const whole = { start: text.length - start.length, end: text.trimEnd().length };
  if (typeof value['kty'] === 'string') return [{ key: decodeJwk(value), json: value, ...whole }];
  const keys = value['keys'];
  if (!Array.isArray(keys)) return undefined;
  const places = elementsOf(text, 'keys');
  const left = keys.length - MAX_KEYS;
  const unread = damaged(`the set has ${left} more, and ${MAX_KEYS} are read`);
  const read = keys.slice(0, MAX_KEYS).map((key: unknown, at) => ({
    key: isObject(key) ? decodeJwk(key) : damaged('a key of the set is no object'),
    json: isObject(key) ? key : {},
    ...(places[at] ?? whole),
  }));
  return left > 0 ? [...read, { key: unread, json: {}, ...whole }] : read;
}

/**
 * Where the elements of an array stand that is a member of the outermost object. The text was parsed before: strings, braces,
 * brackets and commas are all there is to follow. Of a member that is named twice the last one counts, as for `JSON.parse`.
 */
function elementsOf(
  text: string,
  member: string,
): readonly { readonly start: number; readonly end: number }[] {
  let found: { start: number; end: number }[] = [];
  let depth = 0;
  let name = '';
  let begin = -1;
  for (const { 0: sign, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],]|[^\s"{}[\],:]+/g)) {
    if (sign === '}' || sign === ']' || sign === ',') {
      if (depth === 2 && begin >= 0 && sign !== '}') {
        found.push({ start: begin, end: text.slice(0, index).trimEnd().length });
        begin = -1;
      }
      if (sign !== ',') depth -= 1;
      if (depth === 1 && sign === ']') name = '';
      continue;
    }
    if (depth === 1 && sign === '[' && name === member) found = [];
    if (depth === 1 && sign.startsWith('"')) name = nameOf(sign);
    if (depth === 2 && name === member && begin < 0) begin = index;
    if (sign === '{' || sign === '[') depth += 1;
  }
  return found;
}

function nameOf(literal: string): string {
  const name = parse(literal);
  return typeof name === 'string' ? name : '';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One key of a set that was parsed elsewhere. */
export function decodeJwk(key: Json): DecodedJwk {
  const symmetric = key['kty'] === 'oct';
  const publicKey = symmetric ? undefined : publicKeyOf(key);
  return {
    keyId: textOf(key, 'kid'),
    use: textOf(key, 'use'),
    private: symmetric ? 'k' in key : 'd' in key,
    symmetric,
    publicKey: typeof publicKey === 'string' ? undefined : publicKey,
    certificates: certificatesOf(key),
    problem: typeof publicKey === 'string' ? publicKey : undefined,
  };
}

function damaged(problem: string): DecodedJwk {
  const nothing = { keyId: undefined, use: undefined, publicKey: undefined, certificates: [] };
  return { ...nothing, private: false, symmetric: false, problem };
}

/** The key, or why there is none. */
function publicKeyOf(key: Json): PublicKeyFacts | string {
  const spki = spkiOf(key);
  if (typeof spki === 'string') return spki;
  return publicKeyFacts(spki) ?? 'the numbers are no key';
}

function spkiOf(key: Json): Uint8Array | string {
  const curve = textOf(key, 'crv') ?? '';
  switch (key['kty']) {
    case 'RSA': {
      const [n, e] = [octetsOf(key, 'n'), octetsOf(key, 'e')];
      return n === undefined || e === undefined
        ? 'the members "n" and "e" have to be base64url'
        : rsaSpki(n, e);
    }
    case 'EC': {
      const oid = EC_CURVES.get(curve);
      const size = oid === undefined ? undefined : coordinateSize(oid);
      if (oid === undefined || size === undefined) return 'the curve "crv" is not known';
      const [x, y] = [octetsOf(key, 'x'), octetsOf(key, 'y')];
      // RFC 7518, 6.2.1.2: coordinates have the full length of the curve.
      if (x?.length !== size || y?.length !== size)
        return `"x" and "y" have to be ${size} octets in base64url`;
      return ecSpkiOf(oid, concat(Uint8Array.of(4), x, y)) ?? '"x" and "y" are no point of the curve';
    }
    case 'OKP': {
      const known = OKP_CURVES.get(curve);
      if (known === undefined) return 'the curve "crv" is not known';
      const x = octetsOf(key, 'x');
      return x?.length === known.size
        ? plainSpki(known.oid, x)
        : `"x" has to be ${known.size} octets in base64url`;
    }
    default:
      return 'the key type "kty" is not known';
  }
}

function certificatesOf(key: Json): readonly Uint8Array[] {
  const chain = key['x5c'];
  if (!Array.isArray(chain)) return [];
  return chain.slice(0, 100).flatMap((each: unknown) => {
    const decoded = typeof each === 'string' ? decodeBase64(each) : undefined;
    return decoded?.ok ? [decoded.bytes] : [new Uint8Array()];
  });
}

function textOf(key: Json, member: string): string | undefined {
  const value = key[member];
  return typeof value === 'string' ? value : undefined;
}

function octetsOf(key: Json, member: string): Uint8Array | undefined {
  const text = textOf(key, member);
  const decoded = text === undefined ? undefined : decodeBase64(text);
  return decoded?.ok && decoded.bytes.length > 0 ? decoded.bytes : undefined;
}
