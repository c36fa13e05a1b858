/** How a client seals a secret to one session. Written from docs/lsp.md, not from the server's code. */
import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import type { LspClient } from '../support/lspClient.ts';

export interface SealedMessage {
  readonly clientPublicKey: string;
  readonly iv: string;
  readonly sealed: string;
}

/** The server's point, from its answer to `initialize`. */
export function sealingPoint({ initialized }: LspClient): Buffer {
  const { capabilities } = initialized as {
    capabilities: { experimental: { sealing: { publicKey: string } } };
  };
  return Buffer.from(capabilities.experimental.sealing.publicKey, 'base64url');
}

export function sealTo(to: Buffer, additionalData: string, secret: Uint8Array): SealedMessage {
  const ecdh = createECDH('prime256v1');
  const point = ecdh.generateKeys();
  const key = hkdfSync('sha256', ecdh.computeSecret(to), Buffer.concat([to, point]), 'idac unlock v1', 32);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', new Uint8Array(key), iv);
  cipher.setAAD(Buffer.from(additionalData));
  const sealed = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  return {
    clientPublicKey: point.toString('base64url'),
    iv: iv.toString('base64url'),
    sealed: sealed.toString('base64url'),
  };
}
