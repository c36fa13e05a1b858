import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeUtf8, encodeUtf8 } from '../../server/src/core/credential/charset.ts';

const CODE_UNITS = fc
  .array(fc.integer({ min: 0, max: 0xffff }))
  .map((units) => String.fromCharCode(...units));

describe('UTF-8', () => {
  it('is written as the platform writes it, lone surrogates as replacement characters', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), CODE_UNITS), (text) => {
        assert.deepEqual(encodeUtf8(text), new TextEncoder().encode(text));
      }),
      { examples: [['aé€🙂'], ['\ud83d'], ['\ude42\ud83d'], ['']] },
    );
  });

  it('is read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.equal(decodeUtf8(encodeUtf8(text)), text);
      }),
    );
  });
});
