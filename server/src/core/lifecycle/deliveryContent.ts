/**
 * What can be delivered. Of a certificate: the leaf, the leaf with its issuers, the trust anchor. Of an SSH certificate:
 * the certificate, the key of its authority. Of keys: the public and the private half. And a token.
 */
export const DELIVERY_CONTENTS = [
  'certificate',
  'chain',
  'root',
  'privateKey',
  'publicKey',
  'authority',
  'token',
] as const;
export type DeliveryContent = (typeof DELIVERY_CONTENTS)[number];

/** Whoever reads it can act as the identity. */
export function isSecretContent(what: DeliveryContent): boolean {
  return what === 'privateKey' || what === 'token';
}
