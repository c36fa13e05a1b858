import type { Detection, Detector } from '../detector.ts';
import { CREDENTIAL_FILE } from '../loginRules.ts';
import { isSecretValue } from '../secretValue.ts';

const COLUMN =
  /^(?:.*[ _-])?(?:pass(?:word|wd|phrase)?|pwd|secret(?:[ _-]?(?:access)?[ _-]?key)?|(?:api|access)[ _-]?(?:key|token)|token|pin|client[ _-]?secret|login_password)$/i;
const MOST_ROWS = 2000;
/** A field in quotes, in which two are one; or whatever has no separator. */
const FIELDS = {
  ',': /("(?:[^"]|"")*"|[^,]*)(?:,|$)/g,
  ';': /("(?:[^"]|"")*"|[^;]*)(?:;|$)/g,
  '\t': /("(?:[^"]|"")*"|[^\t]*)(?:\t|$)/g,
};

interface Field {
  readonly value: string;
  readonly start: number;
}

/** Logins as password managers, browsers and clouds export them: a table whose first row says what is a password. */
export const detector: Detector = {
  rules: [CREDENTIAL_FILE],
  keywords: ['password', 'passwd', 'secret', 'token', 'passphrase', 'pwd', 'pin'],
  reach: 'block',
  isVague: true,
  reads: (path) => /\.(?:csv|tsv)$/i.test(path),
  *find({ text, at, path }): Generator<Detection> {
    const first = text.lastIndexOf('\n', at) + 1;
    if (first !== 0) return;
    const lines = text.split('\n', MOST_ROWS + 1);
    const [head = '', ...rows] = lines;
    const by = ([',', ';', '\t'] as const).find((each) => head.includes(each));
    if (by === undefined) return;
    const columns = fields(head.trimEnd(), by).map(({ value }) => COLUMN.test(value.trim()));
    let from = head.length + 1;
    for (const row of rows) {
      for (const [place, { value, start }] of fields(row.trimEnd(), by).entries())
        if (columns[place] && isSecretValue(value, path))
          yield {
            rule: CREDENTIAL_FILE,
            what: 'a password in a table',
            start: from + start,
            end: from + start + value.length,
          };
      from += row.length + 1;
    }
  },
};

function fields(row: string, by: keyof typeof FIELDS): readonly Field[] {
  const found: Field[] = [];
  for (const match of row.matchAll(FIELDS[by])) {
    const [whole, value = ''] = match;
    if (whole === '' && match.index === row.length && found.length > 0) break;
    const isQuoted = value.length > 1 && value.startsWith('"');
    found.push({ value: isQuoted ? value.slice(1, -1) : value, start: match.index + (isQuoted ? 1 : 0) });
  }
  return found;
}
