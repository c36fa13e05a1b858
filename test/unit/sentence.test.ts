import assert from 'node:assert/strict';
import { sentence } from '../../server/src/core/text/sentence.ts';

describe('a text as a sentence', () => {
  for (const [text, expected] of [
    ['the request has no id', 'The request has no id.'],
    ['Nothing was done.', 'Nothing was done.'],
    ['spiffe://example.org/api is registered already', 'spiffe://example.org/api is registered already.'],
    ['tls/web.pem is gone', 'tls/web.pem is gone.'],
    ['hsm (token test): could not sign', 'hsm (token test): could not sign.'],
    ['', ''],
  ] as const)
    it(`"${text}"`, () => assert.equal(sentence(text), expected));
});
