/** PINs of tokens and HSMs. */
import { draft, family, mark } from '../draft.ts';
import { host, pin, service } from '../words.ts';

export const PKCS11 = family('pkcs11-pin', {
  'uri-in-yaml': (r) =>
    draft(
      `config/${service(r)}-hsm.yaml`,
      `signer:\n  module: /usr/lib/softhsm/libsofthsm2.so\n  key: "pkcs11:token=${service(r)};object=ca;type=private?pin-value=${mark(pin(r))}"\n`,
    ),
  'uri-in-nginx': (r) =>
    draft(
      `nginx/${service(r)}-hsm.conf`,
      `server {\n  listen 443 ssl;\n  server_name ${host(r)};\n  ssl_certificate /etc/ssl/site.pem;\n  ssl_certificate_key "engine:pkcs11:pkcs11:token=web;object=site;pin-value=${mark(pin(r))}";\n}\n`,
    ),
  'openssl-engine': (r) =>
    draft(
      `openssl/${service(r)}.cnf`,
      `openssl_conf = init\n\n[ init ]\nengines = engines\n\n[ engines ]\npkcs11 = pkcs11_section\n\n[ pkcs11_section ]\nengine_id = pkcs11\nMODULE_PATH = /usr/lib/softhsm/libsofthsm2.so\nPIN = ${mark(pin(r))}\ninit = 0\n`,
    ),
  'softhsm-setup': (r) =>
    draft(
      `hsm/init-${service(r)}.sh`,
      `#!/bin/sh\nset -eu\nexport SOFTHSM2_CONF=/etc/softhsm2.conf\nsofthsm2-util --init-token --free --label ${service(r)} ${mark(`--so-pin ${pin(r)} --pin ${pin(r)}`)}\n`,
    ),
  'pkcs11-tool': (r) =>
    draft(
      `Makefile.${service(r)}`,
      `MODULE := /usr/lib/opensc-pkcs11.so\n\nsign:\n\tpkcs11-tool --module $(MODULE) --login --pin ${mark(pin(r))} --sign --mechanism SHA256-RSA-PKCS --input-file $(IN)\n`,
    ),
  'environment-file': (r) =>
    draft(
      `deploy/${service(r)}-hsm.env`,
      `HSM_SLOT=0\nHSM_LABEL=${service(r)}\nHSM_PIN=${mark(pin(r))}\nLOG_LEVEL=warn\n`,
    ),
  'c-code': (r) =>
    draft(
      `src/${service(r)}_login.c`,
      `#include "pkcs11.h"\n\nstatic CK_UTF8CHAR user_pin[] = "${mark(pin(r))}";\n\nCK_RV login(CK_SESSION_HANDLE session)\n{\n    return C_Login(session, CKU_USER, user_pin, sizeof(user_pin) - 1);\n}\n`,
    ),
  'go-crypto11': (r) =>
    draft(
      `internal/hsm/${service(r)}.go`,
      `package hsm\n\nimport "github.com/ThalesIgnite/crypto11"\n\nfunc open() (*crypto11.Context, error) {\n\treturn crypto11.Configure(&crypto11.Config{\n\t\tPath:       "/usr/lib/softhsm/libsofthsm2.so",\n\t\tTokenLabel: "${service(r)}",\n\t\tPin:        "${mark(pin(r))}",\n\t})\n}\n`,
    ),
  'python-session': (r) =>
    draft(
      `tools/${service(r)}_sign.py`,
      `import pkcs11\n\nlib = pkcs11.lib("/usr/lib/softhsm/libsofthsm2.so")\ntoken = lib.get_token(token_label="${service(r)}")\n\nwith token.open(user_pin="${mark(pin(r))}") as session:\n    key = session.get_key(label="signing")\n`,
    ),
  'java-login': (r) =>
    draft(
      `src/main/java/hsm/${service(r)}/Hsm.java`,
      `final class Hsm {\n    KeyStore open(Provider provider) throws Exception {\n        KeyStore store = KeyStore.getInstance("PKCS11", provider);\n        store.load(null, "${mark(pin(r))}".toCharArray());\n        return store;\n    }\n}\n`,
    ),
  'json-config': (r) =>
    draft(
      `boulder/${service(r)}.json`,
      `{\n  "pkcs11": {\n    "module": "/usr/lib/softhsm/libsofthsm2.so",\n    "tokenLabel": "intermediate",\n    "pin": "${mark(pin(r))}"\n  },\n  "maxConcurrency": 4\n}\n`,
    ),
  'ejbca-token-properties': (r) =>
    draft(
      `ejbca/${service(r)}-cryptotoken.properties`,
      `sharedLibrary=/opt/hsm/lib/libCryptoki2_64.so\nslotLabelType=SLOT_LABEL\nslotLabelValue=${service(r)}\npin=${mark(pin(r))}\n`,
    ),
});
