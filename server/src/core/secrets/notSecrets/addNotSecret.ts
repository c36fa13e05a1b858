import { isMap, isSeq, parseDocument } from 'yaml';
import type { NotSecret } from './notSecretsFile.ts';

const HEAD = ` What \`idac scan\` found and somebody judged to be no secret. An entry goes by rule, keyed hash of the value and path;
 \`idac accept\` writes it. Values that are secret do not belong here: they are replaced.`;

/**
 * The file's text with one more entry, in the order of paths, so that two branches seldom add at the same place. `text` is
 * the file as it is and reads without a finding that is about all of it; undefined: there is none.
 */
export function addNotSecret(text: string | undefined, salt: string, entry: NotSecret): string {
  const document = parseDocument(text ?? '');
  if (!isMap(document.contents)) {
    document.contents = document.createNode({ salt, entries: [] }) as never;
    document.commentBefore = HEAD;
  }
  const list = document.get('entries', true) as unknown;
  if (!isSeq(list)) return text ?? '';
  const same = (item: unknown): boolean =>
    isMap(item) && (['rule', 'hash', 'path'] as const).every((name) => item.get(name) === entry[name]);
  const others = list.items.filter((item) => !same(item));
  const after = others.findIndex((item) => isMap(item) && String(item.get('path')) > entry.path);
  const { rule, hash, path, reason, until } = entry;
  const added = document.createNode({ rule, hash, path, reason, until });
  list.items = others.toSpliced(after === -1 ? others.length : after, 0, added);
  list.flow = false;
  return document.toString({ lineWidth: 0 });
}
