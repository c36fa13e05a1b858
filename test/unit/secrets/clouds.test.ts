import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { detectionsIn, finds, foundIn, leavesAlone, octets, random } from './examples.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const HEX = '0123456789abcdef';
const SMALL = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** Joined when tests run, so that no source looks like a token. */
const join = (...parts: readonly string[]): string => parts.join('');
const accessKeyId = (): string => join('AK', 'IA', random(16, BASE32));

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: object, header: object = { alg: 'RS256', typ: 'JWT' }): string =>
  [part(header), part(claims), octets(64, 'base64url')].join('.');

describe('secrets of clouds', () => {
  it('finds secret access keys for AWS by their setting and beside their id', () => {
    finds('secret/aws-secret-key', [
      ['credentials', random(40), (it) => `[default]\naws_secret_access_key = ${it}\n`],
      ['a.json', random(40), (it) => `{"SecretAccessKey": "${it}"}`],
      ['main.tf', random(40), (it) => `provider "aws" {\n  secret_key = "${it}"\n}`],
    ]);
    const [id, key] = [accessKeyId(), random(40)];
    assert.deepEqual(foundIn('keys.csv', `User,Id,Secret\njo,${id},${key}\n`), [
      `secret/aws-access-key ${id}`,
      `secret/aws-secret-key ${key}`,
    ]);
  });

  it('finds secrets of Azure', () => {
    finds('secret/azure-secret', [
      ['a.env', join(random(3), '8Q', '~', random(34)), (it) => `AZURE_CLIENT_SECRET=${it}\n`],
      [
        'a.json',
        octets(64),
        (it) =>
          `"c": "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${it};EndpointSuffix=core.windows.net"`,
      ],
      ['a.ini', octets(32), (it) => `c = Endpoint=sb://a/;SharedAccessKeyName=k;SharedAccessKey=${it}\n`],
      [
        'a.txt',
        encodeURIComponent(octets(32)),
        (it) => `https://a.blob.core.windows.net/c?sv=2022-11-02&se=2030-01-01&sp=r&sig=${it}`,
      ],
    ]);
  });

  it('names the service account of Google whose key it is, also in base64', () => {
    const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    });
    const account = JSON.stringify(
      { type: 'service_account', private_key: key, client_email: 'ci@p.iam.test' },
      null,
      2,
    );
    for (const text of [account, `KEY=${Buffer.from(account).toString('base64')}\n`]) {
      const [found, ...more] = detectionsIn('sa', text);
      assert.equal(more.length, 0);
      assert.equal(found?.rule.id, 'secret/private-key');
      assert.match(found.what, /^an RSA-2048 private key \(PKCS#8\) of the service account ci@p\.iam\.test/);
      assert.ok(found.spki);
    }
  });

  it('finds signed tokens, and tells those of service accounts', () => {
    finds('secret/web-token', [
      ['a.env', jwt({ iss: 'https://id.corp.test', sub: 'svc' }), (it) => `TOKEN_OF_JOB=${it}\n`],
      [
        'test/fixtures/sa.txt',
        jwt({ iss: 'kubernetes/serviceaccount', 'kubernetes.io/serviceaccount/namespace': 'a' }),
        (it) => it,
      ],
    ]);
  });

  it('finds what machines join clusters with', () => {
    finds('secret/cluster-token', [
      [
        'join.sh',
        join(random(6, SMALL), '.', random(16, SMALL)),
        (it) => `kubeadm join 10.0.0.1:6443 --token ${it}\n`,
      ],
      [
        'join.sh',
        join('SWMTKN', '-1-', random(50, SMALL), '-', random(25, SMALL)),
        (it) => `docker swarm join ${it} 10.0.0.1:2377`,
      ],
      ['agent.conf', randomUUID(), (it) => `join_token = "${it}"\n`],
      ['consul.hcl', octets(32), (it) => `encrypt = "${it}"\n`],
      ['k3s.txt', random(32, HEX), (it) => `K10${random(64, HEX)}::server:${it}\n`],
    ]);
  });

  it('finds tokens of services by their form', () => {
    finds('secret/service-token', [
      [
        'a.tfrc',
        join(random(14), '.atlas', 'v1.', random(67)),
        (it) => `credentials "app.terraform.io" {\n  token = "${it}"\n}`,
      ],
      ['a.py', join('sk-', 'proj-', random(40), 'T3Blbk', 'FJ', random(40)), (it) => `key = "${it}"`],
      ['a.py', join('sk-', 'ant-', 'api03-', random(93), 'AA'), (it) => `key = "${it}"`],
      ['a.yaml', join('S', 'G.', random(22), '.', random(43)), (it) => `sendgrid: ${it}\n`],
      ['a.js', join('S', 'K', random(32, HEX)), (it) => `twilio(account, "${it}")`],
      ['a.yaml', join('7213456', '980', ':A', 'A', random(33)), (it) => `bot: ${it}\n`],
      ['a.js', join('M', random(23), '.', random(6), '.', random(27)), (it) => `discord.login('${it}')`],
      ['.envrc', random(32, HEX), (it) => `export DD_API_KEY=${it}\n`],
    ]);
  });

  it('leaves hashes, documented tokens, references and public halves alone', () => {
    const sha1 = createHash('sha1').update('x').digest('hex');
    leavesAlone([
      [
        'a.ini',
        `aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY${'EXAMPLE'}KEY\nsecret_key = ${sha1}\n`,
      ],
      ['a.tf', 'secret_key = var.secret_key\nsecretAccessKey: process.env.AWS_SECRET_ACCESS_KEY'],
      ['a.txt', 'AccountKey=<key>;SharedAccessKey=...\nhttps://a.test/?sig=abc&sv=1\nfaq~ and q~'],
      [
        'a.txt',
        `AccountKey=${join('Eby8vdM02xNOcqFl', 'qUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==')}`,
      ],
      ['a.js', jwt({ sub: '1234567890', name: 'John Doe' }, { alg: 'HS256' })],
      ['a.js', jwt({ sub: 'svc' }, { alg: 'none' })],
      ['test/a.js', jwt({ sub: 'svc' })],
      ['a.md', 'kubeadm join --token abcdef.0123456789abcdef\nkubeadm join --token <token>'],
      ['a.hcl', `encrypt = "${join('$', '{gossip}')}"\nencrypt = true`],
      ['a.md', 'sk-ant-api03-... and SG.xxxxxxxxxxxxxxxxxxxxxx.yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy'],
      ['a.env', 'DD_API_KEY=00000000000000000000000000000000\nTWILIO_AUTH_TOKEN=$TOKEN'],
      ['a.json', '{"type": "service_account", "private_key": "...", "client_email": "a@b.test"}'],
    ]);
  });
});
