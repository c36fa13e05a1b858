import { endianness } from 'node:os';
import { readPublicKey } from '../../core/credential/build/publicKey.ts';
import { decodeUtf8 } from '../../core/credential/charset.ts';
import { octetString, readDer } from '../../core/credential/der.ts';
import type { KeyAlgorithm } from '../../core/credential/keyAlgorithm.ts';
import { sameOctets } from '../../core/credential/octets.ts';
import { OID } from '../../core/credential/oid.ts';
import { attempt } from '../../core/credential/problem.ts';
import { ecSpkiOf, plainSpki, rsaSpki } from '../../core/credential/spki.ts';
import { algorithmOfCurve } from './algorithms.ts';
import { CKA, CKK, CKO } from './constants.ts';
import type { Driver } from './driver.ts';
import type { FoundObject, Template } from './host/protocol.ts';

/** What is asked of every key object; `CKA_VALUE` and its like are never asked for. */
const ASKED = [
  'label',
  'id',
  'keyType',
  'sign',
  'private',
  'sensitive',
  'extractable',
  'alwaysSensitive',
  'neverExtractable',
  'modulus',
  'publicExponent',
  'ecParams',
  'ecPoint',
  'publicKeyInfo',
] as const;

type Asked = (typeof ASKED)[number];

/** One object of a key pair. A boolean is undefined where the token does not tell. */
export interface KeyObject {
  readonly handle: Uint8Array;
  readonly label: string;
  readonly id: Uint8Array;
  readonly keyType: number | undefined;
  readonly sign: boolean | undefined;
  readonly private: boolean | undefined;
  readonly sensitive: boolean | undefined;
  readonly extractable: boolean | undefined;
  readonly alwaysSensitive: boolean | undefined;
  readonly neverExtractable: boolean | undefined;
  /** DER SubjectPublicKeyInfo, where the object tells enough. */
  readonly spki: Uint8Array | undefined;
}

/** Both halves of a key, as far as they are there, and what they are. */
export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject | undefined;
  readonly algorithm: KeyAlgorithm;
  readonly spki: Uint8Array;
}

export async function findKeyObjects(
  driver: Driver,
  objectClass: keyof typeof CKO,
  template: Template,
  signal: AbortSignal,
): Promise<readonly KeyObject[]> {
  const found = await driver.call(
    'find',
    {
      template: [[CKA.class, CKO[objectClass]], [CKA.token, true], ...template],
      attributes: ASKED.map((name) => CKA[name]),
    },
    signal,
  );
  return found.map(keyObjectOf);
}

/** Private keys with their public halves: of one id or label, or of all. Keys that nothing here can use are left out. */
export function pairsOf(
  privateKeys: readonly KeyObject[],
  publicKeys: readonly KeyObject[],
): readonly KeyPair[] {
  return privateKeys.flatMap((privateKey) => {
    const publicKey = publicKeys.find(
      (each) =>
        each.keyType === privateKey.keyType &&
        sameOctets(each.id, privateKey.id) &&
        each.label === privateKey.label,
    );
    const spki = privateKey.spki ?? publicKey?.spki;
    const key = spki === undefined ? undefined : readPublicKey(spki);
    return key?.ok ? [{ privateKey, publicKey, algorithm: key.algorithm, spki: key.spki }] : [];
  });
}

function keyObjectOf({ handle, attributes }: FoundObject): KeyObject {
  const told = new Map<Asked, Uint8Array | undefined>(
    ASKED.map((name, position) => [name, attributes[position]]),
  );
  const flag = (name: Asked) => booleanOf(told.get(name));
  const keyType = numberOf(told.get('keyType'));
  return {
    handle,
    label: decodeUtf8(told.get('label') ?? new Uint8Array()),
    id: told.get('id') ?? new Uint8Array(),
    keyType,
    sign: flag('sign'),
    private: flag('private'),
    sensitive: flag('sensitive'),
    extractable: flag('extractable'),
    alwaysSensitive: flag('alwaysSensitive'),
    neverExtractable: flag('neverExtractable'),
    spki: spkiOf(keyType, (name) => told.get(name)),
  };
}

function spkiOf(
  keyType: number | undefined,
  told: (name: Asked) => Uint8Array | undefined,
): Uint8Array | undefined {
  const modulus = told('modulus');
  const exponent = told('publicExponent');
  const parameters = told('ecParams');
  const point = told('ecPoint');
  if (keyType === CKK.rsa && modulus?.length && exponent?.length) return rsaSpki(modulus, exponent);
  if (keyType !== undefined && parameters?.length && point?.length)
    return pointSpki(algorithmOfCurve(keyType, parameters), point);
  const info = told('publicKeyInfo');
  return info?.length ? info : undefined;
}

/** A point is wrapped into an OCTET STRING (PKCS#11 2.40, errata 1, 2.3.3); older modules give it bare. */
function pointSpki(algorithm: KeyAlgorithm | undefined, point: Uint8Array): Uint8Array | undefined {
  const read = (octets: Uint8Array): Uint8Array | undefined => {
    switch (algorithm) {
      case 'ECDSA-P256':
        return ecSpkiOf(OID.p256, octets);
      case 'ECDSA-P384':
        return ecSpkiOf(OID.p384, octets);
      case 'ECDSA-P521':
        return ecSpkiOf(OID.p521, octets);
      case 'Ed25519':
        return octets.length === 32 ? plainSpki(OID.ed25519, octets) : undefined;
      default:
        return undefined;
    }
  };
  // A bare point may look like a wrapped one, but then what is inside is no point.
  const inner = attempt([], 'the point', () => octetString(readDer(point), 'the point'));
  return (inner && read(inner)) ?? read(point);
}

function booleanOf(octets: Uint8Array | undefined): boolean | undefined {
  return octets === undefined || octets.length === 0 ? undefined : octets.some((octet) => octet !== 0);
}

/** A CK_ULONG lies there as this machine's C has it. */
function numberOf(octets: Uint8Array | undefined): number | undefined {
  if (octets === undefined || octets.length === 0) return undefined;
  const ordered = endianness() === 'LE' ? [...octets].reverse() : [...octets];
  return ordered.reduce((value, octet) => value * 256 + octet, 0);
}
