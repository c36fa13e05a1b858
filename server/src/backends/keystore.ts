import { buildJks } from '../core/credential/build/jks.ts';
import { keystoreContent } from '../core/credential/build/keystore.ts';
import { buildPkcs12 } from '../core/credential/build/pkcs12.ts';
import { decodeCertificate } from '../core/credential/certificate.ts';
import { decodeJks, isJks } from '../core/credential/jks.ts';
import { sameOctets, toHex } from '../core/credential/octets.ts';
import { decodePem } from '../core/credential/pem.ts';
import { decodePkcs12 } from '../core/credential/pkcs12.ts';
import { decodePrivateKey } from '../core/credential/privateKey.ts';
import type { RoundBudget } from '../core/credential/roundBudget.ts';
import type { KeystoreFormat } from '../core/lifecycle/keystorePlace.ts';
import { keystoreTitle } from '../core/lifecycle/keystorePlace.ts';
import type { Clock, Hasher, RandomSource } from '../core/ports.ts';
import { Secret } from '../core/secret.ts';
import { nodeDecryptor } from '../platform/crypto/decryptor.ts';
import { nodeEncryptor } from '../platform/crypto/encryptor.ts';
import type { DeliveredState, Delivery, FileLayout } from './contract.ts';
import { BackendError } from './errors.ts';

type Keystore = NonNullable<FileLayout['keystore']>;

/** A key store with the delivered parts: key and chain under one alias, roots and lone certificates as trusted ones. */
export function layOutKeystore(
  contents: Delivery['contents'],
  { format, alias, password }: Keystore,
  tools: { readonly hasher: Hasher; readonly random: RandomSource; readonly clock: Clock },
): Secret<Uint8Array> {
  if (password === undefined) throw noPassword(format);
  const blocks = (...parts: readonly Delivery['contents'][number]['what'][]) =>
    contents
      .filter(({ what }) => parts.includes(what))
      .flatMap(({ pem }) => decodePem(pem.reveal()).map(({ bytes }) => bytes));
  const certificates = unrepeated(blocks('chain', 'certificate'));
  const [key] = blocks('privateKey');
  const content = keystoreContent(alias, key, certificates, unrepeated(blocks('root')));
  if (key !== undefined && certificates.length === 0) {
    throw new BackendError({
      kind: 'invalid-request',
      what: `a ${keystoreTitle(format)} holds no private key without its certificate`,
      hint: 'add chain to the contents of that delivery',
    });
  }
  const secret = password.reveal();
  return new Secret(
    format === 'jks'
      ? buildJks(content, secret, tools.clock.now(), tools)
      : buildPkcs12(content, secret, { ...tools, encryptor: nodeEncryptor, decryptor: nodeDecryptor }),
  );
}

function unrepeated(ders: readonly Uint8Array[]): readonly Uint8Array[] {
  return ders.filter((der, index) => ders.findIndex((other) => sameOctets(other, der)) === index);
}

function noPassword(format: KeystoreFormat): BackendError {
  return new BackendError({
    kind: 'not-found',
    what: `there is no password for the ${keystoreTitle(format)}`,
    hint: 'name a project file for it in spec.deliverTo[].passwordFile',
  });
}

/** Whether the octets are those of a key store of either form. */
export function isKeystore(content: Secret<Uint8Array>): boolean {
  const bytes = content.reveal();
  return isJks(bytes) || bytes[0] === 0x30;
}

/** Rounds of key derivation that reading may cost: half a second at most, and far more than real files ask for. */
const ROUNDS = 1_000_000;

interface Opened {
  readonly certificates: readonly Uint8Array[];
  readonly key: Uint8Array | undefined;
  readonly hasKey: boolean;
  readonly locked: string | undefined;
}

/** What the key store holds, as far as the password opens it. */
export function readKeystore(
  content: Secret<Uint8Array>,
  password: Secret<string> | undefined,
  hasher: Hasher,
): Omit<DeliveredState, 'version'> {
  const { certificates, key, locked } = open(content.reveal(), password, hasher);
  const spki = key && publicHalf(key);
  const spkiSha256 = spki && toHex(hasher.hash('sha256', spki));
  const read = certificates.map((der) => decodeCertificate(der, hasher).value);
  const credential = read.find((each) => each !== undefined && each.spkiSha256 === spkiSha256) ?? read[0];
  return {
    ...(credential === undefined ? {} : { credentialSha256: credential.fingerprintSha256 }),
    ...(spkiSha256 === undefined ? {} : { privateKeySpkiSha256: spkiSha256 }),
    ...(locked === undefined ? {} : { locked }),
  };
}

/** Whether a private key is in it; that can be seen without the password. */
export function keystoreHoldsKey(content: Secret<Uint8Array>, hasher: Hasher): boolean {
  return open(content.reveal(), undefined, hasher).hasKey;
}

function open(bytes: Uint8Array, password: Secret<string> | undefined, hasher: Hasher): Opened {
  const passwords = password === undefined ? [] : [password.reveal()];
  return isJks(bytes) ? openJks(bytes, passwords, hasher) : openPkcs12(bytes, passwords, hasher);
}

function whyLocked(format: KeystoreFormat, passwords: readonly string[]): string {
  return passwords.length === 0
    ? `a ${keystoreTitle(format)} whose password is not to be had`
    : `a ${keystoreTitle(format)} that its password does not open`;
}

function openJks(bytes: Uint8Array, passwords: readonly string[], hasher: Hasher): Opened {
  const { value, problems } = decodeJks(bytes, passwords, hasher);
  const keys = value.entries.filter((entry) => entry.kind === 'privateKey');
  return {
    certificates: value.entries.flatMap((entry) =>
      entry.kind === 'certificate' ? [entry.der] : entry.chain,
    ),
    key: keys[0]?.der,
    hasKey: keys.length > 0,
    locked:
      value.integrity === 'bad' || keys.some(({ der }) => der === undefined)
        ? whyLocked('jks', passwords)
        : problems.length > 0
          ? 'a damaged Java key store'
          : undefined,
  };
}

function openPkcs12(bytes: Uint8Array, passwords: readonly string[], hasher: Hasher): Opened {
  const budget: RoundBudget = { left: ROUNDS };
  const { value, problems } = decodePkcs12(bytes, passwords, { hasher, decryptor: nodeDecryptor, budget });
  const bags = value?.bags ?? [];
  const keys = bags.filter(({ kind }) => kind === 'privateKey' || kind === 'lockedKey');
  const [key] = bags.flatMap((bag) => (bag.kind === 'privateKey' ? [bag.der] : []));
  const isLocked =
    value?.mac?.state !== 'good' ||
    value.lockedSafes.length > 0 ||
    keys.some(({ kind }) => kind === 'lockedKey');
  return {
    certificates: bags.flatMap((bag) => (bag.kind === 'certificate' ? [bag.der] : [])),
    key,
    hasKey: keys.length > 0,
    locked:
      value === undefined || (problems.length > 0 && !isLocked)
        ? 'no PKCS#12 file, or a damaged one'
        : isLocked
          ? whyLocked('pkcs12', passwords)
          : undefined,
  };
}

/** Computed where the key does not carry it, as Ed25519 keys seldom do. */
function publicHalf(der: Uint8Array): Uint8Array | undefined {
  const key = decodePrivateKey(der).value;
  return key && (key.spki ?? nodeDecryptor.publicKeyOf(key.pkcs8));
}
