/**
 * What can be delivered: the credential itself, with its issuers, the trust anchor, the two halves of the key, the key of
 * an SSH authority, a bearer token.
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

/** Whether who reads it can act as the machine. */
export function isSecretContent(what: DeliveryContent): boolean {
  return what === 'privateKey' || what === 'token';
}
