import type { Theme } from './mistake.ts';

/** Signs of JSON. */
export const jsonSigns: Theme = {
  name: 'Signs of JSON',
  language: 'json',
  manifest: `{
  "apiVersion": "identity-as-code/v1",
  "kind": "Machine",
  "metadata": { "name": "front-2", "namespace": "shop" },
  "spec": {
    "type": "server",
    "network": { "location": "berlin/dmz", "addresses": ["192.0.2.15", "front-2.example.com"] },
    "provider": "own data centre",
    "owner": { "team": "shop", "contact": "shop@example.com" },
    "users": ["shop"]
  }
}
`,
  mistakes: [
    {
      what: 'a comma after the last entry',
      was: '"users": ["shop"]',
      is: '"users": ["shop"]«,»',
      rule: 'manifest/json-syntax',
      says: ['comma'],
    },
    {
      what: 'a comma missing between entries',
      was: '"type": "server",',
      is: '"type": «"server"»',
      rule: 'manifest/json-syntax',
      says: ['comma'],
    },
    {
      what: 'a comma missing in a list',
      was: '"192.0.2.15", ',
      is: '«"192.0.2.15"» ',
      rule: 'manifest/json-syntax',
      says: ['comma'],
    },
    {
      what: 'single quotes',
      was: '"server"',
      is: "«'server'»",
      rule: 'manifest/json-syntax',
      says: ['double quotes'],
    },
    {
      what: 'a field without quotes',
      was: '"users"',
      is: '«users»',
      rule: 'manifest/json-syntax',
      says: ['users', 'quotes'],
    },
    {
      what: 'a value without quotes',
      was: '"server"',
      is: '«server»',
      rule: 'manifest/json-syntax',
      says: ['server', 'quotes'],
    },
    {
      what: 'a comment',
      was: '"server",',
      is: '"server", «// a rack»',
      rule: 'manifest/json-syntax',
      says: ['comment'],
    },
    {
      what: 'a brace that is not closed',
      was: '{ "team": "shop", "contact": "shop@example.com" }',
      is: '«{» "team": "shop", "contact": "shop@example.com"',
      rule: 'manifest/json-syntax',
      says: ['}'],
    },
    {
      what: 'a quote that is not closed',
      was: '"own data centre"',
      is: '«"»own data centre',
      rule: 'manifest/json-syntax',
      says: ['quote'],
    },
    {
      what: 'a field twice',
      was: '"type": "server"',
      is: '"type": "server",\n    «"type"»: "server"',
      rule: 'manifest/duplicate-key',
      says: ['type'],
    },
    {
      what: 'a brace too many',
      was: '"users": ["shop"]\n  }\n}\n',
      is: '"users": ["shop"]\n  }\n}\n«}»\n',
      rule: 'manifest/json-syntax',
      says: ['}'],
    },
    {
      what: 'an equals sign for the colon',
      was: '"type": "server"',
      is: '"type" «=» "server"',
      rule: 'manifest/json-syntax',
      says: [':'],
    },
  ],
};
