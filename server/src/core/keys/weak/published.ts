/** Keys whose private half stands in a standard, a test suite or what a vendor ships. */
import { decodeBase64 } from '../../credential/base64.ts';
import { keyPublished } from '../../credential/findings/keyPublished.ts';
import { toHex } from '../../credential/octets.ts';
import type { KeyProblem } from './check.ts';
import { PUBLISHED_KEYS } from './publishedKeys.ts';

const HASH_SIGNS = 20;
/** The same 120 bits in hex. */
const HEX_SIGNS = 30;

let places: ReadonlyMap<string, string> | undefined;

export function publishedKey(spkiSha256: string): KeyProblem | undefined {
  places ??= readPlaces();
  const place = places.get(spkiSha256.slice(0, HEX_SIGNS));
  if (place === undefined) return undefined;
  return { rule: keyPublished, message: `the private key is published, so that anybody has it: ${place}` };
}

function readPlaces(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of PUBLISHED_KEYS.trim().split('\n')) {
    const [place = '', hashes = ''] = line.split('\t');
    for (let at = 0; at < hashes.length; at += HASH_SIGNS) {
      const hash = decodeBase64(hashes.slice(at, at + HASH_SIGNS));
      if (hash.ok) found.set(toHex(hash.bytes), place);
    }
  }
  return found;
}
