/**
 * Secrets cross the connection sealed to this session, so that a trace of it shows nothing: ECDH on P-256 → HKDF-SHA256
 * (RFC 5869) → AES-256-GCM. The protocol is in docs/lsp.md; the client has its own few lines of it.
 */
import { createDecipheriv, createECDH, hkdfSync } from 'node:crypto';
import { Secret } from '../core/secret.ts';

const CURVE = 'prime256v1';
const POINT_LENGTH = 65;
const IV_LENGTH = 12;
const TAG_LENGTH = 16;
const INFO = 'idac unlock v1';

/** As it crosses the connection; all base64url. */
export interface SealedMessage {
  readonly clientPublicKey: string;
  readonly iv: string;
  readonly sealed: string;
}

export interface Sealing {
  /** Raw uncompressed point, base64url. */
  readonly publicKey: string;
  /** Undefined when it was not sealed to this session, or was changed on the way. */
  open(message: SealedMessage, additionalData: string): Secret<Uint8Array> | undefined;
}

/** A key pair for one session; its private half exists in this process alone. */
export function openSealing(): Sealing {
  const ecdh = createECDH(CURVE);
  const ownPoint = ecdh.generateKeys();
  return {
    publicKey: ownPoint.toString('base64url'),
    open(message, additionalData) {
      const theirPoint = Buffer.from(message.clientPublicKey, 'base64url');
      const iv = Buffer.from(message.iv, 'base64url');
      const sealed = Buffer.from(message.sealed, 'base64url');
      if (theirPoint.length !== POINT_LENGTH || iv.length !== IV_LENGTH || sealed.length < TAG_LENGTH)
        return undefined;
      try {
        const shared = ecdh.computeSecret(theirPoint);
        const key = hkdfSync('sha256', shared, Buffer.concat([ownPoint, theirPoint]), INFO, 32);
        const decipher = createDecipheriv('aes-256-gcm', new Uint8Array(key), iv, {
          authTagLength: TAG_LENGTH,
        });
        decipher.setAAD(Buffer.from(additionalData, 'utf8'));
        decipher.setAuthTag(sealed.subarray(sealed.length - TAG_LENGTH));
        const clear = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_LENGTH)), decipher.final()]);
        return new Secret(new Uint8Array(clear));
      } catch {
        // A point that is not on the curve, or a tag that does not fit: both mean that it is not for us.
        return undefined;
      }
    },
  };
}
