#!/usr/bin/env node
import('../dist/idac.mjs').catch((error) => {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  console.error('idac is not built yet: run `npm run build` in the folder that holds package.json.');
  process.exitCode = 2;
});
