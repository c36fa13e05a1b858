/** The backend of the test server, without keys there. `own`: folder of its secrets and ledger that no other project has. */
export function vaultBackend(address: string, own: string): string {
  return `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: vault-prod }
spec:
  type: vault
  owner: { team: platform, contact: platform@example.com }
  address: ${address}
  auth: { method: approle }
  pki: { mount: pki, role: payments }
  kv: { mount: secret, folder: payments/${own} }
  ledger: { mount: secret, folder: idac/payments/${own} }
`;
}

/** The same with keys there, and one certificate of it. */
export function vaultManifest(address: string, own: string, extra = ''): string {
  return `${vaultBackend(address, own)}  transit: {}
${extra}---
apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: api, namespace: payments }
spec:
  owner: { team: payments, contact: payments@fernweh.example }
  consumers: [checkout]
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
