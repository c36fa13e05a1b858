/** Writes repositories with secrets in known places, and says what lies where. The same seed gives the same files. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Kind, readMarks } from './draft.ts';
import { CLEAN_KINDS, SECRET_KINDS } from './kinds/index.ts';
import { Random } from './random.ts';

export interface Label {
  /** Relative to the corpus' folder, with forward slashes. */
  readonly file: string;
  /** Counted from 1, both included. A binary file is one secret: its lines are 1 to the last. */
  readonly startLine: number;
  readonly endLine: number;
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
}

interface Made {
  readonly file: string;
  readonly content: string | Buffer;
  readonly labels: readonly Label[];
  readonly clean?: CleanFile;
}

const digestOf = (value: string | Buffer): string => createHash('sha256').update(value).digest('hex');
/** A byte a character, so that binary files count lines as editors do. */
const linesOf = (content: Buffer): number => content.toString('latin1').split('\n').length;

/** Files of one copy lie in one repository; a second one that wants the same path lies in a package of its own. */
function freePath(wanted: string, repository: string, taken: Set<string>): string {
  let file = `${repository}/${wanted}`;
  for (let at = 1; taken.has(file); at += 1) file = `${repository}/packages/p${at}/${wanted}`;
  taken.add(file);
  return file;
}

function make(kind: Kind, copy: number, seed: string, taken: Set<string>, isClean: boolean): Made {
  const { family, kind: name } = kind;
  const { path: wanted, content } = kind.make(new Random(seed).fork(`${family}/${name}/${copy}`));
  const file = freePath(wanted, `repository-${String(copy + 1).padStart(2, '0')}`, taken);
  if (isClean) return { file, content, labels: [], clean: { file, family, kind: name } };
  if (typeof content !== 'string') {
    const label = {
      file,
      startLine: 1,
      endLine: linesOf(content),
      family,
      kind: name,
      digest: digestOf(content),
    };
    return { file, content, labels: [label] };
  }
  const { text, planted } = readMarks(content);
  if (planted.length === 0) throw new Error(`${family}/${name} plants nothing`);
  const labels = planted.map(({ value, startLine, endLine }) => ({
    file,
    startLine,
    endLine,
    family,
    kind: name,
    digest: digestOf(value),
  }));
  return { file, content: text, labels };
}

/** Makes the corpus below `folder`, which must be empty or absent. */
export function writeCorpus(folder: string, seed: string, { copies = 2, cleanCopies }: Size = {}): Labels {
  const cleanTimes = cleanCopies ?? Math.ceil((copies * SECRET_KINDS.length) / CLEAN_KINDS.length);
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
  write(SECRET_KINDS, copies, false);
  write(CLEAN_KINDS, cleanTimes, true);
  return { seed, secrets, clean };
}
