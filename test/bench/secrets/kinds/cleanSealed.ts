/** Clean: values that are encrypted where they lie, and whose key is elsewhere. */
import { draft, family, indent } from '../draft.ts';
import { begin, end, lines } from '../material/pem.ts';
import { ageKeys } from '../material/smallKeys.ts';
import type { Random } from '../random.ts';
import { host, service, team } from '../words.ts';

const sopsValue = (r: Random, bytes = r.between(12, 40)): string =>
  `ENC[AES256_GCM,data:${r.base64(bytes)},iv:${r.base64(32)},tag:${r.base64(16)},type:str]`;

function ageMessage(r: Random, bytes: number): string {
  const head = `age-encryption.org/v1\n-> X25519 ${r.base64(32).replace('=', '')}\n${r.base64(32).replace('=', '')}\n--- ${r.base64(32).replace('=', '')}\n`;
  const body = Buffer.concat([Buffer.from(head), r.bytes(bytes)]).toString('base64');
  return `${begin('AGE ENCRYPTED FILE')}\n${lines(body)}\n${end('AGE ENCRYPTED FILE')}\n`;
}

const ansibleVault = (r: Random): string => {
  const rows = lines(Buffer.from(`${r.hex(64)}\n${r.hex(64)}\n${r.hex(192)}`).toString('hex'), 80);
  return `$ANSIBLE_VAULT;1.1;AES256\n${rows}\n`;
};

const sopsFooter = (r: Random): string =>
  `sops:\n  age:\n  - recipient: ${ageKeys(r).open}\n    enc: |\n      ${indent(ageMessage(r, 48), 6)}\n  lastmodified: "${r.day()}T08:00:00Z"\n  mac: ${sopsValue(r, 64)}\n  version: 3.9.1\n`;

