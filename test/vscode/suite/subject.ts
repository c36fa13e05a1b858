/** The identity of the samples that lives its whole life in these tests. */
export const SUBJECT = {
  manifest: 'services/checkout/checkout.identity.yaml',
  namespace: 'shop',
  name: 'checkout',
} as const;
