/** A text that may be kept in another form than as a string: of a large project's documents few are ever looked at. */
export interface StoredText {
  readonly length: number;
  get(): string;
}

export type StoreText = (text: string) => StoredText;

export const plainText: StoreText = (text) => ({ length: text.length, get: () => text });
