/** Fields that are not known, and those that are missing. */
import { NAME_TO_CHOOSE } from '../finding.ts';
import type { LocalFinding, LocalFix } from '../manifest/localFinding.ts';
import { isObject, type JsonValue, type ManifestPath, valueAt } from '../manifest/path.ts';
import { oneOf, quotable } from '../text/quote.ts';
import { likelyFields } from './likely.ts';
import type { Place } from './place.ts';
import { ANY_IDENTITY } from './references.ts';
import { KINDS, resolve, schemaAt, schemaOf } from './schemaAt.ts';
import type { Schema } from './schemaNode.ts';
import { exampleOf, fieldName, shortList } from './schemaWords.ts';

const MOST_FIXES = 5;
const MOST_KINDS = 3;

export function unknownField(
  parentPath: ManifestPath,
  key: string,
  root: Schema,
  value: JsonValue,
  place: Place,
): { finding: LocalFinding; meant: string | undefined } {
  const path = [...parentPath, key];
  const schema = schemaAt(root, parentPath);
  const known = Object.keys(schema?.properties ?? {});
  const parent = valueAt(value, parentPath);
  const isPresent = (field: string): boolean => isObject(parent) && Object.hasOwn(parent, field);
  const close = likelyFields(key, known).filter((each) => !isPresent(each));
  const [meant] = close;
  const kind = root.title ?? 'manifest';
  const name = quotable(key);
  const say = (hint: string, fixes: readonly LocalFix[]): LocalFinding =>
    place.finding(
      'manifest/unknown-field',
      `unknown field${name === undefined ? '' : ` ${name}`}; ${hint}`,
      path,
      {
        part: 'key',
        fixes,
      },
    );
  if (meant !== undefined) {
    const fixes = close.slice(0, MOST_FIXES).map((each, index) => place.replaceKey(path, each, index === 0));
    return { finding: say(`did you mean "${meant}"?`, fixes), meant };
  }
  if (key === 'namespace' && parentPath[0] === 'metadata') {
    const fix = place.remove(path);
    return { finding: say(`a ${kind} has no namespace; remove it`, fix === undefined ? [] : [fix]), meant };
  }
  const inner = fieldsWith(key, root, schema)[0];
  if (inner !== undefined) {
    const fix = isPresent(inner) ? undefined : place.wrap(path, inner);
    return { finding: say(`it belongs in "${inner}"`, fix === undefined ? [] : [fix]), meant };
  }
  const elsewhere = around(parentPath, key, root);
  if (elsewhere !== undefined) return { finding: say(`it belongs in "${elsewhere}"`, []), meant };
  const others = kindsWith(parentPath, key);
  const of = parentPath.length === 1 && parentPath[0] === 'spec' ? `a ${kind}` : fieldName(parentPath);
  const parentName = parentPath.length === 0 ? `a ${kind}` : of;
  if (others.length > 0) {
    const shown = others.length > MOST_KINDS ? 'other kinds' : oneOf(others);
    return {
      finding: say(`${shown} ${others.length > 1 ? 'have' : 'has'} it, ${article(kind)} has not`, []),
      meant,
    };
  }
  const free = known.filter((each) => !isPresent(each));
  const takes =
    known.length === 0
      ? 'has no such field'
      : free.length === 0
        ? 'has all its fields already'
        : `takes ${shortList(free)}`;
  return { finding: say(`${parentName} ${takes}`, []), meant };
}

const article = (kind: string): string => (/^[AEIOU]/.test(kind) ? `an ${kind}` : `a ${kind}`);

/** Fields of this map that have a field of that name: `contact` belongs in `owner`. */
function fieldsWith(key: string, root: Schema, schema: Schema | undefined): readonly string[] {
  return Object.entries(schema?.properties ?? {})
    .filter(([, inner]) => {
      const properties = resolve(root, inner).properties;
      return properties !== undefined && Object.hasOwn(properties, key);
    })
    .map(([name]) => name);
}

/** The map further out that has such a field: `labels` of `spec` belong in `metadata`. */
function around(parentPath: ManifestPath, key: string, root: Schema): string | undefined {
  for (let length = parentPath.length - 1; length >= 0; length--) {
    const at = parentPath.slice(0, length);
    const schema = schemaAt(root, at);
    const properties = schema?.properties;
    if (at.length > 0 && properties !== undefined && Object.hasOwn(properties, key)) return String(at.at(-1));
    const beside = fieldsWith(key, root, schema)[0];
    if (beside !== undefined && beside !== 'spec') return beside;
  }
  return undefined;
}

/** Kinds whose manifests have that field at the same place. */
function kindsWith(parentPath: ManifestPath, key: string): readonly string[] {
  return KINDS.filter((kind) => {
    const root = schemaOf(kind);
    const properties = root === undefined ? undefined : schemaAt(root, parentPath)?.properties;
    return properties !== undefined && Object.hasOwn(properties, key);
  });
}

/** `value`: the manifest, where the field is only needed because of what another one beside it says. */
export function missingField(
  path: ManifestPath,
  missing: string,
  root: Schema,
  place: Place,
  value?: JsonValue,
): LocalFinding {
  const schema = schemaAt(root, [...path, missing]);
  const example = exampleOf(schema);
  const [deciding] = value === undefined ? [] : Object.keys(schemaAt(root, path)?.if?.properties ?? {});
  if (deciding !== undefined) {
    const at = [...path, deciding];
    const shown = quotable(valueAt(value ?? null, at)) ?? 'this value';
    const needs = `${deciding} ${shown} needs "${missing}"${example === undefined ? '' : `; ${example}`}`;
    return place.finding('manifest/missing-field', needs, at, {
      fixes: additions(path, missing, schema, place),
    });
  }
  const parent = path.length === 0 ? 'the manifest' : fieldName(path);
  const message = `${parent} needs "${missing}"${example === undefined ? '' : `; ${example}`}`;
  return place.finding('manifest/missing-field', message, [...path, missing], {
    part: 'key',
    fixes: additions(path, missing, schema, place),
  });
}

/** What the field may hold. Preferred is what is beyond doubt: an example is no answer, and the project knows names. */
function additions(
  path: ManifestPath,
  missing: string,
  schema: Schema | undefined,
  place: Place,
): readonly LocalFix[] {
  const kind = schema?.['x-references'];
  if (kind !== undefined && kind !== ANY_IDENTITY) {
    const fix = place.addField(path, missing, NAME_TO_CHOOSE, true);
    return fix === undefined
      ? []
      : [{ ...fix, title: `Add ${missing}: ${NAME_TO_CHOOSE}`, choose: { kind, role: schema?.['x-role'] } }];
  }
  const values = schema?.enum ?? [schema?.default ?? schema?.examples?.[0]];
  return values.slice(0, MOST_FIXES).flatMap((value) => {
    const isSure = values.length === 1 && (schema?.enum !== undefined || schema?.default !== undefined);
    const fix = typeof value === 'string' ? place.addField(path, missing, value, isSure) : undefined;
    return fix === undefined
      ? []
      : [values.length === 1 ? fix : { ...fix, title: `Add ${missing}: ${String(value)}` }];
  });
}
