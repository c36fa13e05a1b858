import type { Detection, Detector } from '../detector.ts';
import { CONNECTION } from '../loginRules.ts';
import { isSecretValue } from '../secretValue.ts';

/** `Server=…;User Id=…;Password=…;`, `host=… user=… password=…`, `jdbc:…?user=…&password=…`. */
const ASSIGNED =
  /(?<!\bc)(?:password|pwd|passwd)[ \t]*=[ \t]*(?:"([^"\s]+)"|'([^'\s]+)'|(\{[^}\s]+\}|[^\s;&"'`<>,)\\]+))/iy;
const SERVER =
  /(?:^|[\s;"'`=?&{])(?:server|data source|host(?:name)?|addr(?:ess)?|initial catalog|database|dbname|driver|uid|user id|user(?:name)?|login)[ \t]*=|jdbc:\w+:/i;
const ORACLE = /:thin:([\w$#]+)\/([^\s@"'`/]+)@/iy;
/** `-u user:password`, `--user user:password`; in .curlrc without dashes. */
const CURL =
  /(?:curl\b[^\n|;]{0,500}?[ \t](?:-u|--user|-U|--proxy-user)(?:[ =]|["'],[ ]?["'])?|(?:--)?(?:proxy-)?user(?:[ \t]*[=:][ \t]*|[ \t]+)(?="?[\w.@-]+:[^\s/"]+"?[ \t]*(?:\n|$))|--user[ =](?=["']?[a-z][\w.@-]*:[^\s"'/]*\d))["']?([\w.@-]+):([^\s"'`\\]+)/iy;
/** `user:password@tcp(host)` of Go; the form is known by what comes after the password. */
const BEFORE_NET = /(?:^|["'`\s=])[\w.-]{1,64}:([^\s"'`@/]{1,200}|[^\s"'`/]{1,200})$/;
/** `user/password@//host:1521/service`, `user/password@host:1521/service`. */
const ORACLE_EASY = /["'=\s][\w$#]{1,30}\/([^\s"'`@/]{1,60})$/;

const LOGINS = [
  [ORACLE, 'a password in a connection string'],
  [CURL, 'a password in a command'],
] as const;
/** Where it ends and not where it begins is a word. */
const ENDINGS = [
  ['@tcp(', BEFORE_NET],
  ['@unix(', BEFORE_NET],
  ['@//', ORACLE_EASY],
] as const;

export const detector: Detector = {
  rules: [CONNECTION],
  keywords: [
    ...[
      'password=',
      'password =',
      'pwd=',
      'passwd=',
      ':thin:',
      'curl ',
      'user = ',
      'user="',
      'user: "',
      '--user ',
    ],
    ...ENDINGS.map(([word]) => word),
  ],
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
    for (const [word, form] of ENDINGS) {
      const value = text.startsWith(word, at)
        ? form.exec(text.slice(Math.max(0, at - NEAR), at))?.[1]
        : undefined;
      if (value === undefined || !isSecretValue(value, path)) continue;
      yield {
        rule: CONNECTION,
        what: 'a password in a connection string',
        start: at - value.length,
        end: at,
      };
    }
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
