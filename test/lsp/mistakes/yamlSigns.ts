import type { Theme } from './mistake.ts';

/** Signs and spaces of YAML. */
export const yamlSigns: Theme = {
  name: 'Signs of YAML',
  manifest: `apiVersion: identity-as-code/v1
kind: Certificate
metadata:
  name: front
  labels: { environment: production, tier: web }
spec:
  owner:
    team: shop
    contact: shop@example.com
  machines:
    - shop/web-1
  usages: [serverAuth, clientAuth]
  dnsNames: ["*.example.com", front.example.com]
  subject: "CN=front"
  issuer: local-ca
  duration: 47d
  deliverTo:
    - backend: local-ca
      path: "{machine}/front.pem"
      contents: [chain]
    - backend: local-ca
      path: "{machine}/front.key.pem"
      contents: [privateKey]
---
apiVersion: identity-as-code/v1
kind: Machine
metadata:
  name: front-1
spec:
  type: server
  network: { location: berlin/dmz, addresses: [192.0.2.14] }
  provider: own data centre
  owner: { team: shop, contact: shop@example.com }
  users: [shop]
`,
  mistakes: [
    {
      what: 'no space after the colon',
      was: 'issuer: local-ca',
      is: '«issuer:local-ca»',
      rule: 'manifest/yaml-syntax',
      says: ['issuer', 'space'],
    },
    {
      what: 'no space after the colon in a map',
      was: 'tier: web',
      is: '«tier:web»',
      rule: 'manifest/yaml-syntax',
      says: ['tier', 'space'],
    },
    {
      what: 'no colon',
      was: 'issuer: local-ca',
      is: '«issuer local-ca»',
      rule: 'manifest/yaml-syntax',
      says: ['colon'],
    },
    {
      what: 'an equals sign for the colon',
      was: 'issuer: local-ca',
      is: '«issuer = local-ca»',
      rule: 'manifest/yaml-syntax',
      says: [':'],
    },
    {
      what: 'a field that is half typed',
      was: '  issuer:',
      is: '  «consu»\n  issuer:',
      rule: 'manifest/yaml-syntax',
      says: ['consu', ':'],
      right: null,
    },
    {
      what: 'a tab in front',
      was: '  issuer:',
      is: '«\t»issuer:',
      rule: 'manifest/yaml-syntax',
      says: ['tab', 'spaces'],
    },
    {
      what: 'a tab after spaces',
      was: '  owner:\n    team:',
      is: '  owner:\n  «\t»team:',
      rule: 'manifest/yaml-syntax',
      says: ['tab', 'spaces'],
    },
    {
      what: 'one space too many',
      was: '  duration: 47d',
      is: '   «duration»: 47d',
      rule: 'manifest/yaml-syntax',
      says: ['duration', '2 spaces'],
    },
    {
      what: 'one space too few',
      was: '  duration: 47d',
      is: ' «duration»: 47d',
      rule: 'manifest/yaml-syntax',
      says: ['duration', '2 spaces'],
    },
    {
      what: 'a line of a list that stands too far left',
      was: '      path: "{machine}/front.pem"',
      is: '     «path»: "{machine}/front.pem"',
      rule: 'manifest/yaml-syntax',
      says: ['path', '6 spaces'],
    },
    {
      what: 'a quote that is not closed',
      was: '"CN=front"',
      is: '«"»CN=front',
      rule: 'manifest/yaml-syntax',
      says: ['quote', 'closed'],
    },
    {
      what: 'a single quote that is not closed',
      was: '"CN=front"',
      is: "«'»CN=front",
      rule: 'manifest/yaml-syntax',
      says: ['quote', 'closed'],
      right: "'CN=front'",
    },
    {
      what: 'a bracket that is not closed',
      was: '[serverAuth, clientAuth]',
      is: '«[»serverAuth, clientAuth',
      rule: 'manifest/yaml-syntax',
      says: [']'],
    },
    {
      what: 'a brace that is not closed',
      was: '{ environment: production, tier: web }',
      is: '«{» environment: production, tier: web',
      rule: 'manifest/yaml-syntax',
      says: ['}'],
    },
    {
      what: 'a bracket too many',
      was: '[serverAuth, clientAuth]',
      is: '[serverAuth, clientAuth]«]»',
      rule: 'manifest/yaml-syntax',
      says: [']'],
    },
    {
      what: 'a bracket closed by a brace',
      was: '[serverAuth, clientAuth]',
      is: '[serverAuth, clientAuth«}»',
      rule: 'manifest/yaml-syntax',
      says: [']', '}'],
    },
    {
      what: 'a comma missing in a list',
      was: '[serverAuth, clientAuth]',
      is: '[«serverAuth clientAuth»]',
      rule: 'manifest/not-allowed',
      says: ['serverAuth clientAuth', 'comma'],
    },
    {
      what: 'a comma missing in a map',
      was: 'production, tier: web',
      is: '«production tier: web»',
      rule: 'manifest/yaml-syntax',
      says: ['comma'],
    },
    {
      what: 'no space after the dash',
      was: '- shop/web-1',
      is: '«-shop/web-1»',
      rule: 'manifest/wrong-type',
      says: ['space'],
    },
    {
      what: 'a star without quotes',
      was: '"*.example.com"',
      is: '«*.example.com»',
      rule: 'manifest/unknown-alias',
      says: ['quotes', '*.example.com'],
    },
    {
      what: 'braces without quotes',
      was: 'path: "{machine}/front.pem"',
      is: 'path: «{machine}/front.pem»',
      rule: 'manifest/yaml-syntax',
      says: ['quotes'],
    },
    {
      what: 'a colon without quotes',
      was: 'subject: "CN=front"',
      is: 'subject: «CN=front: shop»',
      rule: 'manifest/yaml-syntax',
      says: ['quotes'],
      right: 'subject: "CN=front: shop"',
    },
    {
      what: 'an at sign without quotes',
      was: '    contact: shop@example.com',
      is: '    contact: «@shop-oncall»',
      rule: 'manifest/yaml-syntax',
      says: ['@', 'quotes'],
      right: '    contact: "@shop-oncall"',
    },
    {
      what: 'a backquote',
      was: '    contact: shop@example.com',
      is: '    contact: «`shop`»',
      rule: 'manifest/yaml-syntax',
      says: ['`', 'quotes'],
      right: '    contact: "`shop`"',
    },
    {
      what: 'an escape that does not exist',
      was: '"CN=front"',
      is: '"CN=front«\\.»example"',
      rule: 'manifest/yaml-syntax',
      says: ['\\'],
      right: '"CN=front\\\\.example"',
    },
    {
      what: 'text behind a quoted text',
      was: '"CN=front"',
      is: '"CN=front"«,O=Shop»',
      rule: 'manifest/yaml-syntax',
      says: ['quote'],
      right: '"CN=front,O=Shop"',
    },
    {
      what: 'an alias that names no anchor',
      was: '  owner:\n    team: shop\n    contact: shop@example.com',
      is: '  owner: «*shop»',
      rule: 'manifest/unknown-alias',
      says: ['shop', '&shop'],
      right: null,
    },
    {
      what: 'an alias that is misspelt',
      was: '{ environment: production, tier: web }',
      is: '{ environment: &stage production, tier: «*stge» }',
      rule: 'manifest/unknown-alias',
      says: ['stge', 'stage'],
      right: '{ environment: &stage production, tier: *stage }',
    },
    {
      what: 'a merge of a text',
      was: '    team: shop\n',
      is: '    team: shop\n    <<: «shop»\n',
      rule: 'manifest/wrong-type',
      says: ['<<', 'map'],
      right: null,
    },
    {
      what: 'the same field twice',
      was: '  issuer: local-ca\n',
      is: '  issuer: local-ca\n  «issuer»: local-ca\n',
      rule: 'manifest/duplicate-key',
      says: ['issuer'],
    },
    {
      what: 'the same field with two values',
      was: '  duration: 47d\n',
      is: '  duration: 47d\n  «duration»: 30d\n',
      rule: 'manifest/duplicate-key',
      says: ['duration'],
      right: null,
    },
    {
      what: 'the line between two documents is missing',
      was: '---\napiVersion',
      is: '«apiVersion»',
      rule: 'manifest/duplicate-key',
      says: ['apiVersion', '---'],
    },
    {
      what: 'two dashes between two documents',
      was: '---\n',
      is: '«--»\n',
      rule: 'manifest/yaml-syntax',
      says: ['---'],
    },
    {
      what: 'marks of a merge that was not finished',
      was: '  duration: 47d\n',
      is: '«<<<<<<< HEAD»\n  duration: 47d\n=======\n  duration: 30d\n>>>>>>> main\n',
      rule: 'manifest/yaml-syntax',
      says: ['<<<<<<<'],
      right: null,
    },
    {
      what: 'a space that is none',
      was: 'issuer: local-ca',
      is: 'issuer:«\u00a0»local-ca',
      rule: 'manifest/yaml-syntax',
      says: ['space'],
    },
    {
      what: 'a comment without its space',
      was: 'duration: 47d',
      is: 'duration: «47d#agreed»',
      rule: 'manifest/bad-duration',
      says: ['duration', '47d'],
      right: null,
    },
  ],
};
