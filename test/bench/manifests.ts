/** Believable manifests for measuring: several documents in a file, one mistake in 25 documents. */

export const BACKEND = `apiVersion: identity-as-code/v1
kind: Backend
metadata:
  name: internal-ca
spec:
  type: local
  owner: { team: platform, contact: platform-oncall@fernweh.example }
  authority:
    commonName: Fernweh Freight Internal
    organization: Fernweh Freight
    maximumDuration: 90d
    crl: { path: pki/internal-ca.crl.pem, lifetime: 7d }
`;

/** A mistake stands in every document whose number leaves this rest. */
const MISTAKE_EVERY = 25;
const MISTAKE_AT = 1;
const TEAMS = ['payments', 'tracking', 'depots', 'customs', 'fleet', 'platform'];

export function hasMistake(document: number): boolean {
  return document % MISTAKE_EVERY === MISTAKE_AT;
}

/** 24 lines. The names are the document's own, so that no two manifests of a folder collide. */
function certificate(document: number): string {
  const team = TEAMS[document % TEAMS.length] ?? '';
  const name = `${team}-api-${document}`;
  return `# Serves the ${team} team's interface; the balancer in front trusts internal-ca alone.
apiVersion: identity-as-code/v1
kind: Certificate
metadata:
  name: ${name}
  namespace: ${team}
  labels: { environment: production, exposure: internal }
spec:
  owner:
    team: ${team}
    contact: ${team}-oncall@fernweh.example
  keyPer: machine
  usages:
    - serverAuth
    - clientAuth
  ${hasMistake(document) ? 'dnsName' : 'dnsNames'}: [${name}.fernweh.example, ${name}.internal.fernweh.example]
  ipAddresses: [192.0.2.${document % 250}]
  key: { algorithm: ECDSA-P256 }
  issuer: internal-ca
  duration: 47d
  renewal: { before: 15d }
  deliverTo:
    - { backend: internal-ca, path: "deploy/${name}/server.pem", contents: [chain], mode: "0644" }
    - { backend: internal-ca, path: "deploy/${name}/server.key.pem", contents: [privateKey], mode: "0600" }
  consumers: [balancer, ${team}-web]
`;
}

export function fileOf(first: number, count: number): string {
  return Array.from({ length: count }, (_, index) => certificate(first + index)).join('---\n');
}

/** As many whole documents as fit into so many lines, at least one. */
export function fileOfLines(lines: number): string {
  const each = certificate(0).split('\n').length;
  return fileOf(0, Math.max(1, Math.floor(lines / each)));
}
