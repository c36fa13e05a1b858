import { isPlaceholder } from '../placeholder.ts';
import { settingsOf } from '../settingRule.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const isSecretId = (value: string): boolean => UUID.test(value) && !isPlaceholder(value.replaceAll('-', ''));

export const detector = settingsOf(
  {
    id: 'secret/approle-secret-id',
    severity: 'error',
    title: 'A secret id of Vault, Consul or Nomad stands in a file',
    why: 'It is the half of a login that is to be kept: with the id of the role, which is no secret, it is exchanged for tokens.',
    remedy:
      'Destroy the secret id by its accessor. Let the workload fetch one that is wrapped and good once, or log in by its own identity.',
  },
  [
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
  ],
);
