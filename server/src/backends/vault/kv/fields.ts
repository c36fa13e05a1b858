import { Secret } from '../../../core/secret.ts';
import type { Delivery } from '../../contract.ts';
import type { Fields } from './secrets.ts';

/** Says which fields were delivered, and in which order: the server sorts them. */
const ORDER = 'contents';

/** One field for each content, PEM as it is; programs ask for `certificate`, `privateKey`, … by name. */
export function deliveredFields(contents: Delivery['contents']): Fields {
  const values = contents.map(({ what, pem }) => [what, pem.reveal()] as const);
  return { ...Object.fromEntries(values), [ORDER]: contents.map(({ what }) => what).join(' ') };
}

/** The fields' texts, those that were delivered first and in their order. */
export function textOf(fields: Fields): string {
  return orderOf(fields)
    .filter((name) => name !== ORDER)
    .map((name) => fields[name])
    .filter((value) => typeof value === 'string')
    .join('');
}

const HEAD = 'idac kv-v2 fields';

/**
 * All fields in one text that reads like a PEM file: a line that says where each begins, then the values as they are.
 * `fieldsIn` reads it back to the octet.
 */
export function contentOf(fields: Fields): Secret<Uint8Array> {
  const encoder = new TextEncoder();
  const parts = orderOf(fields).map((name) => {
    const value = fields[name];
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return { name, form: typeof value === 'string' ? 'text' : 'json', octets: encoder.encode(text) };
  });
  const index = parts.map(({ name, form, octets }) => [name, form, octets.length]);
  const head = encoder.encode(`${HEAD} ${JSON.stringify(index)}\n`);
  return new Secret(new Uint8Array(Buffer.concat([head, ...parts.map(({ octets }) => octets)])));
}

/** Undefined for content that `contentOf` did not make. */
export function fieldsIn(content: Secret<Uint8Array>): Fields | undefined {
  const octets = content.reveal();
  const end = octets.indexOf(0x0a);
  const decode = (part: Uint8Array): string =>
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(part);
  try {
    const head = decode(octets.subarray(0, Math.max(end, 0)));
    if (!head.startsWith(`${HEAD} `)) return undefined;
    const index: unknown = JSON.parse(head.slice(HEAD.length + 1));
    if (!Array.isArray(index)) return undefined;
    const fields: [string, unknown][] = [];
    let at = end + 1;
    for (const part of index) {
      if (!Array.isArray(part)) return undefined;
      const [name, form, length] = part as readonly unknown[];
      if (typeof name !== 'string' || typeof length !== 'number') return undefined;
      const text = decode(octets.subarray(at, at + length));
      fields.push([name, form === 'json' ? (JSON.parse(text) as unknown) : text]);
      at += length;
    }
    // Not by assignment: a field may be called __proto__.
    return at === octets.length ? Object.fromEntries(fields) : undefined;
  } catch {
    return undefined;
  }
}

function orderOf(fields: Fields): readonly string[] {
  const order = fields[ORDER];
  const named =
    typeof order === 'string' ? order.split(' ').filter((name) => Object.hasOwn(fields, name)) : [];
  const rest = Object.keys(fields)
    .filter((name) => !named.includes(name))
    .sort();
  return [...named, ...rest];
}
