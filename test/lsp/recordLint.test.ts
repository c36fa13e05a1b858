/** What lint says of a certificate that was issued stands at its manifest, where that is now. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { encodePem } from '../../server/src/core/credential/pem.ts';
import { hex, integer } from '../lint/der.ts';
import { server } from '../lint/template.ts';
import { BACKEND, type Fixture, IDENTITY, openFixture, WEB } from './fixture.ts';

const FILE = 'web.identity.yaml';
const RULE = 'lint/serial-not-positive';

describe('language server: lint of what was issued', function () {
  this.timeout(120_000);
  let fixture: Fixture;
  afterEach(() => fixture.end());

  it('is told at the name of the manifest, follows it, and can be ignored there', async () => {
    const other = WEB.replace('name: web', 'name: other').replaceAll('tls/web', 'tls/other');
    fixture = await openFixture({ files: { [FILE]: `${other}---\n${WEB}`, 'ca.identity.yaml': BACKEND } });
    const { code, err } = await fixture.box.idac(['issue', IDENTITY, '--yes']);
    assert.equal(code, 0, err);
    const folder = '.identity/records/default/Certificate/web';
    const [event = ''] = readdirSync(path.join(fixture.box.folder, folder))
      .map((name) => `${folder}/${name}`)
      .filter((name) => fixture.read(name).includes('"issued"'));
    const serial = integer(hex('f3b2c3d4e5f60718293a4b5c6d7e8f90'));
    const publicText = encodePem('CERTIFICATE', server({ serial }));
    fixture.write(event, JSON.stringify({ ...JSON.parse(fixture.read(event)), publicText }));
    const text = fixture.read(FILE);
    const line = text.slice(0, text.indexOf('name: web')).split('\n').length - 1;
    const found = async () =>
      (await fixture.pull(FILE)).items.flatMap(({ code: rule, range }) =>
        rule === RULE ? [range.start.line] : [],
      );
    /** A client asks again when it is told to. */
    const comes = async (wanted: readonly number[]): Promise<void> => {
      while (JSON.stringify(await found()) !== JSON.stringify(wanted))
        await fixture.client.next('workspace/diagnostic/refresh');
    };
    fixture.open(FILE);
    fixture.client.notify('workspace/didChangeWatchedFiles', {
      changes: [{ uri: fixture.uri(folder), type: 2 }],
    });
    await comes([line]);
    const start = { line: 0, character: 0 };
    fixture.change(FILE, 2, [{ range: { start, end: start }, text: '# a\n# b\n' }]);
    await comes([line + 2]);
    const above = { line: line + 2, character: 0 };
    const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    fixture.change(FILE, 3, [
      {
        range: { start: above, end: above },
        text: `  # idac-ignore ${RULE} until ${until}: it is replaced\n`,
      },
    ]);
    await comes([]);
    assert.ok(!(await fixture.pull(FILE)).items.some(({ code: rule }) => rule === 'ignore/unused'));
  });
});
