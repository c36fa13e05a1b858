import type { RuleMeta } from '../../rules/rule.ts';
import { callArguments } from '../callArguments.ts';
import type { Detection, Detector } from '../detector.ts';
import { CONNECTION } from '../loginRules.ts';
import { isMade, isSecretValue } from '../secretValue.ts';
import { detector as hsmPin } from './hsmPin.ts';
import { detector as keyStorePassword } from './keyStorePassword.ts';

interface Call {
  readonly names: readonly string[];
  /** Which argument is the secret, from zero. */
  readonly place: number;
  readonly what: string;
  readonly rule: RuleMeta;
  holds?(value: string): boolean;
}

const [HSM_PIN = CONNECTION] = hsmPin.rules;
const [KEY_STORE = CONNECTION] = keyStorePassword.rules;

const login = (place: number, names: readonly string[]): Call => ({
  names,
  place,
  what: 'the password of a login',
  rule: CONNECTION,
});
const keyStore = (place: number, names: readonly string[]): Call => ({
  names,
  place,
  what: 'the password of a key store',
  rule: KEY_STORE,
});

/** By what functions are called in the languages that have them; their arguments have no names of their own. */
const CALLS: readonly Call[] = [
  login(0, ['ssh.password']),
  {
    names: [
      '.settoken',
      'withtoken',
      'withbearertoken',
      'setbearertoken',
      'setauthtoken',
      'withaccesstoken',
      'statictoken',
    ],
    place: 0,
    what: 'a token',
    rule: CONNECTION,
    holds: isMade,
  },
  login(1, [
    ...[
      'oci_connect',
      'ftp_login',
      'networkcredential',
      'passwordauthentication',
      'simple_bind_s',
      'simple_bind',
    ],
    ...['usernamepasswordcredentials', 'usernamepasswordauthenticationtoken', 'usernamepasswordcredential'],
    ...[
      'httpbasicauth',
      'httpdigestauth',
      'setbasicauth',
      'basicauth',
      'basic_auth',
      'credentials.basic',
      'basiccredentials',
    ],
    ...[
      '.login',
      '.signin',
      '.authenticate',
      'approle.login',
      'auth_approle',
      'passwordcredentials',
      'cx_oracle.connect',
      'oracledb.connect',
    ],
  ]),
  login(2, [
    'pymysql.connect',
    'mysqldb.connect',
    'dbi->connect',
    'new pdo',
    'mysqli_connect',
    'new mysqli',
    'mysql_connect',
    'mysql_pconnect',
    'getconnection',
    'ldap_bind',
    'plainauth',
  ]),
  { names: ['c_login', '.login'], place: 2, what: 'the PIN of a PKCS#11 token', rule: HSM_PIN },
  {
    names: ['session.login', 'authpin::new', 'open_session'],
    place: 0,
    what: 'the PIN of a PKCS#11 token',
    rule: HSM_PIN,
  },
  keyStore(0, ['passwordprotection']),
  keyStore(1, [
    ...[
      'keystore.load',
      'ks.load',
      'store.load',
      'loadkeymaterial',
      'loadtrustmaterial',
      'x509certificate2',
      'pkcs12.decode',
    ],
    ...[
      'load_key_and_certificates',
      'load_pkcs12',
      'load_pem_private_key',
      'load_der_private_key',
      'pkcs12.new',
      'pkey::rsa.new',
    ],
    ...[
      'pkey.read',
      'openssl_pkey_get_private',
      'pkcs12_parse',
      'setkeyentry',
      '.getkey',
      'kmf.init',
      'factory.init',
    ],
    ...[
      'privatekeyfrompem',
      'parsepkcs12',
      'decodechain',
      'decryptpemblock',
      'parseprivatekeywithpassphrase',
      'parserawprivatekeywithpassphrase',
    ],
  ]),
  keyStore(2, ['load_cert_chain', 'openssl_pkcs12_read', 'setkeyentry', 'setcertificate']),
  keyStore(3, ['pem_read_bio_privatekey', 'pem_read_privatekey']),
];
const BY_NAME = new Map<string, Call[]>();
for (const call of CALLS)
  for (const name of call.names) BY_NAME.set(name, [...(BY_NAME.get(name) ?? []), call]);

const OPENING = /\s{0,4}\(/y;
const PAREN = 0x28;

export const detector: Detector = {
  rules: [CONNECTION, HSM_PIN, KEY_STORE],
  keywords: [...BY_NAME.keys()],
  reach: 'near',
  isVague: true,
  follows: (bytes, end) => bytes[end] === PAREN || (bytes[end] === 0x20 && bytes[end + 1] === PAREN),
  *find({ text, at, path }): Generator<Detection> {
    const open = text.indexOf('(', at);
    const name = text.slice(at, open).trimEnd().toLowerCase();
    OPENING.lastIndex = at + name.length;
    const calls = BY_NAME.get(name);
    if (calls === undefined || !OPENING.test(text)) return;
    const given = callArguments(text, open + 1);
    for (const { place, what, rule, holds } of calls) {
      const found = given[place];
      if (
        found === undefined ||
        (place === 2 && name === '.login' && !/CKU_/.test(text.slice(open, found.start)))
      )
        continue;
      // A user that is a string of the same word is an example.
      if (given.some((each) => each !== found && each?.value.toLowerCase() === found.value.toLowerCase()))
        continue;
      if (!isSecretValue(found.value, path) || holds?.(found.value) === false) continue;
      yield { rule, what, start: found.start, end: found.end };
      return;
    }
  },
};
