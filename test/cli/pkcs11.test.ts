import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { mutualTls } from '../backends/mutualTls.ts';
import { makeToken, needsTokens, pkcs11Tool, type TestToken } from '../backends/pkcs11Tokens.ts';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

const manifests = (label: string, more = ''): string => `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: hsm }
spec:
  type: pkcs11
  owner: { team: platform, contact: platform@example.com }
  module: under-test
  token: { label: ${label} }
---
apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: local-ca }
spec:
  type: local
  owner: { team: platform, contact: platform@example.com }
  authority:
    crl: { path: pki/issuing.crl.pem }
    publish: { roots: pki/roots.pem, chain: pki/issuing.pem }
---
apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: api, namespace: payments }
spec:
  owner: { team: payments, contact: payments@example.com }
  dnsNames: [localhost]
  usages: [serverAuth, clientAuth]
  key: { algorithm: ECDSA-P256, origin: store, store: hsm }
  issuer: local-ca
  duration: 20d
  deliverTo:
    - { backend: local-ca, path: tls/api.pem, contents: [certificate] }
    - { backend: hsm, path: tls/api, contents: [certificate] }
---
apiVersion: identity-as-code/v1
kind: Key
metadata: { name: signing, namespace: payments }
spec:
  owner: { team: payments, contact: payments@example.com }
  store: hsm
  algorithm: ECDSA-P256
  usages: [sign, verify]
  duration: 365d
${more}`;

