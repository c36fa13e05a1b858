/** Clean: where a secret is fetched from, what it is called, and code that reads it at run time. */
import { draft, family } from '../draft.ts';
import { domain, host, service, team } from '../words.ts';

export const CLEAN_REFERENCES = family('reference', {
  'shell-variables': (r) =>
    draft(
      `deploy/${service(r)}/compose.yml`,
      `services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: \${DB_PASSWORD}\n      API_TOKEN: \${API_TOKEN:?set it in the environment}\n`,
    ),
  'workflow-secrets': (r) =>
    draft(
      `.github/workflows/release-${service(r)}.yml`,
      `name: release\non: {push: {tags: ['v*']}}\njobs:\n  release:\n    runs-on: ubuntu-latest\n    steps:\n    - uses: actions/checkout@${r.hex(40)}\n    - run: npm publish\n      env:\n        NODE_AUTH_TOKEN: \${{ secrets.NPM_TOKEN }}\n        SIGNING_KEY: \${{ secrets.SIGNING_KEY }}\n`,
    ),
  'vault-references': (r) =>
    draft(
      `config/${service(r)}/vault-refs.yml`,
      `database:\n  password: vault:secret/data/${service(r)}#password\n  tlsKey: vault:pki/issue/${service(r)}#private_key\ntoken: ref+vault://kv/${team(r)}/${service(r)}#/token\n`,
    ),
  'helm-templates': (r) =>
    draft(
      `charts/${service(r)}/templates/secret.yaml`,
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ include "app.fullname" . }}\ndata:\n  password: {{ .Values.auth.password | b64enc | quote }}\n  tls.key: {{ .Files.Get "tls.key" | b64enc }}\n`,
    ),
  'jinja-templates': (r) =>
    draft(
      `ansible/templates/${service(r)}.conf.j2`,
      `[client]\nuser = {{ db_user }}\npassword = {{ vault_db_password }}\nssl_key = {{ lookup('community.hashi_vault.hashi_vault', 'secret/data/tls:key') }}\n`,
    ),
  'external-secret': (r) =>
    draft(
      `k8s/external-${service(r)}.yaml`,
      `apiVersion: external-secrets.io/v1beta1\nkind: ExternalSecret\nmetadata:\n  name: ${service(r)}\nspec:\n  secretStoreRef: {name: vault, kind: ClusterSecretStore}\n  data:\n  - secretKey: DB_PASSWORD\n    remoteRef: {key: secret/${service(r)}, property: password}\n`,
    ),
  'secret-key-ref': (r) =>
    draft(
      `deploy/${service(r)}.yaml`,
      `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${service(r)}\nspec:\n  template:\n    spec:\n      containers:\n      - name: app\n        env:\n        - name: DB_PASSWORD\n          valueFrom:\n            secretKeyRef: {name: db-credentials, key: password}\n        volumeMounts:\n        - {name: tls, mountPath: /etc/tls/private}\n`,
    ),
  'terraform-references': (r) =>
    draft(
      `terraform/${service(r)}/main.tf`,
      `resource "random_password" "db" {\n  length = 32\n}\n\nresource "aws_db_instance" "main" {\n  password = random_password.db.result\n  username = var.db_username\n}\n\noutput "token" {\n  value     = data.vault_kv_secret_v2.app.data["token"]\n  sensitive = true\n}\n`,
    ),
  'secret-manager-names': (r) =>
    draft(
      `config/${service(r)}.secrets.json`,
      `{\n  "dbPassword": "arn:aws:secretsmanager:eu-west-1:${r.text(12, '123456789')}:secret:${service(r)}/db-AbCdEf",\n  "apiKey": "projects/${service(r)}/secrets/api-key/versions/latest",\n  "clientSecret": "@Microsoft.KeyVault(SecretUri=https://${service(r)}.vault.azure.net/secrets/client-secret/)",\n  "token": "op://infra/${service(r)}/token"\n}\n`,
    ),
  'key-names': (r) =>
    draft(
      `src/${service(r)}/names.ts`,
      `export const NAMES = {\n  vaultKey: '${service(r)}-database-credentials',\n  secretName: 'production-payment-gateway-token',\n  passwordField: 'user_password_confirmation',\n  apiKeyHeader: 'X-Internal-Api-Key',\n  tokenCookie: '__Host-session-token',\n};\n`,
    ),
  'secret-files': (r) =>
    draft(
      `deploy/${service(r)}/stack.yml`,
      `services:\n  app:\n    environment:\n      DB_PASSWORD_FILE: /run/secrets/db_password\n      TLS_KEY: /etc/ssl/private/server.key\n    secrets: [db_password]\nsecrets:\n  db_password:\n    external: true\n`,
    ),
  'pkcs11-uri-without-pin': (r) =>
    draft(
      `nginx/${service(r)}-token.conf`,
      `server {\n  server_name ${host(r)};\n  ssl_certificate_key "engine:pkcs11:pkcs11:token=web;object=site;type=private?pin-source=file:/run/hsm/pin";\n}\n`,
    ),
  'spring-placeholders': (r) =>
    draft(
      `src/main/resources/${service(r)}-app.yml`,
      `server:\n  ssl:\n    key-store: \${KEYSTORE_PATH}\n    key-store-password: \${KEYSTORE_PASSWORD}\nspring:\n  datasource:\n    password: \${vault.db.password}\n`,
    ),
  'reads-environment-javascript': (r) =>
    draft(
      `src/${service(r)}/config.js`,
      `const password = process.env.DB_PASSWORD;\nconst apiKey = process.env['API_KEY'] ?? '';\nif (!password) throw new Error('DB_PASSWORD is not set');\n\nmodule.exports = { password, apiKey, url: \`postgres://app:\${password}@${host(r)}/app\` };\n`,
    ),
  'reads-environment-python': (r) =>
    draft(
      `app/${service(r)}/settings.py`,
      `import os\n\nSECRET_KEY = os.environ["SECRET_KEY"]\nDATABASE_PASSWORD = os.getenv("DATABASE_PASSWORD", "")\nAPI_TOKEN = open("/run/secrets/api_token").read().strip()\n`,
    ),
  'reads-environment-go': (r) =>
    draft(
      `cmd/${service(r)}/config.go`,
      `package main\n\nimport "os"\n\ntype config struct {\n\tPassword string \`env:"DB_PASSWORD,required"\`\n\tToken    string \`json:"-"\`\n}\n\nfunc load() config {\n\treturn config{Password: os.Getenv("DB_PASSWORD"), Token: os.Getenv("VAULT_TOKEN")}\n}\n`,
    ),
  'reads-environment-java': (r) =>
    draft(
      `src/main/java/net/${service(r)}/Config.java`,
      `final class Config {\n    private final String password = System.getenv("DB_PASSWORD");\n    private final char[] keyStorePassword = Secrets.read("keystore.password");\n\n    String getPassword() {\n        return password;\n    }\n}\n`,
    ),
  'shell-reads-secrets': (r) =>
    draft(
      `scripts/${service(r)}-login.sh`,
      `#!/bin/sh\nset -eu\nTOKEN="$(vault token create -field=token -policy=${service(r)})"\nPASSWORD="$(cat /run/secrets/password)"\ncurl -H "X-Vault-Token: $TOKEN" -u "sync:$PASSWORD" https://${host(r)}/\nread -r -s -p 'Password: ' password\n`,
    ),
  'makes-keys': (r) =>
    draft(
      `scripts/make-${service(r)}-keys.sh`,
      `#!/bin/sh\nset -e\nopenssl genpkey -algorithm ED25519 -out site.key\nopenssl pkcs12 -export -inkey site.key -in site.pem -out site.p12 -passout env:P12_PASSWORD\nssh-keygen -t ed25519 -f deploy -N "$PASSPHRASE"\nkeytool -importkeystore -srcstorepass:env SRC -deststorepass:file /run/pass\n`,
    ),
  'type-declarations': (r) =>
    draft(
      `src/${service(r)}/types.ts`,
      `export interface Credentials {\n  readonly username: string;\n  readonly password: string;\n  readonly clientSecret?: string;\n  readonly token: { readonly value: string; readonly expiresAt: Date };\n}\n\nexport type PasswordReset = (token: string, newPassword: string) => Promise<void>;\n`,
    ),
  'translations-english': (r) =>
    draft(
      `web/${service(r)}/locales/en.json`,
      `{\n  "login.password": "Password",\n  "login.passwordHint": "At least twelve characters",\n  "login.forgotPassword": "Forgot your password?",\n  "settings.apiKey": "API key",\n  "settings.secret": "Client secret",\n  "errors.tokenExpired": "Your token has expired. Sign in again."\n}\n`,
    ),
  'translations-german': (r) =>
    draft(
      `web/${service(r)}/locales/de.yml`,
      `de:\n  password: Passwort\n  password_confirmation: Passwortbestätigung\n  secret: Geheimnis\n  token: Zugangsschlüssel\n  api_key: "API-Schlüssel für ${service(r)}"\n`,
    ),
  keybindings: (r) =>
    draft(
      `.vscode/keybindings-${service(r)}.json`,
      `[\n  { "key": "ctrl+shift+alt+k", "command": "workbench.action.openGlobalKeybindings" },\n  { "key": "cmd+k cmd+shift+enter", "command": "editor.action.pasteAndIndent", "when": "editorTextFocus && !editorReadonly" },\n  { "key": "ctrl+k ctrl+oem_comma", "command": "extension.${service(r)}.toggleTokenInspector" }\n]\n`,
    ),
  'html-form': (r) =>
    draft(
      `web/${service(r)}/login.html`,
      `<form action="/login" method="post">\n  <label for="password">Password</label>\n  <input id="password" name="password" type="password" autocomplete="current-password" minlength="12">\n  <input type="hidden" name="csrf_token" value="{{ csrf_token }}">\n</form>\n`,
    ),
  'database-schema': (r) =>
    draft(
      `db/migrations/${service(r)}_users.sql`,
      `CREATE TABLE users (\n  id uuid PRIMARY KEY,\n  password_hash text NOT NULL,\n  api_token_digest bytea,\n  secret_rotated_at timestamptz DEFAULT now()\n);\nCOMMENT ON COLUMN users.password_hash IS 'argon2id, see docs/passwords.md';\n`,
    ),
  'cloud-formation': (r) =>
    draft(
      `infra/${service(r)}.template.yaml`,
      `Parameters:\n  DbPassword: {Type: String, NoEcho: true}\nResources:\n  Db:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      MasterUserPassword: !Ref DbPassword\n  Cache:\n    Type: AWS::ElastiCache::ReplicationGroup\n    Properties:\n      AuthToken: '{{resolve:secretsmanager:${service(r)}/cache:SecretString:token}}'\n`,
    ),
  'asks-the-user': (r) =>
    draft(
      `tools/${service(r)}_admin.py`,
      `import getpass\nimport secrets\n\npassword = getpass.getpass("Password: ")\ntoken = secrets.token_urlsafe(32)\nprint(f"token={token[:4]}...")\n`,
    ),
  'password-rules': (r) =>
    draft(
      `src/${service(r)}/passwordRules.ts`,
      `const PASSWORD = /^(?=.*[a-z])(?=.*[A-Z])(?=.*\\d)[A-Za-z\\d@$!%*?&]{12,}$/;\nexport const PASSWORD_MIN_LENGTH = 12;\nexport const password = (text: string): boolean => PASSWORD.test(text);\nexport enum Secret { Password = 'password', ApiKey = 'api-key', ClientSecret = 'client_secret' }\n`,
    ),
  'protocol-buffers': (r) =>
    draft(
      `api/${service(r)}.proto`,
      `syntax = "proto3";\nmessage LoginRequest {\n  string username = 1;\n  string password = 2 [debug_redact = true];\n  bytes client_secret = 3;\n}\nmessage LoginResponse { string access_token = 1; int64 expires_in = 2; }\n`,
    ),
  'log-without-values': (r) =>
    draft(
      `docs/${service(r)}-start.log`,
      `INFO  reading password from /run/secrets/db_password\nINFO  token renewed, ttl=3600s accessor=REDACTED\nWARN  private_key file /etc/ssl/private/${service(r)}.key is readable by others\n`,
    ),
  'policy-text': (r) =>
    draft(
      `vault/policies/${service(r)}.hcl`,
      `path "secret/data/${service(r)}/*" {\n  capabilities = ["read"]\n}\npath "auth/approle/role/${service(r)}/secret-id" {\n  capabilities = ["update"]\n}\n`,
    ),
  'openapi-description': (r) =>
    draft(
      `api/${service(r)}.openapi.yaml`,
      `openapi: 3.1.0\ninfo: {title: ${service(r)}, version: 1.2.0}\ncomponents:\n  securitySchemes:\n    bearer: {type: http, scheme: bearer, bearerFormat: JWT}\n    apiKey: {type: apiKey, in: header, name: X-Api-Key}\n  schemas:\n    Login:\n      properties:\n        password: {type: string, format: password, writeOnly: true}\nservers:\n- url: https://api.${domain(r)}\n`,
    ),
});
