import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';
import { hasProgram, needs } from '../support/needs.ts';

const WEB = 'Certificate/default/web';

/** Every file below a folder with its digest: what must not change when nothing may happen. */
function snapshot(folder: string): Readonly<Record<string, string>> {
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  return Object.fromEntries(
    files
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [
        path.relative(folder, file),
        createHash('sha256').update(readFileSync(file)).digest('hex'),
      ]),
  );
}

interface Row {
  readonly state: string;
  readonly spkiSha256: string | null;
  readonly serialNumber: string | null;
  readonly daysLeft: number | null;
}

describe('a certificate on the command line', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  const web = async () => ((await place.json(['inventory'])).data['identities'] as readonly Row[])[0];
  before(async () => {
    place = sandbox();
    assert.equal((await place.idac(['init', '--name', 'shop'])).code, 0);
  });
  after(() => place.remove());

  it('is planned without changing anything', async () => {
    const before = snapshot(place.folder);
    const { code, data } = await place.json(['issue', WEB, '--plan']);
    assert.equal(code, 0);
    assert.equal(data['schemaVersion'], 1);
    assert.equal(data['line'], null);
    assert.match(String(data['hash']), /^[0-9a-f]{64}$/);
    const steps = data['steps'] as readonly { n: number; verb: string; class: string; keyChanges: boolean }[];
    assert.deepEqual(
      steps.map((step) => step.n),
      steps.map((_, index) => index + 1),
    );
    assert.ok(steps.some((step) => step.verb === 'make-key' && step.keyChanges));
    assert.deepEqual(snapshot(place.folder), before);
    assert.equal((await web())?.state, 'declared');
  });

  it('is not issued without consent, and says how it would be', async () => {
    const before = snapshot(place.folder);
    const { code, out, err } = await place.idac(['issue', WEB]);
    assert.equal(code, 1);
    assert.equal(out, '');
    assert.match(
      err.replace(/\s+/g, ' '),
      /no person is at a terminal\..* `idac issue Certificate\/default\/web --yes`/,
    );
    assert.deepEqual(snapshot(place.folder), before);
  });

  it('is issued: the result names events and files, the key is private and alone', async () => {
    const { code, data } = await place.json(['issue', WEB, '--yes', '--because', 'first one']);
    assert.equal(code, 0);
    assert.equal(data['state'], 'done');
    const events = data['events'] as readonly { type: string; because: string }[];
    assert.deepEqual(
      new Set(events.map((event) => event.type)),
      new Set(['issued', 'delivered', 'verified']),
    );
    assert.ok(events.every((event) => event.because === 'first one'));
    const key = path.join(place.folder, 'tls/web.key.pem');
    if (process.platform !== 'win32') assert.equal(statSync(key).mode & 0o777, 0o600);
    const pem = readFileSync(key, 'utf8').split('\n')[1] ?? '';
    for (const [file] of Object.entries(snapshot(place.folder))) {
      if (file !== path.join('tls', 'web.key.pem')) {
        assert.ok(
          !readFileSync(path.join(place.folder, file), 'latin1').includes(pem),
          `${file} holds the key`,
        );
      }
    }
    const row = await web();
    assert.equal(row?.state, 'active');
    assert.equal(row?.daysLeft, 46);
  });

  it('is what openssl reads', function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
    const openssl = (...args: string[]) =>
      spawnSync('openssl', args, { cwd: place.folder, encoding: 'utf8' });
    const fromCertificate = openssl('x509', '-in', 'tls/web.pem', '-noout', '-pubkey').stdout;
    const fromKey = openssl('pkey', '-in', 'tls/web.key.pem', '-pubout').stdout;
    assert.match(fromCertificate, /BEGIN PUBLIC KEY/);
    assert.equal(fromCertificate, fromKey);
  });

  it('is refused a second time by a plan that says why', async () => {
    const { code, data } = await place.json(['issue', WEB, '--plan']);
    assert.equal(code, 1);
    assert.equal(data['refused'], true);
    assert.match(String(data['code']), /^refused\//);
    assert.ok(String(data['hint']).length > 0);
  });

  it('is verified against what is really delivered', async () => {
    const { code, data } = await place.json(['verify', WEB]);
    assert.equal(code, 0);
    assert.equal(data['ok'], true);
  });

  it('is renewed only when due', async () => {
    const { code, err, out } = await place.idac(['renew', '--due', '--yes']);
    assert.equal(code, 0);
    assert.equal(out, '');
    assert.match(err, /Nothing is due/);
    const later = await place.json([
      'inventory',
      '--now',
      new Date(Date.now() + 40 * 86_400_000).toISOString(),
    ]);
    assert.equal((later.data['identities'] as readonly Row[])[0]?.state, 'due');
  });

  it('has a new key after rotation', async () => {
    const before = await web();
    const { code, out } = await place.idac(['rotate', WEB, '--yes']);
    assert.equal(code, 0);
    assert.match(out, /^Rotated Certificate\/default\/web$/m);
    assert.match(out, /superseded/);
    const after = await web();
    assert.notEqual(after?.spkiSha256, before?.spkiSha256);
    assert.notEqual(after?.serialNumber, before?.serialNumber);
  });

  it('is revoked: final steps stand behind the line, and the list says so', async function () {
    const plan = await place.json(['revoke', WEB, '--reason', 'keyCompromise', '--plan']);
    const steps = plan.data['steps'] as readonly { n: number; class: string }[];
    const [ended] = plan.data['changes'] as readonly { what: string; before: string; after: string }[];
    assert.deepEqual([ended?.what, ended?.after], ['status', 'revoked, reason keyCompromise']);
    const text = (await place.idac(['revoke', WEB, '--reason', 'keyCompromise', '--plan'])).out;
    // The words of the text are those of the JSON.
    assert.ok(text.includes(ended?.before ?? '-') && text.includes('→ revoked, reason keyCompromise'), text);
    assert.match(text, /\n {2}Outage +from step \d+ on, until a new one is issued/);
    assert.equal(plan.data['line'], steps.find((step) => step.class === 'final')?.n);
    assert.match(
      (await place.idac(['revoke', WEB, '--plan'])).out,
      /── from here on it can only be finished ──/,
    );

    const refused = await place.idac(['revoke', WEB, '--reason', 'keyCompromise']);
    assert.equal(refused.code, 1);
    assert.equal((await web())?.state, 'active');

    const { code, out } = await place.idac(['revoke', WEB, '--reason', 'keyCompromise', '--yes']);
    assert.equal(code, 0);
    assert.match(out, /^Revoked Certificate\/default\/web$/m);
    assert.equal((await web())?.state, 'revoked');

    needs(this, 'openssl', hasProgram('openssl', 'version'));
    const crl = spawnSync('openssl', ['crl', '-in', 'pki/local-ca.crl.pem', '-noout', '-text'], {
      cwd: place.folder,
      encoding: 'utf8',
    });
    const { serialNumber } = (await web()) ?? {};
    assert.match(crl.stdout.toLowerCase(), new RegExp(`serial number: 0*${serialNumber}`));
  });

  it('leaves a record that can be read and verified', async () => {
    const shown = await place.json(['log', 'show', WEB]);
    const events = shown.data['events'] as readonly { type: string }[];
    assert.deepEqual([...new Set(events.map((event) => event.type))].sort(), [
      'delivered',
      'issued',
      'revoked',
      'superseded',
      'verified',
    ]);
    const verified = await place.json(['log', 'verify']);
    assert.equal(verified.code, 0);
    assert.equal(verified.data['events'], events.length);
    assert.deepEqual(verified.data['problems'], []);
  });

  it('is destroyed: no key and no copy stays', async () => {
    const { code, err } = await place.idac(['destroy', WEB, '--yes']);
    assert.equal(code, 0, err);
    assert.ok(!existsSync(path.join(place.folder, 'tls/web.key.pem')));
    assert.equal((await web())?.state, 'destroyed');
  });

  it('has nothing unfinished at its end', async () => {
    const { code, data } = await place.json(['resume', '--list']);
    assert.equal(code, 0);
    assert.deepEqual(data['unfinished'], []);
    assert.match((await place.idac(['resume'])).err, /Nothing is unfinished/);
  });
});

