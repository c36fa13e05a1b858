/** Why a file is no credential that can be read: for who was told that it is one. */
import { decodeTextFile } from '../charset.ts';
import { readDer } from '../der.ts';
import { readJwt } from '../jwt/readJwt.ts';
import { attempt, type Problem } from '../problem.ts';
import { mayBeText } from './mayBeText.ts';

/** Formats that are seen, named and not read here. */
const FOREIGN: readonly (readonly [start: string, name: string])[] = [
  ['\u00ce\u00ce\u00ce\u00ce', 'a Java key store (JCEKS)'],
  ['-----BEGIN PGP', 'an OpenPGP block'],
  ['age-encryption.org', 'an age file'],
];

export function unknownMessage(bytes: Uint8Array): string {
  const start = String.fromCharCode(...bytes.subarray(0, 64));
  const foreign = FOREIGN.find(([signs]) => start.includes(signs));
  if (foreign !== undefined) return `the file is ${foreign[1]}, which is not read here`;
  return (
    brokenPromise(bytes) ??
    'the file is in no format that is known here: PEM, DER, PKCS#7, PKCS#8, PKCS#12, JKS, OpenSSH, PuTTY, JWK, JWT'
  );
}

/** What its beginning looks like, and why it is not that. */
function brokenPromise(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0x30) {
    const problems: Problem[] = [];
    attempt(problems, 'the file', () => readDer(bytes));
    const [problem] = problems;
    return problem === undefined
      ? 'the file is DER, and no credential that is known here'
      : `the file begins as DER and cannot be read as such: ${problem.reason} (octet ${problem.offset})`;
  }
  if (!mayBeText(bytes)) return undefined;
  const text = decodeTextFile(bytes).trim();
  if (text.startsWith('{'))
    return isJson(text)
      ? 'the file is JSON, and neither a JSON Web Key nor a set of them'
      : 'the file begins as JSON and cannot be read as such';
  const token = /^(?:Bearer\s+)?(ey[\w-]+\.[\w-]*\.[\w-]*)$/i.exec(text)?.[1];
  const read = token === undefined ? undefined : readJwt(token);
  return read === undefined || read.ok
    ? undefined
    : `the file looks like a token and cannot be read as one: ${read.why}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
