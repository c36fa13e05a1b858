import { SECRET_ID } from '../loginRules.ts';
import { isPlaceholder } from '../placeholder.ts';
import { settingsOf } from '../settingRule.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
export const isSecretId = (value: string): boolean =>
  UUID.test(value) && !isPlaceholder(value.replaceAll('-', ''));

export const detector = settingsOf(SECRET_ID, [
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
