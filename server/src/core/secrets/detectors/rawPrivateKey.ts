import { decodeBase64 } from '../../credential/base64.ts';
import type { Detection, Detector, Suspect } from '../detector.ts';
import { isPlaceholder } from '../placeholder.ts';
import { PRIVATE_KEY } from '../privateKeyRules.ts';
import { isTriedOut } from '../secretValue.ts';
import { settingValueAt } from '../settingValue.ts';

/** What a scalar or a seed is called; what follows may say how it is written. */
const NAME =
  /(?:priv(?:ate)?[_-]?key|secret[_-]?key|signing[_-]?key|identity[_-]?key|node[_-]?key|host[_-]?key|validator[_-]?key|account[_-]?key|deploy(?:er)?[_-]?key|(?:ed25519|key|signing|private|secret|node)[_-]?seed|ed25519_sk|privkey:)(?:[_-]?(?:hex|b64|base64|raw|bytes|seed|data))?(?![\w-])/iy;
/** Octets of a curve's scalar or seed; twice as many where the public half follows. */
const LENGTHS: ReadonlySet<number> = new Set([32, 48, 56, 57, 64, 66]);
const HEX = /^(?:0x)?((?:[0-9a-f]{2})+)$/i;

/** A private key as bare octets, which only its name tells from any other number: hexadecimal of the length of a curve's keys. */
export const detector: Detector = {
  rules: [PRIVATE_KEY],
  keywords: [
    ...[
      'privatekey',
      'private_key',
      'private-key',
      'privkey',
      'priv_key',
      'priv-key',
      'secretkey',
      'secret_key',
      'secret-key',
    ],
    ...[
      'signingkey',
      'signing_key',
      'signing-key',
      'identity_key',
      'identitykey',
      'node_key',
      'nodekey',
      'host_key',
      'validator_key',
    ],
    ...[
      'account_key',
      'deployer_key',
      'ed25519_seed',
      'key_seed',
      'keyseed',
      'signing_seed',
      'private_seed',
      'node_seed',
      'ed25519_sk',
    ],
  ],
  reach: 'line',
  isVague: true,
  // Vectors of tests are such numbers, too.
  reads: (path) => !isTriedOut(path),
  *find(suspect): Generator<Detection> {
    const { text, at } = suspect;
    NAME.lastIndex = at;
    const [name] = NAME.exec(text) ?? [];
    if (name === undefined) return;
    const end = name.endsWith(':') ? at + name.length - 1 : at + name.length;
    const found = settingValueAt(text, end, 'quoted');
    if (found === undefined || !isKey(found.value, suspect)) return;
    yield { rule: PRIVATE_KEY, what: 'a private key as bare octets', start: found.start, end: found.end };
  },
};

function isKey(value: string, { text, at }: Suspect): boolean {
  if (isPlaceholder(value)) return false;
  const [, digits] = HEX.exec(value) ?? [];
  if (digits !== undefined) return LENGTHS.has(digits.length / 2);
  // In base64 any key for a sum is as long: it must be named private, and be that of a curve.
  if (!/priv|seed|_sk/i.test(text.slice(at, at + 12))) return false;
  const decoded = decodeBase64(value);
  return decoded.ok && LENGTHS.has(decoded.bytes.length) && new Set(decoded.bytes).size > 20;
}
