import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONFIRMING, type Fixture, IDENTITY, openFixture } from './fixture.ts';

interface Range {
  start: { line: number; character: number };
  end: { line: number; character: number };
}
interface Audit {
  title: string;
  text: string;
  links: { range: Range; uri: string }[];
}

describe('language server: the audit of an identity', () => {
  let fixture: Fixture;
  afterEach(() => fixture.end());

  const answers = {
    'identity/confirm': (params: unknown) => {
      const { typedName } = params as { typedName?: string };
      return { confirmed: true, ...(typedName === undefined ? {} : { typed: typedName }) };
    },
  };
  const audit = (more: object = {}) =>
    fixture.client.request<Audit>('identity/audit', { identity: IDENTITY, ...more });
  const run = async (verb: string, more: object = {}) => {
    const { result, message } = await fixture.run('idac.run', { verb, identity: IDENTITY, ...more });
    assert.equal(result.state, 'done', message);
  };
  const linked = ({ text, links }: Audit) =>
    links.map(({ range, uri }) => ({
      shown: text.split('\n')[range.start.line]?.slice(range.start.character, range.end.character),
      uri,
    }));

  it('tells newest first what was done by whom, why and where, with links to its files', async () => {
    fixture = await openFixture({ capabilities: CONFIRMING, answers, env: { TZ: 'Asia/Kolkata' } });
    assert.match((await audit()).text, /events +none: nothing was recorded/);
    await run('issue');
    await run('revoke', { reason: 'cessationOfOperation', because: 'the shop is closed' });
    const page = await audit();
    assert.equal(page.title, `Audit of ${IDENTITY}`);
    const heads = page.text.split('\n').filter((line) => /^\d{4}-/.test(line));
    const words = heads.map((line) => /UTC \([^)]+ \+05:30\) {2}(.*)$/.exec(line)?.[1]);
    assert.equal(words[1], 'revoked, cessationOfOperation');
    assert.equal(words.at(-1), 'issued');
    const times = heads.map((line) => line.slice(0, 19));
    assert.deepEqual([...times].sort().reverse(), times);
    for (const part of [
      /^ {4}why +the shop is closed$/m,
      /^ {4}by +\S.*, with idac/m,
      /^ {4}to +tls\/web\.pem at local-ca$/m,
      /^ {4}SHA-256 +[0-9a-f]{64}$/m,
      /^ {4}serial +[0-9a-f]+$/m,
      /^ {4}record +whole: the chain holds \(\d+ events of 1 clone in all\)$/m,
      /^ {4}chain +number 1 of clone \S+: holds$/m,
    ])
      assert.match(page.text, part);
    const links = linked(page);
    assert.deepEqual(links[0], {
      shown: 'web.identity.yaml:4',
      uri: `${fixture.uri('web.identity.yaml')}#L4`,
    });
    assert.equal(links.length, heads.length + 1);
    for (const { shown, uri } of links.slice(1)) {
      assert.match(shown ?? '', /^\.identity\/records\/default\/Certificate\/web\/.*\.json$/);
      JSON.parse(readFileSync(fileURLToPath(uri), 'utf8'));
    }
  });

  it('says where the chain does not hold, and shows no text of others as it pleases', async () => {
    fixture = await openFixture({ capabilities: CONFIRMING, answers });
    await run('issue');
    const folder = path.join(fixture.box.folder, '.identity/records/default/Certificate/web');
    const [first = ''] = readdirSync(folder).sort();
    const event = JSON.parse(readFileSync(path.join(folder, first), 'utf8'));
    event.actor.name = 'Mallory\n2026-01-01 00:00:00 UTC  issued\u202e';
    writeFileSync(path.join(folder, first), JSON.stringify(event));
    const { text } = await audit();
    assert.match(text, /record +NOT WHOLE: 1 problem/);
    assert.match(text, /DOES NOT HOLD: .*was changed afterwards/);
    assert.match(text, /by +Mallory⟨U\+000A⟩2026/);
    assert.ok(!text.includes('\u202e'));
  });

  it("tells one machine's share, and verifies nothing where the folder is not trusted", async () => {
    fixture = await openFixture({ trusted: false });
    const { text } = await audit({ machine: 'web-1' });
    assert.match(text, /^Audit of Certificate\/default\/web on web-1$/m);
    assert.match(text, /not verified: the folder is not trusted/);
    await assert.rejects(fixture.client.request('identity/audit', { identity: 'nonsense' }), /KIND/);
  });
});
