import { toHex } from '../../core/credential/octets.ts';
import { decodePem } from '../../core/credential/pem.ts';
import { decodePrivateKey } from '../../core/credential/privateKey.ts';
import type { Hasher } from '../../core/ports.ts';
import { Secret } from '../../core/secret.ts';
import type { DeliveredState, Delivery } from '../contract.ts';

/** PEM blocks in the manifest's order, each ended by a line end. */
export function layOut(contents: Delivery['contents']): Secret<Uint8Array> {
  const text = contents
    .map(({ pem }) => pem.reveal())
    .map((pem) => (pem.endsWith('\n') ? pem : `${pem}\n`))
    .join('');
  return new Secret<Uint8Array>(new TextEncoder().encode(text));
}

/** What stands in delivered PEM, read back rather than remembered. */
export function readBack(content: Secret<Uint8Array>, hasher: Hasher): Omit<DeliveredState, 'version'> {
  const blocks = decodePem(new TextDecoder().decode(content.reveal()));
  const certificate = blocks.find(({ label, problem }) => label === 'CERTIFICATE' && problem === undefined);
  const key = blocks.find(({ label, problem }) => isPrivateKey(label) && problem === undefined);
  const spki = key && decodePrivateKey(key.bytes).value?.spki;
  return {
    ...(certificate && { credentialSha256: toHex(hasher.hash('sha256', certificate.bytes)) }),
    ...(spki && { privateKeySpkiSha256: toHex(hasher.hash('sha256', spki)) }),
  };
}

export function holdsPrivateKey(content: Secret<Uint8Array>): boolean {
  return decodePem(new TextDecoder().decode(content.reveal())).some(({ label }) => isPrivateKey(label));
}

function isPrivateKey(label: string): boolean {
  return label.endsWith('PRIVATE KEY');
}
