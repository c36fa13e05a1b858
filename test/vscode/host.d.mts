export declare const hostFolder: string;
export declare function isInstalled(): boolean;
