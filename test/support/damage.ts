/** Damage to real octets, as fast-check draws it: what fails can be drawn again from its seed, and is made smaller. */
import fc from 'fast-check';

/** Where it strikes, as a share of the length: the same damage fits inputs of any length. */
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const stroke = fc.oneof(
  fc.record({ is: fc.constant('flip' as const), at: share, bit: fc.nat(7) }),
  fc.record({ is: fc.constant('set' as const), at: share, to: fc.nat(255) }),
  // Lengths of DER that say more than there is, or that go on for ever.
  fc.record({
    is: fc.constant('length' as const),
    at: share,
    octets: fc.constantFrom(
      [0x80],
      [0x84, 0x7f, 0xff, 0xff, 0xff],
      [0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0],
      [0xff],
      [0],
    ),
  }),
  fc.record({ is: fc.constant('cut' as const), at: share }),
  fc.record({ is: fc.constant('remove' as const), at: share, count: fc.integer({ min: 1, max: 64 }) }),
  fc.record({
    is: fc.constant('insert' as const),
    at: share,
    octets: fc.uint8Array({ minLength: 1, maxLength: 32 }),
  }),
  fc.record({
    is: fc.constant('repeat' as const),
    at: share,
    from: share,
    count: fc.integer({ min: 1, max: 256 }),
    times: fc.integer({ min: 1, max: 64 }),
  }),
  // In a sequence, a set or a string, in a sequence …
  fc.record({
    is: fc.constant('nest' as const),
    tag: fc.constantFrom(0x30, 0x31, 0x24, 0xa0),
    depth: fc.integer({ min: 1, max: 400 }),
  }),
);

type Stroke = typeof stroke extends fc.Arbitrary<infer T> ? T : never;

/** A few strokes, one after the other. */
export const damage: fc.Arbitrary<readonly Stroke[]> = fc.array(stroke, { minLength: 1, maxLength: 4 });

export function damaged(bytes: Uint8Array, strokes: readonly Stroke[]): Uint8Array {
  return strokes.reduce<Uint8Array>(struck, Uint8Array.from(bytes));
}

function struck(bytes: Uint8Array, by: Stroke): Uint8Array {
  if (by.is === 'nest') return nested(bytes, by.tag, by.depth);
  const at = Math.floor(by.at * bytes.length);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (by.is) {
    case 'flip':
      return joined(before, [(after[0] ?? 0) ^ (1 << by.bit)], after.subarray(1));
    case 'set':
      return joined(before, [by.to], after.subarray(1));
    case 'length':
      return joined(before, by.octets, after.subarray(1));
    case 'cut':
      return before;
    case 'remove':
      return joined(before, after.subarray(by.count));
    case 'insert':
      return joined(before, by.octets, after);
    case 'repeat': {
      const from = Math.floor(by.from * bytes.length);
      const part = bytes.subarray(from, from + by.count);
      return joined(before, ...Array.from({ length: by.times }, () => part), after);
    }
    default:
      return by satisfies never;
  }
}

function nested(bytes: Uint8Array, tag: number, depth: number): Uint8Array {
  let inner = bytes;
  for (let level = 0; level < depth; level += 1) inner = joined([tag, ...lengthOf(inner.length)], inner);
  return inner;
}

function lengthOf(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

function joined(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts.map((part) => Uint8Array.from(part))));
}
