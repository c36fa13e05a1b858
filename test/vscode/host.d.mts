export declare function isInstalled(): boolean;

/** What a test that has no types of playwright-core uses of its browser. */
interface Browser {
  pages(): readonly Page[];
  close(): Promise<void>;
}
interface Page {
  goto(url: string): Promise<unknown>;
  locator(selector: string): { first(): { waitFor(options: { timeout: number }): Promise<void> } };
}
export declare function launchBrowser(
  profile: string,
  viewport: { readonly width: number; readonly height: number },
): Promise<Browser>;
