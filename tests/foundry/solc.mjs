#!/usr/bin/env node
// What forge takes for a native solc: --version, and --standard-json from stdin to stdout.
import fs from 'node:fs';
import { createRequire } from 'node:module';

const solc = createRequire(import.meta.url)('solc');
if (process.argv.includes('--version'))
    console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`);
else process.stdout.write(solc.compile(fs.readFileSync(0, 'utf8')));
