import type { Range } from '../../text/position.ts';
import { ansible } from './ansible.ts';
import { argocdVaultPlugin } from './argocdVaultPlugin.ts';
import type { ReferenceForm } from './referenceForm.ts';
import { vals } from './vals.ts';

/** What stands in a file already counts more than where the file lies. */
const FORMS: readonly ReferenceForm[] = [argocdVaultPlugin, vals, ansible];

const YAML = /\.ya?ml$/i;
/** From the beginning of the line: further on it may stand in another value. */
const KEY = /^([ \t]*(?:-[ \t]+)*)(["']?)([\w.-]+)\2[ \t]*:[ \t]+(["']?)$/;
const END = /^[ \t]*(?:[ \t]#.*)?\r?$/;
const INDENTATION = /^[ \t]*(?=\S)/;

/** A value that a reference can take the place of. */
export interface ReplaceableValue {
  readonly form: ReferenceForm;
  /** What the setting is called. */
  readonly name: string;
  /** With the quotes around the value: the reference needs its own. */
  readonly range: Range;
}

/** Undefined: a reference could not stand there, or what stands there is not the value as who reads the file takes it. */
export type FindReplaceable = (range: Range) => ReplaceableValue | undefined;

/** Undefined: who reads the file knows no reference to a store. */
export function referencesIn(file: string, text: string): FindReplaceable | undefined {
  const form = YAML.test(file) ? FORMS.find((each) => each.reads(file, text)) : undefined;
  if (form === undefined) return undefined;
  const lines = text.split('\n');
  return ({ start, end }) => {
    if (start.line !== end.line) return undefined;
    const line = lines[start.line] ?? '';
    const [, indentation = '', , name, quote = ''] = KEY.exec(line.slice(0, start.character)) ?? [];
    if (name === undefined) return undefined;
    const value = line.slice(start.character, end.character);
    const after = line.slice(end.character);
    if (!after.startsWith(quote) || !END.test(after.slice(quote.length))) return undefined;
    const isWhole =
      quote === ''
        ? isLastLine(indentation.length, lines[start.line + 1])
        : !value.includes(quote === '"' ? '\\' : "''");
    if (!isWhole) return undefined;
    const range = {
      start: { ...start, character: start.character - quote.length },
      end: { ...end, character: end.character + quote.length },
    };
    return { form, name, range };
  };
}

/** A value without quotes goes on in lines that are indented further than its key. */
function isLastLine(indentation: number, next = ''): boolean {
  return (INDENTATION.exec(next)?.[0].length ?? 0) <= indentation;
}

/** Where it is kept: by the file and the setting, so that it is found again. */
export function storePath(file: string, name: string): string {
  return [...file.replace(/\.[^./]+$/, '').split('/'), name]
    .map((part) => part.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, ''))
    .filter((part) => part !== '')
    .join('/');
}
