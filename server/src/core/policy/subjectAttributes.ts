import { readAttributeValue } from '../credential/build/attributeValue.ts';

/** The attributes of a distinguished name as it is written (RFC 4514), as far as they can be read. Names in upper case. */
export function subjectAttributes(
  text: string,
): readonly { readonly name: string; readonly value: string }[] {
  const found: { readonly name: string; readonly value: string }[] = [];
  let at = 0;
  while (at < text.length) {
    const equals = text.indexOf('=', at);
    if (equals === -1) break;
    const read = readAttributeValue(text, equals + 1);
    if (read.form === 'wrong') break;
    const value = read.form === 'text' ? read.text : '#';
    found.push({ name: text.slice(at, equals).trim().toUpperCase(), value });
    at = read.end + 1;
  }
  return found;
}
