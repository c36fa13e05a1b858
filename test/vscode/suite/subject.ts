/** The identity of the samples that lives its whole life in these tests. */
export const SUBJECT = {
  manifest: 'tracking/tracking.identity.yaml',
  namespace: 'tracking',
  name: 'tracking-web',
} as const;

/** The samples' mistake on purpose: a machine that does not exist. */
export const MISTAKE = {
  manifest: 'depots/gates.identity.yaml',
  wrong: 'gate-leipzg',
  right: 'gate-leipzig',
} as const;

/** Its manifest keeps the former certificate in use for a day, so that a rotation has to wait. */
export const WAITING = {
  manifest: 'payments/ledger.identity.yaml',
  namespace: 'payments',
  name: 'ledger-db',
} as const;

/** Its authority publishes to a file of its own, which another product may take away. */
export const STUCK = {
  manifest: 'platform/build.identity.yaml',
  identity: 'Certificate/platform/firmware-signing',
  name: 'firmware-signing',
  list: 'pki/code-signing.crl.pem',
} as const;
