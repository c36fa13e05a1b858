/** Keys whose private half stands in a standard, a test suite or what a vendor ships. */
import { encodeBase64Url } from '../../credential/base64url.ts';
import { keyPublished } from '../../credential/findings/keyPublished.ts';
import { fromHex } from '../../credential/octets.ts';
import type { KeyProblem } from './check.ts';
import { PUBLISHED_KEYS } from './publishedKeys.ts';

const HASH_SIGNS = 20;

let places: ReadonlyMap<string, string> | undefined;

export function publishedKey(spkiSha256: string): KeyProblem | undefined {
  places ??= readPlaces();
  const place = places.get(encodeBase64Url(fromHex(spkiSha256)).slice(0, HASH_SIGNS));
  if (place === undefined) return undefined;
  return { rule: keyPublished, message: `the private key is published, so that anybody has it: ${place}` };
}

function readPlaces(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of PUBLISHED_KEYS.trim().split('\n')) {
    const [place = '', hashes = ''] = line.split('\t');
    for (let at = 0; at < hashes.length; at += HASH_SIGNS)
      found.set(hashes.slice(at, at + HASH_SIGNS), place);
  }
  return found;
}
