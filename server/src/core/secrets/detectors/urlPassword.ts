import type { RuleMeta } from '../../rules/rule.ts';
import type { Detection, FindByForm, FormDetector } from '../detector.ts';
import { isMade, isSecretValue } from '../secretValue.ts';

const URL_PASSWORD: RuleMeta = {
  id: 'secret/url-password',
  severity: 'error',
  title: 'A password stands in a URL',
  why: 'A URL is printed, logged and passed on without a thought, and its password goes with it. Whoever has it logs in as that user.',
  remedy:
    'Change the password, and give it beside the URL: in a variable that only the service has, a file that only it may read, or a secret store.',
  standard: 'RFC 3986, 3.2.1',
};

const SCHEME = /[A-Za-z][A-Za-z0-9+.-]{1,30}$/;
/** Up to the last `@` before the path: a password may hold one that was not encoded. */
const AUTHORITY =
  /:\/\/([^\s:/@"'`<>?#\\]{0,128}):([^\s/"'`<>\\]{1,256})@((?:\[[\da-fA-F:.]+\]|[\w.%-]+|\{\{[^}]*\}\}|\$\{[^}]*\}|\$\w+)(?:[:,/?;\s"'`\\)>\]]|$))/y;
/** Reserved for documentation (RFC 2606). */
const DOCUMENTED_HOST =
  /(?:^|\.)(?:example\.(?:com|org|net)|example|host(?:name)?|server|domain\.com|domain\.tld|foo\.com|bar\.com)(?:[:/?"'`\s]|$)/i;
/** What follows in a URL with a password within this many octets. */
const LONGEST = 300;

const AT = 0x40;
const COLON = 0x3a;
/** Blank and line ends, quotes, `/`, `<`, `>`, `\`: nothing of a user and a password. */
const ENDS: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0x22, 0x27, 0x2f, 0x3c, 0x3e, 0x5c, 0x60]);

const find = function* ({ text, at, path }: Parameters<FindByForm>[0]): Generator<Detection> {
  const scheme = SCHEME.exec(text.slice(Math.max(0, at - 40), at))?.[0];
  if (scheme === undefined) return;
  AUTHORITY.lastIndex = at;
  const [whole, user = '', written = '', rest = ''] = AUTHORITY.exec(text) ?? [];
  if (whole === undefined) return;
  const password = decoded(written);
  if (password.toLowerCase() === decoded(user).toLowerCase() || !isSecretValue(password, path)) return;
  if (DOCUMENTED_HOST.test(rest) && !isMade(password)) return;
  const end = at + whole.length - rest.length - 1;
  yield {
    rule: URL_PASSWORD,
    what: `a password in a URL (${scheme.toLowerCase()})`,
    start: end - written.length,
    end,
  };
};

export const detector: FormDetector = {
  rules: [URL_PASSWORD],
  keywords: ['://'],
  reach: 'line',
  follows(bytes, end) {
    let hasColon = false;
    for (let at = end; at < bytes.length && at < end + LONGEST; at += 1) {
      const octet = bytes[at] ?? 0;
      if (octet === AT && hasColon) return true;
      if (ENDS.has(octet)) return false;
      if (octet === COLON) hasColon = true;
    }
    return false;
  },
  find,
  ofForm: find,
};

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
