import type { RuleMeta } from '../../rules/rule.ts';
import type { Detection, Detector } from '../detector.ts';
import { isLogin } from '../login.ts';
import { CONNECTION } from '../loginRules.ts';
import { isMade, isSecretValue } from '../secretValue.ts';
import { settingsOf } from '../settingRule.ts';

const HEADER_TOKEN: RuleMeta = {
  id: 'secret/header-token',
  severity: 'error',
  title: 'A token stands in the header of a request',
  why: 'It is sent as it stands, so it works as it stands: where the request goes to is usually beside it.',
  remedy:
    'Revoke it where it was issued. Let the program put the header together from a variable or a file that a secret store fills.',
  standard: 'RFC 6750, 5.3',
};

/** In a command, a configuration, an object, the arguments of a call, a list of names and values, a log. */
const BETWEEN = String.raw`\\*["'\`]?\]?\)?[ \t]*(?:[:=,>]|=>|:=|,\s{0,80}\\*"value\\*"[ \t]*:|</name>\s{0,80}<value>|[ \t])[ \t]*(?:\[[ \t]*)?`;
const AUTHORIZATION = new RegExp(
  String.raw`authorization${BETWEEN}\\*(?:[fbr]?["'\`])?(bearer|token|basic|apikey|api-key|splunk|ssws|genie-?key|key|bot|pveapitoken=\S{1,80}=)[ \t]*([A-Za-z0-9][\w.~+/=:-]{9,4000}|[-_][\w.~+/=:-]{20,4000})(?![\w$\{(])`,
  'iy',
);

/** Of Prometheus and its like: the kind of token, and the token in a line of its own. */
const CREDENTIALS =
  /authorization:[ \t]*\r?\n(?:[ \t]+type:[^\n]{0,40}\n)?[ \t]+credentials:[ \t]*["']?([^\s"'#]{10,4000})/iy;

const named = settingsOf(HEADER_TOKEN, [
  {
    names: [
      'x-api-key',
      'x-auth-token',
      'x-access-token',
      'x-api-token',
      'private-token',
      'job-token',
      'deploy-token',
      'x-auth-key',
      'x-auth-secret',
      'x-ops-token',
      'x-functions-key',
      'ocp-apim-subscription-key',
      'dd-api-key',
      'x-octopus-apikey',
      'x-jfrog-art-api',
      'circle-token',
      'x-rundeck-auth-token',
      'x-nuget-apikey',
      'x-grafana-token',
      'x-shared-secret',
      'x-webhook-secret',
    ],
    what: 'a token in a header',
    blank: 'any',
    holds: (value, { path }) => value.length >= 10 && isSecretValue(value, path) && isMade(value),
  },
]);

export const detector: Detector = {
  rules: [HEADER_TOKEN, CONNECTION],
  keywords: ['authorization', ...named.keywords],
  reach: 'near',
  isVague: true,
  *find(suspect): Generator<Detection> {
    const { text, at, path } = suspect;
    AUTHORIZATION.lastIndex = at;
    const [whole, scheme = '', value = ''] = AUTHORIZATION.exec(text) ?? [];
    if (whole === undefined) {
      CREDENTIALS.lastIndex = at;
      const [lines, token = ''] = CREDENTIALS.exec(text) ?? [];
      if (lines !== undefined && isSecretValue(token, path, 10) && isMade(token)) {
        const last = at + lines.length;
        yield { rule: HEADER_TOKEN, what: 'a token in a header', start: last - token.length, end: last };
      }
      yield* named.find(suspect);
      return;
    }
    const start = at + whole.length - value.length;
    const end = at + whole.length;
    if (scheme.toLowerCase() === 'basic') {
      if (isLogin(value, path)) yield { rule: CONNECTION, what: 'a login in a header (Basic)', start, end };
    } else if (isSecretValue(value, path, 10) && isMade(value))
      yield { rule: HEADER_TOKEN, what: 'a token in a header', start, end };
  },
};
