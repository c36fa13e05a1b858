import { isDeviceName } from '../text/relativePath.ts';

/** DNS-1123 label: what resources are called. */
export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text);
}

/** The nearest DNS-1123 label: `Payments_API` → `payments-api`. Undefined when nothing is left. */
export function toDnsLabel(text: string): string | undefined {
  const label = text
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 63)
    .replace(/-$/, '');
  return isDnsLabel(label) && !isDeviceName(label) ? label : undefined;
}

export function isIpv4(text: string): boolean {
  if (!/^[0-9.]{7,15}$/.test(text)) return false;
  const parts = text.split('.');
  return (
    parts.length === 4 && parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255)
  );
}

/** RFC 4291, 2.2: eight groups, one `::`, an IPv4 tail. No zone, no prefix length. */
export function isIpv6(text: string): boolean {
  if (text.length > 45 || !/^[0-9a-fA-F:.]+$/.test(text)) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const all = groups.flat();
  const tail = all.at(-1);
  let count = all.length;
  if (tail?.includes('.')) {
    if (!isIpv4(tail) || text.endsWith(`${tail}::`)) return false;
    count += 1;
  }
  const hex = tail?.includes('.') ? all.slice(0, -1) : all;
  if (!hex.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  return halves.length === 2 ? count <= 7 : count === 8;
}
