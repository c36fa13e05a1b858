import { isObject } from '../manifest/path.ts';

/** Project file in which an embedded authority publishes its roots, by the backend's specification. */
export function publishedRoots(spec: unknown): string | undefined {
  const authority = isObject(spec) ? spec['authority'] : undefined;
  const publish = isObject(authority) ? authority['publish'] : undefined;
  const roots = isObject(publish) ? publish['roots'] : undefined;
  return typeof roots === 'string' ? roots : undefined;
}
