/** Clean: what stands where a secret would: placeholders, values from documentation, keys cut short. */
import { draft, family } from '../draft.ts';
import { rsaKey } from '../material/keys.ts';
import { begin, end, PRIVATE, pkcs8Pem } from '../material/pem.ts';
import { domain, host, service } from '../words.ts';

/** The key pair of AWS' own documentation. */
const AWS_EXAMPLE_ID = ['AKIA', 'IOSFODNN7', 'EXAMPLE'].join('');
const AWS_EXAMPLE_SECRET = ['wJalrXUtnFEMI', 'K7MDENG', 'bPxRfiCY', 'EXAMPLEKEY']
  .join('/')
  .replace('bPxRfiCY/', 'bPxRfiCY');

export const CLEAN_PLACEHOLDERS = family('placeholder', {
  'env-example': (r) =>
    draft(
      r.pick(['.env.example', '.env.sample', '.env.template']),
      `DB_PASSWORD=changeme\nAPI_KEY=your-api-key-here\nJWT_SECRET=<generate with openssl rand -hex 32>\nSTRIPE_KEY=${['sk', 'test', 'xxxxxxxxxxxxxxxxxxxxxxxx'].join('_')}\nSMTP_HOST=${host(r)}\n`,
    ),
  'xxxx-in-yaml': (r) =>
    draft(
      `docs/examples/${service(r)}.yaml`,
      `auth:\n  username: admin\n  password: xxxxxxxxxxxx\n  token: XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX\n  clientSecret: "********"\n`,
    ),
  'aws-documentation-keys': (r) =>
    draft(
      `docs/${service(r)}-aws.md`,
      `# Set up\n\nPut this in \`~/.aws/credentials\`:\n\n\`\`\`ini\n[default]\naws_access_key_id = ${AWS_EXAMPLE_ID}\naws_secret_access_key = ${AWS_EXAMPLE_SECRET}\n\`\`\`\n`,
    ),
  'github-token-of-x': (r) =>
    draft(
      `docs/${service(r)}-ci.md`,
      `# CI\n\nExport a token first:\n\n    export GITHUB_TOKEN=${['gh', 'p_'].join('')}${'x'.repeat(36)}\n    export NPM_TOKEN=${['np', 'm_'].join('')}${'0'.repeat(36)}\n`,
    ),
  'jwt-of-the-documentation': (r) => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const head = part({ alg: 'HS256', typ: 'JWT' });
    const body = part({ sub: '1234567890', name: 'John Doe', iat: 1_516_239_022 });
    const signature = ['SflKxwRJSMeKKF2QT4fw', 'pMeJf36POk6yJV_adQssw5c'].join('');
    return draft(
      `docs/${service(r)}-tokens.md`,
      `# Tokens\n\nA token looks like this:\n\n    ${head}.${body}.${signature}\n`,
    );
  },
  'pem-with-ellipsis': (r) =>
    draft(
      `docs/${service(r)}-tls.md`,
      `# TLS\n\nThe file has to look like this:\n\n\`\`\`\n${begin(PRIVATE)}\nMIIEvgIBADANBgkqhkiG9w0B...\n...\n${end(PRIVATE)}\n\`\`\`\n`,
    ),
  'pem-with-words': (r) =>
    draft(
      `charts/${service(r)}/values.yaml`,
      `tls:\n  enabled: false\n  # key: |\n  #   ${begin(`RSA ${PRIVATE}`)}\n  #   <base64 of your key>\n  #   ${end(`RSA ${PRIVATE}`)}\n  key: ""\n`,
    ),
  'pem-cut-after-a-line': (r) => {
    const [first = '', second = ''] = pkcs8Pem(rsaKey(r)).split('\n');
    return draft(
      `docs/${service(r)}-keys.rst`,
      `Keys\n====\n\n.. code-block:: text\n\n   ${first}\n   ${second.slice(0, 24)}[...]\n   ${end(PRIVATE)}\n`,
    );
  },
  'pem-header-in-code': (r) =>
    draft(
      `src/${service(r)}/isPem.ts`,
      `const HEADER = '${begin(PRIVATE)}';\nconst FOOTER = '${end(PRIVATE)}';\n\nexport const looksLikeKey = (text: string): boolean => text.includes(HEADER) && text.includes(FOOTER);\n`,
    ),
  'angle-brackets': (r) =>
    draft(
      `terraform/${service(r)}.tfvars.example`,
      `db_username = "<your-username>"\ndb_password = "<your-password>"\nvault_token = "<VAULT_TOKEN>"\n`,
    ),
  'connection-string-example': (r) =>
    draft(
      `docs/${service(r)}-database.md`,
      `# Database\n\nSet \`DATABASE_URL\`:\n\n    postgres://user:password@localhost:5432/dbname\n    mongodb://<username>:<password>@cluster.example.com/db\n    amqp://USER:PASS@HOST:5672/\n`,
    ),
  'empty-values': (r) =>
    draft(
      `charts/${service(r)}/values-default.yaml`,
      `auth:\n  password: ""\n  existingSecret: ${service(r)}-auth\n  token:\n  clientSecret: null\n`,
    ),
  'vault-dev-documentation': (r) =>
    draft(
      `docs/${service(r)}-vault.md`,
      `# Vault\n\n    $ vault operator init\n    Unseal Key 1: <base64>\n    Unseal Key 2: <base64>\n    Initial Root Token: ${['hv', 's.'].join('')}xxxxxxxxxxxxxxxxxxxxxxxx\n\nNever commit what this prints.\n`,
    ),
  'redacted-log': (r) =>
    draft(
      `docs/incidents/${service(r)}.md`,
      `# What happened\n\n    POST https://${host(r)}/login Authorization: Bearer [REDACTED]\n    password=*** token=<redacted> secret=(sensitive value)\n`,
    ),
  'dummy-in-unit-test': (r) =>
    draft(
      `test/${service(r)}.test.js`,
      `it('refuses a wrong password', async () => {\n  const answer = await login({ user: 'alice', password: 'wrong-password' });\n  expect(answer.status).toBe(401);\n});\n`,
    ),
  'pin-placeholder': (r) =>
    draft(
      `docs/${service(r)}-hsm.md`,
      `# HSM\n\n    pkcs11-tool --login --pin <PIN> --list-objects\n    softhsm2-util --init-token --so-pin "$SO_PIN" --pin "$PIN" --label ${service(r)}\n`,
    ),
  'readme-with-example-host': (r) =>
    draft(
      `docs/${service(r)}-netrc.md`,
      `# netrc\n\n    machine ${domain(r)} login YOUR_LOGIN password YOUR_PASSWORD\n`,
    ),
});
