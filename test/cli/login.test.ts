import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

const WEB = 'Certificate/default/web';
/** An empty variable counts as none. */
const NOTHING = { env: { IDAC_PASSPHRASE: '' } };

interface KeyStore {
  readonly encrypted: boolean;
  readonly slots: readonly { readonly how: string }[];
}

describe('idac login', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  const file = (name: string, passphrase: string) => {
    const full = path.join(path.dirname(place.folder), name);
    writeFileSync(full, `${passphrase}\nnot this line\n`);
    return full;
  };
  beforeEach(async () => {
    place = sandbox();
    await place.idac(['init']);
  });
  afterEach(() => place.remove());

  it('encrypts what an action without a passphrase left readable, and that action said so', async () => {
    const issued = await place.idac(['issue', WEB, '--yes'], NOTHING);
    assert.equal(issued.code, 0, issued.err);
    assert.match(issued.err, /not encrypted at rest/);
    const { code, data } = await place.json(['login']);
    assert.equal(code, 0);
    const keyStore = data['keyStore'] as KeyStore;
    assert.equal(keyStore.encrypted, true);
    assert.deepEqual(
      keyStore.slots.map((slot) => slot.how),
      ['passphrase'],
    );
    const verified = await place.idac(['verify', WEB]);
    assert.equal(verified.code, 0);
    assert.doesNotMatch(verified.err, /not encrypted/);
  });

  it('keeps everybody else out: exit 3, and nothing half done', async () => {
    await place.idac(['login']);
    const wrong = await place.idac(['issue', WEB, '--yes'], { env: { IDAC_PASSPHRASE: 'another one' } });
    assert.equal(wrong.code, 3);
    assert.match(wrong.err, /does not open/);
    assert.ok(!wrong.err.includes(place.passphrase) && !wrong.err.includes('another one'));
    const asJson = await place.json(['issue', WEB, '--yes'], { env: { IDAC_PASSPHRASE: 'another one' } });
    assert.equal(asJson.code, 3);
    assert.equal(asJson.data['failed'], true);
    assert.equal(asJson.data['code'], 'backend/unauthenticated');
    const none = await place.idac(['issue', WEB, '--yes'], NOTHING);
    assert.equal(none.code, 3);
    assert.match(none.err, /IDAC_PASSPHRASE/);
    const login = await place.idac(['login'], { env: { IDAC_PASSPHRASE: 'another one' } });
    assert.equal(login.code, 3);
  });

  it('takes the passphrase from a file', async () => {
    const given = file('passphrase', place.passphrase);
    assert.equal((await place.idac(['login', '--passphrase-file', given], NOTHING)).code, 0);
    const issued = await place.idac(['issue', WEB, '--yes'], {
      env: { IDAC_PASSPHRASE: '', IDAC_PASSPHRASE_FILE: given },
    });
    assert.equal(issued.code, 0, issued.err);
  });

  it('changes the passphrase: the one of before no longer opens', async () => {
    await place.idac(['login']);
    const next = file('next', `next ${crypto.randomUUID()}`);
    const changed = await place.json(['login', '--change', '--new-passphrase-file', next]);
    assert.equal(changed.code, 0, changed.err);
    assert.equal((changed.data['keyStore'] as KeyStore).slots.length, 1);
    assert.equal((await place.idac(['login'])).code, 3);
    assert.equal((await place.idac(['login', '--passphrase-file', next], NOTHING)).code, 0);
  });

  it('of a backend that no manifest declares is a slip of the pen: nothing failed, and what there is is named', async () => {
    const { code, err } = await place.idac(['login', 'lokal-ca', '--yes']);
    assert.equal(code, 2, err);
    assert.match(
      err.replaceAll(/\s+/g, ' '),
      /No manifest declares a backend lokal-ca.*name one of: local-ca\./,
    );
  });

  it('confirms where a backend points to, and is asked again when that changes', async () => {
    const manifest = path.join(place.folder, 'backends/local-ca.identity.yaml');
    const shared = (store: string) =>
      writeFileSync(
        manifest,
        `apiVersion: identity-as-code/v1\nkind: Backend\nmetadata: { name: local-ca }\nspec: { type: local, owner: { team: a }, store: ${store} }\n`,
      );
    shared('team-lab');
    const refused = await place.idac(['issue', WEB, '--yes']);
    assert.notEqual(refused.code, 0);
    assert.match(refused.err, /idac login local-ca/);
    assert.equal((await place.idac(['login', 'local-ca'])).code, 1, 'nobody is there to say yes');
    const { code, data } = await place.json(['login', 'local-ca', '--yes']);
    assert.equal(code, 0);
    assert.equal((data['backend'] as { confirmed: boolean }).confirmed, true);
    assert.equal((await place.idac(['issue', WEB, '--yes'])).code, 0);
    shared('somebody-elses');
    const changed = await place.idac(['rotate', WEB, '--yes']);
    assert.notEqual(changed.code, 0);
    assert.match(changed.err.replace(/\s+/g, ' '), /confirmed for local:store\/team-lab/);
  });
});
