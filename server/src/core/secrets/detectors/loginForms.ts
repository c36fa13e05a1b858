import { decodeBase64 } from '../../credential/base64.ts';
import { decodeLatin1 } from '../../credential/charset.ts';
import type { Detection, Detector, Suspect } from '../detector.ts';
import { isLogin } from '../login.ts';
import { CREDENTIAL_FILE } from '../loginRules.ts';
import { isNoPlainValue, isSecretValue } from '../secretValue.ts';

/** .netrc: words, in one line or several. */
const MACHINE = /(?:machine[ \t]+\S+|default)((?:\s+(?:login|account|password|port)[ \t]+\S+){2,4})/iy;
const MACHINE_PASSWORD = /\spassword[ \t]+"?([^\s"'`\\]+)/i;
/** .pgpass: host, port, database, user, password. */
const PGPASS = /^[^:\s#]+:(?:5432|\d{4,5}|\*):[^:\s]+:[^:\s]+:((?:\\.|[^:\\\s])+)\s*$/;
/** Of a registry, `//registry/:_auth=`, or of all. */
const NPM = /_(auth|password|authtoken)["']?[ \t]*=[ \t]*["']?([\w+/=.-]{6,})/iy;
/** Yarn's `npmAuthIdent` has user and password, as they are or in base64; Composer has tokens by host. */
const YARN = /npmauthident["']?[ \t]*:[ \t]*["']?(?:[\w.-]{1,64}:)?([^\s"']{6,200})/iy;
const COMPOSER =
  /"(?:gitlab-token|github-oauth|gitlab-oauth|bearer)"\s*:\s*\{\s*"[\w.:-]{3,80}"\s*:\s*"([^"\s]{16,200})"/iy;
const DOCKER = /\\*"auth\\*"\s*:\s*\\*"([A-Za-z0-9+/]{8,}={0,2})\\*"/iy;
/** `{"auths"` in base64, with the blanks that programs put in. */
const ENCODED_AUTHS = [
  'eyjhdxrocyi6',
  'eyaiyxv0ahmi',
  'ewogicjhdxrocyi6',
  'ewoiymxv0ahmi',
  'ewojimf1dghzi',
  'ewogicagimf1dghzi',
];
const BASE64 = /[A-Za-z0-9+/]+={0,2}/y;

/** Logins by the form of what is around them, wherever they stand: .netrc, .pgpass, .npmrc, Docker's configuration. */
export const detector: Detector = {
  rules: [CREDENTIAL_FILE],
  keywords: [
    'machine ',
    'default login',
    ':5432:',
    ':*:',
    '_auth=',
    '_auth =',
    '_authtoken',
    ':_password',
    'npmauthident',
    '"gitlab-token"',
    '"github-oauth"',
    '"gitlab-oauth"',
    '"bearer"',
    '"auth"',
    '\\"auth\\"',
    ...ENCODED_AUTHS,
  ],
  reach: 'near',
  isVague: true,
  *find(suspect): Generator<Detection> {
    for (const form of [netrc, pgpass, npm, otherRegistry, docker, encodedDocker]) {
      const found = form(suspect);
      if (found === undefined) continue;
      yield { rule: CREDENTIAL_FILE, ...found };
      return;
    }
  },
};

type Found = Omit<Detection, 'rule'> | undefined;

function netrc({ text, at, path }: Suspect): Found {
  MACHINE.lastIndex = at;
  const [whole, words = ''] = MACHINE.exec(text) ?? [];
  const value = MACHINE_PASSWORD.exec(words)?.[1];
  const isLine = /(?:^|\n|\\n|["'`])[ \t]*$/.test(text.slice(Math.max(0, at - 40), at));
  if (
    whole === undefined ||
    value === undefined ||
    !isLine ||
    /login[ \t]+anonymous/i.test(words) ||
    !isSecretValue(value, path)
  )
    return undefined;
  const start =
    at +
    whole.length -
    words.length +
    words.search(MACHINE_PASSWORD) +
    (MACHINE_PASSWORD.exec(words)?.[0].lastIndexOf(value) ?? 0);
  return { what: 'a password (.netrc)', start, end: start + value.length };
}

function pgpass({ text, at, path }: Suspect): Found {
  if (text[at] !== ':') return undefined;
  const first = text.lastIndexOf('\n', at) + 1;
  const last = text.indexOf('\n', at);
  const line = text.slice(first, last === -1 ? text.length : last);
  const value = line.length > 1024 ? undefined : PGPASS.exec(line)?.[1];
  if (value === undefined || (!line.includes(':5432:') && !/pgpass/i.test(path))) return undefined;
  const start = first + line.lastIndexOf(value);
  return isSecretValue(value, path)
    ? { what: 'a password (.pgpass)', start, end: start + value.length }
    : undefined;
}

function npm({ text, at, path }: Suspect): Found {
  const from = text[at] === ':' ? at + 1 : at;
  NPM.lastIndex = from;
  const [whole, name = '', value = ''] = NPM.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const isOne =
    name.toLowerCase() === 'auth'
      ? isLogin(value, path)
      : !isNoPlainValue(value) && isSecretValue(value, path, 8);
  const end = from + whole.length;
  return isOne ? { what: 'a login for a registry (npm)', start: end - value.length, end } : undefined;
}

function otherRegistry({ text, at, path }: Suspect): Found {
  for (const form of [YARN, COMPOSER]) {
    form.lastIndex = at;
    const [whole, value = ''] = form.exec(text) ?? [];
    if (whole === undefined || !isSecretValue(value, path, 6)) continue;
    const start = at + whole.lastIndexOf(value);
    return { what: 'a login for a registry', start, end: start + value.length };
  }
  return undefined;
}

function docker({ text, at, path }: Suspect): Found {
  DOCKER.lastIndex = at;
  const [whole, value = ''] = DOCKER.exec(text) ?? [];
  if (whole === undefined || !isLogin(value, path)) return undefined;
  const start = at + whole.lastIndexOf(value);
  return { what: 'a login for a registry (Docker)', start, end: start + value.length };
}

function encodedDocker({ text, at, path }: Suspect): Found {
  BASE64.lastIndex = at;
  const [value = ''] = BASE64.exec(text) ?? [];
  if (value.length < 40) return undefined;
  const decoded = decodeBase64(value);
  const inner = decoded.ok ? decodeLatin1(decoded.bytes) : '';
  const login = /"auth"\s*:\s*"([A-Za-z0-9+/]{8,}={0,2})"/.exec(inner)?.[1];
  const password = /"password"\s*:\s*"([^"]+)"/.exec(inner)?.[1];
  const isOne =
    (login !== undefined && isLogin(login, path)) ||
    (password !== undefined && isSecretValue(password, path));
  return isOne
    ? { what: 'a login for a registry (Docker) in base64', start: at, end: at + value.length }
    : undefined;
}
