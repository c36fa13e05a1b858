import type { InCommon } from '../../core/secrets/versionsSearch.ts';

/** Compared at once; the rest octet by octet. */
const PARTS = [4096, 128];

/** Octets at the beginning of both; then at the end, none of them twice. */
export const inCommon: InCommon = (one, other) => {
  const [a, b] = [bufferOf(one), bufferOf(other)];
  const most = Math.min(a.length, b.length);
  let first = 0;
  for (const part of PARTS)
    while (first + part <= most && a.compare(b, first, first + part, first, first + part) === 0)
      first += part;
  while (first < most && a[first] === b[first]) first += 1;
  const left = most - first;
  let last = 0;
  for (const part of PARTS) {
    while (last + part <= left) {
      const [endA, endB] = [a.length - last, b.length - last];
      if (a.compare(b, endB - part, endB, endA - part, endA) !== 0) break;
      last += part;
    }
  }
  while (last < left && a[a.length - last - 1] === b[b.length - last - 1]) last += 1;
  return { first, last };
};

function bufferOf({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}
