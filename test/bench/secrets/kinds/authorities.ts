/** What certificate authorities keep in their own configuration. */
import { draft, family, mark } from '../draft.ts';
import { ecKey, jwk, p256Key } from '../material/keys.ts';
import { sec1Pem } from '../material/pem.ts';
import { domain, host, password, pin, service } from '../words.ts';

export const AUTHORITIES = family('ca-configuration', {
  'step-ca-password': (r) =>
    draft(
      `step/${service(r)}/config/ca.json`,
      `{\n  "root": "/home/step/certs/root_ca.crt",\n  "crt": "/home/step/certs/intermediate_ca.crt",\n  "key": "/home/step/secrets/intermediate_ca_key",\n  "password": "${mark(password(r))}",\n  "address": ":9000",\n  "dnsNames": ["${host(r)}"]\n}\n`,
    ),
  'step-ca-kms-pin': (r) =>
    draft(
      `step-hsm/${service(r)}/ca.json`,
      `{\n  "root": "/home/step/certs/root_ca.crt",\n  "key": "pkcs11:id=7331;object=intermediate",\n  "kms": {\n    "type": "pkcs11",\n    "uri": "pkcs11:module-path=/usr/lib/softhsm/libsofthsm2.so;token=ca?pin-value=${mark(pin(r))}"\n  },\n  "dnsNames": ["${host(r)}"]\n}\n`,
    ),
  'step-ca-database': (r) =>
    draft(
      `step-db/${service(r)}/ca.json`,
      `{\n  "root": "certs/root_ca.crt",\n  "db": {\n    "type": "postgresql",\n    "dataSource": "postgresql://step:${mark(password(r))}@${host(r)}:5432/",\n    "database": "stepca"\n  }\n}\n`,
    ),
  'step-ca-scep-provisioner': (r) =>
    draft(
      `step-scep/${service(r)}/ca.json`,
      `{\n  "root": "certs/root_ca.crt",\n  "authority": {\n    "provisioners": [\n      {\n        "type": "SCEP",\n        "name": "devices",\n        "challenge": "${mark(password(r))}",\n        "minimumPublicKeyLength": 2048\n      }\n    ]\n  }\n}\n`,
    ),
  'step-ca-oidc-client-secret': (r) =>
    draft(
      `step-oidc/${service(r)}/ca.json`,
      `{\n  "authority": {\n    "provisioners": [\n      {\n        "type": "OIDC",\n        "name": "sso",\n        "clientID": "${r.uuid()}",\n        "clientSecret": "${mark(r.text(40))}",\n        "configurationEndpoint": "https://login.${domain(r)}/.well-known/openid-configuration"\n      }\n    ]\n  }\n}\n`,
    ),
  'step-provisioner-password-file': (r) =>
    draft(
      `step/${service(r)}/secrets/${r.pick(['password', 'provisioner_password'])}`,
      `${mark(r.text(32))}\n`,
    ),
  'step-issuer-script': (r) =>
    draft(
      `scripts/step-${service(r)}.sh`,
      `#!/bin/sh\nset -e\nprintf '%s' '${mark(password(r))}' > /run/provisioner-password\nstep ca token ${host(r)} --provisioner ops --provisioner-password-file /run/provisioner-password\n`,
    ),
  'provisioner-private-jwk': (r) => {
    const { open, secret } = jwk(p256Key(r));
    const rows = Object.entries({ use: 'sig', alg: 'ES256', ...open }).map(
      ([name, value]) => `  "${name}": "${value}",\n`,
    );
    return draft(
      `step/${service(r)}/provisioner.json`,
      `{\n${rows.join('')}  "d": "${mark(secret['d'] ?? '')}"\n}\n`,
    );
  },
  'cfssl-auth-key': (r) =>
    draft(
      `cfssl/${service(r)}/config.json`,
      `{\n  "signing": {\n    "default": { "auth_key": "primary", "expiry": "2160h", "usages": ["server auth"] }\n  },\n  "auth_keys": {\n    "primary": { "type": "standard", "key": "${mark(r.hex(32).toUpperCase())}" }\n  }\n}\n`,
    ),
  'ejbca-properties': (r) =>
    draft(
      `ejbca/${service(r)}/conf/ejbca.properties`,
      `appserver.home=/opt/wildfly\nca.keystorepass=${mark(password(r))}\nca.tokentype=soft\n`,
    ),
  'ejbca-web-properties': (r) =>
    draft(
      `ejbca/${service(r)}/conf/web.properties`,
      `httpsserver.hostname=${host(r)}\nhttpsserver.password=${mark(password(r))}\nsuperadmin.password=${mark(password(r))}\nsuperadmin.cn=SuperAdmin\n`,
    ),
  'dogtag-pkispawn': (r) =>
    draft(
      `dogtag/${service(r)}.cfg`,
      `[DEFAULT]\npki_admin_password=${mark(password(r))}\npki_client_pkcs12_password=${mark(password(r))}\npki_ds_password=${mark(password(r))}\npki_ds_hostname=${host(r)}\n\n[CA]\npki_admin_name=caadmin\n`,
    ),
  'acme-account-key': (r) => {
    const { open, secret } = jwk(ecKey(r));
    const text = JSON.stringify({ ...open, d: secret['d'] }).replace(
      `"${secret['d']}"`,
      `"${mark(secret['d'] ?? '')}"`,
    );
    return draft(`acme/accounts/acme.${domain(r)}/directory/${r.hex(32)}/private_key.json`, text);
  },
  'traefik-acme-storage': (r) =>
    draft(
      `traefik/${service(r)}/acme.json`,
      `{\n  "le": {\n    "Account": { "Email": "pki@${domain(r)}", "KeyType": "4096" },\n    "Certificates": [\n      {\n        "domain": { "main": "${host(r)}" },\n        "certificate": "${Buffer.from(`${r.hex(40)}\n`).toString('base64')}",\n        "key": "${mark(Buffer.from(sec1Pem(ecKey(r))).toString('base64'))}",\n        "Store": "default"\n      }\n    ]\n  }\n}\n`,
    ),
  'openssl-ca-section': (r) =>
    draft(
      `ca/${service(r)}/openssl.cnf`,
      `[ ca ]\ndefault_ca = CA_default\n\n[ CA_default ]\ndir = ./ca\nprivate_key = $dir/private/ca.key\n\n[ req ]\noutput_password = ${mark(password(r))}\ndefault_md = sha384\n`,
    ),
  'spire-join-token': (r) =>
    draft(
      `spire/${service(r)}/agent.conf`,
      `agent {\n  data_dir = "/opt/spire/data"\n  server_address = "${host(r)}"\n  server_port = "8081"\n  trust_domain = "${domain(r)}"\n  join_token = "${mark(r.uuid())}"\n}\n`,
    ),
  'spire-datastore': (r) =>
    draft(
      `spire/${service(r)}/server.conf`,
      `server {\n  trust_domain = "${domain(r)}"\n}\nplugins {\n  DataStore "sql" {\n    plugin_data {\n      database_type = "postgres"\n      connection_string = "dbname=spire user=spire host=${host(r)} password=${mark(password(r))} sslmode=verify-full"\n    }\n  }\n}\n`,
    ),
  'xipki-properties': (r) =>
    draft(
      `xipki/${service(r)}/ca-db.properties`,
      `dataSourceClassName = org.mariadb.jdbc.MariaDbDataSource\ndataSource.user = xipki\ndataSource.password = ${mark(password(r))}\n`,
    ),
  'certmonger-request': (r) =>
    draft(
      `certmonger/${service(r)}/20240${r.between(1, 9)}01120000`,
      `id=20240101120000\nkey_type=RSA\nkey_storage_type=FILE\ntemplate_subject=CN=${host(r)}\ntemplate_challenge_password=${mark(password(r))}\nca_name=scep\n`,
    ),
});