export const CLEAN_SEALED = family('encrypted-at-rest', {
  'sops-yaml': (r) =>
    draft(
      `secrets/${service(r)}.sops.yaml`,
      `database:\n  user: ${sopsValue(r)}\n  password: ${sopsValue(r)}\napi_key: ${sopsValue(r)}\n${sopsFooter(r)}`,
    ),
  'sops-env': (r) =>
    draft(
      `deploy/${service(r)}.enc.env`,
      `DB_PASSWORD=${sopsValue(r)}\nAPI_TOKEN=${sopsValue(r)}\nsops_version=3.9.1\nsops_mac=${sopsValue(r, 64)}\n`,
    ),
  'sops-json-kms': (r) =>
    draft(
      `secrets/${service(r)}.enc.json`,
      `{\n  "client_secret": "${sopsValue(r)}",\n  "sops": {\n    "kms": [\n      {\n        "arn": "arn:aws:kms:eu-west-1:${r.text(12, '123456789')}:key/${r.uuid()}",\n        "enc": "${r.base64(180)}"\n      }\n    ],\n    "version": "3.8.1"\n  }\n}\n`,
    ),
  'sealed-secret': (r) =>
    draft(
      `k8s/sealed-${service(r)}.yaml`,
      `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: ${service(r)}\nspec:\n  encryptedData:\n    password: Ag${r.base64(420)}\n    tls.key: Ag${r.base64(900)}\n  template:\n    type: Opaque\n`,
    ),
  'ansible-vault-file': (r) => draft(`group_vars/${team(r)}/vault.yml`, ansibleVault(r)),
  'ansible-vault-inline': (r) =>
    draft(
      `host_vars/${service(r)}.yml`,
      `mysql_port: 3306\nmysql_root_password: !vault |\n  ${indent(ansibleVault(r), 2)}\nmysql_user: app\n`,
    ),
  'age-armored': (r) => draft(`backup/${service(r)}.age`, ageMessage(r, 400)),
  'pgp-message': (r) =>
    draft(
      `secrets/${service(r)}.asc`,
      `${begin('PGP MESSAGE')}\n\n${lines(r.base64(600))}\n=${r.base64(3)}\n${end('PGP MESSAGE')}\n`,
    ),
  'vault-transit-ciphertext': (r) =>
    draft(
      `config/${service(r)}/sealed.yml`,
      `db:\n  password: vault:v${r.between(1, 9)}:${r.base64(45)}\n  host: ${host(r)}\n`,
    ),
  'kms-ciphertext': (r) =>
    draft(
      `terraform/${service(r)}/secrets.tf`,
      `data "aws_kms_secrets" "db" {\n  secret {\n    name    = "password"\n    payload = "AQICAH${r.base64(150)}"\n  }\n}\n`,
    ),
  'hiera-eyaml': (r) =>
    draft(
      `hieradata/${service(r)}.yaml`,
      `profile::db::password: ENC[PKCS7,MII${r.base64(270)}]\nprofile::db::host: ${host(r)}\n`,
    ),
  jasypt: (r) =>
    draft(
      `src/main/resources/${service(r)}/prod.properties`,
      `spring.datasource.username=app\nspring.datasource.password=ENC(${r.base64(32)})\n`,
    ),
  'maven-encrypted': (r) =>
    draft(
      `.mvn/settings.xml`,
      `<settings>\n  <servers>\n    <server>\n      <id>nexus</id>\n      <username>deploy</username>\n      <password>{${r.base64(48)}}</password>\n    </server>\n  </servers>\n</settings>\n`,
    ),
  'travis-secure': (r) =>
    draft(
      '.travis.yml',
      `language: node_js\nenv:\n  global:\n  - secure: "${r.base64(512)}"\nscript: npm test\n`,
    ),
  'rails-credentials': (r) =>
    draft('config/credentials.yml.enc', `${r.base64(300)}--${r.base64(12)}--${r.base64(16)}\n`),
  'jwe-provisioner': (r) =>
    draft(
      `step/${service(r)}/config/ca.json`,
      `{\n  "root": "certs/root_ca.crt",\n  "key": "secrets/intermediate_ca_key",\n  "authority": {\n    "provisioners": [\n      {\n        "type": "JWK",\n        "name": "ops",\n        "key": { "use": "sig", "kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "${r.base64url(32)}", "x": "${r.base64url(32)}", "y": "${r.base64url(32)}" },\n        "encryptedKey": "${jwe(r)}"\n      }\n    ]\n  }\n}\n`,
    ),
  'systemd-encrypted-credential': (r) =>
    draft(
      `systemd/${service(r)}-cred.service`,
      `[Service]\nExecStart=/usr/bin/${service(r)}\nSetCredentialEncrypted=db-password: \\\n  ${lines(r.base64(160), 69).replaceAll('\n', ' \\\n  ')}\n`,
    ),
  'pulumi-secure': (r) =>
    draft(
      `Pulumi.${service(r)}.yaml`,
      `encryptionsalt: v1:${r.base64(8)}:v1:${r.base64(12)}:${r.base64(24)}\nconfig:\n  aws:region: eu-west-1\n  app:dbPassword:\n    secure: AAAB${r.base64(45)}\n`,
    ),
  'jenkins-encrypted': (r) =>
    draft(
      `jenkins/${service(r)}/credentials.xml`,
      `<credentials>\n  <id>${service(r)}</id>\n  <username>deploy</username>\n  <password>{AQAAABAAAAAQ${r.base64(48)}}</password>\n</credentials>\n`,
    ),
  'chef-encrypted-data-bag': (r) =>
    draft(
      `data_bags/${service(r)}/prod.json`,
      `{\n  "id": "prod",\n  "password": {\n    "encrypted_data": "${r.base64(64)}\\n",\n    "iv": "${r.base64(12)}\\n",\n    "auth_tag": "${r.base64(16)}\\n",\n    "version": 3,\n    "cipher": "aes-256-gcm"\n  }\n}\n`,
    ),
  'dotnet-data-protection': (r) =>
    draft(
      `config/${service(r)}/web.protected.config`,
      `<connectionStrings configProtectionProvider="RsaProtectedConfigurationProvider">\n  <EncryptedData>\n    <CipherData>\n      <CipherValue>${r.base64(256)}</CipherValue>\n    </CipherData>\n  </EncryptedData>\n</connectionStrings>\n`,
    ),
  'git-crypt-binary': (r) =>
    draft(`secrets/${service(r)}.env`, Buffer.concat([Buffer.from('\0GITCRYPT\0'), r.bytes(240)])),
});

function jwe(r: Random): string {
  const header = {
    alg: 'PBES2-HS256+A128KW',
    cty: 'jwk+json',
    enc: 'A256GCM',
    p2c: 600_000,
    p2s: r.base64url(16),
  };
  const first = Buffer.from(JSON.stringify(header)).toString('base64url');
  return [first, r.base64url(40), r.base64url(12), r.base64url(250), r.base64url(16)].join('.');
}
