import { BackendError } from '../errors.ts';

/**
 * A path of the API out of names. Each part is encoded, so that none leads elsewhere; a part that the server would read as
 * a way up, or as none, is refused.
 */
export function apiPath(mount: string, ...names: readonly string[]): string {
  return [...mount.split('/'), ...names.flatMap((name) => name.split('/'))].map(part).join('/');
}

function part(text: string): string {
  if (text !== '' && text !== '.' && text !== '..' && !/\p{Cc}/u.test(text)) return encodeURIComponent(text);
  throw new BackendError({
    kind: 'invalid-request',
    what: `"${text.slice(0, 80)}" cannot stand in a path of the server`,
    hint: 'use letters, digits, ".", "_", "@" and "-", in parts that are separated by "/"',
  });
}
