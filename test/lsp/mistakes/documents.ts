import type { Theme } from './mistake.ts';

/** What stands at the head of a document, in words and not in signs. */
export const head: Theme = {
  name: 'Head of a document',
  manifest: `apiVersion: identity-as-code/v1
kind: Certificate
metadata:
  name: front
spec:
  owner: { team: shop, contact: shop@example.com }
  dnsNames: [front.example.com]
  issuer: local-ca
  deliverTo:
    - { backend: local-ca, path: tls/front.pem, contents: [chain] }
    - { backend: local-ca, path: tls/front.key.pem, contents: [privateKey] }
`,
  mistakes: [
    {
      what: 'a kind with a letter missing',
      was: 'Certificate',
      is: '«Certficate»',
      rule: 'manifest/unknown-kind',
      says: ['Certficate', 'Certificate'],
    },
    {
      what: 'a kind in lower case',
      was: 'Certificate',
      is: '«certificate»',
      rule: 'manifest/unknown-kind',
      says: ['certificate', 'Certificate'],
    },
    {
      what: 'a kind by half its name',
      was: 'Certificate',
      is: '«Cert»',
      rule: 'manifest/unknown-kind',
      says: ['Cert', 'Certificate'],
    },
    {
      what: 'a kind of something else',
      was: 'Certificate',
      is: '«Deployment»',
      rule: 'manifest/unknown-kind',
      says: ['Deployment', 'Certificate'],
      right: null,
    },
    {
      what: 'a version that does not exist',
      was: 'identity-as-code/v1',
      is: '«identity-as-code/v2»',
      rule: 'manifest/unknown-api-version',
      says: ['identity-as-code/v2', 'identity-as-code/v1'],
    },
    {
      what: 'a version without its number',
      was: 'identity-as-code/v1',
      is: '«identity-as-code»',
      rule: 'manifest/unknown-api-version',
      says: ['identity-as-code/v1'],
    },
    {
      what: 'a version that is misspelt',
      was: 'identity-as-code/v1',
      is: '«identity-as-cod/v1»',
      rule: 'manifest/unknown-api-version',
      says: ['identity-as-cod/v1', 'identity-as-code/v1'],
    },
    {
      what: 'the version is missing',
      was: ['apiVersion: identity-as-code/v1\n', 'kind:'],
      is: ['', '«kind»:'],
      rule: 'manifest/missing-field',
      says: ['apiVersion', 'identity-as-code/v1'],
    },
    {
      what: 'the kind is missing',
      was: ['apiVersion:', 'kind: Certificate\n'],
      is: ['«apiVersion»:', ''],
      rule: 'manifest/missing-field',
      says: ['kind', 'Certificate'],
      right: null,
    },
    {
      what: 'kind misspelt',
      was: 'kind:',
      is: '«knd»:',
      rule: 'manifest/unknown-field',
      says: ['knd', 'kind'],
    },
    {
      what: 'apiVersion in another case',
      was: 'apiVersion:',
      is: '«apiversion»:',
      rule: 'manifest/unknown-field',
      says: ['apiversion', 'apiVersion'],
    },
    {
      what: 'the metadata are missing',
      was: ['kind:', 'metadata:\n  name: front\n'],
      is: ['«kind»:', ''],
      rule: 'manifest/missing-field',
      says: ['metadata'],
      right: null,
    },
    {
      what: 'the metadata are a text',
      was: '\n  name: front\n',
      is: ' «front»\n',
      rule: 'manifest/wrong-type',
      says: ['metadata', 'name'],
    },
    {
      what: 'labels below spec',
      was: '  issuer:',
      is: '  «labels»: { environment: production }\n  issuer:',
      rule: 'manifest/unknown-field',
      says: ['labels', 'metadata'],
      right: null,
    },
    {
      what: 'a status, as Kubernetes has it',
      was: 'spec:',
      is: '«status»: { ready: "yes" }\nspec:',
      rule: 'manifest/unknown-field',
      says: ['status'],
      right: null,
    },
    {
      what: 'a name that ends with a hyphen',
      was: 'name: front\n',
      is: 'name: «front-»\n',
      rule: 'manifest/bad-name',
      says: ['front-'],
    },
    {
      what: 'a name as number',
      was: 'name: front\n',
      is: 'name: «2024»\n',
      rule: 'manifest/wrong-type',
      says: ['name', 'quotes'],
      right: 'name: "2024"\n',
    },
    {
      what: 'a comment that ignores without a reason',
      was: '  issuer:',
      is: '  # «idac-ignore» owner/missing until 2030-01-01\n  issuer:',
      rule: 'ignore/malformed',
      says: ['say why'],
      right: null,
      yamlOnly: true,
    },
  ],
};
