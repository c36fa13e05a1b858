import type { RuleMeta } from '../../rules/rule.ts';
import type { Detection, Detector } from '../detector.ts';
import { isLogin } from '../login.ts';
import { isSecretValue } from '../secretValue.ts';

const CONNECTION: RuleMeta = {
  id: 'secret/connection-string',
  severity: 'error',
  title: 'A login with its password stands in a file',
  why: 'Where it goes to stands beside it: whoever reads the file can log in at once.',
  remedy:
    'Change the password, and let the service log in by its own identity, or take the password from a secret store.',
};

/** `Server=…;User Id=…;Password=…;`, `host=… user=… password=…`, `jdbc:…?user=…&password=…`. */
const ASSIGNED =
  /(?:password|pwd|passwd)[ \t]*=[ \t]*(?:"([^"\s]+)"|'([^'\s]+)'|(\{[^}\s]+\}|[^\s;&"'`<>,)\\]+))/iy;
const SERVER =
  /(?:^|[\s;"'`=?&{])(?:server|data source|host(?:name)?|addr(?:ess)?|initial catalog|database|dbname|driver|uid|user id|user)[ \t]*=|jdbc:\w+:/i;
const ORACLE = /:thin:([\w$#]+)\/([^\s@"'`/]+)@/iy;
/** `Authorization: Basic …`, `-u user:password`. */
const BASIC = /authorization["']?\]?[ \t]*[:=,][ \t]*["'`]?basic[ \t]+([A-Za-z0-9+/]{8,}={0,2})/iy;
const CURL = /curl\b[^\n|;]{0,500}?[ \t](?:-u|--user|--proxy-user)[ =]?["']?([\w.@-]+):([^\s"'`\\]+)/iy;

const LOGINS = [
  [ORACLE, 'a password in a connection string'],
  [CURL, 'a password in a command'],
] as const;

export const detector: Detector = {
  rules: [CONNECTION],
  keywords: ['password=', 'password =', 'pwd=', 'passwd=', ':thin:', 'authorization', 'curl '],
  reach: 'line',
  *find({ text, at, path }): Generator<Detection> {
    const assigned = matchAt(ASSIGNED, text, at);
    if (assigned !== null) {
      const value = assigned[1] ?? assigned[2] ?? assigned[3] ?? '';
      const after = at + assigned[0].length;
      const around = `${text.slice(Math.max(0, at - NEAR), at)} ${text.slice(after, after + NEAR)}`;
      if (SERVER.test(around) && isSecretValue(value, path))
        yield marked(assigned[0], value, at, 'a password in a connection string');
      return;
    }
    for (const [form, what] of LOGINS) {
      const [whole = '', user = '', value = ''] = matchAt(form, text, at) ?? [];
      if (value.toLowerCase() !== user.toLowerCase() && isSecretValue(value, path))
        yield marked(whole, value, at, what);
    }
    const [whole = '', login = ''] = matchAt(BASIC, text, at) ?? [];
    if (login !== '' && isLogin(login, path)) yield marked(whole, login, at, 'a login in a header (Basic)');
  },
};

const NEAR = 600;

function matchAt(form: RegExp, text: string, at: number): RegExpExecArray | null {
  form.lastIndex = at;
  return form.exec(text);
}

function marked(whole: string, value: string, at: number, what: string): Detection {
  const start = at + whole.lastIndexOf(value);
  return { rule: CONNECTION, what, start, end: start + value.length };
}
