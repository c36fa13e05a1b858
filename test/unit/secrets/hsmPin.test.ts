import { finds, leavesAlone, password, pin } from './examples.ts';

describe('PINs of key stores in hardware', () => {
  it('finds them in URIs, commands and configurations', () => {
    finds('secret/hsm-pin', [
      ['conf.xml', pin(), (it) => `<Repository><TokenLabel>a</TokenLabel><PIN>${it}</PIN></Repository>`],
      ['swanctl.conf', pin(), (it) => `token1 {\n    handle = 04\n    slot = 0\n    pin = ${it}\n  }\n`],
      ['a.go', pin(), (it) => `crypto11.Configure(&crypto11.Config{TokenLabel: "a", Pin: "${it}"})`],
      ['catoken.properties', pin(), (it) => `sharedLibrary /x.so\nslotLabelValue=a\npin ${it} \n`],
      ['run.sh', pin(), (it) => `SO_PIN=${it} pkcs11-tool --init-token --so-pin env:SO_PIN\n`],
      ['Dockerfile', pin(), (it) => `ENV SOFTHSM2_PIN ${it}\n`],
      ['main.tf', pin(), (it) => `variable "hsm_pin" {\n  type = string\n  default = "${it}"\n}\n`],
      [
        'ca.json',
        pin(),
        (it) => `{"kms": {"uri": "pkcs11:token=ca;object=root?pin-value=${it}&module-name=hsm"}}`,
      ],
      [
        'nginx.conf',
        pin(),
        (it) => `ssl_certificate_key "engine:pkcs11:pkcs11:token=web;type=private;pin-value=${it}";`,
      ],
      ['init.sh', pin(), (it) => `softhsm2-util --init-token --slot 0 --label ca --pin ${it}\n`],
      ['run.sh', password(), (it) => `pkcs11-tool --login --so-pin="${it}" --list-objects`],
      ['ci.yaml', pin(), (it) => `  args: ["pkcs11-tool", "--pin", "${it}"]`],
      ['.env', pin(), (it) => `PKCS11_PIN=${it}\n`],
      ['.env', pin(), (it) => `export VAULT_HSM_PIN='${it}'`],
      [
        'openssl.cnf',
        pin(),
        (it) =>
          `[pkcs11_section]\nengine_id = pkcs11\nMODULE_PATH = /usr/lib/softhsm/libsofthsm2.so\nPIN = ${it}\ninit = 0\n`,
      ],
      [
        'ca.json',
        pin(),
        (it) =>
          `{"pkcs11": {\n  "module": "/usr/lib/libCryptoki2_64.so",\n  "tokenLabel": "ca",\n  "pin": "${it}"\n}}`,
      ],
      ['values.yaml', pin(), (it) => `hsm:\n  userPin: "${it}"\n`],
      ['connector.yaml', password(), (it) => `yubihsm_password: ${it}\n`],
    ]);
  });

  it('leaves references, placeholders and names alone', () => {
    leavesAlone([
      ['a.conf', 'pkcs11:token=web;pin-source=/run/secrets/pin'],
      ['a.md', 'pkcs11:token=web?pin-value=1234'],
      ['a.md', 'pkcs11:token=web?pin-value=<PIN>'],
      ['a.sh', `pkcs11-tool --login --pin "$PIN" --so-pin ${'$'}{SO_PIN}`],
      ['a.sh', 'softhsm2-util --init-token --pin 1234 --so-pin 0000'],
      ['a.txt', 'Use --pin to give the user PIN of the token'],
      ['a.yaml', 'pkcs11:\n  pin: {{ hsm_pin }}\n  pinFile: /etc/pin\n'],
      [
        'a.ts',
        "import { pkcs11 } from './pkcs11';\nconst pin = readPin(); open({ pin: pin.text, userPin });",
      ],
      ['a.env', 'HSM_PIN=vault:secret/data/hsm#pin\nPKCS11_PIN=ENC[AES256_GCM,data:aaa]\n'],
      ['a.json', '{"pkcs11": {"pin": "123456"}}'],
    ]);
  });
});
