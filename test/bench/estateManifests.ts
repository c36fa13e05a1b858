/** The manifests of a believable estate: teams with services on machines, all kinds of identities, a few mistakes. */

const TEAMS = [
  'payments',
  'tracking',
  'depots',
  'customs',
  'fleet',
  'platform',
  'security',
  'apps',
  'billing',
  'data',
  'partners',
  'warehouse',
  'routing',
  'pricing',
  'support',
  'mobile',
  'research',
  'archive',
  'legal',
  'people',
] as const;
const SERVICES = ['gateway', 'ledger', 'scanner', 'planner', 'broker', 'portal', 'relay', 'index'] as const;

/** So many identities follow each other before the pattern comes again; one team has them. */
export const BLOCK = 20;
/** One mistake in as many blocks. */
const BLOCKS_PER_MISTAKE = 5;

/** The places in a block whose identities were issued when it is that many of a hundred. */
export function isIssued(number: number, percent: number): boolean {
  const place = number % BLOCK;
  // Certificates and tokens: what has records of every size.
  const order = [0, 1, 2, 3, 4, 14, 5, 6, 7, 8, 9, 10, 15, 16];
  return order.indexOf(place) !== -1 && order.indexOf(place) < Math.round((percent * BLOCK) / 100);
}

export function teamOf(number: number): string {
  return TEAMS[Math.floor(number / BLOCK) % TEAMS.length] ?? TEAMS[0];
}

const machineOf = (number: number, which = 0): string =>
  `${teamOf(number)}-vm-${Math.floor(number / BLOCK)}${which === 0 ? '' : `-${which}`}`;

const owner = (team: string): string => `owner: { team: ${team}, contact: ${team}-oncall@fernweh.example }`;

/** Backends, project and policies: what all of them name. */
export const ESTATE_FILES: Readonly<Record<string, string>> = {
  'project.identity.yaml': `apiVersion: identity-as-code/v1
kind: Project
metadata:
  name: fernweh-estate
spec:
  defaults:
    owner: { team: platform, contact: platform-oncall@fernweh.example }
    keyAlgorithm: ECDSA-P256
    duration: 47d
    renewal: { before: 15d }
`,
  ...Object.fromEntries(
    TEAMS.slice(0, 8).map((team) => [
      `backends/${team}-ca.identity.yaml`,
      `apiVersion: identity-as-code/v1
kind: Backend
metadata:
  name: ${team}-ca
spec:
  type: local
  ${owner(team)}
  authority:
    commonName: Fernweh Freight ${team}
    organization: Fernweh Freight
    maximumDuration: 90d
    crl: { path: pki/${team}-ca.crl.pem, lifetime: 7d }
  ssh: { maximumDuration: 90d, defaultDuration: 7d }
  tokens: { issuer: https://tokens.${team}.fernweh.example, maximumDuration: 90d, defaultDuration: 7d }
`,
    ]),
  ),
  'backends/workload-registry.identity.yaml': `apiVersion: identity-as-code/v1
kind: Backend
metadata:
  name: workload-registry
spec:
  type: local
  ${owner('platform')}
  authority: { commonName: Fernweh Freight Workloads, organization: Fernweh Freight, maximumDuration: 7d }
  workloads: { trustDomain: fernweh.example }
`,
  'policies/external-tls.identity.yaml': `apiVersion: identity-as-code/v1
kind: Policy
metadata:
  name: external-tls
spec:
  selector:
    matchLabels: { exposure: external }
    matchKinds: [Certificate]
  rules:
    certificate/renewal-due: { severity: error }
`,
};

/** Machines that the identities of so many blocks name. */
export function machineFile(firstBlock: number, blocks: number): string {
  return Array.from({ length: blocks }, (_, each) => {
    const number = (firstBlock + each) * BLOCK;
    const team = teamOf(number);
    return [0, 1].map(
      (which) => `apiVersion: identity-as-code/v1
kind: Machine
metadata:
  name: ${machineOf(number, which)}
  namespace: ${team}
spec:
  type: vm
  network: { location: leipzig/rack-${(firstBlock + each) % 40}, addresses: [${machineOf(number, which)}.fernweh.example] }
  provider: own data centre
  ${owner(team)}
  users: [${team}]
`,
    );
  })
    .flat()
    .join('---\n');
}

