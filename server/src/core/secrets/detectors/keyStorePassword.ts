import { isSecretValue } from '../secretValue.ts';
import { settingsOf } from '../settingRule.ts';

/** Each in the ways in which it is written: `keyStorePassword`, `key-store-password`, `KEY_STORE_PASSWORD`, `keystore.password`. */
function spellings(...words: readonly string[]): readonly string[] {
  return ['', '-', '_', '.'].map((between) => words.join(between));
}

export const detector = settingsOf(
  {
    id: 'secret/key-store-password',
    severity: 'error',
    title: 'The password of a key store stands in a file',
    why: 'The store is usually beside it or on the same machine. With both, whoever has them is the identity.',
    remedy:
      'Change the password, and rotate the key if its store was ever in the same repository. Let the password come from a file that only the service may read, or from a secret store.',
  },
  [
    {
      names: [
        ...spellings('key', 'store', 'password').concat(spellings('keystore', 'password').slice(1)),
        ...spellings('trust', 'store', 'password').concat(spellings('truststore', 'password').slice(1)),
        ...[
          'keystorepass',
          'truststorepass',
          'keystore_pass',
          'keystore-pass',
          'keystorepwd',
          'keystore_pwd',
        ],
        ...['certificatekeystorepassword', 'storepassword', 'storepass', 'store_password'],
        ...['keystorepassphrase', 'keystore_passphrase', 'jks_password', 'jks.password', 'jkspassword'],
        ...[
          'pkcs12_password',
          'pkcs12password',
          'pkcs12-password',
          'p12_password',
          'p12password',
          'p12-password',
          'pfx_password',
          'pfxpassword',
        ],
      ],
      what: 'the password of a key store',
      blank: 'quoted',
    },
    {
      names: [
        ...spellings('key', 'password'),
        ...spellings('key', 'passphrase'),
        ...spellings('key', 'pass').slice(0, 3),
        ...[
          'certificatekeypassword',
          'ssl_key_passwd',
          'sslpassword',
          'certificate_password',
          'certpassword',
          'cert_password',
          'cert-password',
        ],
        ...[
          'ca_passphrase',
          'signing_passphrase',
          'signing.password',
          'signing_key_password',
          'gpg.passphrase',
          'gpg_passphrase',
          'cosign_password',
        ],
      ],
      what: 'the password of a private key',
      blank: 'quoted',
    },
    {
      names: ['-storepass', '-keypass', '-srcstorepass', '-deststorepass', '-srckeypass', '-destkeypass'],
      what: 'the password of a key store',
      blank: 'any',
      // Of keytool: `-storepass:env NAME`.
      holds: (value, { path }) => !/^(?:env|file)$/.test(value) && isSecretValue(value, path),
    },
    {
      names: [
        '-passin pass',
        '-passout pass',
        '-passin',
        '-passout',
        '-pass pass',
        'easyrsa_passin',
        'easyrsa_passout',
        'input_password',
        'output_password',
      ],
      what: 'the password of a private key',
      blank: 'any',
      before: 'pass:',
      holds: (value, { path }) => !/^(?:stdin|fd:|file:|env:)/.test(value) && isSecretValue(value, path),
    },
    { names: ['credential-reference clear-text', 'clear-text'], what: 'the password of a key store' },
    { names: ['passphrase'], what: 'a passphrase' },
  ],
);
