import manifest from '../../package.json' with { type: 'json' };

/** As `idac --version` prints it and events name it. */
export const VERSION: string = manifest.version;
export const TOOL_NAME = `idac ${VERSION}`;
