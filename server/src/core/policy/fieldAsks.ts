/**
 * What policies say of a field before anything is wrong there: for whoever writes the manifest, where a finding is for whoever
 * wrote it.
 */
import type { JsonValue, ManifestPath } from '../manifest/path.ts';
import type { Resource } from '../manifest/resource.ts';
import type { Ask } from './boundPolicy.ts';
import type { PoliciesInForce } from './policiesInForce.ts';
import type { JudgingRules } from './said.ts';

/** A field of a manifest that is being written: it may have mistakes, and the field may not be there yet. */
export interface FieldPlace {
  readonly resource: Resource;
  readonly path: ManifestPath;
  /** The day (UTC) that it is judged on. */
  readonly day: string;
}

/** What one ask says of one field. */
export interface FieldWord {
  /** It has to be there. */
  readonly required?: true;
  /** Nothing may stand there. */
  readonly forbidden?: true;
  /** What is asked of it, in sentences, as plain text. */
  readonly says: readonly string[];
  /** Values that the policy names. */
  readonly offers: readonly JsonValue[];
  /** Whether a value may stand there; left out: any. */
  fits?(value: JsonValue): boolean;
  /** Where it stands below the ask's own place in the policy. */
  readonly at: ManifestPath;
}

export interface FieldAsk extends FieldWord {
  readonly ask: Ask;
}

/** What is asked of each field of one manifest. */
export type FieldAsks = (path: ManifestPath) => readonly FieldAsk[];

/** By the policies that select it. */
export function fieldAsksOf(resource: Resource, inForce: PoliciesInForce, rules: JudgingRules): FieldAsks {
  const { asks } = inForce.effectOn(resource);
  return (path) =>
    asks.flatMap((ask) => {
      const place = { resource, path, day: inForce.day };
      const words = ask.ofField?.(place) ?? rules.get(ask.rule)?.ofField?.(place, ask.parameters) ?? [];
      return [...words].map((word) => ({ ...word, ask }));
    });
}

/** Of what several policies ask of a field, what its values may be. */
export function fitsAll(asks: readonly FieldAsk[], value: JsonValue): boolean {
  return asks.every((ask) => ask.fits?.(value) ?? true);
}
