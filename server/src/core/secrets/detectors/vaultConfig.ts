import type { RuleMeta } from '../../rules/rule.ts';
import type { Detection, Detector } from '../detector.ts';
import { isSecretValue } from '../secretValue.ts';
import { settingValueAt } from '../settingValue.ts';

const VAULT_CONFIG: RuleMeta = {
  id: 'secret/vault-config',
  severity: 'error',
  title: 'A login in the configuration of a server stands in a file',
  why: 'What a storage or seal is reached with opens what lies behind it: all data of Vault, the key that unseals it, or the state of Terraform with every secret in it.',
  remedy:
    'Rotate it, and give it by a variable of the environment or by the identity of the machine, which all of these backends read.',
};

/** `storage "consul" {` in HCL, with a label after it. */
const BLOCK = /(storage|ha_storage|seal|backend|service_registration)[ \t]+"([\w-]+)"[ \t]*\{/iy;
const NAME =
  /(?<![\w.-])(token|access_token|secret_key|client_secret|password|account_?key|access_key|sas_token|pin|secret|encryption_key|connection_url|conn_str|sas)(?=["']?[ \t]*[=:])/gi;
const LONGEST = 4096;

/** Names of public halves, of which the secret half is beside. */
const PUBLIC_FORM = /^(?:AKIA|ASIA)[A-Z2-7]{16}$/;

export const detector: Detector = {
  rules: [VAULT_CONFIG],
  keywords: ['storage "', 'seal "', 'backend "', 'service_registration "'],
  reach: 'near',
  *find({ text, at, path }): Generator<Detection> {
    BLOCK.lastIndex = at;
    const [head, kind = '', type = ''] = BLOCK.exec(text) ?? [];
    if (head === undefined) return;
    const body = text.slice(at, closing(text, at + head.length));
    for (const match of body.matchAll(NAME)) {
      const found = settingValueAt(text, at + match.index + match[0].length);
      if (!found?.isQuoted || PUBLIC_FORM.test(found.value) || !isSecretValue(found.value, path)) continue;
      // A URL has its own rule, which marks the password alone.
      if (/:\/\//.test(found.value)) continue;
      yield {
        rule: VAULT_CONFIG,
        what: `the ${match[0].toLowerCase()} of ${kind} "${type}"`,
        start: found.start,
        end: found.end,
      };
    }
  },
};

function closing(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length && at - from < LONGEST; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return Math.min(text.length, from + LONGEST);
}
