import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { isOpaqueToken, looksOpaque, opaqueToken } from '../../server/src/core/credential/opaqueToken.ts';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET = fc.uint8Array({ minLength: 32, maxLength: 32 });

function numberOf(text: string): bigint {
  return [...text].reduce((value, digit) => value * 62n + BigInt(DIGITS.indexOf(digit)), 0n);
}

describe('opaque tokens', () => {
  it('hold all bits of what they are made of, and its CRC-32', () => {
    fc.assert(
      fc.property(SECRET, (secret) => {
        const token = opaqueToken(secret);
        assert.match(token, /^idac_[0-9A-Za-z]{49}$/);
        assert.equal(
          numberOf(token.slice(5, 48)).toString(16).padStart(64, '0'),
          Buffer.from(secret).toString('hex'),
        );
        assert.equal(numberOf(token.slice(48)), BigInt(crc32(token.slice(0, 48))));
        assert.ok(isOpaqueToken(token) && looksOpaque(token));
      }),
    );
  });

  it('are told from damaged ones', () => {
    fc.assert(
      fc.property(SECRET, fc.nat(48), fc.constantFrom(...DIGITS), (secret, at, digit) => {
        const token = opaqueToken(secret);
        const other = token.slice(0, at + 5) + digit + token.slice(at + 6);
        assert.equal(isOpaqueToken(other), other === token);
        assert.equal(isOpaqueToken(token.slice(0, -1)), false);
      }),
    );
    for (const text of ['', 'idac_', 'idac', `idac_${'!'.repeat(49)}`])
      assert.equal(isOpaqueToken(text), false);
  });
});
