import type { Detection, Detector } from '../detector.ts';
import { isPlaceholder } from '../placeholder.ts';
import { SERVICE_TOKEN } from '../serviceRules.ts';

interface Form {
  readonly keyword: string;
  readonly form: RegExp;
  readonly what: string;
  /** Octets before the keyword that belong to it. */
  readonly before?: number;
}

const FORMS: readonly Form[] = [
  {
    keyword: '.atlasv1.',
    before: 14,
    form: /[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}/g,
    what: 'a token for Terraform Cloud',
  },
  {
    keyword: 't3blbkfj',
    before: 100,
    form: /sk-(?:[\w-]{1,80})T3BlbkFJ[\w-]{20,80}/g,
    what: 'a key for OpenAI',
  },
  {
    keyword: 'twilio',
    form: /(?<![A-Za-z0-9])(?:SK[0-9a-f]{32}|(?<=(?:auth_?token|authToken|AUTH_TOKEN|api_?secret)["']?\s*[=:,]\s*["']?)[0-9a-f]{32})(?![A-Za-z0-9])/g,
    before: 200,
    what: 'a token for Twilio',
  },
  {
    keyword: ':aa',
    before: 11,
    form: /(?<![\w:])\d{8,10}:AA[\w-]{33}(?![\w-])/g,
    what: 'a token of a Telegram bot',
  },
  {
    keyword: 'discord',
    before: 200,
    form: /(?<![\w.-])[MNO][A-Za-z\d_-]{23,27}\.[\w-]{6}\.[\w-]{27,38}(?![\w.-])/g,
    what: 'a token of a Discord bot',
  },
  {
    keyword: 'discord.com/api/webhooks/',
    form: /discord\.com\/api\/webhooks\/\d{16,20}\/[\w-]{60,}/g,
    what: 'a webhook of Discord',
  },
  {
    keyword: 'hooks.slack.com/',
    form: /hooks\.slack\.com\/(?:services|workflows)\/T[A-Z0-9]{8,}\/[AB][A-Z0-9]{8,}\/[A-Za-z0-9/]{20,}/g,
    what: 'a webhook of Slack',
  },
  {
    keyword: 'dd_api_key',
    form: /dd_api_key["']?\s*[=:]\s*["']?[0-9a-f]{32}(?![0-9a-z])/gi,
    what: 'an API key for Datadog',
  },
  {
    keyword: 'datadog',
    before: 40,
    form: /datadog[\w.]{0,20}(?:api|app)_?-?key["']?\s*[=:]\s*["']?[0-9a-f]{32,40}(?![0-9a-z])/gi,
    what: 'a key for Datadog',
  },
  {
    keyword: 'dd_app_key',
    form: /dd_app_key["']?\s*[=:]\s*["']?[0-9a-f]{40}(?![0-9a-z])/gi,
    what: 'an application key for Datadog',
  },
];
const AFTER = 400;

export const detector: Detector = {
  rules: [SERVICE_TOKEN],
  keywords: FORMS.map(({ keyword }) => keyword),
  reach: 'near',
  *find({ text, at }): Generator<Detection> {
    for (const { keyword, form, what, before = 0 } of FORMS) {
      if (text.slice(at, at + keyword.length).toLowerCase() !== keyword) continue;
      const from = Math.max(0, at - before);
      for (const match of text.slice(from, at + AFTER).matchAll(form)) {
        // Of a setting its value alone is the secret.
        const value = /[^\s"'=:]+$/.exec(match[0])?.[0] ?? match[0];
        const token = /\d:AA/.test(match[0]) ? match[0] : value;
        const end = from + match.index + match[0].length;
        if (!isPlaceholder(token)) yield { rule: SERVICE_TOKEN, what, start: end - token.length, end };
      }
    }
  },
};
