import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import { formatPath } from '../../core/manifest/path.ts';
import type { Resource } from '../../core/manifest/resource.ts';
import type { BoundPolicy } from '../../core/policy/boundPolicy.ts';
import { defaultsFor, type FilledField, type Given, giverOf } from '../../core/policy/defaults.ts';
import { rangeJson } from '../output/findingsJson.ts';
import { BLANK, indent, type Line, line, paragraph, span } from '../output/text.ts';

/** What is filled in where a manifest says nothing, and who says so. */
export interface ExplainedDefaults {
  readonly fields: readonly (FilledField & {
    /** The manifest says it itself, and nothing is filled in. */
    readonly written: boolean;
  })[];
  /** Policies from outside, which fill in nothing. */
  readonly ignored: readonly BoundPolicy[];
}

export function explainDefaults(
  resource: Resource,
  index: ProjectIndex,
  policies: readonly BoundPolicy[],
): ExplainedDefaults {
  return {
    fields: defaultsFor(resource, index).fields.map((field) => ({
      ...field,
      written: resource.find(field.path) !== undefined,
    })),
    ignored: policies.filter(
      (each) => each.origin !== 'project' && each.resource.spec.defaults !== undefined,
    ),
  };
}

export function defaultsJson({ fields }: ExplainedDefaults): readonly Readonly<Record<string, unknown>>[] {
  return fields.map(({ path, given, gaveWay, conflict, written }) => ({
    field: formatPath(path),
    written,
    ...(given === undefined ? {} : { given: givenJson(given) }),
    gaveWay: gaveWay.map(givenJson),
    conflict: conflict.map(givenJson),
  }));
}

function givenJson({ by, at, value }: Given): Readonly<Record<string, unknown>> {
  return {
    value,
    by: { kind: by.kind, name: by.name, file: by.file, range: rangeJson(by.locate(at, 'key')) },
  };
}

export function defaultsText({ fields, ignored }: ExplainedDefaults, columns: number): readonly Line[] {
  if (fields.length === 0 && ignored.length === 0) return [];
  return [
    BLANK,
    ...paragraph([], 'Filled in where the manifest says nothing:', columns, 'quiet'),
    ...fields.flatMap(({ path, given, gaveWay, conflict, written }) => [
      line(span(`  ${formatPath(path)}`, 'accent'), '  ', ...stateOf({ given, conflict, written })),
      ...[...(given === undefined ? [] : [given]), ...conflict].flatMap((each) =>
        indent(4, paragraph([], placeOf(each), columns - 4, 'quiet')),
      ),
      ...gaveWay.flatMap((each) =>
        indent(4, paragraph([], `gave way: ${placeOf(each)}`, columns - 4, 'quiet')),
      ),
    ]),
    ...ignored.flatMap(({ resource: { name }, origin }) =>
      indent(
        2,
        paragraph(
          [],
          `policy ${name} from ${origin === 'project' ? 'here' : origin.name} fills in nothing, since it is not the project’s own`,
          columns - 2,
          'quiet',
        ),
      ),
    ),
  ];
}

function stateOf({
  given,
  conflict,
  written,
}: Pick<ExplainedDefaults['fields'][number], 'given' | 'conflict' | 'written'>) {
  if (written) return [span('the manifest says it', 'quiet')];
  const value = given === undefined ? [] : [JSON.stringify(given.value), '  '];
  return conflict.length === 0
    ? value
    : [...value, span('policies disagree, so none of them counts', 'error')];
}

function placeOf(given: Given): string {
  const { by, at, value } = given;
  return `${JSON.stringify(value)} by ${giverOf(given)}, ${by.file}:${by.locate(at, 'key').start.line + 1}`;
}
