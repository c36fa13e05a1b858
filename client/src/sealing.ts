import type { SealedMessage, SealedSecret } from './protocol.ts';

type Clear =
  | { readonly kind: 'key'; readonly keyName: string; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'passphrase'; readonly bytes: Uint8Array<ArrayBuffer> };

/** Length of an uncompressed P-256 point: 0x04, x, y (SEC 1, 2.3.3). */
const POINT_LENGTH = 65;
const INFO = 'idac unlock v1';

/**
 * Seals a secret to one session of the language server (docs/lsp.md, Unlocking), so that what crosses the connection,
 * and what a verbose trace of it shows, opens with nothing but the private key in the server's memory.
 * ECDH on P-256, HKDF-SHA256 (RFC 5869), AES-256-GCM. WebCrypto: the same in Node, in Electron and in a browser.
 */
export async function sealForSession(serverPublicKey: string, clear: Clear): Promise<SealedSecret> {
  const keyName = clear.kind === 'key' ? clear.keyName : '';
  return {
    kind: clear.kind,
    ...(clear.kind === 'key' ? { keyName } : {}),
    ...(await seal(serverPublicKey, `${clear.kind}\n${keyName}`, clear.bytes)),
  };
}

/** The fields of a login, sealed to the one question that asked for them. */
export function sealLogin(
  serverPublicKey: string,
  question: string,
  fields: Readonly<Record<string, string>>,
): Promise<SealedMessage> {
  return seal(serverPublicKey, `login\n${question}`, utf8(JSON.stringify(fields)));
}

/** For one file that is looked at, or for one project in which it is adopted, and for nothing else. */
export function sealFilePassphrase(
  serverPublicKey: string,
  purpose: 'inspect' | 'adopt',
  uri: string,
  passphrase: string,
): Promise<SealedMessage> {
  return seal(serverPublicKey, `${purpose}\n${uri}`, utf8(passphrase));
}

async function seal(
  serverPublicKey: string,
  saying: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<SealedMessage> {
  const serverPoint = fromBase64Url(serverPublicKey);
  if (serverPoint.length !== POINT_LENGTH)
    throw new Error('the language server sent no P-256 key to seal to');
  const { subtle } = globalThis.crypto;
  const curve = { name: 'ECDH', namedCurve: 'P-256' } as const;

  const serverKey = await subtle.importKey('raw', serverPoint, curve, false, []);
  const pair = await subtle.generateKey(curve, false, ['deriveBits']);
  const clientPoint = new Uint8Array(await subtle.exportKey('raw', pair.publicKey));
  const shared = await subtle.deriveBits({ name: 'ECDH', public: serverKey }, pair.privateKey, 256);
  const sealingKey = await subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: concat(serverPoint, clientPoint), info: utf8(INFO) },
    await subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']),
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt'],
  );

  const iv = globalThis.crypto.getRandomValues(new Uint8Array(12));
  const sealed = await subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: utf8(saying) },
    sealingKey,
    bytes,
  );
  return {
    clientPublicKey: toBase64Url(clientPoint),
    iv: toBase64Url(iv),
    sealed: toBase64Url(new Uint8Array(sealed)),
  };
}

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

export function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
    character.charCodeAt(0),
  );
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
