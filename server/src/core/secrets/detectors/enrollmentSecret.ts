import { decodeBase64 } from '../../credential/base64.ts';
import type { RuleMeta } from '../../rules/rule.ts';
import type { Detection, Detector } from '../detector.ts';
import { isPlaceholder } from '../placeholder.ts';
import { isNoPlainValue, isSecretValue } from '../secretValue.ts';
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

/** Beside SCEP `challenge` is the password, in step-ca's provisioners and in profiles of devices. */
const CHALLENGE = /(?<![\w-])challenge(?=["']?\s*[:=])|<key>Challenge<\/key>\s*<string/gi;
const SCEP_WORDS = ['"scep"', 'scep:', 'com.apple.security.scep', 'scepprofile'];
const NEAR = 2048;

export const detector: Detector = {
  rules: [ENROLLMENT],
  keywords: [...named.keywords, ...SCEP_WORDS],
  reach: 'near',
  *find(suspect): Generator<Detection> {
    yield* named.find(suspect);
    const { text, at, path } = suspect;
    if (!SCEP_WORDS.some((each) => text.slice(at, at + each.length).toLowerCase() === each)) return;
    const from = Math.max(0, at - NEAR);
    for (const match of text.slice(from, at + NEAR).matchAll(CHALLENGE)) {
      const end = from + match.index + match[0].length;
      const found = settingValueAt(text, end);
      if (found !== undefined && isSecretValue(found.value, path))
        yield { rule: ENROLLMENT, what: 'a challenge password for SCEP', start: found.start, end: found.end };
    }
  },
};
