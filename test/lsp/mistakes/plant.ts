/** Plants one mistake in an open language server, as an editor would, and says what came of it. */
import { isDeepStrictEqual } from 'node:util';
import { parseAllDocuments } from 'yaml';
import type { Position, Range } from '../../support/lspClient.ts';
import type { Diagnostic, Fixture } from '../fixture.ts';
import type { Mistake } from './mistake.ts';
import type { Planted } from './variants.ts';

export interface Verdict {
  /** Something was found on the line of the mistake. */
  readonly found: boolean;
  /** Exactly one finding, on exactly the marked token, of the expected rule. */
  readonly exact: boolean;
  /** It says what is wrong and what would be right. */
  readonly said: boolean;
  /** The preferred fix is the right one, and takes the finding away without bringing another; where none can be right, none is preferred. */
  readonly fixed: boolean;
  /** What was there in place of what was expected. */
  readonly instead: string;
}

interface Action {
  readonly title: string;
  readonly isPreferred?: boolean;
  readonly edit?: {
    readonly documentChanges?: readonly {
      readonly textDocument: { readonly uri: string };
      readonly edits: readonly { readonly range: Range; readonly newText: string }[];
    }[];
  };
}

export async function plant(fixture: Fixture, planted: Planted, mistake: Mistake): Promise<Verdict> {
  const { file, text } = planted;
  const uri = fixture.uri(file);
  let version = 1;
  const foundIn = async (next: string): Promise<readonly Diagnostic[]> => {
    fixture.change(file, ++version, [{ text: next }]);
    return (await fixture.pull(file)).items;
  };
  fixture.open(file, planted.whole);
  const outside = (await fixture.pull(file)).items;
  const items = await foundIn(text);
  const lines = lineStarts(text);
  const first = positionAt(lines, planted.before).line;
  const last = positionAt(lines, text.length - planted.after).line;
  const inside = items.filter(
    ({ range }) => range.start.line >= first && (range.start.line < last || planted.after === 0),
  );
  const token: Range = { start: positionAt(lines, planted.start), end: positionAt(lines, planted.end) };
  const onToken = inside.find(({ range, code }) => isDeepStrictEqual(range, token) && code === mistake.rule);
  const chosen = onToken ?? inside[0];
  const said = chosen !== undefined && mistake.says.every((word) => chosen.message.includes(word));
  const found = inside.some(
    ({ range }) => range.start.line <= token.end.line && range.end.line >= token.start.line,
  );
  const calm = items.length - inside.length === outside.length;

  const actions = chosen === undefined ? [] : await quickFixes(fixture, uri, chosen);
  const preferred = actions.filter(({ isPreferred }) => isPreferred === true);
  let fixed = false;
  let after: string | undefined;
  let left: readonly Diagnostic[] = [];
  if (planted.right === null) fixed = preferred.length === 0;
  else if (preferred.length === 1 && preferred[0] !== undefined) {
    after = applied(text, preferred[0], uri);
    left = await foundIn(after);
    fixed =
      sameManifests(after, planted.right) &&
      keptLines(text, planted.right, after) &&
      left.length === outside.length;
  }
  fixture.client.notify('textDocument/didClose', { textDocument: { uri } });
  const exact = inside.length === 1 && onToken !== undefined && calm;
  return {
    found,
    exact,
    said,
    fixed,
    instead: [
      ...(exact
        ? []
        : [
            `found ${inside.map((item) => `${item.code} on ${show(text, lines, item.range)}`).join(' and ') || 'nothing'}${calm ? '' : ', and something outside'}`,
          ]),
      ...(said ? [] : [`said ${JSON.stringify(chosen?.message ?? '')}`]),
      ...(fixed
        ? []
        : [
            `fix ${JSON.stringify(preferred.map(({ title }) => title))} of ${actions.length}`,
            ...left.map(({ code, message }) => `then ${code}: ${message}`),
            ...(after === undefined ? [] : [JSON.stringify(after.slice(0, 0))]),
          ]),
    ].join('; '),
  };
}

const quickFixes = (fixture: Fixture, uri: string, item: Diagnostic): Promise<readonly Action[]> =>
  fixture.client.request<readonly Action[]>('textDocument/codeAction', {
    textDocument: { uri },
    range: item.range,
    context: { diagnostics: [item], only: ['quickfix'] },
  });

function applied(text: string, action: Action, uri: string): string {
  const lines = lineStarts(text);
  const edits = (action.edit?.documentChanges ?? [])
    .filter(({ textDocument }) => textDocument.uri === uri)
    .flatMap(({ edits }) => edits)
    .map(({ range, newText }) => ({
      start: offsetAt(lines, range.start),
      end: offsetAt(lines, range.end),
      newText,
    }))
    .sort((one, other) => other.start - one.start);
  return edits.reduce((now, { start, end, newText }) => now.slice(0, start) + newText + now.slice(end), text);
}

/** Layout is the fix's own affair; what the manifests say is not. */
function sameManifests(one: string, other: string): boolean {
  const values = (text: string): readonly unknown[] =>
    [...parseAllDocuments(text, { uniqueKeys: false, logLevel: 'silent' })].map((document) =>
      document.errors.length > 0 ? 'broken' : document.toJS({ maxAliasCount: 10 }),
    );
  return isDeepStrictEqual(values(one), values(other));
}

/** Lines that are the same in the wrong and in the right text are still there, with their ends. */
function keptLines(wrong: string, right: string, after: string): boolean {
  const expected = new Set(right.split(/(?<=\n)/));
  const there = new Set(after.split(/(?<=\n)/));
  return wrong.split(/(?<=\n)/).every((line) => !expected.has(line) || there.has(line));
}

const lineStarts = (text: string): readonly number[] => [
  0,
  ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1),
];

function positionAt(lines: readonly number[], offset: number): Position {
  const line = lines.findLastIndex((start) => start <= offset);
  return { line, character: offset - (lines[line] ?? 0) };
}

const offsetAt = (lines: readonly number[], { line, character }: Position): number =>
  (lines[line] ?? Number.POSITIVE_INFINITY) + character;

const show = (text: string, lines: readonly number[], { start, end }: Range): string =>
  `${start.line + 1}:${start.character + 1} ${JSON.stringify(text.slice(offsetAt(lines, start), offsetAt(lines, end)).slice(0, 60))}`;
