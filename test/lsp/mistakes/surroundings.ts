import type { Theme } from './mistake.ts';

export const machine: Theme = {
  name: 'Machine',
  manifest: `apiVersion: identity-as-code/v1
kind: Machine
metadata:
  name: web-3
  namespace: shop
spec:
  type: server
  network:
    location: berlin/dmz
    addresses: [192.0.2.13]
  provider: own data centre
  owner: { team: shop, contact: shop@example.com }
  users: [shop]
`,
  mistakes: [
    {
      what: 'a choice with a letter missing',
      was: 'type: server',
      is: 'type: «sever»',
      rule: 'manifest/not-allowed',
      says: ['sever', 'server'],
    },
    {
      what: 'a choice in capitals',
      was: 'type: server',
      is: 'type: «VM»',
      rule: 'manifest/not-allowed',
      says: ['VM', 'vm'],
      right: 'type: vm',
    },
    {
      what: 'a choice that is none',
      was: 'type: server',
      is: 'type: «mainframe»',
      rule: 'manifest/not-allowed',
      says: ['mainframe', 'server'],
      right: null,
    },
    {
      what: 'the type is missing',
      was: ['spec:', '  type: server\n'],
      is: ['«spec»:', ''],
      rule: 'manifest/missing-field',
      says: ['type'],
      right: null,
    },
    {
      what: 'a field with a letter missing',
      was: 'addresses:',
      is: '«adresses»:',
      rule: 'manifest/unknown-field',
      says: ['adresses', 'addresses'],
    },
    {
      what: 'the network as text',
      was: '\n    location: berlin/dmz\n    addresses: [192.0.2.13]',
      is: ' «berlin/dmz»',
      rule: 'manifest/wrong-type',
      says: ['network', 'location'],
      right: '\n    location: berlin/dmz',
    },
    {
      what: 'an address out of range',
      was: '192.0.2.13',
      is: '«192.0.2.999»',
      rule: 'manifest/bad-ip-address',
      says: ['192.0.2.999'],
      right: null,
    },
    {
      what: 'an address with a port',
      was: '192.0.2.13',
      is: '«"192.0.2.13:22"»',
      rule: 'manifest/bad-ip-address',
      says: ['22', '192.0.2.13'],
    },
    {
      what: 'users as text',
      was: '[shop]',
      is: '«shop»',
      rule: 'manifest/wrong-type',
      says: ['users', 'list'],
    },
    {
      what: 'an identity of another manifest',
      was: 'name: web-3',
      is: 'name: «web-1»',
      rule: 'reference/duplicate-identity',
      says: ['web-1'],
      right: null,
    },
    {
      what: 'a bare machine',
      was: [
        'name: web-3',
        '\n  network:\n    location: berlin/dmz\n    addresses: [192.0.2.13]\n  provider: own data centre\n  owner: { team: shop, contact: shop@example.com }\n  users: [shop]',
      ],
      is: ['name: «web-3»', ''],
      rule: 'machine/undocumented',
      says: ['network', 'provider', 'owner'],
      right: null,
    },
  ],
};

