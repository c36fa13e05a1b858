import { nearest } from '../../text/nearest.ts';
import { quotable } from '../../text/quote.ts';
import type { TreeProblem } from '../buildTree.ts';
import { MANIFEST_LIMITS } from '../limits.ts';
import type { Span } from '../tree.ts';
import { insertion, type SyntaxFix, type SyntaxMistake } from './mistake.ts';

interface TreeMistake extends SyntaxMistake {
  readonly rule: string;
  readonly related: readonly (Span & { readonly message: string })[];
}

/** What is wrong with a text that is YAML all the same. */
export function treeMistakes(text: string, problems: readonly TreeProblem[]): readonly TreeMistake[] {
  const second = secondManifest(problems);
  return second === undefined ? problems.map((problem) => mistakeOf(text, problem)) : [second];
}

/** A manifest that has all its parts twice is two manifests, without the line between them. */
function secondManifest(problems: readonly TreeProblem[]): TreeMistake | undefined {
  const twice = problems.filter((problem) => problem.what === 'duplicate-key' && !problem.flow);
  const [version, kind] = ['apiVersion', 'kind'].map((key) =>
    twice.find((problem) => problem.what === 'duplicate-key' && problem.key === key),
  );
  if (version?.what !== 'duplicate-key' || kind === undefined || twice.length < problems.length)
    return undefined;
  const first = Math.min(version.start, kind.start);
  const { start, end } = first === version.start ? version : kind;
  return {
    rule: 'manifest/duplicate-key',
    start,
    end,
    message: `a second manifest begins with this ${first === version.start ? 'apiVersion' : 'kind'}; put a line --- between the two`,
    related: [{ ...version.first, message: 'the first one' }],
    fixes: [{ title: 'Put --- before it', preferred: true, edits: [insertion(start, '---\n')] }],
  };
}

function mistakeOf(text: string, problem: TreeProblem): TreeMistake {
  const { start, end } = problem;
  const mistake = (rule: string, message: string, fixes: readonly SyntaxFix[] = []): TreeMistake => ({
    rule: `manifest/${rule}`,
    start,
    end,
    message,
    related: [],
    fixes,
  });
  switch (problem.what) {
    case 'duplicate-key': {
      const name = quotable(problem.key) ?? 'this key';
      const message = `${name} is there twice in one map; only one can count, so remove one of them`;
      const remove = {
        title: 'Remove this one',
        preferred: problem.same,
        edits: [removal(text, problem.entry, problem.flow)],
      };
      return {
        ...mistake('duplicate-key', message, [remove]),
        related: [{ ...problem.first, message: 'the first one' }],
      };
    }
    case 'bad-key':
      return mistake('yaml-syntax', 'a key is a map or a list here; in a manifest keys are text');
    case 'no-space': {
      const title = 'Add a space after the colon';
      const key = text.slice(start, problem.colon);
      return mistake('yaml-syntax', `a space is missing after the colon; write ${key} and then the value`, [
        { title, preferred: true, edits: [insertion(problem.colon, ' ')] },
      ]);
    }
    case 'unknown-alias':
      return unknownAlias(text, problem, mistake);
    case 'too-many-aliases':
      return mistake(
        'too-many-aliases',
        `aliases repeat more than ${MANIFEST_LIMITS.aliasedValues} values; write fewer of them`,
      );
    case 'bad-merge':
      return mistake('wrong-type', 'a merge key (<<) takes a map or a list of maps, such as <<: *defaults');
    default:
      return problem satisfies never;
  }
}

function unknownAlias(
  text: string,
  { start, end, name, anchors }: Extract<TreeProblem, { readonly what: 'unknown-alias' }>,
  mistake: (rule: string, message: string, fixes?: readonly SyntaxFix[]) => TreeMistake,
): TreeMistake {
  const becomes = (title: string, newText: string): SyntaxFix => ({
    title,
    preferred: true,
    edits: [{ start, end, newText }],
  });
  const written = text.slice(start, end);
  if (name.startsWith('.') || name === '') {
    const shown = quotable(written) ?? 'a text that begins with *';
    return mistake('unknown-alias', `${shown} needs quotes: a plain * begins an alias`, [
      becomes('Put it in quotes', JSON.stringify(written)),
    ]);
  }
  const meant = nearest(name, anchors)[0];
  const known = quotable(name)?.slice(1, -1);
  const which =
    known === undefined ? 'this alias names no anchor above it' : `no anchor is called "${known}" above`;
  if (meant !== undefined)
    return mistake('unknown-alias', `${which}; did you mean *${meant}?`, [
      becomes(`Change to *${meant}`, `*${meant}`),
    ]);
  return mistake(
    'unknown-alias',
    `${which}; write the value, or set the anchor before it: &${known ?? 'name'}`,
  );
}

/** What to take away so that an entry is gone: its lines, or in brackets the comma before it, too. */
function removal(
  text: string,
  { start, end }: Span,
  flow: boolean,
): { start: number; end: number; newText: string } {
  if (flow) {
    const before = /,\s*$/.exec(text.slice(Math.max(0, start - 500), start))?.[0].length;
    if (before !== undefined) return { start: start - before, end, newText: '' };
    const after = /^\s*,\s*/.exec(text.slice(end, end + 500))?.[0].length ?? 0;
    return { start, end: end + after, newText: '' };
  }
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const trimmed = start + text.slice(start, end).trimEnd().length;
  const newline = text.indexOf('\n', trimmed);
  return { start: from, end: newline === -1 ? text.length : newline + 1, newText: '' };
}
