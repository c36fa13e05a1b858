import type { RuleMeta } from '../../rules/rule.ts';
import type { Detection, Detector } from '../detector.ts';
import { isPlaceholder } from '../placeholder.ts';
import { isSecretValue } from '../secretValue.ts';
import { settingsOf } from '../settingRule.ts';
import { settingValueAt } from '../settingValue.ts';

const CA_PASSWORD: RuleMeta = {
  id: 'secret/ca-password',
  severity: 'error',
  title: 'A password of a certificate authority stands in a file',
  why: 'It opens the key that signs certificates, or lets whoever has it ask for any: every identity below that authority is then worth nothing.',
  remedy:
    'Change the password and look at what the authority issued. If its encrypted key was in the same repository, replace the authority. Give the password by a file that only the authority can read, or keep the key in an HSM.',
};

const named = settingsOf(CA_PASSWORD, [
  {
    names: [
      ...[
        'step_ca_password',
        'stepca_password',
        'stepca_init_password',
        'step_password',
        'provisioner_password',
        'provisioner-password',
        'provisionerpassword',
      ],
      ...[
        'ca_password',
        'ca_pass',
        'ca_key_password',
        'ca_key_pass',
        'ca_key_passphrase',
        'cakeypassword',
        'ca.password',
        'ca-password',
        'capassword',
        'root_ca_password',
        'intermediate_password',
        'issuer_password',
      ],
      ...[
        'pki_admin_password',
        'pki_client_pkcs12_password',
        'pki_client_database_password',
        'pki_ds_password',
        'pki_security_domain_password',
        'pki_token_password',
        'pki_backup_password',
        'pki_pin',
        'pki_password',
      ],
      ...[
        'ca.keystorepass',
        'ca.tokenpassword',
        'catoken.password',
        'superadmin.password',
        'httpsserver.password',
        'java.trustpassword',
        'cryptotoken.password',
        'ejbca_password',
        'ejbca.password',
      ],
      ...[
        'ipaadmin_password',
        'ipadm_password',
        'dm_password',
        'adcs_password',
        'venafi_password',
        'tpp_password',
        'vcert_password',
      ],
    ],
    what: 'a password of a certificate authority',
  },
]);

/** step-ca's configuration has its password beside these; cfssl's keys for requests stand in an object of this name. */
const STEP_WORDS = ['"provisioners"', '"dnsnames"'];
const CFSSL = '"auth_keys"';
const PASSWORD = /"password"/g;
const CFSSL_KEY = /"key"\s*:\s*"([0-9A-Fa-f]{16,128})"/g;
/** OpenXPKI's secrets: how they are kept, then what they are. */
const LITERAL = 'method: literal';
const LITERAL_VALUE = /method: literal\s{1,40}value:[ \t]*["']?([^\s"'#]{4,200})/iy;
const NEAR = 8192;

export const detector: Detector = {
  rules: [CA_PASSWORD],
  keywords: [...named.keywords, ...STEP_WORDS, CFSSL, LITERAL],
  reach: 'near',
  *find(suspect): Generator<Detection> {
    yield* named.find(suspect);
    const { text, at, path } = suspect;
    const is = (word: string): boolean => text.slice(at, at + word.length).toLowerCase() === word;
    if (STEP_WORDS.some(is)) {
      const from = Math.max(0, at - NEAR);
      for (const match of text.slice(from, at + NEAR).matchAll(PASSWORD)) {
        const found = settingValueAt(text, from + match.index + match[0].length - 1);
        if (found?.isQuoted && isSecretValue(found.value, path))
          yield {
            rule: CA_PASSWORD,
            what: 'the password of a certificate authority (step-ca)',
            start: found.start,
            end: found.end,
          };
      }
    }
    if (is(LITERAL)) {
      LITERAL_VALUE.lastIndex = at;
      const [whole, value = ''] = LITERAL_VALUE.exec(text) ?? [];
      const end = at + (whole ?? '').length;
      if (whole !== undefined && isSecretValue(value, path))
        yield {
          rule: CA_PASSWORD,
          what: 'a password of a certificate authority (OpenXPKI)',
          start: end - value.length,
          end,
        };
    }
    if (!is(CFSSL)) return;
    for (const match of text.slice(at, at + 2048).matchAll(CFSSL_KEY)) {
      const [whole, value = ''] = match;
      const start = at + match.index + whole.lastIndexOf(value);
      if (!isPlaceholder(value))
        yield { rule: CA_PASSWORD, what: 'a key for requests (cfssl)', start, end: start + value.length };
    }
  },
};