export const backend: Theme = {
  name: 'Backend',
  manifest: `apiVersion: identity-as-code/v1
kind: Backend
metadata:
  name: edge-ca
spec:
  type: local
  owner: { team: platform, contact: platform@example.com }
  authority:
    commonName: Edge
    keyAlgorithm: ECDSA-P384
    maximumDuration: 90d
    crl: { path: pki/edge.crl.pem, lifetime: 7d, url: "http://pki.example.com/edge.crl" }
  ssh:
    publish: { userAuthorities: ssh/user_ca.pub, hostPatterns: ["*.example.com"] }
  tokens: { issuer: "https://tokens.example.com" }
  workloads: { trustDomain: edge.example.com }
`,
  mistakes: [
    {
      what: 'a type with a letter missing',
      was: 'type: local',
      is: 'type: «locl»',
      rule: 'manifest/not-allowed',
      says: ['locl', 'local'],
    },
    {
      what: 'a type that is not there',
      was: 'type: local',
      is: 'type: «mainframe»',
      rule: 'manifest/not-allowed',
      says: ['mainframe', 'local'],
      right: null,
    },
    {
      what: 'a field of the type misspelt',
      was: 'authority:',
      is: '«autority»:',
      rule: 'manifest/unknown-field',
      says: ['autority', 'authority'],
    },
    {
      what: 'a field deep inside misspelt',
      was: 'lifetime: 7d',
      is: '«lifetme»: 7d',
      rule: 'manifest/unknown-field',
      says: ['lifetme', 'lifetime'],
    },
    {
      what: 'a namespace where there is none',
      was: '  name: edge-ca\n',
      is: '  name: edge-ca\n  «namespace»: shop\n',
      rule: 'manifest/unknown-field',
      says: ['namespace', 'Backend'],
    },
    {
      what: 'a duration in words',
      was: '90d',
      is: '«90 days»',
      rule: 'manifest/bad-duration',
      says: ['90 days', '90d'],
    },
    {
      what: 'weeks in words',
      was: 'lifetime: 7d',
      is: 'lifetime: «1 week»',
      rule: 'manifest/bad-duration',
      says: ['1 week', '1w'],
      right: 'lifetime: 1w',
    },
    {
      what: 'half an algorithm',
      was: 'ECDSA-P384',
      is: '«ECDSA»',
      rule: 'manifest/not-allowed',
      says: ['ECDSA', 'ECDSA-P256'],
      right: 'ECDSA-P256',
    },
    {
      what: 'a list as text',
      was: '["*.example.com"]',
      is: '«"*.example.com"»',
      rule: 'manifest/wrong-type',
      says: ['hostPatterns', 'list'],
    },
    {
      what: 'a URL without scheme',
      was: '"http://pki.example.com/edge.crl"',
      is: '«pki.example.com/edge.crl»',
      rule: 'manifest/bad-value',
      says: ['http'],
      right: null,
    },
    {
      what: 'a trust domain with its scheme',
      was: 'edge.example.com',
      is: '«"spiffe://edge.example.com"»',
      rule: 'manifest/bad-spiffe-id',
      says: ['spiffe://', 'edge.example.com'],
    },
    {
      what: 'a path out of the project',
      was: 'pki/edge.crl.pem',
      is: '«/etc/pki/edge.crl.pem»',
      rule: 'path/outside-project',
      says: ['project'],
      right: null,
    },
    {
      what: 'the type is missing',
      was: [
        'spec:',
        '  type: local\n',
        '  authority:\n    commonName: Edge\n    keyAlgorithm: ECDSA-P384\n    maximumDuration: 90d\n    crl: { path: pki/edge.crl.pem, lifetime: 7d, url: "http://pki.example.com/edge.crl" }\n  ssh:\n    publish: { userAuthorities: ssh/user_ca.pub, hostPatterns: ["*.example.com"] }\n  tokens: { issuer: "https://tokens.example.com" }\n  workloads: { trustDomain: edge.example.com }\n',
      ],
      is: ['«spec»:', '', ''],
      rule: 'manifest/missing-field',
      says: ['type'],
      right: null,
    },
  ],
};

export const policy: Theme = {
  name: 'Policy',
  manifest: `apiVersion: identity-as-code/v1
kind: Policy
metadata:
  name: production
spec:
  selector:
    matchLabels: { environment: production }
    matchExpressions:
      - { key: exposure, operator: In, values: [external] }
    matchKinds: [Certificate]
  rules:
    key/shared: { severity: error }
  customRules:
    - { id: owner-on-call, expression: "identity.spec.owner.contact != ''", message: name who is on call, severity: warning }
`,
  mistakes: [
    {
      what: 'a severity with a letter too much',
      was: 'severity: error',
      is: 'severity: «errors»',
      rule: 'manifest/not-allowed',
      says: ['errors', 'error'],
    },
    {
      what: 'a severity by half its name',
      was: 'severity: warning',
      is: 'severity: «warn»',
      rule: 'manifest/not-allowed',
      says: ['warn', 'warning'],
    },
    {
      what: 'a severity that is none',
      was: 'severity: error',
      is: 'severity: «critical»',
      rule: 'manifest/not-allowed',
      says: ['critical', 'error', 'warning', 'info'],
      right: null,
    },
    {
      what: 'letters swapped',
      was: 'matchLabels:',
      is: '«matchLables»:',
      rule: 'manifest/unknown-field',
      says: ['matchLables', 'matchLabels'],
    },
    {
      what: 'an operator in lower case',
      was: 'operator: In',
      is: 'operator: «in»',
      rule: 'manifest/not-allowed',
      says: ['In'],
    },
    {
      what: 'an operator that is none',
      was: 'operator: In',
      is: 'operator: «Equals»',
      rule: 'manifest/not-allowed',
      says: ['Equals', 'NotIn'],
      right: null,
    },
    {
      what: 'a kind in the plural',
      was: '[Certificate]',
      is: '[«Certificates»]',
      rule: 'manifest/not-allowed',
      says: ['Certificates', 'Certificate'],
    },
    {
      what: 'a label that is a number',
      was: '{ environment: production }',
      is: '{ environment: «1» }',
      rule: 'manifest/wrong-type',
      says: ['environment', 'quotes'],
      right: '{ environment: "1" }',
    },
    {
      what: 'values as text',
      was: '[external]',
      is: '«external»',
      rule: 'manifest/wrong-type',
      says: ['values', 'list'],
    },
    {
      what: 'half a name of a field',
      was: 'expression:',
      is: '«expr»:',
      rule: 'manifest/unknown-field',
      says: ['expr', 'expression'],
    },
    {
      what: 'an id in words',
      was: 'id: owner-on-call',
      is: 'id: «Owner On Call»',
      rule: 'manifest/bad-name',
      says: ['Owner On Call', 'owner-on-call'],
    },
    {
      what: 'a message is missing',
      was: ['id: owner-on-call', ' message: name who is on call,'],
      is: ['«id»: owner-on-call', ''],
      rule: 'manifest/missing-field',
      says: ['message'],
      right: null,
    },
    {
      what: 'a rule that is misspelt',
      was: 'key/shared:',
      is: '«key/share»:',
      rule: 'reference/unknown-rule',
      says: ['key/share', 'key/shared'],
    },
  ],
};

