/** Secrets in the files that set machines up. */
import { draft, family, indent, mark } from '../draft.ts';
import { certificatePem } from '../material/certificates.ts';
import { anyKey, edKey, rsaKey } from '../material/keys.ts';
import { anyPem, encryptedPkcs8Pem, pkcs1Pem } from '../material/pem.ts';
import { openSshKey } from '../material/ssh.ts';
import { github } from '../material/tokens.ts';
import { domain, host, ip, password, service, team } from '../words.ts';

const escaped = (text: string): string => text.replaceAll('\n', '\\n');

export const INFRASTRUCTURE = family('infrastructure', {
  'tfstate-private-key': (r) => {
    const key = rsaKey(r);
    return draft(
      `terraform/${service(r)}/terraform.tfstate`,
      `{\n  "version": 4,\n  "terraform_version": "1.9.${r.below(9)}",\n  "serial": ${r.below(90)},\n  "lineage": "${r.uuid()}",\n  "resources": [\n    {\n      "mode": "managed",\n      "type": "tls_private_key",\n      "name": "ca",\n      "instances": [\n        {\n          "attributes": {\n            "algorithm": "RSA",\n            "private_key_pem": "${mark(escaped(pkcs1Pem(key)))}",\n            "public_key_fingerprint_md5": "${r.hex(32)}"\n          }\n        }\n      ]\n    }\n  ]\n}\n`,
    );
  },
  'tfstate-password': (r) =>
    draft(
      `infra/${service(r)}.tfstate`,
      `{\n  "version": 4,\n  "lineage": "${r.uuid()}",\n  "resources": [\n    {\n      "type": "aws_db_instance",\n      "name": "main",\n      "instances": [ { "attributes": {\n        "endpoint": "${host(r)}:5432",\n        "id": "db-${r.text(26, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}",\n        "password": "${mark(password(r))}",\n        "username": "app"\n      } } ]\n    }\n  ]\n}\n`,
    ),
  tfvars: (r) =>
    draft(
      r.pick(['terraform.tfvars', 'envs/prod/terraform.tfvars']),
      `region      = "eu-central-1"\ndb_username = "${service(r)}"\ndb_password = "${mark(password(r))}"\n`,
    ),
  'terraform-variable-default': (r) =>
    draft(
      `terraform/${service(r)}/variables.tf`,
      `variable "admin_password" {\n  type    = string\n  default = "${mark(password(r))}"\n}\n\nvariable "region" {\n  default = "eu-west-1"\n}\n`,
    ),
  'cloud-init-key': (r) =>
    draft(
      `cloud-init/${service(r)}.yaml`,
      `#cloud-config\nhostname: ${service(r)}\nwrite_files:\n- path: /etc/ssl/private/server.key\n  permissions: "0600"\n  content: |\n    ${mark(indent(anyPem(anyKey(r), r), 4))}\nruncmd:\n- systemctl restart nginx\n`,
    ),
  'cloud-init-base64': (r) =>
    draft(
      `cloud-init/b64-${service(r)}.cfg`,
      `#cloud-config\nwrite_files:\n  - encoding: b64\n    path: /etc/pki/tls/private/host.key\n    content: ${mark(Buffer.from(anyPem(anyKey(r), r)).toString('base64'))}\n`,
    ),
  'cloud-init-password': (r) =>
    draft(
      `user-data/${service(r)}`,
      `#cloud-config\nchpasswd:\n  expire: false\n  users:\n  - name: root\n    password: ${mark(password(r))}\n    type: text\nssh_pwauth: true\n`,
    ),
  'cloud-init-host-keys': (r) =>
    draft(
      `user-data/${service(r)}.yaml`,
      `#cloud-config\nssh_keys:\n  ed25519_private: |\n    ${mark(indent(openSshKey(edKey(r), service(r), r), 4))}\n`,
    ),
  'docker-compose': (r) =>
    draft(
      r.pick(['docker-compose.yml', 'compose.yaml', 'docker-compose.prod.yml']),
      `services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_USER: ${service(r)}\n      POSTGRES_PASSWORD: ${mark(password(r))}\n    volumes:\n    - data:/var/lib/postgresql/data\nvolumes:\n  data: {}\n`,
    ),
  'docker-compose-list': (r) =>
    draft(
      `stacks/${service(r)}.yml`,
      `version: "3.8"\nservices:\n  mq:\n    image: rabbitmq:3-management\n    environment:\n      - RABBITMQ_DEFAULT_USER=app\n      - RABBITMQ_DEFAULT_PASS=${mark(password(r))}\n`,
    ),
  dockerfile: (r) =>
    draft(
      `build/${service(r)}/Dockerfile`,
      `FROM node:20-slim\nWORKDIR /app\nENV REGISTRY_USER=ci\nENV REGISTRY_PASSWORD=${mark(password(r))}\nRUN npm ci\nCMD ["node", "server.js"]\n`,
    ),
  'github-workflow': (r) =>
    draft(
      `.github/workflows/${service(r)}.yml`,
      `name: deploy\non: [push]\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    env:\n      REGION: eu-west-1\n      GH_TOKEN: ${mark(github(r))}\n    steps:\n    - uses: actions/checkout@${r.hex(40)}\n    - run: make deploy\n`,
    ),
  'github-workflow-password': (r) =>
    draft(
      `.github/workflows/publish-${service(r)}.yml`,
      `name: publish\non:\n  release: {types: [published]}\njobs:\n  push:\n    runs-on: ubuntu-latest\n    steps:\n    - uses: docker/login-action@v3\n      with:\n        registry: registry.${domain(r)}\n        username: ci\n        password: ${mark(password(r))}\n`,
    ),
  'gitlab-ci': (r) =>
    draft(
      '.gitlab-ci.yml',
      `stages: [build, deploy]\nvariables:\n  DEPLOY_HOST: ${host(r)}\n  SSH_PASSWORD: "${mark(password(r))}"\ndeploy:\n  stage: deploy\n  script:\n  - sshpass -e ssh deploy@$DEPLOY_HOST ./roll\n`,
    ),
  'nginx-upstream-authorization': (r) =>
    draft(
      `nginx/conf.d/${service(r)}.conf`,
      `server {\n  listen 443 ssl;\n  server_name ${host(r)};\n  ssl_certificate_key /etc/ssl/private/site.key;\n  location / {\n    proxy_set_header Authorization "Basic ${mark(Buffer.from(`proxy:${password(r)}`).toString('base64'))}";\n    proxy_pass http://${ip(r)}:8080;\n  }\n}\n`,
    ),
  'openssl-config': (r) =>
    draft(
      `pki/${service(r)}-openssl.cnf`,
      `[ req ]\ndefault_bits = 3072\ndefault_keyfile = private/ca.key\ndistinguished_name = dn\nprompt = no\ninput_password = ${mark(password(r))}\noutput_password = ${mark(password(r))}\n\n[ dn ]\nCN = ${host(r)}\n`,
    ),
  'haproxy-userlist': (r) =>
    draft(
      `haproxy/${service(r)}.cfg`,
      `global\n  maxconn 4096\n\nuserlist ops\n  user ${team(r)} insecure-password ${mark(password(r))}\n\nfrontend https\n  bind :443 ssl crt /etc/haproxy/certs/\n  default_backend app\n`,
    ),
  'systemd-environment': (r) =>
    draft(
      `systemd/${service(r)}.service`,
      `[Unit]\nDescription=${service(r)}\n\n[Service]\nExecStart=/usr/local/bin/${service(r)}\nEnvironment=LISTEN=:8080\nEnvironment="API_TOKEN=${mark(r.text(36))}"\nRestart=always\n`,
    ),
  'ansible-inventory': (r) =>
    draft(
      `inventory/${service(r)}.ini`,
      `[web]\n${ip(r)} ansible_user=deploy ansible_password=${mark(password(r))}\n\n[web:vars]\nansible_port=22\n`,
    ),
  'ansible-variables': (r) =>
    draft(
      `group_vars/${service(r)}.yml`,
      `---\nmysql_port: 3306\nmysql_root_password: ${mark(password(r))}\nmysql_bind_address: ${ip(r)}\n`,
    ),
  'ipsec-secrets': (r) =>
    draft(
      `strongswan/${service(r)}/ipsec.secrets`,
      `# peers\n${ip(r)} ${ip(r)} : PSK "${mark(password(r))}"\n: RSA server.key\n`,
    ),
  'radius-clients': (r) =>
    draft(
      `freeradius/${service(r)}/clients.conf`,
      `client ${service(r)} {\n  ipaddr = ${ip(r)}\n  secret = ${mark(r.text(20))}\n  require_message_authenticator = yes\n}\n`,
    ),
  'wpa-supplicant': (r) =>
    draft(
      `iot/${service(r)}/wpa_supplicant.conf`,
      `ctrl_interface=/run/wpa_supplicant\nnetwork={\n  ssid="${service(r)}-floor"\n  psk="${mark(password(r))}"\n}\n`,
    ),
  'sssd-bind': (r) =>
    draft(
      `sssd/${service(r)}.conf`,
      `[domain/${domain(r)}]\nid_provider = ldap\nldap_uri = ldaps://${host(r)}\nldap_default_bind_dn = cn=sssd,dc=example,dc=net\nldap_default_authtok = ${mark(password(r))}\n`,
    ),
  'grafana-ini': (r) =>
    draft(
      `monitoring/${service(r)}/grafana.ini`,
      `[server]\ndomain = ${host(r)}\n\n[security]\nadmin_user = admin\nadmin_password = ${mark(password(r))}\nsecret_key = ${mark(r.text(20))}\n`,
    ),
  'prometheus-basic-auth': (r) =>
    draft(
      `monitoring/${service(r)}/prometheus.yml`,
      `scrape_configs:\n- job_name: ${service(r)}\n  scheme: https\n  basic_auth:\n    username: prom\n    password: ${mark(password(r))}\n  static_configs:\n  - targets: ["${ip(r)}:9100"]\n`,
    ),
  'redis-config': (r) =>
    draft(
      `redis/${service(r)}.conf`,
      `bind ${ip(r)}\nport 6379\nrequirepass ${mark(r.text(24))}\nmaxmemory 512mb\n`,
    ),
  'key-and-its-passphrase': (r) => {
    const phrase = password(r);
    const key = rsaKey(r);
    return draft(
      `envoy/${service(r)}.yaml`,
      `tls_certificates:\n- certificate_chain:\n    inline_string: |\n      ${indent(certificatePem(host(r), key, rsaKey(r), r), 6)}\n  private_key:\n    inline_string: |\n      ${mark(indent(encryptedPkcs8Pem(key, phrase, r), 6))}\n  password:\n    inline_string: ${mark(phrase)}\n`,
    );
  },
  'packer-template': (r) =>
    draft(
      `packer/${service(r)}.pkr.hcl`,
      `source "vsphere-iso" "base" {\n  vcenter_server = "${host(r)}"\n  username       = "packer"\n  password       = "${mark(password(r))}"\n  ssh_username   = "build"\n}\n`,
    ),
  'shell-export': (r) =>
    draft(
      `scripts/${service(r)}/env.sh`,
      `#!/usr/bin/env bash\nexport REGION=eu-north-1\nexport DB_PASSWORD='${mark(password(r))}'\nexec ./run\n`,
    ),
  'curl-in-a-script': (r) =>
    draft(
      `scripts/refresh-${service(r)}.sh`,
      `#!/bin/sh\nset -e\ncurl -fsS ${'--user'} "sync:${mark(password(r))}" https://${host(r)}/export.csv -o /tmp/export.csv\n`,
    ),
});
