import { isIpv4, isIpv6 } from '../names.ts';
import { aLabelProblem, mapped, toALabel, uLabelProblem } from './idna.ts';
import { type FormatProblem, problem, shown } from './problem.ts';

interface Wrong {
  readonly why: string;
  readonly instead?: string;
}

/** RFC 1123, 2.1. */
const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;

/** A host name; `wildcard`: its leftmost label may be `*` (RFC 6125, 6.4.3). */
export function hostName(text: string, wildcard: boolean): FormatProblem | undefined {
  const wrong = hostNameProblem(text, { wildcard });
  if (wrong === undefined) return undefined;
  const instead =
    wrong.instead !== undefined && isHostName(wrong.instead, { wildcard }) ? wrong.instead : undefined;
  const hint = instead === undefined ? '' : `; write ${instead}`;
  return problem('bad-dns-name', `${shown(text)} is no DNS name: ${wrong.why}${hint}`, instead);
}

export function isHostName(text: string, options: { readonly wildcard: boolean }): boolean {
  return hostNameProblem(text, options) === undefined;
}

/** What keeps a text from being a host name, in words that follow a colon; undefined: it is one. */
function hostNameProblem(text: string, { wildcard }: { readonly wildcard: boolean }): Wrong | undefined {
  if (text === '') return { why: 'it is empty' };
  if (text.length > 1000) return { why: `it has more than ${LONGEST_NAME} characters` };
  if (isIpv4(text) || isIpv6(text)) return { why: 'it is an IP address; put it into "ipAddresses"' };
  const foreign = otherThanAName(text);
  if (foreign !== undefined) return foreign;
  if (/\P{ASCII}/u.test(text)) return international(text);
  if (text.length > 1 && text.endsWith('.'))
    return { why: 'it ends with a dot', instead: text.replace(/\.+$/, '') };
  if (text.length > LONGEST_NAME) return { why: `it has more than ${LONGEST_NAME} characters` };
  const labels = text.split('.');
  const named = wildcard && labels[0] === '*' && labels.length >= 3 ? labels.slice(1) : labels;
  for (const label of named) {
    const why = labelProblem(label);
    if (why === undefined) continue;
    const joined = text.replace(/\.{2,}/g, '.').replace(/^\./, '');
    return label === '' && joined !== text ? { why, instead: joined } : { why };
  }
  if (/^[0-9]+$/.test(named.at(-1) ?? '') && named.length > 1)
    return { why: 'its last label is a number, so it is taken for an IP address' };
  return undefined;
}

/** A URL, an endpoint, a mail address, a path: something that has a host name in it. */
function otherThanAName(text: string): Wrong | undefined {
  // Nearly all have none of these, and there may be tens of thousands.
  if (!/[/:@\s]/.test(text)) return undefined;
  const url = /^[A-Za-z][A-Za-z0-9+.-]{0,30}:\/\/([^/:?#@]{1,253})/.exec(text)?.[1];
  if (url !== undefined) return { why: 'it is a URL', instead: url };
  const [, host, port] = /^([^:/]{1,253}):([0-9]{1,5})$/.exec(text) ?? [];
  if (host !== undefined && port !== undefined) return { why: `it has the port ${port}`, instead: host };
  if (text.includes('@')) return { why: 'it has an "@"; a mail address goes into "emailAddresses"' };
  const path = /^([^/]{1,253})\//.exec(text)?.[1];
  if (path !== undefined) return { why: 'it has a path', instead: path };
  return /\s/.test(text) ? { why: 'it has a space', instead: text.trim() } : undefined;
}

/** Certificates, resolvers and servers know the A-label form alone (RFC 5890, 2.3.2.1). */
function international(text: string): Wrong {
  const labels = mapped(text).split('.');
  for (const label of labels) {
    const why = /\P{ASCII}/u.test(label) ? uLabelProblem(label) : undefined;
    if (why !== undefined) return { why };
  }
  const ascii = labels.map((label) => (/\P{ASCII}/u.test(label) ? toALabel(label) : label));
  if (ascii.includes(undefined)) return { why: `a label has more than ${LONGEST_LABEL} characters as xn--…` };
  return { why: 'international names stand in their A-label form', instead: ascii.join('.') };
}

function labelProblem(label: string): string | undefined {
  if (label === '') return 'there is nothing between two dots';
  if (label.includes('*')) return 'the * stands for the whole leftmost label alone, as in *.example.com';
  const odd = /[^A-Za-z0-9-]/.exec(label)?.[0];
  if (odd !== undefined)
    return `a label has letters, digits and hyphens only${/[!-~]/.test(odd) ? `, no "${odd}"` : ''}`;
  if (label.length > LONGEST_LABEL) return `a label has more than ${LONGEST_LABEL} characters`;
  if (label.startsWith('-') || label.endsWith('-')) return 'a label starts or ends with a hyphen';
  return /^xn--/i.test(label) ? aLabelProblem(label) : undefined;
}
