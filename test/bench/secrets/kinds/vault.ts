/** HashiCorp Vault and OpenBao: tokens, unseal keys, AppRole, configuration. */
import { draft, family, mark } from '../draft.ts';
import { awsKeyId, awsSecret, unsealShare, vaultBatch, vaultOld, vaultService } from '../material/tokens.ts';
import type { Random } from '../random.ts';
import { host, password, service } from '../words.ts';

const token = (r: Random): string => r.pick([vaultService, vaultService, vaultOld])(r);
const address = (r: Random): string => `https://vault.${host(r)}:8200`;

export const VAULT = family('vault', {
  'init-output': (r) => {
    const keys = [1, 2, 3, 4, 5].map((at) => `Unseal Key ${at}: ${mark(unsealShare(r))}\n`).join('');
    return draft(
      `vault/${r.pick(['init.txt', 'keys.txt', 'vault-init.log'])}`,
      `${keys}\nInitial Root Token: ${mark(token(r))}\n\nVault initialized with 5 key shares and a key threshold of 3.\n`,
    );
  },
  'init-json': (r) => {
    const shares = [1, 2, 3].map(() => Buffer.from(unsealShare(r), 'base64'));
    const texts = (encoding: 'hex' | 'base64'): string =>
      shares.map((share) => `    "${share.toString(encoding)}"`).join(',\n');
    return draft(
      `vault/${r.pick(['init.json', 'cluster-keys.json'])}`,
      `{\n  "unseal_keys_b64": [\n${mark(texts('base64'))}\n  ],\n  "unseal_keys_hex": [\n${mark(texts('hex'))}\n  ],\n  "unseal_shares": 3,\n  "unseal_threshold": 2,\n  "recovery_keys_b64": [],\n  "root_token": "${mark(token(r))}"\n}\n`,
    );
  },
  'unseal-script': (r) =>
    draft(
      `scripts/unseal-${service(r)}.sh`,
      `#!/bin/sh\nexport VAULT_ADDR=${address(r)}\nvault operator unseal ${mark(unsealShare(r))}\nvault operator unseal ${mark(unsealShare(r))}\nvault status\n`,
    ),
  'unseal-keys-in-yaml': (r) =>
    draft(
      `ansible/vault/${service(r)}.yml`,
      `vault_addr: ${address(r)}\nvault_unseal_keys:\n  - ${mark(unsealShare(r))}\n  - ${mark(unsealShare(r))}\n  - ${mark(unsealShare(r))}\nvault_key_threshold: 3\n`,
    ),
  'unseal-keys-in-environment': (r) =>
    draft(
      `vault/${service(r)}.env`,
      `VAULT_ADDR=${address(r)}\nVAULT_UNSEAL_KEY=${mark(Buffer.from(unsealShare(r), 'base64').toString('hex'))}\n`,
    ),
  'token-in-environment': (r) =>
    draft(
      `deploy/${service(r)}/vault.env`,
      `VAULT_ADDR=${address(r)}\nVAULT_NAMESPACE=ops\nVAULT_TOKEN=${mark(token(r))}\n`,
    ),
  'token-file': (r) => draft('home/.vault-token', mark(token(r))),
  'token-in-terraform': (r) =>
    draft(
      `terraform/${service(r)}/vault.tf`,
      `provider "vault" {\n  address = "${address(r)}"\n  token   = "${mark(token(r))}"\n}\n`,
    ),
  'token-in-go': (r) =>
    draft(
      `internal/${service(r)}/vault.go`,
      `package ${service(r)}\n\nimport "github.com/hashicorp/vault/api"\n\nfunc client() (*api.Client, error) {\n\tc, err := api.NewClient(api.DefaultConfig())\n\tif err != nil {\n\t\treturn nil, err\n\t}\n\tc.SetToken("${mark(token(r))}")\n\treturn c, nil\n}\n`,
    ),
  'token-in-python': (r) =>
    draft(
      `jobs/${service(r)}/read.py`,
      `import hvac\n\nclient = hvac.Client(url="${address(r)}", token="${mark(token(r))}")\nprint(client.is_authenticated())\n`,
    ),
  'token-in-curl': (r) =>
    draft(
      `runbooks/${service(r)}-vault.md`,
      `# Read the signing policy\n\n\`\`\`sh\ncurl -H "X-Vault-Token: ${mark(token(r))}" ${address(r)}/v1/sys/policies/acl/sign\n\`\`\`\n`,
    ),
  'token-in-spring': (r) =>
    draft(
      `src/main/resources/${service(r)}/bootstrap.yml`,
      `spring:\n  cloud:\n    vault:\n      uri: ${address(r)}\n      authentication: TOKEN\n      token: ${mark(token(r))}\n`,
    ),
  'batch-token': (r) =>
    draft(
      `ci/${service(r)}/variables.yml`,
      `variables:\n  VAULT_ADDR: ${address(r)}\n  VAULT_TOKEN: ${mark(vaultBatch(r))}\n`,
    ),
  'approle-environment': (r) =>
    draft(
      `apps/${service(r)}/approle.env`,
      `VAULT_ADDR=${address(r)}\n${mark(`VAULT_ROLE_ID=${r.uuid()}\nVAULT_SECRET_ID=${r.uuid()}`)}\n`,
    ),
  'approle-json': (r) =>
    draft(
      `apps/${service(r)}/approle.json`,
      `{\n  "auth": "approle",\n${mark(`  "role_id": "${r.uuid()}",\n  "secret_id": "${r.uuid()}"`)}\n}\n`,
    ),
  'approle-terraform': (r) =>
    draft(
      `terraform/${service(r)}/approle.tf`,
      `provider "vault" {\n  address = "${address(r)}"\n  auth_login {\n    path = "auth/approle/login"\n    parameters = {\n${mark(`      role_id   = "${r.uuid()}"\n      secret_id = "${r.uuid()}"`)}\n    }\n  }\n}\n`,
    ),
  'approle-secret-id-file': (r) =>
    draft(
      `vault-agent/${service(r)}/${r.pick(['secret-id', 'secret_id', 'approle-secret-id'])}`,
      `${mark(r.uuid())}\n`,
    ),
  'approle-login-script': (r) =>
    draft(
      `scripts/login-${service(r)}.sh`,
      `#!/bin/sh\nset -e\nexport VAULT_ADDR=${address(r)}\nvault write auth/approle/login ${mark(`role_id=${r.uuid()} secret_id=${r.uuid()}`)}\n`,
    ),
  'approle-in-spring': (r) =>
    draft(
      `src/main/resources/${service(r)}/application-vault.yml`,
      `spring:\n  cloud:\n    vault:\n      authentication: APPROLE\n      app-role:\n${mark(`        role-id: ${r.uuid()}\n        secret-id: ${r.uuid()}`)}\n`,
    ),
  'server-seal-transit': (r) =>
    draft(
      `vault/${service(r)}/config.hcl`,
      `ui = true\nlistener "tcp" {\n  address = "0.0.0.0:8200"\n}\nseal "transit" {\n  address  = "${address(r)}"\n  token    = "${mark(token(r))}"\n  key_name = "autounseal"\n}\n`,
    ),
  'server-seal-awskms': (r) =>
    draft(
      `vault/${service(r)}/server.hcl`,
      `storage "raft" {\n  path = "/vault/data"\n}\nseal "awskms" {\n  region     = "eu-west-1"\n${mark(`  access_key = "${awsKeyId(r)}"\n  secret_key = "${awsSecret(r)}"`)}\n  kms_key_id = "${r.uuid()}"\n}\n`,
    ),
  'server-storage-postgresql': (r) =>
    draft(
      `openbao/${service(r)}.hcl`,
      `storage "postgresql" {\n  connection_url = "postgres://bao:${mark(password(r))}@${host(r)}:5432/bao?sslmode=verify-full"\n}\n`,
    ),
  'userpass-login': (r) =>
    draft(
      `scripts/vault-login-${service(r)}.sh`,
      `#!/bin/sh\nvault login -method=userpass username=${service(r)} password=${mark(password(r))} >/dev/null\nvault kv list secret/\n`,
    ),
  'consul-acl-token': (r) =>
    draft(
      `consul/${service(r)}.hcl`,
      `datacenter = "dc1"\nacl {\n  enabled = true\n  tokens {\n    agent = "${mark(r.uuid())}"\n  }\n}\nencrypt = "${mark(r.base64(32))}"\n`,
    ),
});
