/** Names of settings that are secrets by what they are called. */

/** What follows may say more of the same; anything else makes it another setting, such as `token_url` or `passwordFile`. */
export const SECRET_NAME =
  /(?:(?:[_.,;\s"'<-]|[a-z]{2,6})?pass(?:word|wd|phrase|code)?|pwd|secret|token|(?:api|access|auth|app|encryption|signing|master)[_-]?key)(?:[_-]?(?:access[_-]?key|key|base|value|string|hash|salt|\d))*s?(?![A-Za-z0-9]|[_.-][A-Za-z])/iy;

/** Each is where `SECRET_NAME` begins. */
export const SECRET_NAME_KEYWORDS: readonly string[] = [
  ...[
    'password',
    'passwd',
    'passphrase',
    '_pass',
    '-pass',
    '.pass',
    '"pass',
    "'pass",
    '<pass',
    ' pass',
    ',pass',
    ';pass',
    '\npass',
    '\tpass',
    ...['db', 'user', 'root', 'admin', 'smtp', 'mail', 'ftp', 'ssh', 'sql', 'login', 'auth', 'my'].map(
      (whose) => `${whose}pass`,
    ),
    'pwd',
    'secret',
    'token',
  ],
  ...[
    'api_key',
    'apikey',
    'api-key',
    'access_key',
    'accesskey',
    'access-key',
    'app_key',
    'appkey',
    'auth_key',
    'authkey',
    'auth-key',
  ],
  ...[
    'encryption_key',
    'encryptionkey',
    'encryption-key',
    'signing_key',
    'signingkey',
    'signing-key',
    'master_key',
    'masterkey',
  ],
];
