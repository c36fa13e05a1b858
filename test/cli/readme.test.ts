import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, REPOSITORY, type Sandbox, sandbox } from '../support/idac.ts';

const README = readFileSync(path.join(REPOSITORY, 'README.md'), 'utf8');

/** The command lines of README.md's `sh` blocks, in order. */
function commandLines(): readonly string[] {
  return [...README.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    block.trim().split('\n'),
  );
}

describe('README.md', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  before(() => {
    place = sandbox();
  });
  after(() => place.remove());

  const lines = commandLines();
  it('has a tour of some commands', () => assert.ok(lines.length >= 8));

  for (const line of lines) {
    it(`\`${line}\` works as it stands there`, async () => {
      const [program, ...args] = (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));
      assert.equal(program, 'idac');
      const { code, err } = await place.idac(args);
      assert.equal(code, 0, err);
    });
  }

  it('left what it says it would', () => {
    assert.ok(existsSync(path.join(place.folder, '.identity/records/default/Certificate/web')));
    assert.ok(existsSync(path.join(place.folder, 'pki/local-ca.crl.pem')));
  });

  for (const [, target = ''] of README.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
    it(`links to ${target}, which is there`, () =>
      assert.ok(existsSync(path.join(REPOSITORY, target)), target));
  }
});
