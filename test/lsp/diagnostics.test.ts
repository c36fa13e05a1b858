import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { RpcError } from '../support/lspClient.ts';
import { CAPABILITIES, type Diagnostic, type Fixture, openFixture, WEB } from './fixture.ts';

const MISSPELT = WEB.replace('dnsNames:', 'dnsName:');

/** The text that a range covers. */
function at(text: string, { range }: Diagnostic): string {
  const line = text.split(/\r?\n/)[range.start.line] ?? '';
  assert.equal(range.start.line, range.end.line);
  return line.slice(range.start.character, range.end.character);
}

describe('language server: diagnostics', () => {
  let fixture: Fixture;
  afterEach(() => fixture.end());

  it('says nothing about a project in order', async () => {
    fixture = await openFixture();
    fixture.open('web.identity.yaml');
    const report = await fixture.pull('web.identity.yaml');
    assert.deepEqual([report.kind, report.items], ['full', []]);
  });

  it('answers a mistake with rule, page and exact range, then "unchanged", then nothing once it is repaired', async () => {
    fixture = await openFixture({ files: { 'web.identity.yaml': MISSPELT } });
    fixture.open('web.identity.yaml');
    const report = await fixture.pull('web.identity.yaml');
    const [mistake] = report.items;
    assert.ok(mistake);
    assert.equal(at(MISSPELT, mistake), 'dnsName');
    assert.equal(mistake.source, 'idac');
    assert.match(mistake.code, /^[a-z]+\/[a-z-]+$/);
    assert.ok(mistake.codeDescription.href.endsWith(`/rules/${mistake.code}.md`));

    const again = await fixture.pull('web.identity.yaml', report.resultId);
    assert.deepEqual(again, { kind: 'unchanged', resultId: report.resultId });

    const end = { line: mistake.range.end.line, character: mistake.range.end.character };
    fixture.change('web.identity.yaml', 2, [{ range: { start: end, end }, text: 's' }]);
    const repaired = await fixture.pull('web.identity.yaml', report.resultId);
    assert.deepEqual([repaired.kind, repaired.items], ['full', []]);
  });

  it('counts in UTF-16 after characters beyond the basic plane, and over CRLF', async () => {
    const text = WEB.replace('shop.example.com]', 'shop.example.com] # 🙂🙂')
      .replace('owner: { team: shop,', 'owner: { team: "🙂", tem: x,')
      .replaceAll('\n', '\r\n');
    fixture = await openFixture();
    fixture.open('web.identity.yaml', text);
    const { items } = await fixture.pull('web.identity.yaml');
    assert.ok(items.some((item) => at(text, item) === 'tem'));
    // The edit's own positions count the same way: the wrong key goes, and its finding with it.
    const line = text.split('\r\n').findIndex((each) => each.includes('tem: x'));
    const start = (text.split('\r\n')[line] ?? '').indexOf(' tem: x,');
    fixture.change('web.identity.yaml', 2, [
      {
        range: { start: { line, character: start }, end: { line, character: start + ' tem: x,'.length } },
        text: '',
      },
    ]);
    const after = await fixture.pull('web.identity.yaml');
    assert.deepEqual(
      after.items.map((item) => item.message).filter((message) => message.includes('tem:')),
      [],
    );
    assert.equal(
      after.items.some((item) => item.code === 'manifest/unknown-field'),
      false,
    );
  });

  it('applies many changes of one notification in order', async () => {
    fixture = await openFixture();
    fixture.open('web.identity.yaml');
    const start = { line: 0, character: 0 };
    fixture.change('web.identity.yaml', 2, [
      { text: 'apiVersion: identity-as-code/v1\n' },
      {
        range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } },
        text: 'kind: Nonsense\n',
      },
      { range: { start, end: start }, text: '# head\n' },
    ]);
    const { items } = await fixture.pull('web.identity.yaml');
    assert.ok(
      items.some((item) => item.range.start.line === 2),
      JSON.stringify(items),
    );
  });

  describe('of the whole folder', () => {
    interface FileReport {
      readonly uri: string;
      readonly resultId?: string;
      readonly items: readonly unknown[];
    }
    const BAD = MISSPELT.replace('name: web', 'name: bad');
    const DEEP = 'deep/er/bad.identity.yaml';

    const begin = (known: readonly FileReport[] = []) =>
      fixture.client.begin<{ items: FileReport[] }>('workspace/diagnostic', {
        previousResultIds: known.flatMap(({ uri, resultId }) =>
          resultId === undefined ? [] : [{ uri, value: resultId }],
        ),
      });
    const reports = async (known?: readonly FileReport[]): Promise<FileReport[]> =>
      (await begin(known).answer).items;

    it('reports files with findings without opening one, in parts when asked so', async () => {
      fixture = await openFixture({ files: { [DEEP]: BAD } });
      const whole = await reports();
      assert.deepEqual(
        whole.map(({ uri, items }) => [uri, items.length]),
        [[fixture.uri(DEEP), 1]],
      );

      const inParts = await fixture.client.request<{ items: unknown[] }>('workspace/diagnostic', {
        previousResultIds: [],
        partialResultToken: 'part',
      });
      assert.deepEqual(inParts.items, []);
      const part = await fixture.client.next<{ token: string; value: { items: unknown[] } }>('$/progress');
      assert.deepEqual([part.token, part.value.items.length], ['part', 1]);
    });

    it('tells of many in several parts, each file once', async () => {
      const names = Array.from({ length: 450 }, (_, place) => `many/m${place}.identity.yaml`);
      fixture = await openFixture({ files: Object.fromEntries(names.map((name) => [name, BAD])) });
      const { items } = await fixture.client.request<{ items: unknown[] }>('workspace/diagnostic', {
        previousResultIds: [],
        partialResultToken: 'part',
      });
      assert.deepEqual(items, []);
      const parts = fixture.client
        .received('$/progress')
        .map(
          ({ params }) =>
            (params as { readonly value: { readonly items: readonly FileReport[] } }).value.items,
        );
      assert.ok(parts.length > 1, `${parts.length} parts`);
      assert.deepEqual(
        parts.flatMap((part) => part.map(({ uri }) => uri)).sort(),
        names.map((name) => fixture.uri(name)).sort(),
      );
    });

    it('answers the first time also where nothing is wrong', async () => {
      fixture = await openFixture();
      assert.deepEqual(await reports(), []);
    });

    it('waits until a file says something new, and speaks of that one alone', async () => {
      fixture = await openFixture({ files: { [DEEP]: BAD, 'web.identity.yaml': MISSPELT } });
      const before = await reports();
      assert.equal(before.length, 2);
      const waiting = begin(before);
      let ended = false;
      void waiting.answer.then(() => {
        ended = true;
      });
      // Other requests are answered meanwhile.
      fixture.open('web.identity.yaml', MISSPELT);
      await fixture.pull('web.identity.yaml');
      assert.equal(ended, false);
      const line = MISSPELT.split('\n').findIndex((each) => each.includes('dnsName:'));
      const end = { line, character: (MISSPELT.split('\n')[line] ?? '').indexOf(':') };
      fixture.change('web.identity.yaml', 2, [{ range: { start: end, end }, text: 's' }]);
      const { items } = await waiting.answer;
      assert.deepEqual(
        items.map(({ uri, resultId, items: left }) => [uri, resultId, left.length]),
        [[fixture.uri('web.identity.yaml'), undefined, 0]],
      );
    });

    it('can be cancelled while it waits', async () => {
      fixture = await openFixture({ files: { [DEEP]: BAD } });
      const waiting = begin(await reports());
      fixture.client.notify('$/cancelRequest', { id: waiting.id });
      await assert.rejects(waiting.answer, { code: -32802, data: { retriggerRequest: true } });
    });

    it('knows a file by any spelling of its address', async () => {
      fixture = await openFixture({ files: { [DEEP]: BAD, 'web.identity.yaml': MISSPELT } });
      const before = await reports();
      rmSync(path.join(fixture.box.folder, 'web.identity.yaml'));
      fixture.client.notify('workspace/didChangeWatchedFiles', {
        changes: [{ uri: fixture.uri('web.identity.yaml'), type: 3 }],
      });
      const spelt = before.map((report) => ({ ...report, uri: report.uri.replaceAll('deep', '%64eep') }));
      const after = await reports(spelt);
      assert.deepEqual(
        after.map(({ uri }) => uri),
        [fixture.uri('web.identity.yaml')],
      );
    });

    it('takes back what it said of a folder that is gone, also when only the folder is named', async () => {
      fixture = await openFixture({ files: { [DEEP]: BAD } });
      const before = await reports();
      const waiting = begin(before);
      rmSync(path.join(fixture.box.folder, 'deep'), { recursive: true });
      fixture.client.notify('workspace/didChangeWatchedFiles', {
        changes: [{ uri: fixture.uri('deep'), type: 3 }],
      });
      assert.deepEqual((await waiting.answer).items, [
        { kind: 'full', uri: fixture.uri(DEEP), version: null, items: [] },
      ]);
    });
  });

  it('never answers a cancelled pull with an empty list', async () => {
    fixture = await openFixture({ files: { 'web.identity.yaml': MISSPELT } });
    fixture.open('web.identity.yaml');
    const { id, answer } = fixture.client.begin<{ items: unknown[] }>('textDocument/diagnostic', {
      textDocument: { uri: fixture.uri('web.identity.yaml') },
    });
    fixture.client.notify('$/cancelRequest', { id });
    const ended = await answer.then(
      (report) => report.items.length,
      (error: unknown) => (error instanceof RpcError ? [error.code, error.data] : error),
    );
    // Cancelled (-32802 with the word to ask again), or done before the cancellation was read.
    assert.ok(
      ended === 1 || JSON.stringify(ended) === JSON.stringify([-32802, { retriggerRequest: true }]),
      String(ended),
    );
  });

  it('pushes to clients that do not pull: with versions, for closed files too, and takes them back', async () => {
    const { diagnostic: _, ...textDocument } = CAPABILITIES.textDocument;
    fixture = await openFixture({
      capabilities: { ...CAPABILITIES, textDocument },
      files: { 'bad.identity.yaml': MISSPELT.replace('name: web', 'name: bad') },
    });
    type Published = { uri: string; version?: number; diagnostics: Diagnostic[] };
    const next = (file: string, fits: (published: Published) => boolean) =>
      fixture.client.next<Published>(
        'textDocument/publishDiagnostics',
        (each) => each.uri === fixture.uri(file) && fits(each),
      );
    const closed = await next('bad.identity.yaml', ({ diagnostics }) => diagnostics.length === 1);
    assert.equal(closed.version, undefined);

    fixture.open('web.identity.yaml');
    const line = WEB.split('\n').findIndex((each) => each.includes('dnsNames'));
    const range = { start: { line, character: 9 }, end: { line, character: 10 } };
    fixture.change('web.identity.yaml', 7, [{ range, text: '' }]);
    const broken = await next('web.identity.yaml', ({ version }) => version === 7);
    assert.equal(broken.diagnostics.length, 1);
    fixture.change('web.identity.yaml', 8, [{ range: { start: range.start, end: range.start }, text: 's' }]);
    const repaired = await next('web.identity.yaml', ({ version }) => version === 8);
    assert.deepEqual(repaired.diagnostics, []);
  });
});
