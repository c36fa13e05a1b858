import { createHash, randomUUID } from 'node:crypto';
import { finds, leavesAlone, octets, password, random } from './examples.ts';

describe('values of what is called a secret', () => {
  it('finds what looks like one', () => {
    finds('secret/assigned-secret', [
      ['deploy.yaml', random(24), (it) => `mailer:\n  api_key: ${it}\n`],
      ['deploy.yaml', random(24), (it) => `env:\n- name: SESSION_SECRET\n  value: "${it}"\n`],
      ['src/a.py', random(32), (it) => `SECRET_KEY = "${it}"\n`],
      ['src/a.go', octets(32), (it) => `const signingKey = "${it}"\n`],
      ['a.conf', password(), (it) => `db_password = ${it}\n`],
      ['a.json', random(20), (it) => `{"auth": {"token": "${it}"}}`],
      ['run.sh', random(20), (it) => `export MAIL_TOKEN='${it}'\n`],
    ]);
  });

  it('finds it in whatever it is assigned', () => {
    finds('secret/assigned-secret', [
      ['a.conf', random(24), (it) => `var mailToken string = "${it}"\n`],
      ['Makefile', random(24), (it) => `MAIL_TOKEN ?= ${it}\n`],
      ['Makefile', random(24), (it) => `MAIL_TOKEN ::= ${it}\n`],
      ['a.conf', random(24), (it) => `$mailToken .= "${it}"\n`],
      ['a.xml', random(24), (it) => `<mailToken>\n    ${it}\n</mailToken>\n`],
    ]);
  });

  it('finds hexadecimal where a service makes its tokens so', () => {
    finds('secret/assigned-secret', [
      ['a.yaml', octets(20, 'hex'), (it) => `mailer_token: ${it}\n`],
      ['a.ini', octets(16, 'hex'), (it) => `mailer_api_key = ${it}\n`],
      ['a.toml', octets(32, 'hex'), (it) => `MAILER_CLIENT_SECRET=${it}\n`],
    ]);
    leavesAlone([
      ['a.yaml', `token: ${octets(18, 'hex')}\nsecret: ${octets(32, 'hex')}\nkey: ${octets(16, 'hex')}\n`],
      ['test/vectors.json', `{"mac_token": "${octets(16, 'hex')}"}`],
    ]);
  });

  it('looks for settings in texts, and not in programs', () => {
    const value = random(24);
    finds('secret/assigned-secret', [['tool', value, (it) => `#!/bin/sh\nMAIL_TOKEN='${it}'\n`]]);
    leavesAlone([['tool', `\u007fELF\u0002\u0001\u0000\u0000 token=${value} \u0000`]]);
  });

  it('leaves references, ciphertext, hashes, identifiers and words alone', () => {
    const hex = createHash('sha256').update('x').digest('hex');
    const variable = (name: string): string => ['$', '{', name, '}'].join('');
    leavesAlone([
      [
        'a.yaml',
        `secret: ${variable('SECRET')}\ntoken: {{ .Values.token }}\npassword: vault:kv/data/db#password\n`,
      ],
      [
        'a.yaml',
        'secret: arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-Ab12Cd\ntoken: ref+vault://kv/a#b1C2d3E4f5',
      ],
      [
        'a.yaml',
        'valueFrom:\n  secretKeyRef:\n    name: db-a1B2c3D4e5\n    key: token\npasswordSecretName: db-a1B2c3D4e5F6',
      ],
      ['a.yaml', `password: ENC[AES256_GCM,data:Kx9,iv:Zq1,tag:Pl8,type:str]\ntoken: AQICAH${random(60)}\n`],
      ['a.yaml', `password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3331\nsecret: AgD${random(200)}\n`],
      ['a.json', `{"secret": "${hex}", "token": "${randomUUID()}", "password": "$2b$10$${random(53)}"}`],
      ['vectors/hmac.json', `{"secret": "${hex.toUpperCase()}", "tag_token": "${hex.slice(0, 32)}"}`],
      [
        'a.py',
        `token = os.environ["A1b2C3d4E5f6"]\npassword = getpass("P4ssw0rd for x9:")\napi_key = settings.api_key_2\n`,
      ],
      [
        'a.ts',
        `const token = 'base64UrlSafe2'; const secret = "Utf8ByteOrderMark"; kind.token = SyntaxKind.Ab1Cd2Ef3;`,
      ],
      ['test/a.py', `SECRET_KEY = "${random(12)}pass"`],
      ['README.md', 'password: hunter2\npassword = "correct-horse-1"'],
      ['a.yaml', 'password: changeme\nsecret: <generated>\ntoken: your-token-123\napi_key: xxxxxxxxxxxx1234'],
      ['keys.json', '{"key": "ctrl+k ctrl+s", "token": "keyword.control.flow2"}'],
      ['package-lock.json', `{"token": "${random(40)}"}`],
    ]);
  });
});
