import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { finds, foundIn, leavesAlone, octets, password } from './examples.ts';

const share = (): string => octets(33);

describe('what opens Vault', () => {
  it('finds keys as they are printed, in JSON and in variables', () => {
    finds('secret/vault-unseal-key', [
      ['init.txt', share(), (it) => `Unseal Key 1: ${it}\n`],
      ['init.txt', share(), (it) => `Recovery Key 3: ${it}\n`],
      ['init.txt', share(), (it) => `Unseal Key 1 (will be hidden): ${it}\n`],
      ['init.yaml', share(), (it) => `unseal_keys_b64:\n- ${it}\nunseal_shares: 1\n`],
      ['init.json', octets(32), (it) => `{\n  "unseal_keys_b64": [\n    "${it}"\n  ]\n}`],
      ['init.json', octets(33, 'hex'), (it) => `{"unseal_keys_hex": ["${it}"], "unseal_shares": 1}`],
      ['init.json', share(), (it) => `{"keys_base64": ["${it}"]}`],
      ['unseal.sh', share(), (it) => `vault operator unseal -address=https://v.test ${it}\n`],
      ['.env', share(), (it) => `VAULT_UNSEAL_KEY_2=${it}\n`],
      ['.env', `${share()}`, (it) => `UNSEAL_KEYS="${it}"\n`],
      ['vars.yaml', share(), (it) => `vault_unseal_keys:\n  - "${it}"\n`],
      [
        'unseal.sh',
        share(),
        (it) => `KEYS=(\n  ${it}\n)\nfor k in "$KEYS"; do vault operator unseal "$k"; done\n`,
      ],
      ['init.json', randomUUID(), (it) => `{"root_token": "${it}"}`],
    ]);
  });

  it('finds each key of several', () => {
    const keys = [share(), share(), share()];
    const text = JSON.stringify({ unseal_keys_b64: keys, recovery_keys_b64: [] }, null, 2);
    assert.deepEqual(
      foundIn('init.json', text),
      keys.map((key) => `secret/vault-unseal-key ${key}`),
    );
  });

  it('finds logins of storages and seals', () => {
    finds('secret/vault-config', [
      [
        'vault.hcl',
        randomUUID(),
        (it) => `storage "consul" {\n  address = "127.0.0.1:8500"\n  token   = "${it}"\n}\n`,
      ],
      ['vault.hcl', password(), (it) => `seal "pkcs11" {\n  lib = "/usr/lib/hsm.so"\n  pin = "${it}"\n}\n`],
      [
        'main.tf',
        `${password()}${password()}${password()}`,
        (it) => `terraform {\n  backend "s3" {\n    bucket = "b"\n    secret_key = "${it}"\n  }\n}`,
      ],
    ]);
  });

  it('finds secret ids, with whatever is beside them', () => {
    finds('secret/approle-secret-id', [
      ['consul.hcl', randomUUID(), (it) => `acl {\n  tokens {\n    agent = "${it}"\n  }\n}\n`],
      ['consul.json', randomUUID(), (it) => `{"acl": {"tokens": {"default": "${it}"}}}`],
      ['.env', randomUUID(), (it) => `VAULT_ROLE_ID=${randomUUID()}\nVAULT_SECRET_ID=${it}\n`],
      ['login.json', randomUUID(), (it) => `{"role_id": "${randomUUID()}", "secret_id": "${it}"}`],
      [
        'login.txt',
        randomUUID(),
        (it) =>
          `Key                   Value\nsecret_id             ${it}\nsecret_id_accessor    ${randomUUID()}\n`,
      ],
      ['main.tf', randomUUID(), (it) => `auth_login {\n  parameters = {\n    secret_id = "${it}"\n  }\n}`],
      ['acl.txt', randomUUID(), (it) => `AccessorID:       ${randomUUID()}\nSecretID:         ${it}\n`],
      [
        'run.sh',
        randomUUID(),
        (it) => `vault write auth/approle/login role_id=${randomUUID()} secret_id=${it}`,
      ],
      ['.env', randomUUID(), (it) => `CONSUL_HTTP_TOKEN=${it}\n`],
    ]);
  });

  it('leaves references, names and public parts alone', () => {
    leavesAlone([
      ['a.txt', 'Unseal Key 1: <key>\nUnseal Key Shares: 5\nUnseal Key (will be hidden):\n'],
      ['a.json', '{"unseal_keys_b64": [], "keys": [], "root_token": ""}'],
      ['a.sh', 'vault operator unseal "$UNSEAL_KEY"\nvault operator unseal\n'],
      [
        'a.hcl',
        `storage "file" {\n  path = "/vault"\n}\nseal "awskms" {\n  kms_key_id = "alias/vault"\n  secret_key = var.secret_key\n}\nseal "transit" { token = "${'$'}{env.T}" }`,
      ],
      [
        'a.hcl',
        'secret_id_file_path = "/run/s"\nsecret_id_response_wrapping_path = "auth/approle/role/r/secret-id"',
      ],
      ['a.tf', `secret_id = aws_secretsmanager_secret.a.id\nrole_id = "${randomUUID()}"`],
      ['a.env', 'VAULT_SECRET_ID=00000000-0000-0000-0000-000000000000\nVAULT_SECRET_ID=\n'],
      ['a.go', 'type Login struct { SecretID string `json:"secret_id"` }'],
    ]);
  });
});
