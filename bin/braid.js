#!/usr/bin/env node
'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');

const built = join(__dirname, '..', 'out', 'main', 'cli.js');
if (existsSync(built)) {
  require(built);
} else {
  process.stderr.write('Braid is not built yet. Run "npm ci" (or "npm run build") in its folder, then try again.\n');
  process.exitCode = 4;
}
