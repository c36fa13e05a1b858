import type { RuleMeta } from '../../rules/rule.ts';
import type { Detection, Detector } from '../detector.ts';
import { isSecretValue } from '../secretValue.ts';
import { settingsOf } from '../settingRule.ts';
import { settingValueAt } from '../settingValue.ts';

const HSM_PIN: RuleMeta = {
  id: 'secret/hsm-pin',
  severity: 'error',
  title: 'The PIN of a key store in hardware stands in a file',
  why: 'The key cannot be copied out of the device, but with the PIN whoever reaches it signs and decrypts as its owner does.',
  remedy:
    'Change the PIN, let the user PIN and that of the security officer differ, and name a file or a variable instead: pin-source of a PKCS#11 URI, or an agent that holds the session.',
  standard: 'RFC 7512, 2.4 and 7',
};

/** RFC 7512: up to the next attribute, percent-encoded. */
const URI_VALUE = /pin-value=([^;&?\s"'`<>\\|)\]}]+)/iy;
/** Near this word a bare `pin` is one. */
const PIN_SETTING = /(?<![A-Za-z0-9])(?:(?:user|so|slot|token|hsm)[-_.]?)?pin(?![A-Za-z0-9_-])/gi;
const NEAR = 600;

const named = settingsOf(HSM_PIN, [
  {
    names: ['--pin', '--so-pin', '--new-pin', '--new-so-pin', '--user-pin'],
    what: 'the PIN of a PKCS#11 token',
    blank: 'any',
  },
  {
    names: [
      ...['pkcs11_pin', 'pkcs11pin', 'pkcs11-pin', 'pkcs11.pin', 'hsm_pin', 'hsm-pin', 'hsm.pin', 'hsmpin'],
      ...[
        'softhsm_pin',
        'softhsm2_pin',
        'p11_pin',
        'p11pin',
        'cryptotoken.pin',
        'yubihsm_pin',
        'piv_pin',
        'pivpin',
      ],
      ...[
        'user_pin',
        'userpin',
        'user-pin',
        'so_pin',
        'sopin',
        'token_pin',
        'tokenpin',
        'slot_pin',
        'slotpin',
      ],
      ...['cloudhsm_pin', 'n3fips_password', 'enginectrl = pin', 'enginectrl=pin'],
      ...['p11.pin', 'keystorepin', 'key_pin', 'smartcard_pin', 'pin_value'],
    ],
    what: 'the PIN of a PKCS#11 token',
  },
  {
    names: ['yubihsm_password', 'hsm_password', 'hsm.password', 'hsmpassword', 'partition_password'],
    what: 'the password of an HSM',
  },
]);

const MODULES = [
  ...[
    'pkcs11',
    'softhsm',
    'cryptoki',
    'crypto11',
    'tokenlabel',
    'token_label',
    'token-label',
    'slotlabel',
    'slot_label',
  ],
  ...['sharedlibrary', 'library_path', 'module_path', 'handle =', 'handle=', 'slot =', 'slot='],
];

export const detector: Detector = {
  rules: [HSM_PIN],
  keywords: ['pin-value=', ...named.keywords, ...MODULES],
  reach: 'near',
  *find(suspect): Generator<Detection> {
    const { text, at, path } = suspect;
    URI_VALUE.lastIndex = at;
    const [uri, value = ''] = URI_VALUE.exec(text) ?? [];
    if (uri !== undefined) {
      const end = at + uri.length;
      if (isSecretValue(decoded(value), path))
        yield { rule: HSM_PIN, what: 'the PIN in a PKCS#11 URI', start: end - value.length, end };
      return;
    }
    yield* named.find(suspect);
    if (MODULES.some((each) => text.slice(at, at + each.length).toLowerCase() === each))
      yield* settingsNear(text, at, path);
  },
};

/** `PIN = 648219` in openssl.cnf, `"pin": "…"` of a module in JSON. */
function* settingsNear(text: string, at: number, path: string): Generator<Detection> {
  const from = Math.max(0, at - NEAR);
  for (const match of text.slice(from, at + NEAR).matchAll(PIN_SETTING)) {
    const found = settingValueAt(text, from + match.index + match[0].length, 'any');
    if (found === undefined || !/^[\w!@#$%^&*+=.,:-]{4,64}$/.test(found.value)) continue;
    // Between quotes anything; without them no word, which would be a name.
    if (!found.isQuoted && !/^\d+$/.test(found.value)) continue;
    if (isSecretValue(found.value, path))
      yield { rule: HSM_PIN, what: 'the PIN of a PKCS#11 token', start: found.start, end: found.end };
  }
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
