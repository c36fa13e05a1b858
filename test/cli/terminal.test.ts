import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';
import { atTerminal, type Dialogue, needsTerminal } from '../support/terminal.ts';

const WEB = 'Certificate/default/web';

describe('at a terminal', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  before(function () {
    needsTerminal(this);
  });
  beforeEach(async () => {
    place = sandbox();
    await place.idac(['init']);
  });
  afterEach(() => place?.remove());

  it('the plan is shown and a yes is asked for', async () => {
    const no = await atTerminal(place, `issue ${WEB}`, [[/Go on\?/, 'n\r']]);
    assert.equal(no.code, 1);
    assert.match(no.screen, /Nothing was changed/);
    assert.ok(!existsSync(path.join(place.folder, 'tls')));
    const yes = await atTerminal(place, `issue ${WEB}`, [[/Go on\?/, 'y\r']]);
    assert.equal(yes.code, 0, yes.screen);
    assert.match(yes.screen, /make the key[\s\S]*Go on\?[\s\S]*Issued/);
    assert.ok(yes.screen.includes('\u001b[32m'), 'in colour');
  });

  it('what is final wants the name typed', async () => {
    await place.idac(['issue', WEB, '--yes']);
    const wrong = await atTerminal(place, `revoke ${WEB}`, [[/Type \S+ to go on/, 'wed\r']]);
    assert.equal(wrong.code, 1);
    assert.match(wrong.screen, /from here on it can only be finished/);
    const plan = (await place.json(['revoke', WEB, '--plan'])).data;
    const { name } = plan['confirmation'] as { name: string };
    const right = await atTerminal(place, `revoke ${WEB}`, [[/Type \S+ to go on/, `${name}\r`]]);
    assert.equal(right.code, 0, right.screen);
  });

  it('Ctrl-C at a question changes nothing', async () => {
    const { code, screen } = await atTerminal(place, `issue ${WEB}`, [[/Go on\?/, '\u0003']]);
    assert.equal(code, 1);
    assert.match(screen, /Nothing was changed/);
    assert.ok(!existsSync(path.join(place.folder, 'tls')));
  });

  it('Ctrl-C at a question ends the command: nobody else is asked about', async () => {
    const certificate = path.join(place.folder, 'certificates/web.identity.yaml');
    writeFileSync(
      path.join(place.folder, 'certificates/api.identity.yaml'),
      readFileSync(certificate, 'utf8').replaceAll('web', 'api'),
    );
    const { code, screen } = await atTerminal(place, `issue Certificate/default/api ${WEB}`, [
      [/Go on\?/, '\u0003'],
    ]);
    assert.equal(code, 1);
    assert.equal(screen.split('Go on?').length, 2);
    assert.match(screen, /Stopped; 1 identity left as before/);
  });

  it('Ctrl-C during an action stops it between two steps, and nothing is lost sight of', async () => {
    const { code, screen } = await atTerminal(place, `issue ${WEB}`, [
      [/Go on\?/, 'y\r'],
      [/1\/\d+ /, '\u0003'],
    ]);
    assert.match(screen, /Stopping as soon as the current step is done/);
    const listed = await place.idac(['resume', '--list']);
    assert.equal(listed.code, code === 4 ? 4 : 0, screen);
    if (code === 4) assert.equal((await place.idac(['resume'])).code, 0);
    else assert.equal((await place.idac(['issue', WEB, '--yes'])).code, 0);
    assert.equal((await place.idac(['verify', WEB])).code, 0);
    assert.equal((await place.idac(['log', 'verify'])).code, 0);
  });

  it('a passphrase is asked for, and never shown', async () => {
    await place.idac(['login']);
    const nothing = { IDAC_PASSPHRASE: '' };
    const { code, screen } = await atTerminal(
      place,
      `issue ${WEB} --yes`,
      [[/Passphrase of the key store:/, `${place.passphrase}\r`]],
      nothing,
    );
    assert.equal(code, 0, screen);
    assert.ok(!screen.includes(place.passphrase));
  });

  it('a new passphrase is typed twice', async () => {
    const words = `words ${crypto.randomUUID()}`;
    const dialogue: Dialogue = [
      [/New passphrase/, 'one thing\r'],
      [/once more/, 'another\r'],
      [/not the same[\s\S]*New passphrase/, `${words}\r`],
      [/once more/, `${words}\r`],
    ];
    const { code, screen } = await atTerminal(place, 'login', dialogue, { IDAC_PASSPHRASE: '' });
    assert.equal(code, 0, screen);
    assert.match(screen, /encrypted, opens with a passphrase/);
    assert.ok(!screen.includes(words));
    assert.equal((await place.idac(['login'], { env: { IDAC_PASSPHRASE: words } })).code, 0);
    assert.ok(!readFileSync(path.join(place.stateHome, 'sealed/store.json'), 'utf8').includes(words));
  });
});
