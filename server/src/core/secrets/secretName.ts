/** Names of settings that are secrets by what they are called. */

/** What follows may say more of the same; anything else makes it another setting, such as `token_url` or `passwordFile`. */
export const SECRET_NAME =
  /(?:(?:[_.-]|db|user)?pass(?:word|wd|phrase)?|pwd|secret|token|(?:api|access|auth|encryption|signing|master)[_-]?key)(?:[_-]?(?:access[_-]?key|key|base|value|string|hash|salt|\d))*(?![A-Za-z0-9]|[_.-][A-Za-z])/iy;

/** Each is where `SECRET_NAME` begins. */
export const SECRET_NAME_KEYWORDS: readonly string[] = [
  ...[
    'password',
    'passwd',
    'passphrase',
    '_pass',
    '-pass',
    '.pass',
    'dbpass',
    'userpass',
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
