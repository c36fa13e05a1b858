/** What can be delivered: the leaf, the leaf with its issuers, the trust anchor, the private key. */
export const DELIVERY_CONTENTS = ['certificate', 'chain', 'root', 'privateKey'] as const;
export type DeliveryContent = (typeof DELIVERY_CONTENTS)[number];
