import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

interface Finding {
  readonly rule: string;
  readonly severity: string;
  readonly file: string;
  readonly message: string;
  readonly identity?: { readonly name: string };
  readonly related: readonly { readonly file: string; readonly message: string }[];
}

const API = 'services.identity.yaml';

/** A key that was made once, on a machine, and then served whatever came after it; until somebody looks. */
describe('a key that several share', function () {
  this.timeout(PATIENCE);
  let box: Sandbox;
  before(async () => {
    box = sandbox();
    await done('init');
    mkdirSync(at('csr'));
    newRequest('first');
    newRequest('second');
  });
  after(() => box.remove());

  const at = (file: string): string => path.join(box.folder, file);
  /** As the machine makes it: its private half never comes here. */
  const newRequest = (name: string): void => {
    const key = path.join(path.dirname(box.folder), `${name}.key`);
    const wanted = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=machine'];
    execFileSync('openssl', ['req', '-new', ...wanted, '-keyout', key, '-out', at(`csr/${name}.csr`)], {
      stdio: 'ignore',
    });
  };
  const done = async (...args: readonly string[]): Promise<void> => {
    const { code, err } = await box.idac(args);
    assert.equal(code, 0, err);
  };
  const shared = async (): Promise<readonly Finding[]> => {
    const { data } = await box.json(['check']);
    return (data['findings'] as readonly Finding[]).filter(({ rule }) => rule === 'key/shared');
  };
  const declare = (...services: readonly (readonly [name: string, csr: string, machines?: string])[]): void =>
    writeFileSync(
      at(API),
      services
        .map(
          ([name, csr, machines = ''], place) => `apiVersion: identity-as-code/v1
kind: Certificate
metadata:
  # ${place}
  name: ${name}
spec:
  owner: { team: shop, contact: shop@example.com }
  dnsNames: [${name}.example.com]
  usages: [serverAuth]
  issuer: local-ca${machines}
  key: { algorithm: ECDSA-P256, origin: machine, csr: "csr/${csr}.csr" }
  deliverTo:
    - { backend: local-ca, path: "tls/${name}${machines === '' ? '' : '-{machine}'}.pem", contents: [chain] }
`,
        )
        .join('---\n'),
    );

  it('is found as soon as a second identity is issued for it, and says which', async () => {
    declare(['orders', 'first'], ['payments', 'first']);
    await done('issue', 'Certificate/orders', '--yes');
    assert.deepEqual(await shared(), []);
    await done('issue', 'Certificate/payments', '--yes');
    const [found, ...others] = await shared();
    assert.deepEqual(others, []);
    assert.deepEqual([found?.severity, found?.file, found?.identity?.name], ['warning', API, 'orders']);
    assert.match(
      found?.message ?? '',
      /^one ECDSA-P256 key serves Certificate\/default\/orders, Certificate\/default\/payments; /,
    );
    assert.deepEqual(found?.related.map(({ file }) => file).toSorted(), [
      'csr/first.csr',
      API,
      'tls/orders.pem',
      'tls/payments.pem',
    ]);
  });

  it('is left alone where a comment or a policy says why', async () => {
    const text = readFileSync(at(API), 'utf8');
    writeFileSync(
      at(API),
      text.replace('# 0', '# idac-ignore key/shared until 9999-12-31: one process serves both'),
    );
    assert.deepEqual(await shared(), []);
    writeFileSync(at(API), text);
    const allowed = '[Certificate/default/orders, Certificate/default/payments]';
    const policy = `apiVersion: identity-as-code/v1
kind: Policy
metadata: { name: keys }
spec:
  rules:
    key/shared: { allow: [{ identities: ${allowed}, reason: one process serves both }] }
`;
    writeFileSync(at('keys.identity.yaml'), policy);
    assert.deepEqual(await shared(), []);
    const { data } = await box.json(['check']);
    assert.deepEqual(
      (data['findings'] as readonly Finding[]).filter(({ severity }) => severity === 'error'),
      [],
    );
    writeFileSync(at('keys.identity.yaml'), policy.replace(', Certificate/default/payments', ''));
    assert.equal((await shared()).length, 1);
    writeFileSync(at('keys.identity.yaml'), policy.replace(/key\/shared.*/, 'key/reused: {}'));
  });

  it('is known in the tree, too, where its certificate lies under another name', async () => {
    const elsewhere = `data:\n  tls.crt: ${readFileSync(at('tls/payments.pem')).toString('base64')}\n`;
    writeFileSync(at('secret.yaml'), elsewhere);
    const [found] = await shared();
    assert.equal(
      found?.related.some(({ file }) => file === 'secret.yaml'),
      true,
    );
    assert.match(found?.message ?? '', /orders, Certificate\/default\/payments; /);
  });

  it('is shared until nobody accepts the former certificate any more', async () => {
    declare(['orders', 'first'], ['payments', 'second']);
    await done('rotate', 'Certificate/payments', '--yes');
    writeFileSync(at('secret.yaml'), 'data: {}\n');
    assert.match((await shared())[0]?.message ?? '', /orders, Certificate\/default\/payments; /);
    await done('revoke', 'Certificate/payments', '--former', '--reason', 'superseded', '--yes');
    assert.deepEqual(await shared(), []);
  });
});