for (const kind of ['softhsm', 'tpm'] as const) {
  describe(`idac and a token of ${kind}`, function () {
    this.timeout(PATIENCE);
    let token: TestToken;
    let place: Sandbox;
    let pinFile: string;
    before(function () {
      needsTokens(this, kind);
    });
    beforeEach(async () => {
      token = await makeToken(kind);
      place = sandbox();
      mkdirSync(path.join(place.folder, 'tls'));
      pinFile = path.join(path.dirname(place.folder), 'pin');
      writeFileSync(pinFile, `${token.pin}\n`, { mode: 0o600 });
      writeFileSync(path.join(place.folder, 'all.identity.yaml'), manifests(token.label));
    });
    afterEach(async () => {
      place.remove();
      await token.remove();
    });

    const env = () => ({ ...token.environment, IDAC_PKCS11_MODULES: `under-test=${token.module}` });
    const idac = (...args: readonly string[]) => place.idac(args, { env: env() });
    const must = async (...args: readonly string[]): Promise<string> => {
      const { code, out, err } = await idac(...args);
      assert.equal(code, 0, `${args.join(' ')}: ${out}${err}`);
      return `${out}${err}`;
    };
    const logIn = () => must('login', 'hsm', '--yes', '--field-file', `pin=${pinFile}`);
    const openssl = (...args: readonly string[]) => {
      const { status, stdout, stderr } = spawnSync('openssl', args, { cwd: place.folder, encoding: 'utf8' });
      assert.equal(status, 0, `openssl ${args.join(' ')}: ${stderr}`);
      return stdout;
    };
    const keysInToken = (): readonly string[] => {
      const { text } = pkcs11Tool(token, '--list-objects', '--type', 'privkey');
      return [...text.matchAll(/label:\s+(.+)$/gm)].map(([, label]) => label?.trim() ?? '');
    };

    /** CKA_IDs of objects of that type and label. */
    const idsOf = (type: 'privkey' | 'cert', label: string): readonly string[] =>
      pkcs11Tool(token, '--list-objects', '--type', type)
        .text.split(/^(?=\S.*Object)/m)
        .filter((each) => each.includes(`label:      ${label}\n`))
        .map((each) => /ID:\s+([0-9a-f]+)/.exec(each)?.[1] ?? '');

    /** The certificate of the token is that of the file, and has the id of the one key there. */
    const assertBeside = (): void => {
      const [id = ''] = idsOf('cert', 'tls/api');
      const [keyId = ''] = keysInToken();
      assert.deepEqual(idsOf('privkey', keyId), [id]);
      const file = path.join(place.folder, 'beside.der');
      pkcs11Tool(token, '--read-object', '--type', 'cert', '--id', id, '--output-file', file);
      const fingerprint = (...args: readonly string[]) =>
        openssl('x509', ...args, '-noout', '-fingerprint', '-sha256');
      assert.equal(fingerprint('-inform', 'DER', '-in', file), fingerprint('-in', 'tls/api.pem'));
    };

    it('issue, verify, renew, rotate, revoke and destroy a certificate whose key never leaves the token', async () => {
      await logIn();
      await must('issue', 'Certificate/payments/api', '--yes');
      assert.equal(keysInToken().length, 1);
      const chain = ['-CAfile', 'pki/roots.pem', '-untrusted', 'pki/issuing.pem'];
      openssl('verify', '-x509_strict', ...chain, 'tls/api.pem');
      await must('verify', 'Certificate/payments/api');
      assertBeside();

      // Its key is in the token: OpenSSL serves with it from there, and nothing else could.
      const [keyId = ''] = keysInToken();
      const side = {
        certificate: 'tls/api.pem',
        key: `org.openssl.engine:pkcs11:pkcs11:token=${token.label};object=${encodeURIComponent(keyId)};type=private;pin-value=${token.pin}`,
      };
      const tls = await mutualTls(place.folder, {
        server: side,
        client: side,
        issuing: 'pki/issuing.pem',
        root: 'pki/roots.pem',
        hostname: 'localhost',
        environment: { ...token.environment, PKCS11_MODULE_PATH: token.module },
      });
      assert.ok(tls.ok, `${tls.client}\n${tls.server}`);

      const serial = openssl('x509', '-in', 'tls/api.pem', '-noout', '-serial');
      await must('rotate', 'Certificate/payments/api', '--yes');
      openssl('verify', '-x509_strict', ...chain, 'tls/api.pem');
      assert.notEqual(openssl('x509', '-in', 'tls/api.pem', '-noout', '-serial'), serial);
      assert.ok(!keysInToken().includes(keyId), 'the former key is gone');
      assertBeside();
      await must('renew', 'Certificate/payments/api', '--yes');
      openssl('verify', '-x509_strict', ...chain, 'tls/api.pem');
      await must('revoke', 'Certificate/payments/api', '--yes', '--reason', 'keyCompromise');
      openssl('crl', '-in', 'pki/issuing.crl.pem', '-CAfile', 'pki/issuing.pem', '-verify', '-noout');
      const revoked = spawnSync(
        'openssl',
        ['verify', '-crl_check', ...chain, '-CRLfile', 'pki/issuing.crl.pem', 'tls/api.pem'],
        { cwd: place.folder, encoding: 'utf8' },
      );
      assert.match(revoked.stderr, /certificate revoked/);
      await must('destroy', 'Certificate/payments/api', '--yes');
      assert.deepEqual(keysInToken(), []);
      assert.deepEqual(idsOf('cert', 'tls/api'), []);
      assert.ok(!existsSync(path.join(place.folder, 'tls/api.pem')));
    });

    it('keep the keys of a certificate authority: it signs certificates and lists in the token', async () => {
      const file = path.join(place.folder, 'all.identity.yaml');
      const declared = readFileSync(file, 'utf8').replace(
        '  authority:\n',
        '  authority:\n    keyStore: hsm\n',
      );
      writeFileSync(file, declared.replace('origin: store, store: hsm', 'origin: engine'));
      await must('check');
      await logIn();
      await must('issue', 'Certificate/payments/api', '--yes');
      const held = [...keysInToken()].sort();
      assert.match(held.join(' '), /^(authority\/local-ca-[0-9a-f]{12})\/issuing-1 \1\/root$/);
      const chain = ['-CAfile', 'pki/roots.pem', '-untrusted', 'pki/issuing.pem'];
      openssl('verify', '-x509_strict', ...chain, 'tls/api.pem');
      // The key that signed it is the one in the token.
      const point = (...args: readonly string[]) =>
        openssl(...args, '-noout', '-text')
          .match(/pub:[\s0-9a-f:]+/)?.[0]
          .replace(/\s+/g, '');
      const inToken = path.join(place.folder, 'issuing.der');
      pkcs11Tool(
        token,
        '--read-object',
        '--type',
        'pubkey',
        '--label',
        held[0] ?? '',
        '--output-file',
        inToken,
      );
      assert.equal(
        point('x509', '-in', 'pki/issuing.pem'),
        point('pkey', '-pubin', '-inform', 'DER', '-in', inToken),
      );
      await must('revoke', 'Certificate/payments/api', '--yes', '--reason', 'superseded');
      openssl('crl', '-in', 'pki/issuing.crl.pem', '-CAfile', 'pki/issuing.pem', '-verify', '-noout');
      assert.match((await idac('doctor')).out, /keys of the CAs\s+kept in hsm/);
      assert.deepEqual([...keysInToken()].sort(), held, 'no other key was made');

      // Declared elsewhere, the CA that exists keeps its key: without the token it signs nothing.
      writeFileSync(file, declared.replace('    keyStore: hsm\n', '').replace('store, store: hsm', 'engine'));
      await must('issue', 'Certificate/payments/api', '--yes');
      openssl('verify', '-x509_strict', ...chain, 'tls/api.pem');
      const without = await place.idac(['rotate', 'Certificate/payments/api', '--yes']);
      assert.equal(without.code, 1, without.out);
      assert.match(without.err.replace(/\s+/g, ' '), /does not know the PKCS#11 module "under-test"/);
      writeFileSync(file, declared.replace('keyStore: hsm', 'keyStore: hsn'));
      const unknown = await idac('check');
      assert.equal(unknown.code, 1, unknown.out);
      assert.match(`${unknown.out}${unknown.err}`.replace(/\s+/g, ' '), /"hsn"; did you mean "hsm"\?/);
    });

    it('make, rotate and end a key that is a credential itself', async () => {
      await logIn();
      await must('issue', 'Key/payments/signing', '--yes');
      const [first = ''] = keysInToken();
      await must('rotate', 'Key/payments/signing', '--yes');
      assert.ok(!keysInToken().includes(first));
      const revoke = await idac('revoke', 'Key/payments/signing', '--yes', '--reason', 'superseded');
      if (kind === 'softhsm') {
        assert.equal(revoke.code, 0, revoke.err);
        const { text } = pkcs11Tool(token, '--list-objects', '--type', 'privkey');
        assert.doesNotMatch(text, /Usage:.*\bsign\b/, 'the token itself lets it sign no more');
      } else assert.equal(revoke.code, 1, revoke.out + revoke.err);
      await must('destroy', 'Key/payments/signing', '--yes');
      assert.deepEqual(keysInToken(), []);
    });

    it('say in doctor what the token is and what it can do', async () => {
      await logIn();
      const { out } = await idac('doctor');
      assert.match(out, /Backend hsm \(pkcs11\)/);
      assert.match(out.replace(/\s+/g, ' '), /key algorithms.*ECDSA-P256, ECDSA-P384/);
      assert.match(out.replace(/\s+/g, ' '), /PIN set, and not locked/);
      assert.ok(!out.includes(token.pin));
    });

    it('keep no PIN that the token refuses, show none, and ask for one that is missing', async () => {
      const without = await idac('login', 'hsm', '--yes');
      assert.equal(without.code, 1);
      assert.match(without.err.replace(/\s+/g, ' '), /--field-file pin=FILE.*IDAC_LOGIN_HSM_PIN/);
      const plan = await idac('issue', 'Certificate/payments/api', '--yes');
      assert.equal(plan.code, 3, plan.out);
      assert.match(plan.err.replace(/\s+/g, ' '), /no PIN is bound here.*idac login hsm/);
      writeFileSync(pinFile, `${token.pin}0\n`);
      const wrong = await idac('login', 'hsm', '--yes', '--field-file', `pin=${pinFile}`);
      assert.equal(wrong.code, 3, wrong.out);
      assert.match(wrong.err.replace(/\s+/g, ' '), /the PIN is wrong \(C_Login: CKR_PIN_INCORRECT\)/);
      assert.ok(!`${wrong.out}${wrong.err}`.includes(token.pin));
      assert.equal((await idac('login', 'hsm')).code, 1, 'it was not kept');
      const again = await idac('login', 'hsm', '--yes', '--field-file', `pin=${pinFile}`);
      assert.match(again.err.replace(/\s+/g, ' '), /refused this PIN at .* it is not tried again/);
      writeFileSync(pinFile, token.pin);
      await logIn();
    });

    it('load no module that this machine does not name, whatever the manifest says', async () => {
      await logIn();
      const issue = (variables: Readonly<Record<string, string>>) =>
        place.idac(['issue', 'Certificate/payments/api', '--yes'], { env: variables });
      const unknown = await issue(token.environment);
      assert.match(
        unknown.err.replace(/\s+/g, ' '),
        /this machine does not know the PKCS#11 module "under-test".*IDAC_PKCS11_MODULES=under-test=\/path/,
      );
      mkdirSync(place.stateHome, { recursive: true });
      writeFileSync(
        path.join(place.stateHome, 'pkcs11-modules.json'),
        JSON.stringify({ 'under-test': token.module }),
      );
      const known = await issue(token.environment);
      assert.equal(known.code, 0, known.err);
      const file = path.join(place.folder, 'all.identity.yaml');
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replace('module: under-test', `module: ${token.module}`));
      const checked = await idac('check');
      assert.equal(checked.code, 1);
      writeFileSync(
        file,
        text.replace(
          /module: under-test\n.*\n/,
          `uri: "pkcs11:token=${token.label}?module-path=${token.module}"\n`,
        ),
      );
      const byPath = await idac('issue', 'Certificate/payments/api', '--yes');
      assert.match(byPath.err.replace(/\s+/g, ' '), /module-path= is not followed/);
    });
  });
}
