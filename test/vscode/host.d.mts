export declare function isInstalled(): boolean;

/** What a test that has no types of playwright-core uses of its browser. */
interface Browser {
  pages(): readonly Page[];
  close(): Promise<void>;
}
export interface Page {
  goto(url: string): Promise<unknown>;
  locator(selector: string): Locator;
  frameLocator(selector: string): { frameLocator(selector: string): { locator(selector: string): Locator } };
  evaluate<T>(expression: string): Promise<T>;
}
interface Locator {
  first(): Locator;
  locator(selector: string): Locator;
  waitFor(options: { timeout: number }): Promise<void>;
  textContent(options: { timeout: number }): Promise<string | null>;
}
export declare function openVsCode(options: {
  readonly extension: string;
  readonly workspace: string;
  readonly tests?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly onOutput?: (line: string) => void;
}): Promise<{
  readonly page: Page;
  readonly ended: Promise<number>;
  close(): Promise<void>;
}>;
export declare function launchBrowser(
  profile: string,
  viewport: { readonly width: number; readonly height: number },
): Promise<Browser>;
