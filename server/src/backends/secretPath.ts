import { BackendError } from './errors.ts';

/** The same form on every system: parts of plain characters between single slashes. */
export function checkPath(path: string): void {
  const parts = path.split('/');
  const fine = parts.every((part) => /^[A-Za-z0-9._@-]{1,200}$/.test(part) && part !== '.' && part !== '..');
  if (fine && path.length <= 1000) return;
  throw new BackendError({
    kind: 'invalid-request',
    what: `"${path.slice(0, 200)}" is no path of a secret`,
    hint: 'use letters, digits, ".", "_", "@" and "-", in parts that are separated by "/"',
  });
}
