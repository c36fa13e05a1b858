/** Which of the fields or values that are known was meant: by other tools' words for it, by its beginning, by spelling. */
import { nearest } from '../text/nearest.ts';

/** What certificate tools, clouds and standards call our fields, in lower case; the first one that is known counts. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  action: ['verb'],
  altnames: ['dnsNames', 'principals'],
  aud: ['audience'],
  authority: ['issuer'],
  backend: ['issuer', 'store', 'registry'],
  ca: ['issuer'],
  cryptoperiod: ['duration'],
  csr: ['publicKey'],
  dnsnames: ['principals'],
  expiry: ['duration'],
  hostnames: ['dnsNames', 'principals'],
  hosts: ['dnsNames', 'principals'],
  id: ['spiffeId'],
  issuer: ['registry', 'store'],
  issuerref: ['issuer'],
  keyalgorithm: ['algorithm'],
  keystore: ['store'],
  keytype: ['algorithm'],
  lifetime: ['duration'],
  maxduration: ['maximumDuration'],
  path: ['file'],
  permissions: ['extensions', 'scopes'],
  pub: ['publicKey'],
  roots: ['anchors'],
  sans: ['dnsNames'],
  sub: ['subject'],
  subjectaltnames: ['dnsNames'],
  targets: ['deliverTo'],
  ttl: ['duration', 'x509SvidTtl'],
  users: ['principals'],
  validity: ['duration'],
};

/** The same for values. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  client: ['user', 'clientAuth'],
  ci: ['pipeline'],
  delete: ['destroy'],
  digitalsignature: ['sign'],
  ec: ['ECDSA-P256'],
  ecdsa: ['ECDSA-P256'],
  'ecdsa-sha2-nistp256': ['ECDSA-P256'],
  'ecdsa-sha2-nistp384': ['ECDSA-P384'],
  'ecdsa-sha2-nistp521': ['ECDSA-P521'],
  eddsa: ['Ed25519'],
  encryption: ['encrypt'],
  es256: ['ECDSA-P256'],
  es384: ['ECDSA-P384'],
  es512: ['ECDSA-P521'],
  fatal: ['error'],
  host: ['server'],
  nistp256: ['ECDSA-P256'],
  'p-256': ['ECDSA-P256'],
  'p-384': ['ECDSA-P384'],
  'p-521': ['ECDSA-P521'],
  p256: ['ECDSA-P256'],
  p384: ['ECDSA-P384'],
  p521: ['ECDSA-P521'],
  phone: ['mobile'],
  pod: ['container'],
  prime256v1: ['ECDSA-P256'],
  retain: ['keep'],
  rsa: ['RSA-3072'],
  secp256r1: ['ECDSA-P256'],
  secp384r1: ['ECDSA-P384'],
  secp521r1: ['ECDSA-P521'],
  server: ['host', 'serverAuth'],
  signature: ['sign'],
  'ssh-ed25519': ['Ed25519'],
  'ssh-rsa': ['RSA-3072'],
};

/** Shorter words begin too many others. */
const SHORTEST_BEGINNING = 4;

export function likelyFields(written: string, known: readonly string[]): readonly string[] {
  return likely(written, known, FIELDS);
}

export function likelyValues(written: string, known: readonly string[]): readonly string[] {
  return likely(written, known, VALUES);
}

function likely(
  written: string,
  known: readonly string[],
  misnomers: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const lower = written.toLowerCase();
  const named = Object.hasOwn(misnomers, lower) ? (misnomers[lower] ?? []) : [];
  const called = named.filter((each) => known.includes(each)).slice(0, 1);
  const near = nearest(written, known);
  const isSameWord = near[0]?.toLowerCase() === lower;
  return [...new Set(isSameWord ? [...near, ...called] : [...called, ...begun(lower, known), ...near])];
}

/** The only one that begins so, or whose beginning it is: `permit-X11` for `permit-X11-forwarding`. */
function begun(lower: string, known: readonly string[]): readonly string[] {
  const fitting = known.filter((each) => {
    const other = each.toLowerCase();
    return (
      Math.min(lower.length, other.length) >= SHORTEST_BEGINNING &&
      (other.startsWith(lower) || lower.startsWith(other))
    );
  });
  return fitting.length === 1 ? fitting : [];
}
