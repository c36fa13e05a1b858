/**
 * Says where octets are BER but not DER (X.690, 10 and 11), undefined when they are DER all through: lengths, integers,
 * booleans, bit strings, the order of sets, times. Octet strings that hold DER (extensions) are looked into.
 */
export function strictDerProblem(bytes: Uint8Array): string | undefined {
  let at = 0;
  while (at < bytes.length) {
    const element = readElement(bytes, at);
    if (typeof element === 'string') return element;
    const problem = contentProblem(element.tag, element.content);
    if (problem !== undefined) return `${problem} (tag 0x${element.tag.toString(16)} at ${at})`;
    at = element.end;
  }
  return undefined;
}

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly end: number;
}

function readElement(bytes: Uint8Array, start: number): Element | string {
  const tag = bytes[start] ?? 0;
  const first = bytes[start + 1];
  if (first === undefined) return 'cut off';
  let at = start + 2;
  let length = first;
  if (first >= 0x80) {
    const octets = bytes.subarray(at, at + (first & 0x7f));
    if (octets.length === 0 || octets[0] === 0) return 'indefinite or padded length';
    length = octets.reduce((value, octet) => value * 256 + octet, 0);
    if (length < 0x80) return 'long form of a short length';
    at += octets.length;
  }
  if (at + length > bytes.length) return 'longer than what is there';
  return { tag, content: bytes.subarray(at, at + length), end: at + length };
}

function contentProblem(tag: number, content: Uint8Array): string | undefined {
  if ((tag & 0x20) !== 0)
    return strictDerProblem(content) ?? (tag === 0x31 ? orderProblem(content) : undefined);
  const text = (): string => new TextDecoder('latin1').decode(content);
  switch (tag) {
    case 0x01:
      return content.length === 1 && (content[0] === 0xff || content[0] === 0) ? undefined : 'boolean';
    case 0x02: {
      const [first = 0, second = 0] = content;
      if (content.length === 0) return 'integer without octets';
      if (first >= 0x80) return 'negative integer';
      return content.length > 1 && first === 0 && second < 0x80 ? 'padded integer' : undefined;
    }
    case 0x03: {
      const [unused = 0] = content;
      const last = content[content.length - 1] ?? 0;
      if (unused > 7 || (last & ((1 << unused) - 1)) !== 0) return 'bit string with bits beyond its end';
      return undefined;
    }
    case 0x04:
      return content[0] === 0x30 ? strictDerProblem(content) : undefined;
    case 0x17:
      return /^\d{12}Z$/.test(text()) ? undefined : 'UTCTime';
    case 0x18:
      return /^\d{14}Z$/.test(text()) ? undefined : 'GeneralizedTime';
    default:
      return undefined;
  }
}

function orderProblem(set: Uint8Array): string | undefined {
  let before = '';
  for (let at = 0; at < set.length; ) {
    const element = readElement(set, at);
    if (typeof element === 'string') return element;
    const hex = Buffer.from(set.subarray(at, element.end)).toString('hex');
    if (hex < before) return 'set out of order';
    before = hex;
    at = element.end;
  }
  return undefined;
}
