import type { Detection, Detector } from '../detector.ts';
import { SECRET_ID } from '../loginRules.ts';
import { isPlaceholder } from '../placeholder.ts';
import { settingsOf } from '../settingRule.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
export const isSecretId = (value: string): boolean =>
  UUID.test(value) && !isPlaceholder(value.replaceAll('-', ''));

const named = settingsOf(SECRET_ID, [
  {
    names: ['secret_id', 'secretid', 'secret-id', 'secret id', 'approle_secret', 'approle-secret'],
    what: 'a secret id of an AppRole or a token of Consul or Nomad',
    blank: 'any',
    holds: isSecretId,
  },
  {
    names: [
      'consul_http_token',
      'consul_token',
      'nomad_token',
      'x-consul-token',
      'x-nomad-token',
      'initial_management',
      'vault_token',
      'x-vault-token',
    ],
    what: 'a token of Consul, Nomad or Vault',
    blank: 'any',
    holds: isSecretId,
  },
]);

/** Consul's configuration names its tokens by what they are for, which says nothing elsewhere. */
const ACL_TOKEN =
  /(?:agent|default|master|replication|agent_recovery|agent_master|config_file_service_registration|dns|managed_service_provider)["']?\s*[=:]\s*["']([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})["']/gi;
const ACL_WORDS = ['tokens {', 'tokens = {', 'tokens={', '"tokens"'];
const NEAR = 1024;

export const detector: Detector = {
  rules: named.rules,
  keywords: [...named.keywords, ...ACL_WORDS],
  reach: 'near',
  *find(suspect): Generator<Detection> {
    yield* named.find(suspect);
    const { text, at } = suspect;
    if (!ACL_WORDS.some((word) => text.slice(at, at + word.length).toLowerCase() === word)) return;
    const block = text.slice(at, Math.min(at + NEAR, text.indexOf('}', at) + 1 || at + NEAR));
    for (const match of block.matchAll(ACL_TOKEN)) {
      const [whole, value = ''] = match;
      const start = at + match.index + whole.lastIndexOf(value);
      if (isSecretId(value))
        yield { rule: SECRET_ID, what: 'a token of Consul', start, end: start + value.length };
    }
  },
};