export const playbook: Theme = {
  name: 'Playbook',
  manifest: `apiVersion: identity-as-code/v1
kind: Playbook
metadata:
  name: leaked-key
spec:
  owner: { team: security, contact: security@example.com }
  trigger: { rules: [key/readable-by-others], manual: true }
  scope: { backends: [local-ca], identities: [Certificate/shop/billing] }
  steps:
    - { name: contain, verb: revoke, reason: keyCompromise }
    - { name: replace, verb: issue, description: Tell the duty officer. }
`,
  mistakes: [
    {
      what: 'a verb with a letter missing',
      was: 'verb: revoke',
      is: 'verb: «revok»',
      rule: 'manifest/not-allowed',
      says: ['revok', 'revoke'],
    },
    {
      what: 'a verb that is none',
      was: 'verb: issue',
      is: 'verb: «notify»',
      rule: 'manifest/not-allowed',
      says: ['notify', 'issue'],
      right: null,
    },
    {
      what: 'a reason in another form',
      was: 'keyCompromise',
      is: '«key-compromise»',
      rule: 'manifest/not-allowed',
      says: ['key-compromise', 'keyCompromise'],
    },
    {
      what: 'a reason in another tense',
      was: 'keyCompromise',
      is: '«keyCompromised»',
      rule: 'manifest/not-allowed',
      says: ['keyCompromised', 'keyCompromise'],
    },
    {
      what: 'yes for true',
      was: 'manual: true',
      is: 'manual: «yes»',
      rule: 'manifest/wrong-type',
      says: ['manual', 'true'],
    },
    {
      what: 'true in quotes',
      was: 'manual: true',
      is: 'manual: «"true"»',
      rule: 'manifest/wrong-type',
      says: ['manual', 'true'],
    },
    {
      what: 'a field in the singular',
      was: 'steps:',
      is: '«step»:',
      rule: 'manifest/unknown-field',
      says: ['step', 'steps'],
    },
    {
      what: 'another word for a verb',
      was: 'verb: revoke',
      is: '«action»: revoke',
      rule: 'manifest/unknown-field',
      says: ['action', 'verb'],
    },
    {
      what: 'an identity misspelt',
      was: 'Certificate/shop/billing',
      is: '«Certificate/shop/biling»',
      rule: 'reference/missing',
      says: ['biling', 'billing'],
    },
    {
      what: 'an identity of a kind that is none',
      was: 'Certificate/shop/billing',
      is: '«Cert/shop/billing»',
      rule: 'manifest/bad-name',
      says: ['Cert', 'Certificate'],
    },
    {
      what: 'a backend misspelt',
      was: '[local-ca]',
      is: '[«lokal-ca»]',
      rule: 'reference/missing',
      says: ['lokal-ca', 'local-ca'],
    },
    {
      what: 'a rule misspelt',
      was: 'key/readable-by-others',
      is: '«key/readable-by-other»',
      rule: 'reference/unknown-rule',
      says: ['key/readable-by-other', 'key/readable-by-others'],
    },
    {
      what: 'a step as text',
      was: '{ name: replace, verb: issue, description: Tell the duty officer. }',
      is: '«replace»',
      rule: 'manifest/wrong-type',
      says: ['name'],
      right: '{ name: replace }',
    },
    {
      what: 'a step without name',
      was: '{ name: replace, verb: issue',
      is: '{ «verb»: issue',
      rule: 'manifest/missing-field',
      says: ['name'],
      right: null,
    },
  ],
};

