/** Several branches, clones and people: nothing newer is ever retired by something older. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openProject } from '../../server/src/app/openProject.ts';
import { assertRefused, attempt, certificateId, done, git, NEVER } from '../support/acting.ts';
import { hasProgram, needs } from '../support/needs.ts';
import { keyUnlock, type TempProject, TWO_MACHINES, tempProject } from '../support/tempProject.ts';

const api = certificateId('api', 'payments');
const FILES = { ...TWO_MACHINES, '.gitignore': 'tls/\n' };

describe('branches and clones', () => {
  let place: TempProject;
  before(function () {
    needs(this, 'git', hasProgram('git'));
  });
  beforeEach(async () => {
    place = await tempProject(FILES);
    git(place.root, 'init', '-q');
    git(place.root, 'add', '-A');
    git(place.root, 'commit', '-qm', 'manifests');
  });
  afterEach(() => place.remove());

  function commit(folder: string, message: string): void {
    git(folder, 'add', '-A');
    git(folder, 'commit', '-qm', message);
  }

  /** Another person: a clone with a state folder, and so a local authority, of its own. */
  async function colleague() {
    const other = await tempProject({});
    git(other.root, 'clone', '-q', place.root, '.');
    return other;
  }

  it('two clones rotate, the merge is a union, and one rotation settles it', async () => {
    const mine = await place.open();
    await done(mine, 'issue', api);
    commit(place.root, 'issued');
    const theirs = await colleague();
    try {
      const other = await theirs.open();
      await done(other, 'rotate', api);
      await other.close();
      commit(theirs.root, 'rotated there');
      await done(mine, 'rotate', api);
      commit(place.root, 'rotated here');
      git(place.root, 'pull', '-q', '--no-rebase', '--no-edit', theirs.root, 'main');
      const merged = await place.open();
      const rivals = (await merged.check(NEVER)).filter(
        (each) => each.rule === 'record/two-live-generations',
      );
      assert.equal(rivals.length, 2, 'one for each machine');
      assert.equal(rivals[0]?.related.length, 2);
      assert.deepEqual((await merged.verifyLog(NEVER)).problems, []);
      assert.equal((await merged.verifyLog(NEVER)).clones, 2);
      await done(merged, 'rotate', api);
      assert.deepEqual(
        (await merged.check(NEVER)).filter((each) => each.rule.startsWith('record/')),
        [],
      );
      assert.deepEqual(
        (await merged.inventory(NEVER)).map((row) => row.state),
        ['active', 'active'],
      );
      await merged.close();
    } finally {
      await theirs.remove();
    }
    await mine.close();
  });

  it('a stale branch does not retire the newer credential', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    commit(place.root, 'issued');
    git(place.root, 'branch', 'stale');
    await done(project, 'rotate', api);
    commit(place.root, 'rotated');
    const newer = await readFile(path.join(place.root, 'tls/api-1/tls.pem'));
    git(place.root, 'checkout', '-q', 'stale');
    for (const verb of ['rotate', 'renew', 'revoke', 'destroy'] as const) {
      assertRefused(
        await attempt(project, verb, api),
        'world-ahead',
        /main records a newer certificate.*git merge main/,
      );
    }
    assert.deepEqual(await readFile(path.join(place.root, 'tls/api-1/tls.pem')), newer);
    git(place.root, 'merge', '-q', 'main');
    await done(project, 'rotate', api);
    await project.close();
  });

  it('a branch of any name is one word in the command that merges it', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    commit(place.root, 'issued');
    git(place.root, 'checkout', '-qb', "it's;newer");
    await done(project, 'rotate', api);
    commit(place.root, 'rotated');
    git(place.root, 'checkout', '-q', 'main');
    assert.deepEqual(await project.actions.restoreEvents(NEVER), [], 'what a branch holds is not lost');
    assertRefused(await attempt(project, 'rotate', api), 'world-ahead', /git merge 'it'\\''s;newer'$/);
    await project.close();
  });

  it('a stale clone that shares the authority is told by the authority itself', async () => {
    const shared =
      TWO_MACHINES['backends.identity.yaml']?.replace('  type: local\n', '  type: local\n  store: team\n') ??
      '';
    await place.write('backends.identity.yaml', shared);
    commit(place.root, 'one store for all clones of this user');
    const mine = await place.open();
    await mine.logins.confirm('local-ca');
    await done(mine, 'issue', api);
    commit(place.root, 'issued');
    const clone = `${place.root}-clone`;
    git(path.dirname(place.root), 'clone', '-q', place.root, clone);
    await done(mine, 'rotate', api);
    const stale = await openProject({
      root: clone,
      trusted: true,
      unlock: keyUnlock(place.unlockKey),
      stateHome: place.stateHome,
    });
    assertRefused(await attempt(stale, 'rotate', api), 'forbidden', /local:store\/team.*idac login local-ca/);
    await stale.logins.confirm('local-ca');
    assertRefused(
      await attempt(stale, 'rotate', api),
      'world-ahead',
      /local-ca issued certificate \w+ .*does not know/,
    );
    commit(place.root, 'rotated');
    git(clone, 'pull', '-q');
    await done(stale, 'rotate', api);
    await stale.close();
    await mine.close();
  });

  it('a checkout with autocrlf still verifies', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    await project.close();
    commit(place.root, 'issued');
    const other = await tempProject({});
    git(other.root, 'clone', '-q', '-c', 'core.autocrlf=true', place.root, '.');
    assert.match(await readFile(path.join(other.root, 'api.identity.yaml'), 'utf8'), /\r\n/);
    const crlf = await other.open();
    assert.deepEqual((await crlf.verifyLog(NEVER)).problems, []);
    assert.deepEqual(
      (await crlf.inventory(NEVER)).map((row) => row.state),
      ['active', 'active'],
    );
    assert.deepEqual(await crlf.check(NEVER), []);
    await crlf.close();
    await other.remove();
  });

  it('a removed manifest leaves an orphan that names the commit, and can still be revoked and destroyed', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    commit(place.root, 'issued');
    git(place.root, 'rm', '-q', 'api.identity.yaml');
    git(place.root, 'commit', '-qm', 'payments api is gone');
    await project.close();
    const after = await place.open();
    const [orphan] = (await after.check(NEVER)).filter((finding) => finding.rule === 'record/orphaned');
    assert.match(orphan?.why ?? '', /Ada on .*payments api is gone/);
    assert.deepEqual(
      (await after.inventory(NEVER)).map((row) => row.state),
      ['orphaned', 'orphaned'],
    );
    assertRefused(await attempt(after, 'rotate', api), 'not-declared', /declared in no manifest/);
    await done(after, 'revoke', api);
    await done(after, 'destroy', api);
    assert.deepEqual(await after.check(NEVER), []);
    assert.deepEqual(await after.inventory(NEVER), []);
    await after.close();
  });

  it('a manifest that only another branch declares is no orphan', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    commit(place.root, 'issued');
    git(place.root, 'checkout', '-qb', 'without');
    git(place.root, 'rm', '-q', 'api.identity.yaml');
    git(place.root, 'commit', '-qm', 'not on this branch');
    await project.close();
    const here = await place.open();
    assert.deepEqual(await here.check(NEVER), []);
    await here.close();
  });
});
