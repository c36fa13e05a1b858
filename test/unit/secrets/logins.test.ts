import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { detector as kubernetesSecret } from '../../../server/src/core/secrets/detectors/kubernetesSecret.ts';
import { base64, finds, foundIn, leavesAlone, password, random, scanTools } from './examples.ts';

/** A reference of a shell or a template. */
const variable = (name: string): string => `$\u007b${name}}`;

describe('logins with their passwords', () => {
  it('finds passwords in URLs of whatever scheme', () => {
    finds('secret/url-password', [
      ['.env', password(), (it) => `DATABASE_URL=postgres://app:${it}@db.internal:5432/app\n`],
      ['a.yaml', password(), (it) => `url: "amqps://svc:${it}@mq.corp.test/vhost"`],
      ['a.ini', password(), (it) => `cache = redis://:${it}@10.0.0.4:6379/0`],
      ['a.conf', password(), (it) => `uri ldaps://cn=admin,dc=corp:${it}@ldap.corp.test`],
      ['.git-credentials', random(24), (it) => `https://jo:${it}@git.corp.test\n`],
      ['a.json', password(), (it) => `{"dsn": "mongodb+srv://app:${it}@c0.corp.test/?w=1"}`],
      ['a.yaml', `${password()}%21`, (it) => `smtp: smtp://mailer:${it}@mail.corp.test:587`],
      ['a.js', password(), (it) => `connect('mysql://root:${it}@localhost/shop')`],
      ['README.md', random(20), (it) => `curl https://bot:${it}@ci.corp.test/job`],
    ]);
  });

  it('finds them in connection strings, headers and commands', () => {
    finds('secret/connection-string', [
      [
        'a.cs',
        password(),
        (it) => `var c = "Server=db;Database=shop;User Id=app;Password=${it};Encrypt=true";`,
      ],
      ['a.properties', password(), (it) => `url=jdbc:postgresql://db/shop?user=app&password=${it}\n`],
      ['a.sh', password(), (it) => `psql "host=db user=app dbname=shop password=${it} sslmode=require"`],
      ['a.properties', password(), (it) => `url=jdbc:oracle:thin:scott/${it}@db:1521/X\n`],
      ['a.http', base64(`jo:${password()}`), (it) => `Authorization: Basic ${it}\n`],
      ['a.sh', password(), (it) => `curl -s -u jo:${it} https://ci.corp.test/`],
    ]);
  });

  it('finds files of logins by their form and by their name', () => {
    finds('secret/credential-file', [
      ['.netrc', password(), (it) => `machine git.corp.test login jo password ${it}\n`],
      ['home/_netrc', password(), (it) => `machine git.corp.test\n  login jo\n  password ${it}\n`],
      ['.pgpass', password(), (it) => `db.corp.test:5432:shop:app:${it}\n`],
      ['.npmrc', base64(`jo:${password()}`), (it) => `//npm.corp.test/:_auth=${it}\n`],
      ['.npmrc', base64(password()), (it) => `//npm.corp.test/:_password="${it}"\n`],
      [
        '.docker/config.json',
        base64(`jo:${password()}`),
        (it) => `{"auths": {"r.corp.test": {"auth": "${it}"}}}`,
      ],
      [
        'pull.yaml',
        base64(JSON.stringify({ auths: { r: { auth: base64(`jo:${password()}`) } } })),
        (it) => `  .dockerconfigjson: ${it}\n`,
      ],
      ['.pypirc', password(), (it) => `[pypi]\nusername = jo\npassword = ${it}\n`],
      [
        '.m2/settings.xml',
        password(),
        (it) => `<server><id>r</id><username>jo</username><password>${it}</password></server>`,
      ],
      ['wp-config.php', password(), (it) => `define('DB_PASSWORD', '${it}');`],
      [
        'sitemanager.xml',
        base64(password()),
        (it) => `<Pass encoding="base64">${it}</Pass>`.replaceAll('Pass', 'Password'),
      ],
      ['web.config', password(), (it) => `<add key="SmtpPassword" value="${it}" />`],
      ['prod.tfvars', password(), (it) => `db_password = "${it}"\n`],
      ['.env', password(), (it) => `SMTP_PASS=${it}\nSMTP_PASS_FILE=/run/p\n`],
      [
        'terraform.tfstate',
        random(24),
        (it) => `"attributes": { "password": "${it}", "password_length": 24 }`,
      ],
    ]);
    const hash = (signs: number): string => random(signs);
    finds('secret/password-hash', [
      ['.htpasswd', `$apr1$${hash(8)}$${hash(22)}`, (it) => `jo:${it}\n`],
      ['users', `$2y$10$${hash(53)}`, (it) => `jo:${it}\n`],
      ['etc/shadow', `$6$${hash(16)}$${hash(86)}`, (it) => `root:${it}:19000:0:99999:7:::\n`],
    ]);
  });

  it('leaves references, examples and programs alone', () => {
    leavesAlone([
      ['a.yaml', `url: postgres://app:${variable('DB_PASSWORD')}@db/app\nurl: postgres://$USER:$PASS@db/app`],
      ['a.yaml', 'url: postgres://postgres:postgres@localhost:5432/app\nurl: amqp://guest:guest@localhost'],
      [
        'README.md',
        'mysql://user:password@host/db https://user:pass@example.com https://jo:s3cret@example.org/',
      ],
      [
        'a.js',
        `const url = \`https://${variable('user')}:${variable('password')}@${variable('host')}\`; // a@b.c http://localhost:8080/@scope/name`,
      ],
      ['a.html', '<a href="https://fonts.test/css2?family=A:wght@400;700">'],
      ['a.cs', 'var c = "Server=db;User Id=app;Password={0};"; var d = $"Server=db;Password={pw}";'],
      ['a.js', 'const password = form.password; if (password === other) server = 1; host = password;'],
      ['a.txt', 'machine learning password manager\nthe default login password is set later'],
      ['.npmrc', `//registry.npmjs.org/:_authToken=${variable('NPM_TOKEN')}\n_auth=$AUTH\n`],
      ['.docker/config.json', '{"auths": {"r": {}}, "credsStore": "pass", "auth": "dXNlcjpwYXNzd29yZA=="}'],
      [
        'settings.xml',
        `<password>{COQLCE6DU6GtcS5PWd9f4Xs6}</password><password>${variable('env.PW')}</password>`,
      ],
      [
        '.env.example',
        'DB_PASSWORD=\nSECRET_KEY=changeme\nAPI_TOKEN=your-token-here\nTOKEN_URL=https://a.test/t',
      ],
      [
        '.env',
        'DB_PASSWORD=op://vault/db/password\nPASSWORD_FILE=/run/secrets/pw\nSECRET_NAME=shop-db\nSESSION_TOKEN_TTL=3600',
      ],
      ['a.http', 'Authorization: Basic dXNlcjpwYXNzd29yZA==\nAuthorization: Basic <credentials>'],
      ['a.sh', 'curl -u "$USER:$PASSWORD" https://a.test; curl -u user:password https://a.test'],
      ['vectors.test.ts', `const hash = 'jo:$2y$10$${random(53)}';`],
    ]);
  });
});

