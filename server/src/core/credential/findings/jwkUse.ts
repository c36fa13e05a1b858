import type { RuleMeta } from '../../rules/rule.ts';

export const jwkUse: RuleMeta = {
  id: 'jwk/use',
  severity: 'error',
  title: 'What a JSON Web Key says of its use does not go together',
  why: 'Libraries go by "alg", by "use" or by "key_ops", each in its own way: where these say different things, one signs what another refuses, or a key for encryption checks signatures.',
  remedy: 'Say what the key is for once, with "use" or with "key_ops", and an "alg" that its type has.',
  standard: 'RFC 7517, 4.2 to 4.4; RFC 8725, 3.1',
};
