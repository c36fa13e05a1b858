import type { Theme } from './mistake.ts';

export const token: Theme = {
  name: 'Token',
  manifest: `apiVersion: identity-as-code/v1
kind: Token
metadata:
  name: ledger
  namespace: shop
spec:
  owner: { team: shop, contact: shop@example.com }
  machines: [web-1]
  issuer: local-ca
  format: jwt
  subject: shop-api
  audience: ["https://ledger.example.com"]
  scopes: ["ledger:read", "ledger:append"]
  duration: 30d
  renewal: { before: 5d }
  deliverTo:
    - { backend: local-ca, path: "tokens/{machine}/ledger.token", contents: [token], mode: "0600" }
`,
  mistakes: [
    {
      what: "the claim's name for a field",
      was: 'audience:',
      is: '«aud»:',
      rule: 'manifest/unknown-field',
      says: ['aud', 'audience'],
    },
    {
      what: 'a field in the plural',
      was: 'audience:',
      is: '«audiences»:',
      rule: 'manifest/unknown-field',
      says: ['audiences', 'audience'],
    },
    {
      what: 'a field in the singular',
      was: 'scopes:',
      is: '«scope»:',
      rule: 'manifest/unknown-field',
      says: ['scope', 'scopes'],
    },
    {
      what: 'another word for a field',
      was: 'duration:',
      is: '«ttl»:',
      rule: 'manifest/unknown-field',
      says: ['ttl', 'duration'],
    },
    {
      what: 'a choice in capitals',
      was: 'format: jwt',
      is: 'format: «JWT»',
      rule: 'manifest/not-allowed',
      says: ['JWT', 'jwt'],
    },
    {
      what: 'a choice that is none',
      was: 'format: jwt',
      is: 'format: «paseto»',
      rule: 'manifest/not-allowed',
      says: ['paseto', 'jwt', 'opaque'],
      right: null,
    },
    {
      what: 'an audience as text',
      was: '["https://ledger.example.com"]',
      is: '«"https://ledger.example.com"»',
      rule: 'manifest/wrong-type',
      says: ['audience', 'list'],
    },
    {
      what: 'scopes as OAuth writes them',
      was: '["ledger:read", "ledger:append"]',
      is: '[«"ledger:read ledger:append"»]',
      rule: 'manifest/bad-scope',
      says: ['space'],
    },
    {
      what: 'scopes as text',
      was: '["ledger:read", "ledger:append"]',
      is: '«"ledger:read"»',
      rule: 'manifest/wrong-type',
      says: ['scopes', 'list'],
      right: '["ledger:read"]',
    },
    {
      what: 'no audience',
      was: ['name: ledger', '  audience: ["https://ledger.example.com"]\n'],
      is: ['name: «ledger»', ''],
      rule: 'token/without-audience',
      says: ['audience'],
      right: null,
    },
    {
      what: 'an audience with a space behind it',
      was: '"https://ledger.example.com"',
      is: '«"https://ledger.example.com "»',
      rule: 'manifest/bad-audience',
      says: ['space'],
    },
    {
      what: 'another word for what is delivered',
      was: '[token]',
      is: '[«jwt»]',
      rule: 'manifest/not-allowed',
      says: ['jwt', 'token'],
    },
    {
      what: 'a token that others may read',
      was: '"0600"',
      is: '«"0644"»',
      rule: 'key/readable-by-others',
      says: ['0644', '0600'],
    },
    {
      what: 'a life in words',
      was: '30d',
      is: '«30 days»',
      rule: 'manifest/bad-duration',
      says: ['30 days', '30d'],
    },
    {
      what: 'a life that is too short to renew from here',
      was: ['30d', '  renewal: { before: 5d }\n'],
      is: ['«5m»', ''],
      rule: 'renewal/too-short-for-idac',
      says: ['5m'],
      right: null,
    },
    {
      what: 'renewal before issuance',
      was: 'before: 5d',
      is: 'before: «30d»',
      rule: 'renewal/before-longer-than-duration',
      says: ['30d'],
      right: null,
    },
    {
      what: 'the issuer is missing',
      was: ['spec:', '  issuer: local-ca\n'],
      is: ['«spec»:', ''],
      rule: 'manifest/missing-field',
      says: ['issuer'],
    },
    {
      what: 'an empty subject',
      was: 'subject: shop-api',
      is: 'subject: «""»',
      rule: 'manifest/empty-value',
      says: ['subject'],
      right: null,
    },
  ],
};

