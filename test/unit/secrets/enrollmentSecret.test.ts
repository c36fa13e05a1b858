import { finds, leavesAlone, octets, password } from './examples.ts';

const macKey = (): string => octets(32, 'base64url');

describe('secrets that certificates are requested with', () => {
  it('finds those of SCEP, EST, CMP and ACME accounts', () => {
    finds('secret/enrollment-secret', [
      ['openssl.cnf', password(), (it) => `[req_attributes]\nchallengePassword = ${it}\n`],
      ['sscep.conf', password(), (it) => `challengePassword_default = ${it}\n`],
      [
        'ca.json',
        password(),
        (it) => `{"type": "SCEP", "name": "scep", "challenge": "${it}", "minimumPublicKeyLength": 2048}`,
      ],
      [
        'wifi.mobileconfig',
        password(),
        (it) => `<string>com.apple.security.scep</string>\n<key>Challenge</key>\n<string>${it}</string>`,
      ],
      ['.env', password(), (it) => `SCEP_CHALLENGE=${it}`],
      ['a.yaml', password(), (it) => `scep:\n  challenge: "${it}"\n`],
      ['est.yaml', password(), (it) => `est_password: "${it}"`],
      ['cmp.sh', password(), (it) => `openssl cmp -cmd ir -ref 42 -secret pass:${it} -server ca:80`],
      ['certbot.sh', macKey(), (it) => `certbot certonly --eab-kid k1 --eab-hmac-key ${it} -d a.test`],
      ['traefik.yml', macKey(), (it) => `eab:\n  kid: k1\n  hmacEncoded: ${it}\n`],
      ['Caddyfile', macKey(), (it) => `acme_eab {\n  key_id k1\n  mac_key ${it}\n}`],
    ]);
  });

  it('leaves prompts, references and placeholders alone', () => {
    leavesAlone([
      [
        'openssl.cnf',
        'challengePassword = A challenge password\nchallengePassword_min = 4\nchallengePassword_max = 20\n',
      ],
      [
        'a.yaml',
        `externalAccountBinding:\n  keyID: k1\n  keySecretRef:\n    name: eab\n    key: hmac\nhmacEncoded: ${'$'}{EAB_HMAC}\n`,
      ],
      ['a.md', '--eab-hmac-key <your-hmac-key>\n--eab-hmac-key YOUR_EAB_HMAC_KEY_GOES_HERE'],
      ['ca.json', '{"type": "SCEP", "challenge": "secret"}'],
      [
        'a.go',
        'func challengePassword(csr *CSR) string { return scep.ChallengePassword }\nhmacKey := randomBytes(32)',
      ],
    ]);
  });
});
