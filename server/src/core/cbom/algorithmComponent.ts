import { OID, PLAIN_KEY_ALGORITHMS, SIGNATURE_ALGORITHMS } from '../credential/oid.ts';
import { parameterSetNamed } from '../credential/postQuantum.ts';
import { algorithmFacts } from '../outlook/algorithmFacts.ts';
import type { AlgorithmProperties, Component, CryptoFunction, Primitive } from './bomTypes.ts';

/** Bits that a collision costs, and the category that NIST gives the same work (FIPS 180-4; call for proposals of 2016, 4.A.5). */
const HASHES: Readonly<Record<string, readonly [bits: number, category: number]>> = {
  MD2: [0, 0],
  MD5: [0, 0],
  SHA1: [0, 0],
  SHA224: [112, 0],
  SHA256: [128, 2],
  SHA384: [192, 4],
  SHA512: [256, 5],
};

const SIGNS: readonly CryptoFunction[] = ['keygen', 'sign', 'verify'];

const OIDS: ReadonlyMap<string, string> = new Map(
  [...SIGNATURE_ALGORITHMS].map(([oid, name]) => [name, oid]),
);

/** An algorithm, and those that it is made of. */
export interface AlgorithmAsset {
  readonly component: Component;
  readonly madeOf: readonly string[];
}

export const algorithmRef = (name: string): string => `algorithm/${name}`;

/** Of a key (`ECDSA-P256`, `ML-DSA-65`), or of a signature (`ECDSA-SHA256`): of that with the digest in it. */
export function algorithmAssets(name: string): readonly AlgorithmAsset[] {
  const digest = /^(RSA|ECDSA|DSA)-(MD2|MD5|SHA\d+)$/.exec(name)?.[2];
  if (digest === undefined) return [asset(name, keyProperties(name), oidOf(name))];
  const properties: AlgorithmProperties = {
    primitive: 'signature',
    parameterSetIdentifier: digest,
    ...(name.startsWith('RSA') ? { padding: 'pkcs1v15' as const } : {}),
    cryptoFunctions: ['sign', 'verify'],
    // Of the digest: what the key adds or takes away is said of the key.
    classicalSecurityLevel: HASHES[digest]?.[0] ?? 0,
    nistQuantumSecurityLevel: 0,
  };
  return [asset(name, properties, oidOf(name), [digest]), hashAsset(digest)];
}

function hashAsset(digest: string): AlgorithmAsset {
  const [classicalSecurityLevel, nistQuantumSecurityLevel] = HASHES[digest] ?? [0, 0];
  return asset(digest, {
    primitive: 'hash',
    parameterSetIdentifier: digest.replace(/^\D+/, ''),
    cryptoFunctions: ['digest'],
    classicalSecurityLevel,
    nistQuantumSecurityLevel,
  });
}

function asset(
  name: string,
  algorithmProperties: AlgorithmProperties,
  oid?: string,
  parts: readonly string[] = [],
): AlgorithmAsset {
  return {
    component: {
      type: 'cryptographic-asset',
      'bom-ref': algorithmRef(name),
      name,
      cryptoProperties: {
        assetType: 'algorithm',
        algorithmProperties,
        ...(oid === undefined ? {} : { oid }),
      },
    },
    madeOf: parts.map(algorithmRef),
  };
}

function keyProperties(name: string): AlgorithmProperties {
  const set = parameterSetNamed(name);
  if (set !== undefined)
    return {
      primitive: set.family === 'ML-KEM' ? 'kem' : 'signature',
      parameterSetIdentifier: name.slice(set.family.length + 1),
      cryptoFunctions: set.family === 'ML-KEM' ? ['keygen', 'encapsulate', 'decapsulate'] : SIGNS,
      nistQuantumSecurityLevel: set.category,
    };
  const { family, parameter, strength, quantum } = algorithmFacts(name);
  const { primitive, cryptoFunctions } = USES[family] ?? { primitive: 'unknown' };
  const isCurve = family === 'ECDSA' || family === 'EdDSA' || family === 'ECDH';
  const curve = isCurve ? (parameter ?? /^ECDSA-(.+)$/.exec(name)?.[1]) : undefined;
  return {
    primitive,
    ...(curve === undefined ? {} : { curve }),
    ...(parameter === null || isCurve ? {} : { parameterSetIdentifier: parameter.replace(' bit', '') }),
    ...(cryptoFunctions === undefined ? {} : { cryptoFunctions }),
    ...(strength === null ? {} : { classicalSecurityLevel: strength }),
    ...(quantum === 'vulnerable' ? { nistQuantumSecurityLevel: 0 } : {}),
  };
}

const USES: Readonly<
  Record<string, { readonly primitive: Primitive; readonly cryptoFunctions?: readonly CryptoFunction[] }>
> = {
  RSA: { primitive: 'pke', cryptoFunctions: [...SIGNS, 'encrypt', 'decrypt'] },
  'RSASSA-PSS': { primitive: 'signature', cryptoFunctions: SIGNS },
  ECDSA: { primitive: 'signature', cryptoFunctions: SIGNS },
  EdDSA: { primitive: 'signature', cryptoFunctions: SIGNS },
  DSA: { primitive: 'signature', cryptoFunctions: SIGNS },
  ECDH: { primitive: 'key-agree', cryptoFunctions: ['keygen', 'keyderive'] },
  DH: { primitive: 'key-agree', cryptoFunctions: ['keygen', 'keyderive'] },
};

function oidOf(name: string): string | undefined {
  if (/^RSA-\d+$/.test(name)) return OID.rsaEncryption;
  if (/^ECDSA-(?!SHA)/.test(name)) return OID.ecPublicKey;
  const plain = [...PLAIN_KEY_ALGORITHMS].find(([, known]) => known === name)?.[0];
  return (
    plain ??
    OIDS.get(name) ??
    /^unknown \(([\d.]+)\)$/.exec(name)?.[1] ??
    (/^\d+(\.\d+)+$/.test(name) ? name : undefined)
  );
}
