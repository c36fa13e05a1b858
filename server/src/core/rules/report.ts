import type { Finding, Fix, RelatedPlace } from '../finding.ts';
import type { ManifestPath, PathPart } from '../manifest/path.ts';
import type { Resource } from '../manifest/resource.ts';
import { yamlText } from '../schema/place.ts';

type Report = Omit<Finding, 'rule' | 'severity'>;

interface Details {
  readonly part?: PathPart;
  readonly why?: string;
  readonly related?: readonly RelatedPlace[];
  readonly fixes?: readonly Fix[];
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
  };
}

export function relatedTo(
  resource: Pick<Resource, 'file' | 'locate'>,
  path: ManifestPath,
  message: string,
): RelatedPlace {
  return { message, file: resource.file, range: resource.locate(path) };
}

/** Writes another value where a scalar stands. */
export function replaceValue(
  resource: Pick<Resource, 'file' | 'locate'>,
  path: ManifestPath,
  value: string,
  preferred: boolean,
): Fix {
  const newText = yamlText(value);
  return {
    title: `Change to "${value}"`,
    preferred,
    edits: [{ file: resource.file, range: resource.locate(path), newText }],
  };
}
