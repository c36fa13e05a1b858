/** Where octets are BER and not DER (X.690, 10 and 11): one walk over all elements, bounded in depth. */
import { type Der, DerError, isConstructed, readDer, TAG } from '../../credential/der.ts';

export interface EncodingFault {
  readonly what: string;
  readonly offset: number;
}

const MAX_DEPTH = 40;
const MOST_FAULTS = 8;

/** The first faults; empty: every element is written as DER wants it. What cannot be walked is not this walk's matter. */
export function encodingFaults(root: Der): readonly EncodingFault[] {
  const faults: EncodingFault[] = [];
  try {
    walk(root, faults, 0);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
  }
  return faults;
}

function walk(node: Der, faults: EncodingFault[], depth: number): void {
  if (faults.length >= MOST_FAULTS || depth > MAX_DEPTH) return;
  const what = faultOf(node);
  if (what !== undefined) faults.push({ what, offset: node.start });
  if (!isConstructed(node)) return;
  for (let at = node.contentStart; at < node.contentEnd; ) {
    const child = readDer(node.source, at, node.contentEnd);
    walk(child, faults, depth + 1);
    at = child.end;
  }
}

function faultOf(node: Der): string | undefined {
  const { source, tag, start, contentStart, contentEnd } = node;
  // Tags of more octets do not occur in certificates.
  if ((tag & 0x1f) !== 0x1f) {
    const first = source[start + 1] ?? 0;
    if (first === 0x80) return 'an indefinite length';
    if (first > 0x80) {
      const length = contentEnd - contentStart;
      if ((source[start + 2] ?? 0) === 0 || length < 0x80) return 'a length that is longer than it has to be';
    }
  }
  const octet = source[contentStart] ?? 0;
  switch (tag) {
    case TAG.integer:
    case TAG.enumerated: {
      const next = source[contentStart + 1] ?? 0;
      if (contentEnd - contentStart < 1) return 'an integer without octets';
      if (contentEnd - contentStart < 2) return undefined;
      return (octet === 0 && next < 0x80) || (octet === 0xff && next >= 0x80)
        ? 'an integer with octets that say nothing'
        : undefined;
    }
    case TAG.boolean:
      return contentEnd - contentStart === 1 && (octet === 0 || octet === 0xff)
        ? undefined
        : 'a boolean that is neither 00 nor FF';
    case TAG.bitString: {
      if (contentEnd - contentStart < 1 || octet > 7) return 'a bit string with a wrong count of unused bits';
      const last = source[contentEnd - 1] ?? 0;
      if (contentEnd - contentStart === 1)
        return octet === 0 ? undefined : 'an empty bit string with unused bits';
      return (last & ((1 << octet) - 1)) === 0 ? undefined : 'a bit string whose unused bits are set';
    }
    case TAG.null:
      return contentEnd === contentStart ? undefined : 'a NULL with content';
    case TAG.octetString | 0x20:
    case TAG.bitString | 0x20:
      return 'a string in pieces';
    default:
      return undefined;
  }
}
