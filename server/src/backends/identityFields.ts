import type { IdentityId } from '../core/identity/identityId.ts';
import { isRecord } from './jsonFile.ts';

/** An identity as a state file holds it; undefined for anything else. */
export function parseIdentityFields(value: unknown): IdentityId | undefined {
  if (!isRecord(value)) return undefined;
  const { apiVersion, kind, namespace, name } = value;
  return typeof apiVersion === 'string' &&
    typeof kind === 'string' &&
    typeof namespace === 'string' &&
    typeof name === 'string'
    ? { apiVersion, kind, namespace, name }
    : undefined;
}
