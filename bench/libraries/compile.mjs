// Compiles libraries.sol with solc's two pipelines and writes {ir: {CONTRACT: hex}, legacy: {…}}, the creation code.
// Usage: node compile.mjs FOLDER OUTPUT   (a folder that has node_modules with the packages of bench/size/package.json)
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const [modules, output] = process.argv.slice(2).map(each => path.resolve(each));
const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const solc = createRequire(modules + '/')('solc');
const file = 'libraries.sol';

function load(name) {
    const found = path.join(modules, 'node_modules', name);
    return fs.existsSync(found) ? { contents: fs.readFileSync(found, 'utf8') } : { error: 'there is no such file' };
}

const codes = {};
for (const pipeline of ['ir', 'legacy']) {
    const input = {
        language: 'Solidity',
        sources: { [file]: { content: fs.readFileSync(path.join(here, file), 'utf8') } },
        settings: {
            viaIR: pipeline === 'ir',
            evmVersion: 'cancun',
            optimizer: { enabled: true, runs: 200 },
            metadata: { appendCBOR: false },
            outputSelection: { [file]: { '*': ['evm.bytecode.object'] } },
        },
    };
    const result = JSON.parse(solc.compile(JSON.stringify(input), { import: load }));
    const errors = (result.errors ?? []).filter(error => error.severity === 'error');
    if (errors.length > 0) throw new Error(errors.map(error => error.formattedMessage).join('\n'));
    codes[pipeline] = Object.fromEntries(
        Object.entries(result.contracts[file]).map(([name, { evm }]) => [name, evm.bytecode.object]));
}
codes.solc = solc.version();
fs.writeFileSync(output, JSON.stringify(codes));
