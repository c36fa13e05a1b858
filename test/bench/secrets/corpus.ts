/** Writes repositories with secrets in known places, and says what lies where. The same seed gives the same files. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encode, type Kind, type Planted, readMarks } from './draft.ts';
import { CLEAN_KINDS, SECRET_KINDS } from './kinds/index.ts';
import { Random } from './random.ts';

export interface Label {
  /** Relative to the corpus' folder, with forward slashes. */
  readonly file: string;
  /** Counted from 1; the end is where the next character would stand. A binary file is one secret from its first byte to its last. */
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly family: string;
  readonly kind: string;
  /** SHA-256 of the planted text. */
  readonly digest: string;
}

export interface CleanFile {
  readonly file: string;
  readonly family: string;
  readonly kind: string;
}

export interface Labels {
  readonly seed: string;
  readonly secrets: readonly Label[];
  readonly clean: readonly CleanFile[];
}

export interface Size {
  /** How often each kind of file with a secret is made. */
  readonly copies?: number;
  /** The same of clean files; left out, so often that there are at least as many clean files as others. */
  readonly cleanCopies?: number;
  /** Of all kinds only those of this half: what a scanner is improved on says nothing of what it finds elsewhere. */
  readonly half?: Half;
}

export type Half = 'practice' | 'held-out';

/** Decided by its name alone, so that a new kind moves no other. */
function halfOf({ family, kind }: Kind): Half {
  const [first = 0] = createHash('sha256').update(`${family}/${kind}`).digest();
  return first % 2 === 0 ? 'practice' : 'held-out';
}

interface Made {
  readonly file: string;
  readonly content: Buffer;
  readonly labels: readonly Label[];
  readonly clean?: CleanFile;
}

/** Files of one copy lie in one repository; a second one that wants the same path lies in a package of its own. */
function freePath(wanted: string, repository: string, taken: Set<string>): string {
  let file = `${repository}/${wanted}`;
  for (let at = 1; taken.has(file); at += 1) file = `${repository}/packages/p${at}/${wanted}`;
  taken.add(file);
  return file;
}

function make(kind: Kind, copy: number, seed: string, taken: Set<string>, isClean: boolean): Made {
  const { family, kind: name } = kind;
  const { path: wanted, content, encoding } = kind.make(new Random(seed).fork(`${family}/${name}/${copy}`));
  const file = freePath(wanted, `repository-${String(copy + 1).padStart(2, '0')}`, taken);
  const bytes = (text: string | Buffer): Buffer => (typeof text === 'string' ? encode(text, encoding) : text);
  if (isClean) return { file, content: bytes(content), labels: [], clean: { file, family, kind: name } };
  const text = typeof content === 'string' ? readMarks(content) : wholeFile(content);
  if (text.planted.length === 0) throw new Error(`${family}/${name} plants nothing`);
  const labels = text.planted.map(({ value, ...place }) => ({
    file,
    ...place,
    family,
    kind: name,
    digest: createHash('sha256').update(value, 'latin1').digest('hex'),
  }));
  return { file, content: bytes(text.text), labels };
}

/** A byte a character, so that binary files have lines as texts have. */
function wholeFile(content: Buffer): { readonly text: Buffer; readonly planted: readonly Planted[] } {
  const value = content.toString('latin1');
  const rows = value.split('\n');
  const endColumn = (rows.at(-1)?.length ?? 0) + 1;
  const place = { startLine: 1, startColumn: 1, endLine: rows.length, endColumn };
  return { text: content, planted: [{ value, ...place }] };
}

/** Makes the corpus below `folder`, which must be empty or absent. */
export function writeCorpus(
  folder: string,
  seed: string,
  { copies = 2, cleanCopies, half }: Size = {},
): Labels {
  const wanted = (kinds: readonly Kind[]): readonly Kind[] =>
    half === undefined ? kinds : kinds.filter((kind) => halfOf(kind) === half);
  const [secretKinds, cleanKinds] = [wanted(SECRET_KINDS), wanted(CLEAN_KINDS)];
  const cleanTimes = cleanCopies ?? Math.ceil((copies * secretKinds.length) / cleanKinds.length);
  const taken = new Set<string>();
  const secrets: Label[] = [];
  const clean: CleanFile[] = [];
  const write = (kinds: readonly Kind[], times: number, isClean: boolean): void => {
    for (let copy = 0; copy < times; copy += 1) {
      for (const kind of kinds) {
        const made = make(kind, copy, seed, taken, isClean);
        const target = path.join(folder, made.file);
        mkdirSync(path.dirname(target), { recursive: true });
        writeFileSync(target, made.content);
        secrets.push(...made.labels);
        if (made.clean !== undefined) clean.push(made.clean);
      }
    }
  };
  write(secretKinds, copies, false);
  write(cleanKinds, cleanTimes, true);
  return { seed, secrets, clean };
}
