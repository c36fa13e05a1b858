import { randomBytes, randomUUID } from 'node:crypto';
import { finds, leavesAlone, octets, password, random } from './examples.ts';

describe('files that hold one secret, and tables of logins', () => {
  it('finds what the name of the file says', () => {
    finds('secret/approle-secret-id', [['agent/secret_id', randomUUID(), (it) => `${it}\n`]]);
    finds('secret/vault-unseal-key', [['vault/unseal-key-1.txt', octets(33), (it) => `${it}\n`]]);
    finds('secret/private-key', [
      ['wireguard/privatekey', wireGuardKey(), (it) => `${it}\n`],
      ['node/node_key', randomBytes(32).toString('hex'), (it) => it],
    ]);
    finds('secret/credential-file', [
      ['config/master.key', randomBytes(16).toString('hex'), (it) => it],
      ['.erlang.cookie', random(20), (it) => it],
      ['mongo/keyfile', octets(192), (it) => `${it}\n`],
      ['ansible/.vault_pass', password(), (it) => `${it}\n`],
      ['secrets/db_password.txt', password(), (it) => `${it}\n`],
      ['ca/password', password(), (it) => it],
      ['run/api-token', octets(30, 'base64url'), (it) => `${it}\n`],
      ['ppp/chap-secrets', password(), (it) => `# client server secret\nada * ${it} *\n`],
      ['racoon/psk.txt', password(), (it) => `10.0.0.1 ${it}\n`],
      ['postfix/sasl_passwd', password(), (it) => `[smtp.corp.test]:587 ada:${it}\n`],
      ['k8s/known_tokens.csv', random(32), (it) => `${it},ada,1000,"system:masters"\n`],
      ['pgbouncer/userlist.txt', password(), (it) => `"ada" "${it}"\n`],
      ['etc/chrony.keys', randomBytes(20).toString('hex'), (it) => `10 SHA1 HEX:${it}\n`],
      ['davfs2/secrets', password(), (it) => `https://dav.corp.test ada ${it}\n`],
      ['etc/fstab', password(), (it) => `//10.0.0.1/s /mnt cifs user=a,pass=${it} 0 0\n`],
      [
        'terraform.tfstate',
        password(),
        (it) =>
          `{"type": "random_password", "instances": [{"attributes": {"length": 16, "result": "${it}"}}]}`,
      ],
      ['Dockerfile', password(), (it) => `FROM a\nENV DB_PASSWORD ${it}\n`],
      ['exports/logins.csv', password(), (it) => `url,username,password\nhttps://a.corp.test,ada,${it}\n`],
      [
        'aws/keys.csv',
        password(),
        (it) => `"User name","Password","Console link"\n"ada","${it}","https://a"\n`,
      ],
    ]);
  });

  it('finds passwords that documents tell', () => {
    finds('secret/assigned-secret', [
      [
        'docs/access.md',
        `${password()}33`,
        (it) => `| what | value |\n| --- | --- |\n| password | \`${it}\` |\n`,
      ],
      ['docs/access.md', `${password()}33`, (it) => `| user | password |\n| --- | --- |\n| ada | ${it} |\n`],
      ['docs/access.md', `${password()}33`, (it) => `The password is \`${it}\`.\n`],
    ]);
    leavesAlone([
      [
        'docs/access.md',
        '| user | password |\n| --- | --- |\n| ada | (in the vault) |\n| bob | correct-horse |\n',
      ],
      ['docs/access.md', 'The password is `hunter2-1`; a token is `abcDEF123ghi456`.\n'],
    ]);
  });

  it('finds passwords in statements of SQL', () => {
    finds('secret/connection-string', [
      ['init.sql', password(), (it) => `CREATE ROLE shop LOGIN PASSWORD '${it}';`],
      ['init.sql', password(), (it) => `CREATE USER 'shop'@'%' IDENTIFIED BY '${it}';`],
      ['init.sql', password(), (it) => `ALTER USER shop WITH ENCRYPTED PASSWORD '${it}';`],
      ['init.sql', password(), (it) => `CREATE LOGIN shop WITH PASSWORD = N'${it}';`],
      ['init.sql', password(), (it) => `CREATE MASTER KEY ENCRYPTION BY PASSWORD = '${it}';`],
      ['init.sql', password(), (it) => `SET PASSWORD FOR 'shop'@'%' = PASSWORD('${it}');`],
      [
        'fdw.sql',
        password(),
        (it) => `CREATE USER MAPPING FOR a SERVER b OPTIONS (user 'c', password '${it}');`,
      ],
      ['init.sh', password(), (it) => `psql -c "CREATE USER shop PASSWORD '${it}'"`],
    ]);
    finds('secret/password-hash', [
      ['dump.sql', `$2y$12$${random(53)}`, (it) => `INSERT INTO users VALUES (1, 'ada', '${it}', 1);`],
    ]);
  });

  it('leaves other files, references and examples alone', () => {
    leavesAlone([
      ['agent/role_id', `${randomUUID()}\n`],
      ['secrets/password.txt', 'changeme\n'],
      ['secrets/token', '/var/run/secrets/token\n'],
      ['src/password.go', 'package password\n'],
      ['tests/fixtures/password', 'hunter2-test\n'],
      ['site.csv', 'name,password policy\na,Kq7w8LEqx1\n'],
      ['i18n.csv', 'key,en\nlogin.password,Kq7w8LEqx1\n'],
      ['init.sql', 'SELECT * FROM users WHERE password = ?;\nCREATE TABLE a (password varchar(60));\n'],
      ['init.sql', "CREATE ROLE shop PASSWORD :'password';\nALTER USER a PASSWORD '<password>';\n"],
      ['ppp/chap-secrets', '# client server secret addresses\n'],
    ]);
  });
});

function wireGuardKey(): string {
  for (;;) {
    const made = octets(32);
    if (/[AEIMQUYcgkosw048]=$/.test(made)) return made;
  }
}
