import { startLanguageServer } from './start.ts';

startLanguageServer({ trusted: process.argv.includes('--trusted') });