describe('secrets of Kubernetes', () => {
  it('are looked for around each Secret of a list, and not in all others of it', () => {
    const values = Array.from({ length: 40 }, password);
    for (const item of [
      (it: string) => `- kind: Secret\n  data:\n    password: ${base64(it)}\n`,
      (it: string) => `- apiVersion: v1\n  data:\n    password: ${base64(it)}\n  kind: Secret\n`,
      (it: string) =>
        `- kind: Secret\n  metadata:\n    ownerReferences:\n    - kind: Web\n  data:\n    password: ${base64(it)}\n`,
    ]) {
      const text = `items:\n${values.map(item).join('')}`;
      assert.deepEqual(
        foundIn('a.yaml', text),
        values.map((value) => `secret/kubernetes-secret ${base64(value)}`),
      );
      for (let at = text.indexOf('kind: S'); at !== -1; at = text.indexOf('kind: S', at + 1)) {
        const { length } = [...kubernetesSecret.find({ path: 'a.yaml', text, at, tools: scanTools })];
        assert.ok(length > 0 && length <= 2, `${length}`);
      }
    }
  });

  it('finds the values of a Secret and the logins of a kubeconfig', () => {
    finds('secret/kubernetes-secret', [
      [
        'a.yaml',
        base64(password()),
        (it) =>
          `apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  username: ${base64('shopkeeper')}\n  password: ${it}\n`,
      ],
      [
        'a.yaml',
        password(),
        (it) => `apiVersion: v1\nkind: Secret\nstringData:\n  host: db.corp.test\n  DB_PASSWORD: "${it}"\n`,
      ],
      [
        'a.yaml',
        random(32),
        (it) =>
          `kind: Secret\nstringData:\n  api-token: ${it} # of the mailer\n---\nkind: ConfigMap\ndata:\n  token: abcdef\n`,
      ],
      [
        'list.yaml',
        base64(random(30)),
        (it) => `items:\n- apiVersion: v1\n  data:\n    token: ${it}\n  kind: Secret\n`,
      ],
      [
        'a.json',
        base64(password()),
        (it) => `{"kind": "Secret", "metadata": {"name": "a"}, "data": {"password": "${it}"}}`,
      ],
      [
        'a.yaml',
        base64(`db:\n  password: ${password()}\n`),
        (it) => `kind: Secret\ndata:\n  config.yaml: ${it}\n`,
      ],
      [
        'a.yaml',
        randomBytes(32).fill(0xfe, 0, 1).toString('base64'),
        (it) => `kind: Secret\ndata:\n  encryption-key: ${it}\n`,
      ],
      [
        'a.yaml',
        base64(`postgres://app:${password()}@db/app`),
        (it) => `kind: Secret\ndata:\n  DATABASE_URL: ${it}\n`,
      ],
      ['a.yaml', password(), (it) => `kind: Secret\ndata:\n  password: {{ "${it}" | b64enc }}\n`],
      [
        'a.yaml',
        base64(JSON.stringify({ bearerToken: random(40) })),
        (it) => `kind: Secret\ndata:\n  config: ${it}\n`,
      ],
    ]);
    finds('secret/kubeconfig', [
      [
        'config',
        random(40),
        (it) => `apiVersion: v1\nkind: Config\nclusters: []\nusers:\n- name: ci\n  user:\n    token: ${it}\n`,
      ],
      [
        'config',
        password(),
        (it) => `kind: Config\nusers:\n- name: jo\n  user:\n    username: jo\n    password: "${it}"\n`,
      ],
    ]);
  });

  it('leaves ciphertext, templates, certificates and other kinds alone', () => {
    leavesAlone([
      ['a.yaml', `kind: SealedSecret\nspec:\n  encryptedData:\n    password: AgB${random(300)}\n`],
      [
        'a.yaml',
        'kind: Secret\ndata:\n  password: ENC[AES256_GCM,data:p673w==,iv:YY=,type:str]\nsops:\n  mac: x\n',
      ],
      [
        'a.yaml',
        'kind: Secret\ndata:\n  password: {{ .Values.password | b64enc }}\nstringData:\n  token: "{{ .Values.token }}"\n',
      ],
      [
        'a.yaml',
        `kind: Secret\ndata:\n  ca.crt: ${base64('-----BEGIN CERTIFICATE-----\n')}\n  username: ${base64('shopkeeper')}\n`,
      ],
      [
        'a.yaml',
        `kind: Secret\nstringData:\n  password: ${variable('DB_PASSWORD')}\n  token: changeme\ndata:\n  password: ${base64('password')}\n`,
      ],
      ['docs/a.yaml', 'kind: Secret\ndata:\n  username: YWRtaW4=\n  password: MWYyZDFlMmU2N2Rm\n'],
      ['a.yaml', 'kind: SecretStore\nspec:\n  auth:\n    tokenSecretRef:\n      name: t\n      key: token\n'],
      [
        'a.yaml',
        'kind: Config\nusers:\n- name: a\n  user:\n    exec:\n      command: aws\n    tokenFile: /run/t\n',
      ],
    ]);
  });
});
