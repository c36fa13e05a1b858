/** A backend of the test server, and one certificate of it. `ledger`: each project has one of its own. */
export function vaultManifest(address: string, ledger: string, extra = ''): string {
  return `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: vault-prod }
spec:
  type: vault
  owner: { team: platform, contact: platform@example.com }
  address: ${address}
  auth: { method: approle }
  pki: { mount: pki, role: payments }
  transit: {}
  kv: { mount: secret, folder: payments/${ledger} }
  ledger: { mount: secret, folder: idac/payments/${ledger} }
${extra}---
apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: api, namespace: payments }
spec:
  owner: { team: payments, contact: payments@example.com }
  dnsNames: [api.example.com]
  usages: [serverAuth]
  key: { algorithm: ECDSA-P256, origin: store, store: vault-prod }
  issuer: vault-prod
  duration: 20d
  deliverTo:
    - { backend: vault-prod, path: tls/api, contents: [chain] }
`;
}

/** The same certificate with its key in a token of PKCS#11, which this machine knows as the module `under-test`. */
export function hsmManifest(address: string, ledger: string, label: string): string {
  return `${vaultManifest(address, ledger).replace('store: vault-prod', 'store: hsm')}---
apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: hsm }
spec:
  type: pkcs11
  owner: { team: platform, contact: platform@example.com }
  module: under-test
  token: { label: ${label} }
`;
}
