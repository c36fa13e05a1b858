import type { Range } from '../../text/position.ts';
import { ansible } from './ansible.ts';
import { argocdVaultPlugin } from './argocdVaultPlugin.ts';
import type { ReferenceForm } from './referenceForm.ts';
import { vals } from './vals.ts';

/** What stands in a file already counts more than where the file lies. */
const FORMS: readonly ReferenceForm[] = [argocdVaultPlugin, vals, ansible];

const YAML = /\.ya?ml$/i;
const NAME = /([\w.-]+)["']?[ \t]*:[ \t]*["']?$/;
const PLAIN = /(?:^|[ \t])(?:[\w.-]+:|-)[ \t]+$/;
const END = /^[ \t]*(?:#.*)?\r?$/;

/** A value that a reference can take the place of. */
export interface ReplaceableValue {
  readonly form: ReferenceForm;
  /** What the setting is called. */
  readonly name: string;
  /** With the quotes around the value: the reference needs its own. */
  readonly range: Range;
}

/** Undefined: who reads the file knows no reference to a store, or it could not stand there. */
export function referenceAt(file: string, text: string, { start, end }: Range): ReplaceableValue | undefined {
  const form = YAML.test(file) ? FORMS.find((each) => each.reads(file, text)) : undefined;
  if (form === undefined || start.line !== end.line) return undefined;
  const line = text.split('\n')[start.line] ?? '';
  const before = line.slice(0, start.character);
  const after = line.slice(end.character);
  const name = NAME.exec(before)?.[1];
  if (name === undefined) return undefined;
  const quote = before.at(-1);
  if ((quote === '"' || quote === "'") && after.startsWith(quote)) {
    const range = {
      start: { ...start, character: start.character - 1 },
      end: { ...end, character: end.character + 1 },
    };
    return { form, name, range };
  }
  return PLAIN.test(before) && END.test(after) ? { form, name, range: { start, end } } : undefined;
}

/** Where it is kept: by the file and the setting, so that it is found again. */
export function storePath(file: string, name: string): string {
  return [...file.replace(/\.[^./]+$/, '').split('/'), name]
    .map((part) => part.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, ''))
    .filter((part) => part !== '')
    .join('/');
}
