import { decodeBase64 } from '../../credential/base64.ts';
import type { RuleMeta } from '../../rules/rule.ts';
import type { Detection, Detector } from '../detector.ts';
import { isPlaceholder } from '../placeholder.ts';
import { PRIVATE_KEY } from '../privateKeyRules.ts';
import { settingsOf } from '../settingRule.ts';

const TSIG: RuleMeta = {
  id: 'secret/tsig-key',
  severity: 'error',
  title: 'A key for changes of DNS (TSIG) stands in a file',
  why: 'Whoever changes a zone passes every check of an authority that asks DNS, and is issued certificates for all its names.',
  remedy:
    'Make a new key, replace the old one at the name server and at every client, and allow each key only the names it needs.',
  standard: 'RFC 8945, 8',
};

/** `key "x" { algorithm hmac-sha256; secret "…"; };`, and the same in YAML, with either first. */
const ALGORITHM = /algorithm["']?\s*[:=]?\s*["']?hmac-/iy;
const SECRET = /(?<![\w-])secret["']?\s*[:=]?\s*["']?([A-Za-z0-9+/]{14,}={0,2})(?![A-Za-z0-9+/=_-])/gi;
/** `hmac-sha256:name:…` of nsupdate and dig, `key hmac-sha256:name …` of a script for nsupdate, `name hmac-sha256 …` of knot. */
const INLINE =
  /hmac-(?:md5|sha(?:1|224|256|384|512))(?:\.sig-alg\.reg\.int)?(?::[\w.-]+[:\s]\s*["']?|["']?(?:[ \t]+|[ \t]*,[ \t]*)["']?)([A-Za-z0-9+/]{14,}={0,2})(?![A-Za-z0-9+/=_-])/iy;
const KEY_FILE = /^(Key|PrivateKey|PrivateExponent):[ \t]*([A-Za-z0-9+/]{14,}={0,2})[ \t]*$/m;
const FILE_HEAD = 'private-key-format:';
const NEAR = 400;
const SHORTEST_OCTETS = 10;

function isKey(value: string): boolean {
  const decoded = decodeBase64(value);
  if (!decoded.ok || decoded.bytes.length < SHORTEST_OCTETS || isPlaceholder(value)) return false;
  return /[A-Z]/.test(value) && /[a-z]/.test(value) && new Set(decoded.bytes).size > SHORTEST_OCTETS / 2;
}

const named = settingsOf(TSIG, [
  {
    names: [
      ...[
        'tsig-secret',
        'tsig_secret',
        'tsigsecret',
        'tsig.secret',
        'tsig_key',
        'tsig-key',
        'tsigkey',
        'rfc2136_secret',
      ],
      ...['dns_rfc2136_secret', 'nsupdate_key', 'rndc_key', 'ddns_key', 'dnsupdate_key'],
    ],
    what: 'a TSIG key',
    blank: 'any',
    holds: isKey,
  },
]);

export const detector: Detector = {
  rules: [TSIG, PRIVATE_KEY],
  keywords: [
    ...named.keywords,
    'algorithm',
    'hmac-md5',
    'hmac-sha1',
    'hmac-sha2',
    'hmac-sha3',
    'hmac-sha5',
    FILE_HEAD,
  ],
  reach: 'near',
  *find(suspect): Generator<Detection> {
    const { text, at } = suspect;
    if (text.slice(at, at + FILE_HEAD.length).toLowerCase() === FILE_HEAD) {
      yield* keyFile(text, at);
      return;
    }
    ALGORITHM.lastIndex = at;
    if (ALGORITHM.test(text)) {
      const from = Math.max(0, at - NEAR);
      const before = text.lastIndexOf('}', at);
      const start = Math.max(from, before);
      for (const match of text.slice(start, at + NEAR).matchAll(SECRET)) yield* one(match, start);
      return;
    }
    INLINE.lastIndex = at;
    const inline = INLINE.exec(text);
    if (inline !== null) yield* one(inline, 0);
    else yield* named.find(suspect);
  },
};

function* one(match: RegExpExecArray, from: number): Generator<Detection> {
  const [whole, value = ''] = match;
  const start = from + match.index + whole.lastIndexOf(value);
  if (isKey(value)) yield { rule: TSIG, what: 'a TSIG key', start, end: start + value.length };
}

/** `K*.private` of BIND: a key for TSIG, or the private half of a zone's key. */
function* keyFile(text: string, at: number): Generator<Detection> {
  const rest = text.slice(at, at + 8192);
  const found = KEY_FILE.exec(rest);
  const [whole, name, value = ''] = found ?? [];
  if (found === null || whole === undefined || !isKey(value)) return;
  const end = at + found.index + whole.trimEnd().length;
  yield name === 'Key'
    ? { rule: TSIG, what: 'a TSIG key (BIND)', start: end - value.length, end }
    : { rule: PRIVATE_KEY, what: 'a private key of a DNS zone (BIND)', start: at, end };
}
