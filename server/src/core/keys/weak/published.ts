/** Keys whose private half stands in a standard, a test suite or what a vendor ships. */
import { encodeBase64Url } from '../../credential/base64url.ts';
import { keyPublished } from '../../credential/findings/keyPublished.ts';
import { fromHex } from '../../credential/octets.ts';
import type { KeyProblem } from './check.ts';
import { PUBLISHED_KEYS } from './publishedKeys.ts';

/** Of a hash, 120 bits in base64url and in hex. */
const HASH_SIGNS = 20;
const HEX_SIGNS = 30;

let places: ReadonlyMap<string, string> | undefined;

export function publishedKey(spkiSha256: string): KeyProblem | undefined {
  places ??= readPlaces();
  const place = places.get(encodeBase64Url(fromHex(spkiSha256.slice(0, HEX_SIGNS))));
  if (place === undefined) return undefined;
  return { rule: keyPublished, message: `the private key is published, so that anybody has it: ${place}` };
}

/** By the hashes as they are written: most who ask do so for a few keys, and the list has thousands. */
function readPlaces(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of PUBLISHED_KEYS.trim().split('\n')) {
    const end = line.indexOf('\t');
    const place = line.slice(0, end);
    for (let at = end + 1; at < line.length; at += HASH_SIGNS)
      found.set(line.slice(at, at + HASH_SIGNS), place);
  }
  return found;
}
