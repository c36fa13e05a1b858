/** Manifests of a project with an identity of every kind, all on one embedded backend. */

function resource(kind: string, name: string, spec: string): string {
  return `apiVersion: identity-as-code/v1
kind: ${kind}
metadata: { name: ${name} }
spec:
  owner: { team: shop, contact: shop@example.com }
${spec}`;
}

const backend = resource(
  'Backend',
  'lab',
  `  type: local
  ssh:
    krl: { path: ssh/revoked.krl }
    publish: { userAuthorities: ssh/user_ca.pub, hostAuthorities: ssh/known_hosts, hostPatterns: ["*.example.com"] }
  tokens: { publish: { jwks: tokens/jwks.json, revoked: tokens/revoked.json } }
  workloads: { trustDomain: example.org, publish: { bundle: spiffe/bundle.json } }
`,
);
const machine = (name: string) => resource('Machine', name, '  type: server\n');

/** By file. What is delivered below `secret/` is ignored by git. */
export const EVERY_KIND: Readonly<Record<string, string>> = {
  '.gitignore': 'secret/\n',
  'lab.identity.yaml': [backend, machine('db-1'), machine('db-2')].join('---\n'),
  'key.identity.yaml': resource(
    'Key',
    'signing',
    `  store: lab
  algorithm: ECDSA-P256
  duration: 365d
  deliverTo:
    - { backend: lab, path: keys/signing.pem, contents: [publicKey] }
`,
  ),
  'ssh-key.identity.yaml': resource(
    'SshKey',
    'deploy',
    `  key: { algorithm: Ed25519 }
  issuer: lab
  duration: 180d
  deliverTo:
    - { backend: lab, path: secret/deploy, contents: [privateKey] }
    - { backend: lab, path: ssh/deploy.pub, contents: [publicKey] }
`,
  ),
  'machine-key.identity.yaml': resource(
    'SshKey',
    'own',
    `  key: { origin: machine, publicKey: ssh/own.pub }
  issuer: lab
  duration: 180d
`,
  ),
  'ssh-user.identity.yaml': resource(
    'SshCertificate',
    'ops',
    `  type: user
  principals: [ops, "ops@{machine}"]
  machines: [db-1, db-2]
  extensions: [permit-pty]
  criticalOptions: { source-address: [10.0.0.0/8] }
  key: { algorithm: Ed25519 }
  issuer: lab
  duration: 7d
  deliverTo:
    - { backend: lab, path: "secret/{machine}/id", contents: [privateKey] }
    - { backend: lab, path: "ssh/{machine}/id-cert.pub", contents: [certificate] }
`,
  ),
  'ssh-host.identity.yaml': resource(
    'SshCertificate',
    'host',
    `  type: host
  principals: [db.example.com]
  machines: [db-1, db-2]
  keyPer: identity
  keyPerReason: the pair fails over
  key: { algorithm: ECDSA-P256, origin: store, store: lab, rotationPolicy: Never }
  issuer: lab
  duration: 30d
  deliverTo:
    - { backend: lab, path: ssh/host-cert.pub, contents: [certificate] }
`,
  ),
  'token.identity.yaml': resource(
    'Token',
    'api',
    `  issuer: lab
  audience: [https://api.example.com]
  scopes: [read]
  machines: [db-1, db-2]
  duration: 30d
  deliverTo:
    - { backend: lab, path: "secret/{machine}/api.token", contents: [token] }
`,
  ),
  'opaque.identity.yaml': resource(
    'Token',
    'opaque',
    `  issuer: lab
  format: opaque
  audience: [https://queue.example.com]
  duration: 30d
  renewal: { before: 43199m, overlap: 1d }
  deliverTo:
    - { backend: lab, path: secret/opaque.token, contents: [token] }
`,
  ),
  'workload.identity.yaml': resource(
    'Workload',
    'front',
    `  registry: lab
  spiffeId: spiffe://example.org/front
  selectors: ["unix:uid:1000"]
`,
  ),
};
