// Compiles a file with the solc of the packages beside it, and writes NAME.bin, NAME.bin-runtime and NAME.json for each
// contract: node compile.mjs PACKAGES FILE FOLDER
import {readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join, resolve} from 'node:path';

const [packages, file, folder] = process.argv.slice(2);
const solc = createRequire(join(resolve(packages), 'x.js'))('solc');
const input = {
    language: 'Solidity',
    sources: {'c.sol': {content: readFileSync(file, 'utf8')}},
    settings: {outputSelection: {'*': {'*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object']}}},
};
const compile = solc.compileStandardWrapper ?? solc.compile;
const output = JSON.parse(compile(JSON.stringify(input)));
for (const each of output.errors ?? [])
    if (each.severity === 'error') throw new Error(each.formattedMessage);
for (const [name, contract] of Object.entries(output.contracts['c.sol'])) {
    writeFileSync(join(folder, `${name}.bin`), contract.evm.bytecode.object);
    writeFileSync(join(folder, `${name}.bin-runtime`), contract.evm.deployedBytecode.object);
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(contract.abi));
}
