import type { RuleMeta } from '../../rules/rule.ts';
import type { Detection, Detector } from '../detector.ts';
import { isTriedOut } from '../secretValue.ts';

const PASSWORD_HASH: RuleMeta = {
  id: 'secret/password-hash',
  severity: 'warning',
  title: "A user's password stands in a file as a hash",
  why: 'A hash of a password can be tried without end and unseen by whoever has it; what people choose is found sooner or later.',
  remedy: 'Change the password, and give the file to the server alone: made there, or from a secret store.',
};

/** `user:hash` of htpasswd, shadow and their like; between quotes in a dump of a database. */
const HASH =
  /[:'](?:\$apr1\$[./\w]{1,8}\$[./A-Za-z0-9]{22}|\$1\$[./\w]{1,8}\$[./A-Za-z0-9]{22}|\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}|\$5\$(?:rounds=\d+\$)?[./\w]{1,16}\$[./A-Za-z0-9]{43}|\$6\$(?:rounds=\d+\$)?[./\w]{1,16}\$[./A-Za-z0-9]{86}|\$y\$[./\w]+\$[./\w]+\$[./A-Za-z0-9]{43}|\{SHA\}[A-Za-z0-9+/]{27}=)(?![A-Za-z0-9./])/y;
const DUMP = /\.(?:sql|dump)$/i;
const USER = /(?:^|[\n"'\s])[\w.@-]{1,64}$/;

export const detector: Detector = {
  rules: [PASSWORD_HASH],
  keywords: [
    ...['$apr1$', '$1$', '$2a$', '$2b$', '$2y$', '$5$', '$6$', '$y$', '{sha}'].map((each) => `:${each}`),
    ...['$2a$', '$2b$', '$2y$', '$5$', '$6$'].map((each) => `'${each}`),
  ],
  reach: 'line',
  *find({ text, at, path }): Generator<Detection> {
    HASH.lastIndex = at;
    const [found] = HASH.exec(text) ?? [];
    if (found === undefined || isTriedOut(path)) return;
    const isOne = found.startsWith(':') ? USER.test(text.slice(Math.max(0, at - 66), at)) : DUMP.test(path);
    if (!isOne) return;
    yield { rule: PASSWORD_HASH, what: 'the hash of a password', start: at + 1, end: at + found.length };
  },
};
