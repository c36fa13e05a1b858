/**
 * What stands in base64, and may be packed, is looked into as a file of its own: of JSON, YAML, XML, scripts, key stores and base64
 * of these the first signs tell. Bounded in depth, and in how many octets come out of one value.
 */
import { decodeBase64 } from '../credential/base64.ts';
import type { Detection, Detector, ScanTools, Suspect } from './detector.ts';
import { foldedBase64At, isInFoldedBase64 } from './foldedBase64.ts';
import { weightOf } from './foundSecrets.ts';
import type { FileScan } from './judgement.ts';

const DEEPEST = 3;
/** Of all that one value gives, unpacked and decoded, for each of its signs: ten times what text is packed to. */
const MOST_OCTETS_A_SIGN = 32;
const SHORTEST = 60;

/** Text that files begin with. A key in base64, and a PEM file in base64, have detectors of their own. */
const TEXTS = [
  ...[
    '{ "',
    '{\n ',
    '{\n\t',
    '{\n"',
    '[{"',
    '[\n ',
    'apiVersion',
    'kind: ',
    '---\n',
    '<?xml',
    '#!/',
    '#cloud-config',
  ],
  ...['[default]', '[profile ', '[client]', 'export ', 'version: ', '-----BEGIN C', 'machine '],
];
/** Base64, once more in base64 or twice: of PEM, of JSON, of DER. */
const ENCODED = ['LS0tLS1CRUdJTi', 'eyJ', 'ewog', 'MII', 'YXBpVmVyc2lvbj'];
/** `{"` and a letter; a Java key store, one of JCEKS, a key table. */
const BEGINNINGS = [
  'eyJ',
  '/u3+7QAAAA',
  'zs7Ozg',
  'BQIAAA',
  ...[...TEXTS, ...ENCODED, ...ENCODED.map(base64Prefix)].map(base64Prefix),
];
/** `PFX`: three octets of tag and length, a fourth, then `INTEGER 3` and the next sequence. */
const PKCS12 = 'IBAzC';
const PKCS12_BEFORE = 6;
/** gzip (RFC 1952, 2.3.1), and base64 of it as Helm keeps its releases. */
const PACKED = ['H4sI', base64Prefix('H4sI')];
const GZIP = [0x1f, 0x8b];

/** What is signs of base64 whatever follows. */
function base64Prefix(text: string): string {
  const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const bits = [...text].map((sign) => sign.charCodeAt(0).toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{6}/g) ?? []).map((six) => SIGNS[Number.parseInt(six, 2)]).join('');
}

/** `scan`: all detectors, these among them. */
export function wrappedValues(
  { rules }: Pick<Detector, 'rules'>,
  scan: (path: string, bytes: Uint8Array) => Pick<FileScan, 'found' | 'cut'>,
): readonly Detector[] {
  let depth = 0;
  let left = 0;
  const inside = function* (suspect: Suspect, start: number): Generator<Detection> {
    const { value, end } = foldedBase64At(suspect.text, start);
    // Three parts with points between them are a token.
    if (value.length < SHORTEST || suspect.text[end] === '.' || depth >= DEEPEST) return;
    if (depth === 0) left = value.length * MOST_OCTETS_A_SIGN;
    // Reading costs, whatever comes out.
    left -= value.length;
    const bytes = left > 0 ? unwrapped(value, suspect.tools, left) : 'more';
    if (bytes === undefined) return;
    if (bytes === 'more') {
      suspect.notLookedAt?.('a value in it unpacks to more than is looked at');
      return;
    }
    left -= bytes.length;
    depth += 1;
    try {
      const { found, cut } = scan(suspect.path, bytes);
      if (cut !== undefined) suspect.notLookedAt?.(cut);
      const one = heaviest(found);
      if (one !== undefined) yield { ...one, start, end };
    } finally {
      depth -= 1;
    }
  };
  const starts = (words: readonly string[], { text, at }: Suspect): number | undefined => {
    const begins = words.find((word) => text.startsWith(word, at));
    const start = begins === PKCS12 ? at - PKCS12_BEFORE : at;
    if (begins === undefined || (begins === PKCS12 && !text.startsWith('MII', start))) return undefined;
    return /[A-Za-z0-9+/]/.test(text[start - 1] ?? '') && text.slice(start - 2, start) !== '\\n'
      ? undefined
      : start;
  };
  const detector = (reach: 'block' | 'bundle', words: readonly string[]): Detector => ({
    rules,
    keywords: [...new Set(words.map((word) => word.toLowerCase()))],
    reach,
    follows: (bytes, end) => isLongRun(bytes, end),
    *find(suspect) {
      const start = starts(words, suspect);
      if (start === undefined) return;
      // In the midst of lines that are one value there is no beginning.
      if (isInFoldedBase64(suspect.text, start)) return;
      yield* inside(suspect, start);
    },
  });
  return [detector('block', [...BEGINNINGS, PKCS12]), detector('bundle', PACKED)];
}

function isLongRun(bytes: Uint8Array, end: number): boolean {
  for (let at = end; at < end + SHORTEST - 20; at += 1) {
    const octet = bytes[at] ?? 0;
    const small = octet | 0x20;
    const isSign =
      (small >= 0x61 && small <= 0x7a) ||
      (octet >= 0x2b && octet <= 0x39 && octet !== 0x2c && octet !== 0x2e) ||
      octet === 0x5f;
    if (!isSign) return false;
  }
  return true;
}

/** Decoded, and unpacked if it is packed. Undefined: it is neither. `more`: than `most` octets. */
function unwrapped(value: string, { gunzip }: ScanTools, most: number): Uint8Array | 'more' | undefined {
  const decoded = decodeBase64(value);
  const bytes = decoded.ok ? decoded.bytes : decoded.before;
  if (bytes.length === 0) return undefined;
  if (bytes.length > most) return 'more';
  return GZIP.every((octet, place) => bytes[place] === octet) ? gunzip(bytes, most) : bytes;
}

function heaviest(found: readonly Detection[]): Detection | undefined {
  const weight = ({ rule }: Detection): number => weightOf({}, [rule]);
  let one: Detection | undefined;
  for (const each of found) if (one === undefined || weight(each) > weight(one)) one = each;
  if (one === undefined) return undefined;
  const others = found.length - 1;
  const more = others === 0 ? '' : `, and ${others} more`;
  return { ...one, what: `${one.what} in base64${more}` };
}
