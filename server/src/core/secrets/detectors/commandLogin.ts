import type { RuleMeta } from '../../rules/rule.ts';
import { COMMANDS } from '../commandForms.ts';
import type { Detection, Detector, Suspect } from '../detector.ts';
import { isMade, isSecretValue, isSourceFile } from '../secretValue.ts';
import { settingsOf } from '../settingRule.ts';

const COMMAND: RuleMeta = {
  id: 'secret/command-login',
  severity: 'error',
  title: 'A command is given a password or a token as it is',
  why: 'Whoever reads the file has it, and so has everybody on the machine that lists the processes while the command runs, and the history of the shell.',
  remedy:
    'Change it. Let the command read it from a file that only its user may read, from standard input, or from a variable that a secret store fills.',
  standard: 'CWE-214',
};

const BY_KEYWORD = new Map(
  COMMANDS.flatMap(({ keywords, form }) => keywords.map((word) => [word, form] as const)),
);

const PROGRAM = new RegExp(
  [...BY_KEYWORD.keys()]
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&'))
    .join('|'),
  'iy',
);

/** The end of a long option, or of one of Windows: `--tpp-password x`, `-password x`, `/pass:x`. */
const OPTION = /(?:^|[\s"'`])(?:--?[\w-]*)?$/;
const isOption = ({ text, at }: Suspect): boolean => OPTION.test(text.slice(Math.max(0, at - 60), at));

const named = settingsOf(COMMAND, [
  {
    names: ['-password', '-passwd', '-passphrase', '-pass', '-pwd', '/password:', '/pass:'],
    what: 'a password in a command',
    blank: 'any',
    holds: (value, suspect) =>
      isOption(suspect) &&
      !/^[-/]|^(?:stdin|env|file|fd)$|^(?:pass|env|file|fd):/.test(value) &&
      isSecretValue(value, suspect.path),
  },
  {
    names: [
      '-token',
      '-secret',
      '-api-key',
      '-apikey',
      '-secret-key',
      '-access-key',
      '-certificate-key',
      '-hmac',
    ],
    what: 'a token in a command',
    blank: 'any',
    holds: (value, suspect) => isOption(suspect) && isSecretValue(value, suspect.path, 8) && isMade(value),
  },
]);

/** Programs that are given a login by an option of one letter or by place; and long options, whoever has them. */
export const detector: Detector = {
  rules: [COMMAND],
  keywords: [...BY_KEYWORD.keys(), ...named.keywords],
  reach: 'line',
  isVague: true,
  *find(suspect): Generator<Detection> {
    const { text, at, path } = suspect;
    yield* named.find(suspect);
    PROGRAM.lastIndex = at;
    const form = BY_KEYWORD.get(PROGRAM.exec(text)?.[0].toLowerCase() ?? '');
    if (form === undefined) return;
    form.lastIndex = at;
    const found = form.exec(text);
    const value = found?.slice(1).findLast((each) => each !== undefined && !/^["']$/.test(each)) ?? '';
    if (found === null || isFilledIn(value) || !isSecretValue(value, path)) return;
    if (isSourceFile(path) && !/\d/.test(value)) return;
    const start = at + found[0].lastIndexOf(value);
    yield { rule: COMMAND, what: 'a password in a command', start, end: start + value.length };
  },
};

/** What follows an option without a value, or is filled in. */
function isFilledIn(value: string): boolean {
  return /^[-$/<%{]|^(?:pass|env|file|fd|stdin):/.test(value);
}
