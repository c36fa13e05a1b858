import type { Finding } from '../finding.ts';
import type { Position, Range } from '../text/position.ts';
import type { JsonValue, ManifestPath, PathPart } from './path.ts';
import type { Resource } from './resource.ts';

/** What stands at a position. */
export interface PathAt {
  /** Path of the entry whose key or value the position is in; of the parent, where it is on an empty line. */
  readonly path: ManifestPath;
  readonly part: PathPart;
  /** Range of that key or value in the file. */
  readonly range: Range;
}

/** One YAML document (or the one JSON value) of a file. */
export interface ManifestDocument {
  readonly index: number;
  /** First line of its part of the file; the part of the first document starts at 0. */
  readonly startLine: number;
  /** The line after its last. */
  readonly endLine: number;
  /** It is a manifest of ours; others in the file are left alone. */
  readonly ours: boolean;
  readonly text: string;
  /** Undefined: empty, or not understood. */
  readonly value: JsonValue | undefined;
  /** Ours, and has at least a kind and a name. */
  readonly resource: Resource | undefined;
  /** Syntax and schema; ranges in the file. */
  readonly findings: readonly Finding[];
  /** In the file; undefined where there is no such value. */
  locate(path: ManifestPath, part?: PathPart): Range | undefined;
  pathAt(position: Position): PathAt | undefined;
}

export interface ManifestFile {
  readonly path: string;
  readonly text: string;
  readonly documents: readonly ManifestDocument[];
  /** Of its own documents alone: syntax and schema. */
  readonly findings: readonly Finding[];
}
