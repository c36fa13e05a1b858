import assert from 'node:assert/strict';
import fc from 'fast-check';
import { pemTextAt } from '../../../server/src/core/secrets/pemText.ts';
import { plainPemAt } from '../../../server/src/core/secrets/plainPem.ts';

const LABEL = 'CERTIFICATE';
const [BEGIN, END] = [`-----BEGIN ${LABEL}-----`, `-----END ${LABEL}-----`];

/** As the reader of any PEM has it, which is written apart from this one. */
function same(text: string, at: number): boolean {
  const plain = plainPemAt(Buffer.from(text, 'latin1'), at, LABEL);
  if (plain === undefined) return false;
  const any = pemTextAt(text, at);
  assert.ok(any?.bytes, JSON.stringify(text));
  assert.deepEqual([Buffer.from(plain.bytes), plain.end], [Buffer.from(any.bytes), any.end]);
  return true;
}

describe('PEM that is read from its octets', () => {
  it('is all that programs write', () => {
    const written = fc.tuple(
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      fc.constantFrom(64, 76, 63, 5, 1000),
      fc.constantFrom('\n', '\r\n'),
      fc.constantFrom('', 'x\n'),
    );
    fc.assert(
      fc.property(written, ([octets, width, end, before]) => {
        const body =
          Buffer.from(octets)
            .toString('base64')
            .match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
        assert.ok(same(`${before}${[BEGIN, ...body, END].join(end)}${end}`, before.length));
      }),
    );
  });

  it('is never other octets than those of the reader of any PEM, whatever stands there', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '\n',
        '\r\n',
        ' ',
        '\t',
        '\v',
        '\xa0',
        '=',
        '==',
        '-',
        '_',
        END,
        BEGIN,
        '-----END',
        'é',
        '\0',
      ),
      fc.stringMatching(/^[A-Za-z0-9+/]{0,9}$/),
    );
    const before = fc.constantFrom('', '\n', '# ', '  ', '\n  ', 'x\n');
    let read = 0;
    fc.assert(
      fc.property(before, fc.array(piece, { maxLength: 12 }), fc.boolean(), (mark, pieces, ends) => {
        if (same(`${mark}${BEGIN}${pieces.join('')}${ends ? END : ''}`, mark.length)) read += 1;
      }),
      { numRuns: 5000 },
    );
    assert.ok(read > 50, `${read} were read`);
  });

  it('keeps the octets of one when the next is read', () => {
    const texts = [1, 2, 3].map((fill) => `${BEGIN}\n${Buffer.alloc(48, fill).toString('base64')}\n${END}`);
    const all = texts.map((text) => plainPemAt(Buffer.from(text), 0, LABEL)?.bytes);
    for (const [index, bytes] of all.entries()) assert.deepEqual(bytes, new Uint8Array(48).fill(index + 1));
  });
});
