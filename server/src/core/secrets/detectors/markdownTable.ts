import type { RuleMeta } from '../../rules/rule.ts';
import type { Detection, Detector } from '../detector.ts';
import { isDocument, isMade, isSecretValue } from '../secretValue.ts';
import { detector as assignedSecret } from './assignedSecret.ts';

const COLUMN =
  /^[*`\s]*(?:\w{1,20}[ _-])?(?:password|passwd|pass|pwd|passphrase|secret|token|api[ _-]?key|pin)[*`\s]*$/i;
const RULER = /^[ \t]*\|?(?:[ \t]*:?-{2,}:?[ \t]*\|)+[ \t]*(?::?-{2,}:?)?[ \t]*$/;
const MOST_ROWS = 200;
const RULES: readonly RuleMeta[] = assignedSecret.rules;

/** A table of a runbook, of which the first row says that a column is passwords. */
export const detector: Detector = {
  rules: RULES,
  keywords: ['password', 'passwd', 'passphrase', 'secret', 'token', ' pwd', ' pass ', 'api key', ' pin '],
  reach: 'near',
  isVague: true,
  reads: isDocument,
  *find({ text, at, path }): Generator<Detection> {
    const first = text.lastIndexOf('\n', at) + 1;
    const [head = '', ruler = '', ...rows] = text.slice(first).split('\n', MOST_ROWS);
    const [rule] = RULES;
    if (rule === undefined || !head.includes('|') || !RULER.test(ruler)) return;
    const columns = head.split('|').map((cell) => COLUMN.test(cell));
    let from = first + head.length + ruler.length + 2;
    for (const row of rows) {
      if (!row.includes('|')) return;
      let start = from;
      for (const [place, cell] of row.split('|').entries()) {
        const value = cell.replaceAll(/[*`\s]/g, '');
        const isSecret =
          columns[place] && isSecretValue(value, path, 8) && isMade(value) && /\d.*\d/.test(value);
        if (isSecret && cell.includes(value)) {
          const valueAt = start + cell.indexOf(value);
          yield {
            rule,
            what: 'a value that looks like a secret',
            start: valueAt,
            end: valueAt + value.length,
          };
        }
        start += cell.length + 1;
      }
      from += row.length + 1;
    }
  },
};
