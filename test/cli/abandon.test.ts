/** An action that can never be finished: given up by a person, honestly recorded, and in nobody's way from then on. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';
import { TWO_MACHINES } from '../support/tempProject.ts';
import { atTerminal, needsTerminal } from '../support/terminal.ts';

const WEB = 'Certificate/default/web';
const CA = `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: local-ca }
spec:
  type: local
  owner: { team: platform, contact: platform@example.com }
  authority: { commonName: Test Internal, maximumDuration: 90d, crl: { path: pki/ca.crl.pem, lifetime: 7d } }
---
apiVersion: identity-as-code/v1
kind: Certificate
metadata:
  name: web
spec:
  owner: { team: shop, contact: shop@example.com }
  usages: [serverAuth]
  dnsNames: [shop.example.com]
  issuer: local-ca
  duration: 47d
  deliverTo:
    - { backend: local-ca, path: tls/web.pem, contents: [chain] }
    - { backend: local-ca, path: tls/web.key.pem, contents: [privateKey] }
`;

interface Unfinished {
  plan: { id: string };
  abandonable: boolean;
  left: string[];
}

describe('idac resume --abandon', function () {
  this.timeout(PATIENCE);
  let box: Sandbox;
  beforeEach(() => {
    box = sandbox({ git: false });
    writeFileSync(path.join(box.folder, 'all.identity.yaml'), CA);
    writeFileSync(path.join(box.folder, '.gitignore'), '*.key.pem\n');
  });
  afterEach(() => box.remove());

  const list = () => path.join(box.folder, 'pki/ca.crl.pem');
  /** Revoked, but the list of it has no place to go to: that is behind the line. */
  const stuck = async (): Promise<string> => {
    assert.equal((await box.idac(['issue', WEB, '--yes'])).code, 0);
    rmSync(list());
    mkdirSync(path.join(list(), 'of-somebody-else'), { recursive: true });
    const revoked = await box.idac(['revoke', WEB, '--yes']);
    assert.equal(revoked.code, 4, revoked.err);
    assert.match(revoked.out.replaceAll(/\s+/g, ' '), /or with `--abandon` to give it up\./);
    const [action] = await unfinished();
    assert.ok(action);
    return action.plan.id;
  };
  const unfinished = async () =>
    (await box.json(['resume', '--list'])).data['unfinished'] as readonly Unfinished[];
  const events = async () => {
    const { data } = await box.json(['log', 'show', WEB]);
    return data['events'] as readonly { type: string; left?: object[]; because?: string; planId: string }[];
  };

  it('records what is left, says so until the next action, and unblocks the identity', async () => {
    const planId = await stuck();
    assert.equal((await box.idac(['resume'])).code, 4, 'it fails again');
    const blocked = await box.idac(['issue', WEB, '--yes']);
    assert.equal(blocked.code, 1);
    assert.match(blocked.err, /--abandon/);
    const [action] = await unfinished();
    assert.equal(action?.abandonable, true);
    assert.deepEqual(action.left, ['publishes the new list of what is revoked, at local-ca']);

    const unasked = await box.idac(['resume', planId, '--abandon']);
    assert.equal(unasked.code, 1, unasked.out);
    assert.match(unasked.err.replaceAll(/\s+/g, ' '), new RegExp(`idac resume ${planId} --abandon --yes`));
    assert.equal((await unfinished()).length, 1, 'without consent nothing is given up');

    const given = await box.idac(['resume', WEB, '--abandon', '--yes', '--because', 'the place is taken']);
    assert.equal(given.code, 0, given.err);
    assert.match(given.out, /^Given up: revoke Certificate\/default\/web/);
    assert.deepEqual(await unfinished(), []);
    const recorded = await events();
    assert.deepEqual(
      recorded.slice(-2).map(({ type }) => type),
      ['revoked', 'abandoned'],
      'what was done stands beside what was not',
    );
    const { left, because, planId: of } = recorded.at(-1) ?? {};
    assert.deepEqual(
      [left, because, of],
      [
        [{ backend: 'local-ca', verb: 'publish', what: 'publishes the new list of what is revoked' }],
        'the place is taken',
        planId,
      ],
    );
    assert.equal((await box.idac(['log', 'verify'])).code, 0);
    const found = (await box.json(['check'])).data['findings'] as { rule: string; message: string }[];
    assert.deepEqual(
      found.map(({ rule }) => rule),
      ['record/given-up'],
    );
    assert.match(found[0]?.message ?? '', /^revoke was given up on .*; not done: publishes the new list/);
    assert.equal((await box.idac(['resume', planId, '--abandon', '--yes'])).code, 2, 'it has ended');

    rmSync(list(), { recursive: true });
    const issued = await box.idac(['issue', WEB, '--yes']);
    assert.equal(issued.code, 0, issued.err);
    assert.ok(existsSync(list()), 'the list is published by the way');
    assert.deepEqual((await box.json(['check'])).data['findings'], []);
  });

  it('at a terminal shows what is left and wants the name typed', async function () {
    needsTerminal(this);
    const planId = await stuck();
    const wrong = await atTerminal(box, `resume ${planId} --abandon`, [[/Type web to go on/, 'yes\r']]);
    assert.equal(wrong.code, 1, wrong.screen);
    assert.match(wrong.screen, /not done[\s\S]*publishes the new list of what is revoked, at local-ca/);
    assert.equal((await unfinished()).length, 1);
    const right = await atTerminal(box, `resume ${planId} --abandon`, [[/Type web to go on/, 'web\r']]);
    assert.equal(right.code, 0, right.screen);
    assert.deepEqual(await unfinished(), []);
  });

  it('what cannot be taken back, either: somebody else wrote over a copy in the middle', async () => {
    const script = path.join(box.folder, 'service.sh');
    writeFileSync(script, `printf 'of the service' > '${path.join(box.folder, 'tls/web.pem')}'; exit 1\n`);
    writeFileSync(
      path.join(box.folder, 'all.identity.yaml'),
      CA.replace('contents: [chain] }', 'contents: [chain], reload: service }'),
    );
    const env = { IDAC_RELOAD_SERVICE: JSON.stringify(['/bin/sh', script]) };
    const issued = await box.idac(['issue', WEB, '--yes'], { env });
    assert.equal(issued.code, 4, issued.out + issued.err);
    const [action] = await unfinished();
    assert.equal(action?.abandonable, true);
    const given = await box.idac(['resume', WEB, '--abandon', '--yes']);
    assert.equal(given.code, 0, given.err);
    const last = (await events()).at(-1);
    assert.equal(last?.type, 'abandoned');
    const { findings } = (await box.json(['check'])).data as {
      findings: { rule: string; message: string }[];
    };
    assert.match(
      findings.find(({ rule }) => rule === 'record/given-up')?.message ?? '',
      /^issue was given up on .*; not taken back: .*tls\/web\.pem/,
    );
    // It was issued and never ended: it can be.
    const revoked = await box.idac(['revoke', WEB, '--yes']);
    assert.equal(revoked.code, 0, revoked.err + revoked.out);
    assert.deepEqual(await unfinished(), []);
  });

  it('what was made and can not be ended, and nobody has: it is not the one in use', async () => {
    const script = path.join(box.folder, 'service.sh');
    writeFileSync(script, `rm -f '${list()}'; mkdir -p '${list()}/of-somebody-else'; exit 1\n`);
    writeFileSync(
      path.join(box.folder, 'all.identity.yaml'),
      CA.replace('contents: [chain] }', 'contents: [chain], reload: service }'),
    );
    const env = { IDAC_RELOAD_SERVICE: JSON.stringify(['/bin/sh', script]) };
    const issued = await box.idac(['issue', WEB, '--yes'], { env });
    assert.equal(issued.code, 4, issued.out + issued.err);
    assert.ok(!existsSync(path.join(box.folder, 'tls/web.pem')), 'the copies were taken back');
    const given = await box.idac(['resume', WEB, '--abandon', '--yes']);
    assert.equal(given.code, 0, given.err);
    assert.deepEqual(
      (await events())
        .slice(-2)
        .map(({ type }) => type)
        .sort(),
      ['abandoned', 'forgotten'],
    );
    const { data } = await box.json(['inventory']);
    assert.deepEqual(
      (data['identities'] as { state: string }[]).map(({ state }) => state),
      ['declared'],
    );
    rmSync(list(), { recursive: true });
    writeFileSync(script, 'exit 0\n');
    const again = await box.idac(['issue', WEB, '--yes'], { env });
    assert.equal(again.code, 0, again.out + again.err);
    assert.equal((await box.idac(['verify', WEB])).code, 0);
    assert.deepEqual((await box.json(['check'])).data['findings'], []);
  });

  it('not what can be taken back or only waits, and not without a name', async () => {
    for (const [file, text] of Object.entries(TWO_MACHINES)) writeFileSync(path.join(box.folder, file), text);
    writeFileSync(
      path.join(box.folder, 'all.identity.yaml'),
      CA.replace('  usages:', '  renewal: { overlap: 1d }\n  usages:').replaceAll('local-ca', 'own-ca'),
    );
    assert.equal((await box.idac(['issue', WEB, '--yes'])).code, 0);
    assert.equal((await box.idac(['rotate', WEB, '--yes'])).code, 4);
    const [action] = await unfinished();
    assert.equal(action?.abandonable, false);
    const refused = await box.idac(['resume', WEB, '--abandon', '--yes']);
    assert.equal(refused.code, 1);
    assert.match(refused.err.replaceAll(/\s+/g, ' '), /Take it back: idac resume \w+ --undo/);
    assert.equal((await unfinished()).length, 1);

    for (const args of [
      ['--abandon'],
      [WEB, '--abandon', '--undo'],
      [WEB, '--abandon', '--list'],
      [WEB, '--yes'],
      [WEB, '--because', 'no reason'],
    ])
      assert.equal((await box.idac(['resume', ...args])).code, 2, args.join(' '));
  });
});
