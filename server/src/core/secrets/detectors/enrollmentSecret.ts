import { decodeBase64 } from '../../credential/base64.ts';
import type { RuleMeta } from '../../rules/rule.ts';
import type { Detection, Detector, Suspect } from '../detector.ts';
import { isPlaceholder } from '../placeholder.ts';
import { isNoPlainValue, isSecretValue, isSourceFile } from '../secretValue.ts';
import { settingsOf } from '../settingRule.ts';
import { settingValueAt } from '../settingValue.ts';

const ENROLLMENT: RuleMeta = {
  id: 'secret/enrollment-secret',
  severity: 'error',
  title: 'A secret that certificates are requested with stands in a file',
  why: 'Whoever has it is issued certificates by the authority, for names that it never had: SCEP, EST, CMP and ACME accounts ask for nothing else.',
  remedy:
    'Change it at the authority, list what was issued with it, and revoke what nobody asked for. Give each machine a secret of its own that is good once.',
  standard: 'RFC 8894, 7.3; RFC 8555, 7.3.4',
};

/** ACME's external account binding: a key for HMAC, in base64 for URLs. */
function isMacKey(value: string): boolean {
  if (!/^[\w+/-]{16,}={0,2}$/.test(value) || isNoPlainValue(value) || isPlaceholder(value)) return false;
  const decoded = decodeBase64(value);
  return decoded.ok && decoded.bytes.length >= 12 && /[0-9]/.test(value) && /[A-Za-z]/.test(value);
}

const named = settingsOf(ENROLLMENT, [
  {
    names: [
      ...[
        'challengepassword',
        'challengepassword_default',
        'challengepassword_value',
        'challenge_password',
        'challenge-password',
        // The object identifier of the attribute (RFC 2985, 5.4.1), as Puppet has it.
        '1.2.840.113549.1.9.7',
      ],
      ...[
        'scep_challenge',
        'scepchallenge',
        'scep-challenge',
        'scep.challenge',
        'scep_password',
        'sceppassword',
        'scep-password',
        'scep_secret',
        'scepsecret',
      ],
    ],
    what: 'a challenge password for SCEP',
    blank: 'any',
  },
  {
    names: [
      'est_password',
      'estpassword',
      'est-password',
      'est_pass',
      'est.password',
      'enrollment_password',
      'enrollmentpassword',
      'enrollment_secret',
      'enrollmentsecret',
      'enrollment-secret',
      'enrollment_token',
    ],
    what: 'a password for enrollment',
  },
  {
    names: [
      'cmp_secret',
      'cmp_password',
      'cmp.secret',
      'cmp_pbm_secret',
      'cmp.authenticationsecret',
      'authenticationsecret',
      'cmp.responseprotection.secret',
    ],
    what: 'a shared secret for CMP',
  },
  {
    names: ['-secret pass'],
    what: 'a shared secret for CMP',
    blank: 'any',
  },
  {
    names: [
      ...[
        'eab-hmac-key',
        'eab_hmac_key',
        'eabhmackey',
        'eab-hmac',
        'eab_hmac',
        'eabhmac',
        'eab.hmac',
        'eab_mac_key',
        'eab-mac-key',
        'eabmackey',
        'eab_key',
        'eab-key',
        'eabkey',
      ],
      ...[
        'hmacencoded',
        'hmac_encoded',
        'hmac-encoded',
        'eab_hmac_base64',
        'hmac_base64',
        'acme_eab_hmac',
        'hmac_key',
        'hmackey',
        'hmac-key',
        'b64mackey',
        'mac_key',
      ],
    ],
    what: 'a key of an external account (ACME)',
    blank: 'any',
    holds: isMacKey,
  },
]);

/** Beside SCEP `challenge` is the password, in step-ca's provisioners, in profiles of devices and in what enrolls. */
const CHALLENGE =
  /(?<![\w-])(?:static_?|shared_?)?(?:challenge|password)(?:_?password)?(?=["']?\s*[:=]|<\/key>)/gi;
const SCEP_WORDS = [
  ...[
    '"scep"',
    'scep:',
    ': scep',
    'com.apple.security.scep',
    'scepprofile',
    '/scep',
    'pkiclient.exe',
    'scep_url',
    'scepurl',
    'scep {',
    '[requestattributes]',
  ],
  ...['"est"', ': est\n', '/.well-known/est', '/.well-known/cmp', ': cmp\n', '"cmp"'],
];
/** Of a router: the password that it sends with its request. */
const TRUSTPOINT = /^[ \t]+(?:challenge-)?password[ \t]+(?:[07][ \t]+)?(\S{4,128})[ \t]*\r?$/gim;
const TRUSTPOINT_WORDS = [
  'crypto pki trustpoint',
  'crypto ca trustpoint',
  'crypto ca identity',
  'crypto pki profile',
];
const NEAR = 2048;

export const detector: Detector = {
  rules: [ENROLLMENT],
  keywords: [...named.keywords, ...SCEP_WORDS, ...TRUSTPOINT_WORDS],
  reach: 'near',
  *find(suspect): Generator<Detection> {
    yield* named.find(suspect);
    const { text, at } = suspect;
    const is = (word: string): boolean => text.slice(at, at + word.length).toLowerCase() === word;
    if (SCEP_WORDS.some(is)) yield* besideProtocol(suspect);
    if (TRUSTPOINT_WORDS.some(is)) yield* ofTrustpoint(suspect);
  },
};

function* besideProtocol({ text, at, path }: Suspect): Generator<Detection> {
  const from = Math.max(0, at - NEAR);
  for (const match of text.slice(from, at + NEAR).matchAll(CHALLENGE)) {
    const found = settingValueAt(text, from + match.index + match[0].length);
    if (found !== undefined && (found.isQuoted || !isSourceFile(path)) && isSecretValue(found.value, path))
      yield { rule: ENROLLMENT, what: 'a password for enrollment', start: found.start, end: found.end };
  }
}

/** Up to the `!` or the first line that is not indented. */
function* ofTrustpoint({ text, at, path }: Suspect): Generator<Detection> {
  const block = /^[^\n]*(?:\n[ \t]+[^\n]*)*/.exec(text.slice(at, at + NEAR))?.[0] ?? '';
  for (const match of block.matchAll(TRUSTPOINT)) {
    const [whole, value = ''] = match;
    const start = at + match.index + whole.lastIndexOf(value);
    if (isSecretValue(value, path))
      yield { rule: ENROLLMENT, what: 'a challenge password for SCEP', start, end: start + value.length };
  }
}
