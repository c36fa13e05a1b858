import type { RuleMeta } from '../../rules/rule.ts';
import type { Detection, FormDetector } from '../detector.ts';
import { isPlaceholder } from '../placeholder.ts';
import { isMade } from '../secretValue.ts';
import { settingsOf } from '../settingRule.ts';
import { tokensOf } from '../tokenRule.ts';

/** Of the documentation: they end in EXAMPLE, which `isPlaceholder` knows. */
const form = (prefix: string): RegExp => new RegExp(`${prefix}[A-Z2-7]{16}(?![A-Za-z0-9_])`, 'y');

const ids = tokensOf(
  {
    id: 'secret/aws-access-key',
    severity: 'error',
    title: 'The id of an access key for AWS stands in a file',
    why: 'Its secret half is usually beside it or in the same history. An access key has no end, and works from anywhere.',
    remedy: 'Deactivate the key in IAM, look for its use in CloudTrail, and let the workload take a role.',
  },
  [
    { prefix: 'AKIA', form: form('AKIA'), what: 'the id of an AWS access key' },
    { prefix: 'ASIA', form: form('ASIA'), what: 'the id of a temporary AWS access key' },
  ],
);

const AWS_SECRET: RuleMeta = {
  id: 'secret/aws-secret-key',
  severity: 'error',
  title: 'A secret access key for AWS stands in a file',
  why: 'With the id of the key, which is seldom far, it signs every request that its user may make, from anywhere and without an end.',
  remedy: 'Deactivate the key in IAM, look for its use in CloudTrail, and let the workload take a role.',
};

const FORM = /^[A-Za-z0-9+/]{40}$/;
/** The same length as SHA-1 in hexadecimal, and as many a path. */
function isSecretKey(value: string): boolean {
  if (!FORM.test(value) || /^[0-9a-f]+$/i.test(value) || isPlaceholder(value)) return false;
  return isMade(value) && /[A-Z]/.test(value) && /[a-z]/.test(value);
}

const named = settingsOf(AWS_SECRET, [
  {
    names: [
      'aws_secret_access_key',
      'secret_access_key',
      'secretaccesskey',
      'secret-access-key',
      'aws_secret_key',
      'awssecretkey',
      'aws_secret',
      'secret_key',
      'secretkey',
    ],
    what: 'a secret access key for AWS',
    blank: 'any',
    holds: isSecretKey,
  },
]);

const ID = /(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])/y;
const BESIDE = /(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/g;
const NEAR = 200;

export const detector: FormDetector = {
  ofForm: ids.ofForm,
  rules: [...ids.rules, AWS_SECRET],
  keywords: [...ids.keywords, ...named.keywords],
  reach: 'near',
  *find(suspect): Generator<Detection> {
    const { text, at } = suspect;
    ID.lastIndex = at;
    if (!ID.test(text)) {
      yield* named.find(suspect);
      return;
    }
    yield* ids.find(suspect);
    const from = Math.max(0, at - NEAR);
    for (const match of text.slice(from, at + NEAR).matchAll(BESIDE)) {
      const start = from + match.index;
      if (isSecretKey(match[0]))
        yield { rule: AWS_SECRET, what: 'a secret access key for AWS', start, end: start + match[0].length };
    }
  },
};
