import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';
import { random } from '../unit/secrets/examples.ts';

interface Finding {
  readonly message: string;
  readonly file: string;
  readonly identity?: { readonly name: string };
  readonly related: readonly { readonly file: string; readonly message: string }[];
}

describe('idac scan, on one value in several files', function () {
  this.timeout(PATIENCE);
  let box: Sandbox;
  let token: string;
  beforeEach(() => {
    box = sandbox();
    token = random(24);
  });
  afterEach(() => box.remove());

  const write = (file: string, content: string): void => {
    mkdirSync(path.dirname(path.join(box.folder, file)), { recursive: true });
    writeFileSync(path.join(box.folder, file), content);
  };
  const scan = async (...args: readonly string[]): Promise<readonly Finding[]> => {
    const { out, data } = await box.json(['scan', ...args]);
    assert.ok(!out.includes(token), 'a value is never shown');
    return data['findings'] as readonly Finding[];
  };
  const url = (name: string): string => `DATABASE_URL=postgres://${name}:${token}@db.example.com/shop\n`;

  const declare = (name: string): void =>
    write(
      `${name}.identity.yaml`,
      `apiVersion: identity-as-code/v1\nkind: Token\nmetadata: { name: ${name} }\nspec:\n  owner: { team: platform }\n  issuer: tokens\n  subject: ${name}\n  audience: [db]\n  deliverTo:\n    - { backend: files, path: ${name}/token }\n`,
    );

  it('says whose a value is that stands in one file alone, with no key beside it', async () => {
    write('a/token', url('a'));
    declare('a');
    assert.deepEqual(
      (await scan()).map(({ file, identity }) => `${file}: ${identity?.name}`),
      ['a/token: a'],
    );
  });

  it('tells at each the other places', async () => {
    write('a/.env', url('shop'));
    write('b/.env', url('orders'));
    write('c.properties', `x=1\nspring.datasource.password=${token}\n`);
    write('d.env', url('other').replace(token, [...token].reverse().join('')));
    const found = await scan();
    assert.equal(found.length, 4);
    for (const { file, message, related } of found) {
      if (file === 'd.env') assert.doesNotMatch(message, /same value/);
      else {
        assert.match(message, /; the same value stands in 2 more files; /);
        assert.deepEqual([file, ...related.map((each) => each.file)].toSorted(), [
          'a/.env',
          'b/.env',
          'c.properties',
        ]);
      }
    }
  });

  it('says under which identities it stands', async () => {
    write('a/token', url('a'));
    write('b/token', url('b'));
    for (const name of ['a', 'b']) declare(name);
    for (const { message, identity, file } of await scan()) {
      assert.match(
        message,
        /in 1 more file, under the names of Token\/default\/a, Token\/default\/b; |in 1 more file, under the names of Token\/default\/b, Token\/default\/a; /,
      );
      assert.equal(identity?.name, file[0]);
    }
  });

  it('tells it of the history, too, and takes the versions of one file for one', async () => {
    const git = (...args: readonly string[]): void => {
      execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args], {
        cwd: box.folder,
        stdio: 'ignore',
      });
    };
    write('a.env', url('a'));
    git('add', '-A');
    git('commit', '-qm', 'one');
    write('a.env', `${url('a')}# more\n`);
    git('commit', '-qam', 'two');
    for (const { message } of await scan('--history')) assert.doesNotMatch(message, /same value/);
    write('b.env', url('b'));
    git('add', '-A');
    git('commit', '-qm', 'three');
    const found = await scan('--history');
    assert.equal(found.length, 3);
    for (const { message } of found) assert.match(message, /the same value stands in 1 more file/);
  });
});
