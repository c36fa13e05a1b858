/** Trust bundles of SPIFFE (SPIFFE Trust Domain and Bundle, 4): a JSON Web Key Set of the keys that vouch for a trust domain. */
import type { Hasher } from '../../ports.ts';
import { encodeBase64 } from '../base64.ts';
import { decodeCertificate } from '../certificate.ts';
import { certificateFacts } from '../certifiedKey.ts';
import { decodeJwk } from '../jwk.ts';
import type { VerificationKey } from '../jwt/verifyJwt.ts';
import { jwksText, publicJwk } from '../publicJwk.ts';
import { isJsonObject, readJsonObjectText } from '../uniqueJson.ts';

export interface TrustBundle {
  /** Without `spiffe://`. The document itself does not say it: who fetched the bundle knows whose it is. */
  readonly trustDomain: string;
  /** DER of self-signed CA certificates. */
  readonly x509Authorities: readonly Uint8Array[];
  readonly jwtAuthorities: readonly VerificationKey[];
  /** Grows with each change; readers tell the newer of two by it. */
  readonly sequence?: number;
  /** How often readers should look for a newer one. */
  readonly refreshHintSeconds?: number;
}

export type ReadBundle =
  | { readonly ok: true; readonly bundle: TrustBundle }
  | { readonly ok: false; readonly why: string };

const MOST_KEYS = 1000;
const KEY_TYPES: readonly unknown[] = ['RSA', 'EC', 'OKP'];
const LONGEST = 4 * 1024 * 1024;

/** The document. Certificates and keys that have no JWK are left out; `readTrustBundle` gives back what is written here. */
export function trustBundleText(bundle: TrustBundle, hasher: Hasher): string {
  const x509 = bundle.x509Authorities.flatMap((der) => {
    const spki = decodeCertificate(der, hasher).value?.publicKey?.spki;
    const jwk = spki && publicJwk(spki);
    // X509-SVID 6.1: exactly one certificate in x5c, and no key id.
    return jwk === undefined ? [] : [{ ...jwk, use: 'x509-svid', x5c: [encodeBase64(der)] }];
  });
  const jwt = bundle.jwtAuthorities.flatMap(({ keyId, spki }) => {
    const jwk = publicJwk(spki);
    return jwk === undefined || keyId === undefined ? [] : [{ ...jwk, use: 'jwt-svid', kid: keyId }];
  });
  return jwksText([...x509, ...jwt], {
    ...(bundle.sequence === undefined ? {} : { spiffe_sequence: bundle.sequence }),
    ...(bundle.refreshHintSeconds === undefined ? {} : { spiffe_refresh_hint: bundle.refreshHintSeconds }),
  });
}

/**
 * Entries of another `use` or of a key type that is not known, and those without what their standard wants, are passed
 * over (4.2.2; X509-SVID 6.2; JWT-SVID 6.2). An authority that is there and damaged makes the whole bundle unreadable:
 * half of a bundle would refuse SVIDs that count, and nobody would know why.
 */
export function readTrustBundle(text: string, trustDomain: string, hasher: Hasher): ReadBundle {
  if (text.length > LONGEST) return { ok: false, why: 'it is too large' };
  const read = readJsonObjectText(text);
  if (!read.ok) return read;
  const { keys, spiffe_sequence: sequence, spiffe_refresh_hint: hint } = read.value;
  if (!Array.isArray(keys)) return { ok: false, why: 'it has no list of keys' };
  if (keys.length > MOST_KEYS) return { ok: false, why: `it has more than ${MOST_KEYS} keys` };
  const x509Authorities: Uint8Array[] = [];
  const jwtAuthorities: VerificationKey[] = [];
  for (const [index, key] of keys.entries()) {
    const wrong = (what: string): ReadBundle => ({ ok: false, why: `key ${index + 1} ${what}` });
    if (!isJsonObject(key)) return wrong('is no object');
    if (!KEY_TYPES.includes(key['kty'])) continue;
    const { keyId, publicKey, problem, certificates } = decodeJwk(key);
    const [certificate] = certificates;
    if (key['use'] === 'x509-svid' && certificate !== undefined) {
      if (certificateFacts(certificate, hasher) === undefined)
        return wrong('has no readable certificate (x5c)');
      x509Authorities.push(certificate);
    } else if (key['use'] === 'jwt-svid' && keyId !== undefined && keyId !== '') {
      if (publicKey === undefined) return wrong(`cannot be read: ${problem ?? 'it has no public half'}`);
      jwtAuthorities.push({ keyId, spki: publicKey.spki });
    }
  }
  if (!isCount(sequence) || !isCount(hint))
    return { ok: false, why: 'its spiffe_sequence or spiffe_refresh_hint is no whole number' };
  return {
    ok: true,
    bundle: {
      trustDomain,
      x509Authorities,
      jwtAuthorities,
      ...(sequence === undefined ? {} : { sequence }),
      ...(hint === undefined ? {} : { refreshHintSeconds: hint }),
    },
  };
}

function isCount(value: unknown): value is number | undefined {
  return value === undefined || (Number.isSafeInteger(value) && Number(value) >= 0);
}
