import assert from 'node:assert/strict';
import { BACKEND, CONFIRMING, type Fixture, IDENTITY, openFixture, type Report, WEB } from './fixture.ts';

const HOSTS = 30_000;
const hosts = Array.from({ length: HOSTS }, (_, host) => `host-${host}.example.com`);
const YAML = WEB.replace(
  'dnsNames: [shop.example.com]',
  `dnsNames:\n${hosts.map((host) => `    - ${host}\n`).join('')}`,
).replaceAll('\n\n', '\n');
const JSON_TEXT = `${JSON.stringify(
  {
    apiVersion: 'identity-as-code/v1',
    kind: 'Certificate',
    metadata: { name: 'web' },
    spec: {
      owner: { team: 'shop' },
      usages: ['serverAuth'],
      dnsNames: hosts,
      issuer: 'local-ca',
      duration: '47d',
    },
  },
  null,
  2,
)}\n`;

interface Case {
  readonly file: string;
  readonly text: string;
  /** What is typed at the end of the duration's line, key by key. */
  readonly typed: string;
}
const CASES: Readonly<Record<string, Case>> = {
  YAML: { file: 'web.identity.yaml', text: YAML, typed: 'x\n  dnsNames: [a]\n  audience' },
  JSON: { file: 'web.identity.json', text: JSON_TEXT, typed: ',\n  "audience": "a' },
};
const shown = ({ items }: Report) => items.map(({ range, code, message }) => ({ range, code, message }));

describe('language server: one large document', function () {
  this.timeout(120_000);

  for (const [syntax, { file, text, typed }] of Object.entries(CASES)) {
    describe(syntax, () => {
      const line = text.split('\n').findIndex((each) => /^ *"?duration/.test(each));
      const end = text.split('\n')[line]?.length ?? 0;
      let fixture: Fixture;
      let version = 1;
      /** Places of the keys that are typed one after the other from the end of the line. */
      const type = (keys: string): string => {
        let at = { line, character: end };
        for (const key of keys) {
          version += 1;
          fixture.change(file, version, [{ range: { start: at, end: at }, text: key }]);
          at =
            key === '\n'
              ? { line: at.line + 1, character: 0 }
              : { line: at.line, character: at.character + 1 };
        }
        const lines = text.split('\n');
        lines[line] += keys;
        return lines.join('\n');
      };
      const hover = (below: number) =>
        fixture.client.request<{ contents: { value: string } } | null>('textDocument/hover', {
          textDocument: { uri: fixture.uri(file) },
          position: { line: line + below, character: 4 },
        });

      beforeEach(async () => {
        version = 1;
        const others = { 'web.identity.yaml': '', 'ca.identity.yaml': BACKEND };
        fixture = await openFixture({ capabilities: CONFIRMING, files: { ...others, [file]: text } });
        fixture.open(file);
        await fixture.pull(file);
      });
      afterEach(() => fixture.end());

      it('is read in the end as in a workspace opened just now', async () => {
        const now = type(typed);
        const report = await fixture.pull(file);
        assert.equal(
          report.items.some(({ code }) => /syntax|unknown/.test(code)),
          true,
        );
        const fresh = await openFixture({ files: { 'web.identity.yaml': '', 'ca.identity.yaml': BACKEND } });
        try {
          fresh.open(file, now);
          assert.deepEqual(shown(report), shown(await fresh.pull(file)));
        } finally {
          await fresh.end();
        }
      });

      it('answers from what was read last while the text is broken', async () => {
        const before = await hover(0);
        assert.match(before?.contents.value ?? '', /duration/i);
        type(': [');
        const answered: string[] = [];
        const pulled = fixture.pull(file).then(({ items }) => {
          answered.push('diagnostics');
          return items;
        });
        const hovered = hover(0).then((found) => {
          answered.push('hover');
          return found;
        });
        assert.deepEqual(await hovered, before);
        assert.equal(
          (await pulled).some(({ code }) => code.endsWith('-syntax')),
          true,
        );
        assert.deepEqual(answered, ['hover', 'diagnostics']);
      });

      it('completes in the text as it was typed last', async () => {
        type(syntax === 'YAML' ? '\n  ren' : ',\n    "ren');
        const { items } = await fixture.client.request<{ items: { label: string }[] }>(
          'textDocument/completion',
          {
            textDocument: { uri: fixture.uri(file) },
            position: { line: line + 1, character: syntax === 'YAML' ? 5 : 8 },
          },
        );
        assert.equal(
          items.some(({ label }) => label === 'renewal'),
          true,
        );
      });

      it('is not acted on while it is not saved', async () => {
        type(' ');
        const { result } = await fixture.run('idac.run', { verb: 'issue', identity: IDENTITY });
        assert.deepEqual([result.refused, result.code], [true, 'refused/dirty-manifest']);
      });

      it('names what is done when it is gone', async () => {
        type(typed);
        fixture.client.notify('textDocument/didClose', { textDocument: { uri: fixture.uri(file) } });
        assert.deepEqual(
          shown(await fixture.pull(file)).filter(({ code }) => /syntax/.test(code)),
          [],
        );
      });
    });
  }
});
