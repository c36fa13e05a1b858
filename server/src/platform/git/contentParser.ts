/** What `git cat-file --batch` answers, as it comes: of a content no more is kept than one chunk. */
export interface ContentListener {
  /** Undefined: git does not have what was asked for, and no content follows. */
  begin(size: number | undefined): void;
  chunk(bytes: Buffer): void;
  end(): void;
}

const LINE_FEED = 0x0a;

export function contentParser({ begin, chunk, end }: ContentListener): (heard: Buffer) => void {
  let header = '';
  /** Of the content that is heard; 0: only the line end behind it is to come. Undefined: a header comes next. */
  let left: number | undefined;
  return (heard) => {
    let at = 0;
    while (at < heard.length) {
      if (left === undefined) {
        const lineEnd = heard.indexOf(LINE_FEED, at);
        header += heard.toString('latin1', at, lineEnd === -1 ? heard.length : lineEnd);
        if (lineEnd === -1) return;
        at = lineEnd + 1;
        const [, size] = /^[0-9a-f]{40,64} \w+ (\d+)$/.exec(header) ?? [];
        header = '';
        left = size === undefined ? undefined : Number(size);
        begin(left);
      } else if (left > 0) {
        const part = heard.subarray(at, at + left);
        at += part.length;
        left -= part.length;
        chunk(part);
      } else {
        at += 1;
        left = undefined;
        end();
      }
    }
  };
}
