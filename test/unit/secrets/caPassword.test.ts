import { finds, leavesAlone, octets, password } from './examples.ts';

describe('passwords of certificate authorities', () => {
  it('finds them in their configurations', () => {
    finds('secret/ca-password', [
      ['crypto.yaml', password(), (it) => `secret:\n  default:\n    method: literal\n    value: ${it}\n`],
      [
        'config/ca.json',
        password(),
        (it) =>
          `{"root": "r.crt", "dnsNames": ["ca.test"], "password": "${it}", "authority": {"provisioners": []}}`,
      ],
      ['compose.yaml', password(), (it) => `environment:\n  DOCKER_STEPCA_INIT_PASSWORD: ${it}\n`],
      ['pki.cfg', password(), (it) => `[CA]\npki_admin_password=${it}\n`],
      ['ejbca.properties', password(), (it) => `ca.tokenpassword=${it}\n`],
      [
        'cfssl.json',
        octets(16, 'hex'),
        (it) => `{"auth_keys": {"key1": {"key": "${it}", "type": "standard"}}}`,
      ],
      ['main.tf', password(), (it) => `ca_key_password = "${it}"`],
    ]);
  });

  it('leaves files, references and placeholders alone', () => {
    leavesAlone([
      ['defaults.json', '{"ca-url": "https://ca.test", "password-file": "/etc/step/p", "dnsNames": []}'],
      ['ca.json', '{"dnsNames": ["a"], "password": ""}'],
      ['ca.json', '{"dnsNames": ["a"], "password": "changeme"}'],
      ['pki.cfg', 'pki_admin_password={{ admin }}\npki_ds_password=%(password)s\n'],
      [
        'cfssl.json',
        '{"auth_keys": {"key1": {"key": "env:AUTH_KEY"}, "key2": {"key": "0123456789ABCDEF0123456789ABCDEF"}}}',
      ],
    ]);
  });
});
