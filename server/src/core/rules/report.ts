import type { Acts, Finding, Fix, RelatedPlace } from '../finding.ts';
import { type Choice, NAME_TO_CHOOSE } from '../finding.ts';
import type { ManifestPath, PathPart } from '../manifest/path.ts';
import type { Resource } from '../manifest/resource.ts';
import { yamlText } from '../schema/place.ts';

type Report = Omit<Finding, 'rule' | 'severity'>;

interface Details {
  readonly part?: PathPart;
  readonly why?: string;
  readonly related?: readonly RelatedPlace[];
  readonly fixes?: readonly Fix[];
  readonly acts?: Acts;
}

/** What a rule says about one place of a resource. */
export function report(
  resource: Pick<Resource, 'id' | 'file' | 'locate'>,
  path: ManifestPath,
  message: string,
  details: Details = {},
): Report {
  return {
    message,
    identity: resource.id,
    file: resource.file,
    range: resource.locate(path, details.part ?? 'value'),
    ...(details.why === undefined ? {} : { why: details.why }),
    related: details.related ?? [],
    fixes: details.fixes ?? [],
    ...(details.acts === undefined ? {} : { acts: details.acts }),
  };
}

export function relatedTo(
  resource: Pick<Resource, 'file' | 'locate'>,
  path: ManifestPath,
  message: string,
): RelatedPlace {
  return { message, file: resource.file, range: resource.locate(path) };
}

/** Writes another value where a scalar stands, in the quotes that are there. */
export function replaceValue(
  resource: Pick<Resource, 'file' | 'locate' | 'source'>,
  path: ManifestPath,
  value: string,
  preferred: boolean,
): Fix {
  const isQuoted = resource.source(path)?.startsWith('"') === true;
  const newText = isQuoted ? JSON.stringify(value) : yamlText(value);
  return {
    title: `Change to "${value}"`,
    preferred,
    edits: [{ file: resource.file, range: resource.locate(path), newText }],
  };
}

/** Takes an item out of a list; undefined where it is the only one. */
export function removeItem(
  resource: Pick<Resource, 'file' | 'find'>,
  list: ManifestPath,
  index: number,
): Fix | undefined {
  const [before, it, after] = [index - 1, index, index + 1].map((each) =>
    each < 0 ? undefined : resource.find([...list, each]),
  );
  if (it === undefined) return undefined;
  const range =
    before !== undefined
      ? { start: before.end, end: it.end }
      : after !== undefined
        ? { start: it.start, end: after.start }
        : undefined;
  if (range === undefined) return undefined;
  return { title: 'Remove it', preferred: true, edits: [{ file: resource.file, range, newText: '' }] };
}

/** Writes a field behind another one of the same map, with a name that the project chooses. */
export function addName(
  resource: Pick<Resource, 'file' | 'find' | 'source'>,
  parent: ManifestPath,
  behind: string,
  field: string,
  choose: Choice,
): Fix | undefined {
  const key = resource.find([...parent, behind], 'key');
  const value = resource.find([...parent, behind]);
  if (key === undefined || value === undefined) return undefined;
  const map = resource.source(parent) ?? '';
  const entry = /^\{\s*"/.test(map) ? `"${field}": "${NAME_TO_CHOOSE}"` : `${field}: ${NAME_TO_CHOOSE}`;
  const isFlow = map.startsWith('{');
  const line = `\n${' '.repeat(key.start.character)}`;
  const between = isFlow ? (map.includes('\n') ? `,${line}` : ', ') : line;
  const range = { start: value.end, end: value.end };
  return {
    title: `Add ${field}: ${NAME_TO_CHOOSE}`,
    preferred: true,
    edits: [{ file: resource.file, range, newText: between + entry }],
    choose,
  };
}

/** Writes a list of texts in front of another field of the same map. */
export function addBefore(
  resource: Pick<Resource, 'file' | 'find' | 'source'>,
  parent: ManifestPath,
  before: string,
  field: string,
  items: readonly string[],
): Fix | undefined {
  const key = resource.find([...parent, before], 'key');
  if (key === undefined) return undefined;
  const map = resource.source(parent) ?? '';
  const isJson = /^\{\s*"/.test(map);
  const list = `[${items.map((item) => (isJson ? JSON.stringify(item) : yamlText(item))).join(', ')}]`;
  const line = `\n${' '.repeat(key.start.character)}`;
  const behind = map.startsWith('{') ? (map.includes('\n') ? `,${line}` : ', ') : line;
  const range = { start: key.start, end: key.start };
  const newText = `${isJson ? JSON.stringify(field) : field}: ${list}${behind}`;
  return {
    title: `Add ${field}: ${list}`,
    preferred: true,
    edits: [{ file: resource.file, range, newText }],
  };
}
