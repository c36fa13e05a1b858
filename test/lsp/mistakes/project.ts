/** What the manifests with mistakes refer to: one project, without any finding of its own. */
export const PROJECT: Readonly<Record<string, string>> = {
  '.gitignore': '*.key.pem\n*.token\nid_*\n!*.pub\n',
  'web.identity.yaml': '# nothing declared here\n',
  'ca.identity.yaml': `apiVersion: identity-as-code/v1
kind: Backend
metadata:
  name: local-ca
spec:
  type: local
  owner: { team: platform, contact: platform@example.com }
  authority:
    commonName: Test Internal
    maximumDuration: 90d
    crl: { path: pki/ca.crl.pem, lifetime: 7d }
  workloads: { trustDomain: example.com }
`,
  'machines.identity.yaml': `apiVersion: identity-as-code/v1
kind: Machine
metadata: { name: web-1, namespace: shop }
spec:
  type: vm
  network: { location: berlin/dmz, addresses: [192.0.2.11] }
  provider: own data centre
  owner: { team: shop, contact: shop@example.com }
  users: [shop]
---
apiVersion: identity-as-code/v1
kind: Machine
metadata: { name: web-2, namespace: shop }
spec:
  type: vm
  network: { location: berlin/dmz, addresses: [192.0.2.12] }
  provider: own data centre
  owner: { team: shop, contact: shop@example.com }
  users: [shop]
`,
  'node.identity.yaml': `apiVersion: identity-as-code/v1
kind: Workload
metadata: { name: node-1, namespace: shop }
spec:
  owner: { team: shop, contact: shop@example.com }
  registry: local-ca
  spiffeId: spiffe://example.com/node/berlin-1
  selectors: ["unix:uid:900"]
`,
  'trust.identity.yaml': `apiVersion: identity-as-code/v1
kind: TrustBundle
metadata: { name: corporate }
spec:
  owner: { team: platform, contact: platform@example.com }
  purpose: tls
  anchors:
    - { backend: local-ca }
`,
  'billing.identity.yaml': `apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: billing, namespace: shop }
spec:
  owner: { team: shop, contact: shop@example.com }
  usages: [clientAuth]
  dnsNames: [billing.example.com]
  issuer: local-ca
  duration: 47d
  deliverTo:
    - { backend: local-ca, path: tls/billing.pem, contents: [chain] }
    - { backend: local-ca, path: tls/billing.key.pem, contents: [privateKey] }
`,
};
