/** The same mistake in other surroundings: behind a 🙂, with CRLF, as JSON, beside documents that are not whole. */
import { isAlias, isMap, isPair, isScalar, isSeq, type Node, parseAllDocuments } from 'yaml';
import { type Marked, type Mistake, rightText, type Theme, unmark, wrongText } from './mistake.ts';

/** One text with its mistake, as it is opened in the editor. */
export interface Planted extends Marked {
  readonly file: string;
  /** The text after the right fix; `null` where none can be right. */
  readonly right: string | null;
  /** The text without any mistake. */
  readonly whole: string;
  /** Characters of `text` in front of and behind the manifest itself. */
  readonly before: number;
  readonly after: number;
}

type Variant = (theme: Theme, mistake: Mistake) => Planted | undefined;

const HALF_TYPED = `apiVersion: identity-as-code/v1
kind: Token
metadata:
  name: half
spec:
  own`;
const BROKEN = `apiVersion: identity-as-code/v1
kind: Token
metadata: { name: broken
spec:
  owner: { team: shop }
`;

function framed(theme: Theme, mistake: Mistake, head: string, tail: string): Planted {
  const { text, start, end } = wrongText(theme, mistake);
  const right = rightText(theme, mistake);
  const around = (inner: string): string => head + inner + tail;
  return {
    file: theme.language === 'json' ? 'case.identity.json' : 'case.identity.yaml',
    text: around(text),
    start: head.length + start,
    end: head.length + end,
    right: right === null ? null : around(right),
    whole: around(theme.manifest),
    before: head.length,
    after: tail.length,
  };
}

const yaml =
  (head: string, tail: string): Variant =>
  (theme, mistake) =>
    theme.language === 'json' ? undefined : framed(theme, mistake, head, tail);

const smiling = (text: string): string => {
  const field = text.includes('"annotations"') ? 'labels' : 'annotations';
  return text.replace(/("met(?:a)?data"»?: \{)/, `$1 "${field}": { "note": "🙂🙂" },`);
};

const smile: Variant = (theme, mistake) => {
  if (theme.language !== 'json') return framed(theme, mistake, '# 🙂🙂 the shop\n', '');
  return mapped(framed(theme, mistake, '', ''), smiling);
};

function mapped(planted: Planted, change: (text: string) => string): Planted {
  const at = (offset: number): number => change(planted.text.slice(0, offset)).length;
  return {
    ...planted,
    text: change(planted.text),
    start: at(planted.start),
    end: at(planted.end),
    right: planted.right === null ? null : change(planted.right),
    whole: change(planted.whole),
    before: at(planted.before),
    after: change(planted.text).length - at(planted.text.length - planted.after),
  };
}

const crlf: Variant = (theme, mistake) =>
  mapped(framed(theme, mistake, '', ''), (text) => text.replaceAll('\n', '\r\n'));

const json: Variant = (theme, mistake) => inJson(theme, mistake, 'case.identity.json', (text) => text);
/** JSON is YAML's flow style; on one line the UTF-16 units in front of the token count. */
const oneLine: Variant = (theme, mistake) =>
  inJson(theme, mistake, 'case.identity.yaml', (text) => smiling(text.replace(/\n */g, ' ')));

function inJson(
  theme: Theme,
  mistake: Mistake,
  file: string,
  change: (text: string) => string,
): Planted | undefined {
  if (theme.language === 'json' || mistake.yamlOnly === true) return undefined;
  const wrong = wrongText(theme, mistake);
  const right = rightText(theme, mistake);
  const marked = asJson(wrong.text, wrong);
  const whole = asJson(theme.manifest);
  const rightJson = right === null ? null : asJson(right);
  if (marked === undefined || whole === undefined || rightJson === undefined) return undefined;
  const text = change(marked);
  if (text.includes('🙂') !== change(whole).includes('🙂')) return undefined;
  return {
    ...unmark(text),
    file,
    right: rightJson === null ? null : change(rightJson),
    whole: change(whole),
    before: 0,
    after: 0,
  };
}

/** The YAML document as indented JSON, with the marks around the node of that range; undefined where JSON cannot say it. */
function asJson(text: string, mark?: Marked): string | undefined {
  const documents = parseAllDocuments(text, { uniqueKeys: false });
  const [document] = documents;
  if (documents.length !== 1 || document === undefined || 'empty' in documents) return undefined;
  if (document.errors.length > 0 || /<<:|[&*]\w/.test(text)) return undefined;
  let seen = mark === undefined;
  const marked = (node: unknown, print: string): string => {
    const range = (node as Node | null)?.range;
    if (mark === undefined || range?.[0] !== mark.start || range[1] !== mark.end) return print;
    seen = true;
    return `«${print}»`;
  };
  const print = (node: unknown, indent: string): string => {
    const inner = `${indent}  `;
    const wrap = (open: string, items: readonly string[], close: string): string =>
      items.length === 0
        ? open + close
        : `${open}\n${items.map((item) => inner + item).join(',\n')}\n${indent}${close}`;
    if (isMap(node)) {
      const entries = node.items.map((pair) => {
        const value = print(pair.value, inner);
        const key = marked(pair.key, JSON.stringify(String(isScalar(pair.key) ? pair.key.value : pair.key)));
        // What has no value in YAML has the value `null` in JSON, and that is the wrong token.
        const empty = key.startsWith('«') && value === 'null';
        return empty ? `${key.slice(1, -1)}: «null»` : `${key}: ${value}`;
      });
      return marked(node, wrap('{', entries, '}'));
    }
    if (isSeq(node))
      return marked(
        node,
        wrap(
          '[',
          node.items.map((item) => print(item, inner)),
          ']',
        ),
      );
    if (isScalar(node)) return marked(node, JSON.stringify(node.value));
    if (node === null) return 'null';
    throw new Error(`no JSON for ${isAlias(node) ? 'an alias' : isPair(node) ? 'a pair' : typeof node}`);
  };
  const printed = `${print(document.contents, '')}\n`;
  return seen ? printed : undefined;
}

/** Each way to plant a mistake, by what it is called in the table of figures. */
export const VARIANTS: Readonly<Record<string, Variant>> = {
  'as it is': (theme, mistake) => framed(theme, mistake, '', ''),
  'after 🙂': smile,
  'one line, after 🙂': oneLine,
  CRLF: crlf,
  JSON: json,
  'behind a half-typed document': yaml(`${HALF_TYPED}\n---\n`, ''),
  'before a half-typed document': yaml('', `---\n${HALF_TYPED}`),
  'between broken documents': yaml(`${BROKEN}---\n`, `---\n${BROKEN.replace('broken', 'torn')}`),
};
