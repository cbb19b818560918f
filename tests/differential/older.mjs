// Compiles contracts of older dialects, each with the last compiler of the series that its pragma begins with (`^0.5.0`);
// for each file one JSON object: "legacy" -> contract -> codes in hex and the ABI.
// Usage: node older.mjs MODULES FILE OUTPUT [FILE OUTPUT]…   (MODULES: a folder that has node_modules/solc-0.4 …)
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const [modules, ...files] = process.argv.slice(2);
const require = createRequire(path.resolve(modules) + '/');

function compile(file) {
    const text = fs.readFileSync(file, 'utf8');
    const series = /pragma solidity \^(0\.\d)/.exec(text)[1];
    const solc = require(`solc-${series}`);
    const input = {
        language: 'Solidity',
        sources: { [path.basename(file)]: { content: text } },
        settings: {
            optimizer: { enabled: true },
            outputSelection: { '*': { '*': ['evm.bytecode.object', 'evm.deployedBytecode.object', 'abi'] } },
        },
    };
    const run = solc.compileStandardWrapper ?? solc.compile;
    const result = JSON.parse(run(JSON.stringify(input)));
    const errors = (result.errors ?? []).filter(error => error.severity === 'error');
    if (errors.length > 0) return { error: errors.map(error => error.formattedMessage).join('\n') };
    const contracts = Object.values(result.contracts)[0] ?? {};
    return Object.fromEntries(Object.entries(contracts).map(([name, { evm, abi }]) =>
        [name, { creation: evm.bytecode.object, runtime: evm.deployedBytecode.object, abi }]));
}

for (let i = 0; i + 1 < files.length; i += 2) {
    const [file, output] = files.slice(i, i + 2);
    fs.writeFileSync(output + '.part', JSON.stringify({ legacy: compile(file) }));
    fs.renameSync(output + '.part', output);
}
