import type { Page } from '../host.mjs';

export declare function runCommand(page: Page, title: string): Promise<void>;
export declare function showExpiry(page: Page): Promise<void>;