export const workload: Theme = {
  name: 'Workload',
  manifest: `apiVersion: identity-as-code/v1
kind: Workload
metadata:
  name: api
  namespace: shop
spec:
  owner: { team: shop, contact: shop@example.com }
  registry: local-ca
  spiffeId: "spiffe://example.com/shop/api"
  parent: node-1
  selectors: ["unix:uid:1001"]
  dnsNames: [api.example.com]
  x509SvidTtl: 1h
  jwtSvidTtl: 5m
  federatesWith: [partner.example]
`,
  mistakes: [
    {
      what: 'a trust domain in capitals',
      was: '"spiffe://example.com/shop/api"',
      is: '«"spiffe://Example.com/shop/api"»',
      rule: 'manifest/bad-spiffe-id',
      says: ['example.com'],
    },
    {
      what: 'a slash at the end',
      was: '"spiffe://example.com/shop/api"',
      is: '«"spiffe://example.com/shop/api/"»',
      rule: 'manifest/bad-spiffe-id',
      says: ['slash'],
    },
    {
      what: 'one slash missing',
      was: '"spiffe://example.com/shop/api"',
      is: '«"spiffe:/example.com/shop/api"»',
      rule: 'manifest/bad-spiffe-id',
      says: ['spiffe://'],
    },
    {
      what: 'the scheme is missing',
      was: '"spiffe://example.com/shop/api"',
      is: '«"example.com/shop/api"»',
      rule: 'manifest/bad-spiffe-id',
      says: ['spiffe://'],
    },
    {
      what: 'another scheme',
      was: '"spiffe://example.com/shop/api"',
      is: '«"https://example.com/shop/api"»',
      rule: 'manifest/bad-spiffe-id',
      says: ['spiffe://'],
    },
    {
      what: 'a port in the trust domain',
      was: '"spiffe://example.com/shop/api"',
      is: '«"spiffe://example.com:8443/shop/api"»',
      rule: 'manifest/bad-spiffe-id',
      says: ['port'],
    },
    {
      what: 'a selector without colon',
      was: '"unix:uid:1001"',
      is: '«unix»',
      rule: 'manifest/bad-selector',
      says: ['unix', 'type:value'],
      right: null,
    },
    {
      what: 'a field in the singular',
      was: 'selectors:',
      is: '«selector»:',
      rule: 'manifest/unknown-field',
      says: ['selector', 'selectors'],
    },
    {
      what: 'a selector as text',
      was: '["unix:uid:1001"]',
      is: '«"unix:uid:1001"»',
      rule: 'manifest/wrong-type',
      says: ['selectors', 'list'],
    },
    {
      what: 'no selector',
      was: ['spec:', '  selectors: ["unix:uid:1001"]\n'],
      is: ['«spec»:', ''],
      rule: 'manifest/missing-field',
      says: ['selectors'],
      right: null,
    },
    {
      what: 'the registry is missing',
      was: ['spec:', '  registry: local-ca\n'],
      is: ['«spec»:', ''],
      rule: 'manifest/missing-field',
      says: ['registry'],
    },
    {
      what: 'another word for the registry',
      was: 'registry:',
      is: '«issuer»:',
      rule: 'manifest/unknown-field',
      says: ['issuer', 'registry'],
    },
    {
      what: 'the ID in another case',
      was: 'spiffeId:',
      is: '«spiffeID»:',
      rule: 'manifest/unknown-field',
      says: ['spiffeID', 'spiffeId'],
    },
    {
      what: 'a lifetime in another case',
      was: 'x509SvidTtl:',
      is: '«x509SvidTTL»:',
      rule: 'manifest/unknown-field',
      says: ['x509SvidTTL', 'x509SvidTtl'],
    },
    {
      what: 'a lifetime in words',
      was: '5m',
      is: '«5 min»',
      rule: 'manifest/bad-duration',
      says: ['5 min', '5m'],
    },
    {
      what: 'a parent misspelt',
      was: 'parent: node-1',
      is: 'parent: «nod-1»',
      rule: 'reference/missing',
      says: ['nod-1', 'node-1'],
    },
    {
      what: 'its own parent',
      was: 'parent: node-1',
      is: 'parent: «api»',
      rule: 'reference/cycle',
      says: ['api'],
      right: null,
    },
    {
      what: 'a trust domain with its scheme',
      was: '[partner.example]',
      is: '[«"spiffe://partner.example"»]',
      rule: 'manifest/bad-spiffe-id',
      says: ['spiffe://', 'partner.example'],
    },
    {
      what: 'a certificate is to be delivered',
      was: '  federatesWith:',
      is: '  «deliverTo»: []\n  federatesWith:',
      rule: 'manifest/unknown-field',
      says: ['deliverTo'],
      right: null,
    },
    {
      what: "another registry's trust domain",
      was: '"spiffe://example.com/shop/api"',
      is: '«"spiffe://exmple.com/shop/api"»',
      rule: 'workload/trust-domain',
      says: ['exmple.com', 'example.com'],
    },
  ],
};
