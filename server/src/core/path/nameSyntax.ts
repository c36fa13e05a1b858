/** Names as RFC 1034 (3.5, with RFC 1123, 2.1) and RFC 5321 (4.1.2) write them. */

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
const LONGEST_HOST = 253;

/** ASCII letters, digits and hyphens; a point at its end, and an underscore, belong to the DNS and not to a host. */
export function isHostName(text: string): boolean {
  return (
    text.length > 0 && text.length <= LONGEST_HOST && text.split('.').every((label) => LABEL.test(label))
  );
}

export function isMailbox(text: string): boolean {
  const at = text.lastIndexOf('@');
  if (at < 1 || at > 64 || !isHostName(text.slice(at + 1))) return false;
  return /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/.test(text.slice(0, at));
}