export const trustBundle: Theme = {
  name: 'TrustBundle',
  manifest: `apiVersion: identity-as-code/v1
kind: TrustBundle
metadata:
  name: partners
spec:
  owner: { team: platform, contact: platform@example.com }
  purpose: tls
  anchors:
    - { backend: local-ca }
    - { file: trust/partner.pem }
  include: [corporate]
  deliverTo:
    - { backend: local-ca, path: trust/partners.pem, mode: "0644" }
`,
  mistakes: [
    {
      what: 'a choice in capitals',
      was: 'purpose: tls',
      is: 'purpose: «TLS»',
      rule: 'manifest/not-allowed',
      says: ['TLS', 'tls'],
    },
    {
      what: 'a choice with an underscore',
      was: 'purpose: tls',
      is: 'purpose: «code_signing»',
      rule: 'manifest/not-allowed',
      says: ['code_signing', 'code-signing'],
      right: 'purpose: code-signing',
    },
    {
      what: 'a field in the singular',
      was: 'anchors:',
      is: '«anchor»:',
      rule: 'manifest/unknown-field',
      says: ['anchor', 'anchors'],
    },
    {
      what: 'a bundle misspelt',
      was: '[corporate]',
      is: '[«corprate»]',
      rule: 'reference/missing',
      says: ['corprate', 'corporate'],
    },
    {
      what: 'a bundle that includes itself',
      was: '[corporate]',
      is: '[«partners»]',
      rule: 'reference/cycle',
      says: ['partners'],
      right: null,
    },
    {
      what: 'an anchor from two sources',
      was: '{ file: trust/partner.pem }',
      is: '{ file: trust/partner.pem, «backend»: local-ca }',
      rule: 'manifest/bad-value',
      says: ['backend', 'file'],
      right: null,
    },
    {
      what: 'an anchor as text',
      was: '{ backend: local-ca }',
      is: '«local-ca»',
      rule: 'manifest/wrong-type',
      says: ['backend'],
    },
    {
      what: 'a mode as number',
      was: '"0644"',
      is: '«0644»',
      rule: 'manifest/wrong-type',
      says: ['mode', '"0644"'],
    },
    {
      what: 'a file out of the project',
      was: 'trust/partner.pem',
      is: '«../partner.pem»',
      rule: 'path/outside-project',
      says: ['project'],
      right: null,
    },
    {
      what: 'a field of a delivery that it has not',
      was: 'mode: "0644"',
      is: 'mode: "0644", «contents»: [root]',
      rule: 'manifest/unknown-field',
      says: ['contents'],
      right: null,
    },
    {
      what: 'an included bundle as text',
      was: '[corporate]',
      is: '«corporate»',
      rule: 'manifest/wrong-type',
      says: ['include', 'list'],
    },
  ],
};

export const project: Theme = {
  name: 'Project',
  manifest: `apiVersion: identity-as-code/v1
kind: Project
metadata:
  name: shop
spec:
  defaults:
    owner: { team: platform, contact: platform@example.com }
    duration: 47d
    renewal: { before: 15d }
    keyAlgorithm: RSA-2048
  state: { store: files }
  minimumVersion: "0.1.0"
`,
  mistakes: [
    {
      what: 'a field in the singular',
      was: 'defaults:',
      is: '«default»:',
      rule: 'manifest/unknown-field',
      says: ['default', 'defaults'],
    },
    {
      what: 'an algorithm in lower case',
      was: 'RSA-2048',
      is: '«rsa-2048»',
      rule: 'manifest/not-allowed',
      says: ['rsa-2048', 'RSA-2048'],
    },
    {
      what: 'a store that is none',
      was: 'files',
      is: '«sqlite»',
      rule: 'manifest/not-allowed',
      says: ['sqlite', 'files'],
      right: null,
    },
    {
      what: 'a version as number',
      was: '"0.1.0"',
      is: '«0.1»',
      rule: 'manifest/wrong-type',
      says: ['minimumVersion', '0.1.0'],
      right: null,
    },
    {
      what: 'a version with a v',
      was: '"0.1.0"',
      is: '«v0.1.0»',
      rule: 'manifest/bad-value',
      says: ['v0.1.0', '0.1.0'],
    },
    {
      what: 'a duration in words',
      was: '47d',
      is: '«47 days»',
      rule: 'manifest/bad-duration',
      says: ['47 days', '47d'],
    },
    {
      what: 'the algorithm by the name it has elsewhere',
      was: 'keyAlgorithm:',
      is: '«algorithm»:',
      rule: 'manifest/unknown-field',
      says: ['algorithm', 'keyAlgorithm'],
    },
    {
      what: 'a namespace where there is none',
      was: '  name: shop\n',
      is: '  name: shop\n  «namespace»: shop\n',
      rule: 'manifest/unknown-field',
      says: ['namespace', 'Project'],
    },
  ],
};
