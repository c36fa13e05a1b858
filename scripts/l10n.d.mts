export declare function translations(): readonly {
  readonly file: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly translated: Readonly<Record<string, string>>;
}[];
