interface Opened {
  readonly at: number;
  readonly closer: string;
}

/**
 * Brackets and braces of one line that are not closed in it, outermost first, and the first closing one that fits none:
 * `wanted` is the sign that would fit there, undefined where nothing is open. Quoted texts are passed over.
 */
export function unclosed(
  text: string,
  from: number,
): {
  readonly open: readonly Opened[];
  readonly wrong: { readonly at: number; readonly wanted: string | undefined } | undefined;
} {
  const open: Opened[] = [];
  for (let at = from; at < text.length; at++) {
    const sign = text[at] ?? '';
    if (sign === '"' || sign === "'") {
      const close = text.indexOf(sign, at + 1);
      if (close === -1) break;
      at = close;
    } else if (sign === '[' || sign === '{') open.push({ at, closer: sign === '[' ? ']' : '}' });
    else if (sign === ']' || sign === '}') {
      const last = open.at(-1);
      if (last?.closer !== sign) return { open, wrong: { at, wanted: last?.closer } };
      open.pop();
    }
  }
  return { open, wrong: undefined };
}
