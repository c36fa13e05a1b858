import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { StoredText, StoreText } from '../core/manifest/storedText.ts';

/** Characters that are packed together: manifests of one folder say much alike. */
const BLOCK = 64 * 1024;
/** Blocks that stay unpacked for a while: one question after the other is about neighbours. */
const UNPACKED = 4;
const LEVEL = 3;

/**
 * Keeps texts packed, outside of the heap, at about a tenth of their size: tens of thousands of manifests are kept, and few of
 * them are looked at again.
 */
export function packedTexts(): StoreText {
  const unpacked = new Map<Block, string>();
  let filling = new Block(unpacked);
  return (text) => {
    const stored = filling.add(text);
    if (filling.length >= BLOCK) {
      filling.pack();
      filling = new Block(unpacked);
    }
    return stored;
  };
}

class Block {
  length = 0;
  private texts: string[] = [];
  private packed: { readonly bytes: Buffer; readonly encoding: 'latin1' | 'utf16le' } | undefined;
  private readonly unpacked: Map<Block, string>;

  constructor(unpacked: Map<Block, string>) {
    this.unpacked = unpacked;
  }

  add(text: string): StoredText {
    const stored = new PackedText(this, this.length, text.length);
    this.texts.push(text);
    this.length += text.length;
    return stored;
  }

  /** Both encodings give back each code unit. */
  pack(): void {
    const text = this.texts.join('');
    const narrow = Buffer.from(text, 'latin1');
    const encoding = narrow.toString('latin1') === text ? 'latin1' : 'utf16le';
    const bytes = deflateRawSync(encoding === 'latin1' ? narrow : Buffer.from(text, encoding), {
      level: LEVEL,
    });
    this.packed = { bytes, encoding };
    this.texts = [];
  }

  text(): string {
    if (this.packed === undefined) return this.texts.join('');
    const known = this.unpacked.get(this);
    if (known !== undefined) return known;
    const text = inflateRawSync(this.packed.bytes).toString(this.packed.encoding);
    for (const oldest of this.unpacked.keys()) {
      if (this.unpacked.size < UNPACKED) break;
      this.unpacked.delete(oldest);
    }
    this.unpacked.set(this, text);
    return text;
  }
}

/** There are tens of thousands: it holds little. */
class PackedText implements StoredText {
  readonly length: number;
  private readonly block: Block;
  private readonly start: number;

  constructor(block: Block, start: number, length: number) {
    this.block = block;
    this.start = start;
    this.length = length;
  }

  get(): string {
    return this.block.text().slice(this.start, this.start + this.length);
  }
}
