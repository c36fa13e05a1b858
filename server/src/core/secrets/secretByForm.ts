import type { FindByForm } from './detector.ts';
import { DETECTORS } from './generated/registry.ts';

const BY_KEYWORD = new Map<string, FindByForm[]>();
for (const { ofForm, keywords } of DETECTORS)
  if (ofForm !== undefined)
    for (const keyword of keywords) BY_KEYWORD.set(keyword, [...(BY_KEYWORD.get(keyword) ?? []), ofForm]);
const KEYWORDS = new RegExp(
  [...BY_KEYWORD.keys()].map((keyword) => keyword.replaceAll(/[.*+?^$()|[\]\\/]/g, '\\$&')).join('|'),
  'gi',
);
/** No secret that says what it is, is shorter, and all have a digit or a capital; but for the password of a URL. */
const LONG_WORD = /[\w+/-]{16}/;
const DRAWN = /[A-Z0-9]/;
const LOGIN_URL = /:\/\/[^/\s]*@/;

/** What one value is, where it says so by itself: `a service token of Vault`. As a scan of files finds it, without the file. */
export function secretByForm(value: string): string | undefined {
  if (!(DRAWN.test(value) && LONG_WORD.test(value)) && !LOGIN_URL.test(value)) return undefined;
  for (const { index: at, 0: word } of value.matchAll(KEYWORDS))
    for (const find of BY_KEYWORD.get(word.toLowerCase()) ?? [])
      for (const { what } of find({ path: '', text: value, at })) return what;
  return undefined;
}