export interface Declared {
  readonly kind: string;
  readonly name: string;
  readonly text: string;
}

/** One identity of the estate. The same number gives the same text. */
export function declare(number: number): Declared {
  const team = teamOf(number);
  const place = number % BLOCK;
  const service = SERVICES[number % SERVICES.length] ?? SERVICES[0];
  const name = `${service}-${number}`;
  const head = (kind: string, exposure = 'internal'): string => `apiVersion: identity-as-code/v1
kind: ${kind}
metadata:
  name: ${name}
  namespace: ${team}
  labels: { environment: ${number % 3 === 0 ? 'staging' : 'production'}, exposure: ${exposure}, criticality: ${['high', 'medium', 'low'][number % 3] ?? 'low'} }
spec:
  ${owner(team)}
`;
  const ca = `${TEAMS[Math.floor(number / BLOCK) % 8] ?? TEAMS[0]}-ca`;
  const tail = `  consumers: [${service}-web, balancer]\n`;
  const on = (machines: string): string => `  machines: [${machines}]\n`;
  const files = (folder: string, ...contents: string[]): string =>
    `  deliverTo:\n${contents
      .map(
        (content) =>
          `    - { backend: ${ca}, path: "${folder}/{machine}/${name}.${content}", contents: [${content}] }\n`,
      )
      .join('')}`;
  const declared = (kind: string, text: string): Declared => ({ kind, name, text });

  if (place < 11) {
    const isWrong = place === 7 && Math.floor(number / BLOCK) % BLOCKS_PER_MISTAKE === 0;
    const machines = place === 1 ? `${machineOf(number)}, ${machineOf(number, 1)}` : machineOf(number);
    return declared(
      'Certificate',
      `# Serves the ${team} team's ${service}; what calls it trusts ${ca} alone.
${head('Certificate', place % 4 === 0 ? 'external' : 'internal')}${on(machines)}  usages: [serverAuth, clientAuth]
  ${isWrong ? 'dnsName' : 'dnsNames'}: [${name}.fernweh.example, ${name}.internal.fernweh.example]
  key: { algorithm: ECDSA-P256 }
  issuer: ${ca}
  duration: 47d
  renewal: { before: 15d }
${files('deploy', 'chain', 'privateKey')}${tail}`,
    );
  }
  if (place < 13)
    return declared(
      'SshCertificate',
      `${head('SshCertificate')}${on(machineOf(number))}  type: host
  principals: [${machineOf(number)}.fernweh.example]
  key: { algorithm: Ed25519 }
  issuer: ${ca}
  duration: 60d
  renewal: { before: 20d }
${files('ssh', 'certificate', 'privateKey')}${tail}`,
    );
  if (place < 14)
    return declared(
      'SshKey',
      `${head('SshKey')}${on(machineOf(number))}  usage: user
  key: { algorithm: Ed25519 }
  issuer: ${ca}
  duration: 180d
  renewal: { before: 30d }
${files('ssh', 'publicKey', 'privateKey')}${tail}`,
    );
  if (place < 17)
    return declared(
      'Token',
      `${head('Token', 'external')}${on(machineOf(number))}  issuer: ${ca}
  subject: ${name}
  audience: [https://${service}.fernweh.example]
  scopes: [${service}:read, ${service}:write]
  duration: 7d
  renewal: { before: 3d }
${files('tokens', 'token')}${tail}`,
    );
  if (place < 19)
    return declared(
      'Key',
      `${head('Key')}${on(machineOf(number))}  store: ${ca}
  algorithm: ECDSA-P256
  usages: [sign, verify]
  duration: 180d
  renewal: { before: 30d, overlap: 7d }
${files('keys', 'publicKey')}${tail}`,
    );
  return declared(
    'Workload',
    `${head('Workload')}  registry: workload-registry
  spiffeId: spiffe://fernweh.example/${team}/${name}
  selectors: ["k8s:ns:${team}", "k8s:sa:${name}"]
${tail}`,
  );
}