describe('an action on the command line', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  before(() => {
    place = sandbox({ from: 'samples' });
  });
  after(() => place.remove());

  it('refuses --now, which only reading commands take', async () => {
    for (const verb of ['issue', 'renew', 'rotate', 'revoke', 'verify', 'destroy', 'resume']) {
      const { code, err } = await place.idac([
        verb,
        'Certificate/payments/payments-api',
        '--now',
        '2030-01-01',
      ]);
      assert.equal(code, 2, verb);
      assert.match(err, /real time/);
    }
  });

  it('names the identity that was meant', async () => {
    const err = async (...names: string[]) => (await place.idac(['issue', ...names, '--plan'])).err;
    assert.match(await err('Certificate/payments-api'), /Did you mean Certificate\/payments\/payments-api\?/);
    assert.match(await err('payments-api'), /Did you mean Certificate\/payments\/payments-api\?/);
    assert.match(
      await err('Certificate/payments/payment-api'),
      /Did you mean Certificate\/payments\/payments-api\?/,
    );
    assert.match(await err('Machine/payments-3'), /Did you mean Machine\/payments-[12]\?/);
    assert.match(await err(), /idac inventory/);
    assert.match(await err('-l', 'nobody=here'), /No identity matches nobody=here/);
  });

  it('selects by machine and by label, and answers with a list', async () => {
    const names = async (...selection: string[]) => {
      const { data } = await place.json(['issue', ...selection, '--plan']);
      return (data['plans'] as readonly { identity: { name: string } }[])
        .map((plan) => plan.identity.name)
        .sort();
    };
    assert.deepEqual(await names('Machine/payments-1'), [
      'acquirer-client',
      'ledger-client',
      'payments-api',
      'payments-hosts',
    ]);
    assert.deepEqual(await names('-l', 'environment=lab'), ['lab-gateway', 'partner-sandbox']);
    assert.deepEqual(await names('Machine/payments-1', '-l', 'scope=pci'), ['acquirer-client']);
    assert.deepEqual(await names('certificate/payments/ledger-db', 'Certificate/tracking/tracking-web'), [
      'ledger-db',
      'tracking-web',
    ]);
  });

  it('renews what is due, with a new key unless the policy says otherwise', async () => {
    const runner = 'Certificate/platform/build-runner';
    const manifest = path.join(place.folder, 'platform/build.identity.yaml');
    const daily = readFileSync(manifest, 'utf8')
      .replace('duration: 7d', 'duration: 1d')
      .replace('renewal: { before: 3d }', 'renewal: { before: 86399s }');
    writeFileSync(manifest, daily);
    const row = async () =>
      ((await place.json(['inventory'])).data['identities'] as readonly (Row & { name: string })[]).find(
        (each) => each.name === 'build-runner',
      );
    assert.equal((await place.idac(['issue', runner, '--yes'])).code, 0);
    const before = await row();
    // It is due within its first second: nothing but the clock is waited for.
    while ((await row())?.state !== 'due') await new Promise((resolve) => setTimeout(resolve, 200));
    const planned = await place.json(['renew', '--due', '--plan']);
    assert.equal((planned.data['plans'] as readonly unknown[]).length, 1);
    const { code, data } = await place.json(['renew', '--due', '--yes']);
    assert.equal(code, 0);
    assert.equal((data['results'] as readonly { state: string }[])[0]?.state, 'done');
    const after = await row();
    assert.notEqual(after?.serialNumber, before?.serialNumber);
    assert.notEqual(after?.spkiSha256, before?.spkiSha256);
  });

  it('on an identity whose manifest has an error is refused', async () => {
    const { code, data } = await place.json(['issue', 'Certificate/depots/depot-server', '--plan']);
    assert.equal(code, 1);
    assert.equal(data['refused'], true);
  });

  it('does not let one refusal hold up the others', async () => {
    const { code, data } = await place.json([
      'issue',
      'Certificate/depots/depot-server',
      'Certificate/tracking/tracking-web',
      '--yes',
    ]);
    assert.equal(code, 1);
    assert.equal((data['results'] as readonly { state: string }[])[0]?.state, 'done');
    assert.equal((data['refused'] as readonly unknown[]).length, 1);
  });

  it('--plan and --yes exclude each other', async () => {
    assert.equal(
      (await place.idac(['issue', 'Certificate/platform/build-runner', '--plan', '--yes'])).code,
      2,
    );
  });

  it('with an overlap is unfinished until it is over, and can be taken back', async () => {
    const ledger = 'Certificate/payments/ledger-db';
    const manifest = path.join(place.folder, 'payments/ledger.identity.yaml');
    // RSA keys take their time to make, and are not what this is about.
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('RSA-3072', 'ECDSA-P256'));
    assert.equal((await place.idac(['issue', ledger, '--yes'])).code, 0);
    const rotated = await place.idac(['rotate', ledger, '--yes']);
    assert.equal(rotated.code, 4);
    assert.match(rotated.out, /^Unfinished: rotate/m);
    assert.match(rotated.out, /idac resume/);
    const listed = await place.json(['resume', '--list']);
    assert.equal(listed.code, 4);
    const [action] = listed.data['unfinished'] as readonly { undoable: boolean }[];
    assert.equal(action?.undoable, true);
    assert.equal((await place.idac(['resume', ledger])).code, 4, 'the overlap is not over');
    const undone = await place.idac(['resume', ledger, '--undo']);
    assert.equal(undone.code, 0, undone.err);
    assert.match(undone.out, /^Taken back: rotate/m);
    assert.equal((await place.idac(['verify', ledger])).code, 0);
  });
});
