// Compiles contracts with solc; for each file one JSON object: variant -> contract -> codes in hex, the ABI and what the
// comments say; and the syntax tree.
// Usage: node compile.mjs MODULES FILE OUTPUT [FILE OUTPUT]…   (MODULES: a folder that has node_modules/solc)
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const [modules, ...files] = process.argv.slice(2);
const solc = createRequire(path.resolve(modules) + '/')('solc');
if (!solc.version().startsWith('0.8.28+')) throw new Error(`solc is ${solc.version()}, not 0.8.28`);

const variants = {
    ir: { viaIR: true, optimizer: { enabled: true } },
    legacy: { viaIR: false, optimizer: { enabled: true } },
};

function compile(file, settings) {
    const input = {
        language: 'Solidity',
        sources: { [path.basename(file)]: { content: fs.readFileSync(file, 'utf8') } },
        settings: {
            ...settings,
            evmVersion: 'cancun',
            metadata: { appendCBOR: false },
            outputSelection: { '*': { '*': ['evm.bytecode.object', 'evm.deployedBytecode.object', 'evm.methodIdentifiers', 'abi', 'devdoc', 'userdoc', 'metadata', 'storageLayout', 'transientStorageLayout'], '': ['ast'] } },
        },
    };
    const result = JSON.parse(solc.compile(JSON.stringify(input)));
    const errors = (result.errors ?? []).filter(error => error.severity === 'error');
    if (errors.length > 0) return { error: errors.map(error => error.formattedMessage).join('\n') };
    const contracts = Object.values(result.contracts)[0] ?? {};
    const codes = Object.fromEntries(Object.entries(contracts).map(([name, { evm, ...described }]) =>
        [name, { creation: evm.bytecode.object, runtime: evm.deployedBytecode.object, methodIdentifiers: evm.methodIdentifiers, ...described }]));
    return { ast: Object.values(result.sources)[0].ast, codes };
}

for (let i = 0; i + 1 < files.length; i += 2) {
    const [file, output] = files.slice(i, i + 2);
    const answer = {};
    for (const [name, settings] of Object.entries(variants)) {
        const { error, ast, codes } = compile(file, settings);
        answer[name] = error === undefined ? codes : { error };
        answer.ast ??= ast;
    }
    fs.writeFileSync(output + '.part', JSON.stringify(answer));
    fs.renameSync(output + '.part', output);
}
