import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { shippedFolder } from './shippedFolder.ts';

let pages: URL | undefined;

/** File URI of the page that explains a rule. */
export function rulePage(rule: string): string {
  pages ??= pathToFileURL(`${shippedFolder('rules')}${path.sep}`);
  // What a policy's own rule says is written there; the page says what such rules are.
  const page = rule.startsWith('custom/') ? 'custom/rule' : rule;
  return new URL(`${page}.md`, pages).href;
}
