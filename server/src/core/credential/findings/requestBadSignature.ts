import type { RuleMeta } from '../../rules/rule.ts';

export const requestBadSignature: RuleMeta = {
  id: 'request/bad-signature',
  severity: 'error',
  title: 'A certification request does not prove possession of its key',
  why: 'A CA has to refuse it: whoever made it may not hold the private key.',
  remedy: 'Make the request again with the key that belongs to it.',
  standard: 'RFC 2986, 4.2',
};
