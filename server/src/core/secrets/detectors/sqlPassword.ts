import type { Detection, Detector } from '../detector.ts';
import { CONNECTION } from '../loginRules.ts';
import { isSecretValue } from '../secretValue.ts';

/** `IDENTIFIED BY 'x'`, `WITH PASSWORD = N'x'`, `ENCRYPTION BY PASSWORD = 'x'`, `PASSWORD('x')`, `MASTER_PASSWORD='x'`. */
const CLAUSE =
  /(?:identified(?: with [\w'"]{1,40})?(?: by| as)|password(?: for [^=;\n]{1,120})?)\s{0,20}(?:=\s{0,20})?(?:password\s{0,4})?\(?\s{0,4}[ENU]?(\\?['"])([^'"\n\\]{1,200})\1/iy;
/** Of statements that make users, logins and links to other servers; a WHERE is none of them. */
const STATEMENT =
  /\b(?:(?:create|alter)\s+(?:or\s+replace\s+)?(?:user|role|login|group|server|foreign|master|subscription|credential|application|certificate|symmetric|asymmetric|database)|grant|set\s+password|change\s+(?:master|replication)|open\s+master\s+key|options\s*\(|user\s+mapping)\b[^;]*$/i;
const NEAR = 400;

/** Passwords in statements of SQL, in scripts as in strings of a program. */
export const detector: Detector = {
  rules: [CONNECTION],
  keywords: [
    'identified by',
    'identified with',
    'password for',
    "password '",
    'password "',
    'password=',
    'password =',
    'password(',
    "password n'",
  ],
  reach: 'near',
  isVague: true,
  *find({ text, at, path }): Generator<Detection> {
    CLAUSE.lastIndex = at;
    const [whole, , value = ''] = CLAUSE.exec(text) ?? [];
    if (whole === undefined || !STATEMENT.test(text.slice(Math.max(0, at - NEAR), at + 'password'.length)))
      return;
    if (!isSecretValue(value, path)) return;
    const start = at + whole.lastIndexOf(value);
    yield {
      rule: CONNECTION,
      what: 'the password of a user of a database',
      start,
      end: start + value.length,
    };
  },
};
