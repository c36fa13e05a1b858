/** Certificates for tests of paths, made when they run. */
import assert from 'node:assert/strict';
import {
  buildIntermediate,
  buildLeaf,
  buildRoot,
} from '../../../server/src/core/credential/build/certificate.ts';
import { parseDistinguishedName } from '../../../server/src/core/credential/build/distinguishedName.ts';
import { keyIdentifierOf } from '../../../server/src/core/credential/build/publicKey.ts';
import type { Signer } from '../../../server/src/core/ports.ts';
import { nodeHasher } from '../../../server/src/platform/crypto/hasher.ts';
import { generateSoftwareKey, softwareSigner } from '../../../server/src/platform/crypto/softwareKeys.ts';

const SIGNAL = new AbortController().signal;
const DAY_MS = 86_400_000;
const validity = () => ({
  notBefore: new Date(Date.now() - DAY_MS),
  notAfter: new Date(Date.now() + 30 * DAY_MS),
});
let serial = 0;
const serialNumber = (): Uint8Array => Uint8Array.of(1, serial >> 8, serial++ & 0xff);

export interface Key {
  readonly spki: Uint8Array;
  readonly signer: Signer;
}

export async function key(): Promise<Key> {
  const { pkcs8, spki } = await generateSoftwareKey('ECDSA-P256');
  return { spki, signer: softwareSigner(pkcs8, 'ECDSA-P256') };
}

function nameOf(text: string) {
  const parsed = parseDistinguishedName(`CN=${text}`);
  assert.ok(parsed.ok);
  return parsed.name;
}

export function root(name: string, { signer }: Key): Promise<Uint8Array> {
  return buildRoot(
    { name: nameOf(name), signer, serialNumber: serialNumber(), validity: validity() },
    nodeHasher,
    SIGNAL,
  );
}

const issuerOf = (name: string, { spki, signer }: Key) => ({
  name: nameOf(name),
  keyIdentifier: keyIdentifierOf(spki, nodeHasher),
  signer,
});

export function authority(name: string, own: Key, issuer: string, issuerKey: Key): Promise<Uint8Array> {
  return buildIntermediate(
    {
      name: nameOf(name),
      spki: own.spki,
      pathLength: 20,
      serialNumber: serialNumber(),
      validity: validity(),
      issuer: issuerOf(issuer, issuerKey),
    },
    nodeHasher,
    SIGNAL,
  );
}

export async function leaf(host: string, issuer: string, issuerKey: Key): Promise<Uint8Array> {
  return buildLeaf(
    {
      names: { dnsNames: [host], ipAddresses: [], uris: [], emailAddresses: [] },
      usages: ['serverAuth'],
      urls: {},
      serialNumber: serialNumber(),
      validity: validity(),
      spki: (await key()).spki,
      keyAlgorithm: 'ECDSA-P256',
      issuer: issuerOf(issuer, issuerKey),
    },
    nodeHasher,
    SIGNAL,
  );
}
