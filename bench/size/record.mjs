// Writes solc.json: the size of each contract's runtime code as solc's two pipelines make it, without metadata.
// Usage: node record.mjs FOLDER   (a folder that has node_modules with the packages of package.json)
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const modules = path.resolve(process.argv[2]);
const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const solc = createRequire(modules + '/')('solc');

// Files that name one version of the compiler are compiled with this one.
function source(file) {
    const found = [path.join(here, file), path.join(modules, 'node_modules', file)].find(each => fs.existsSync(each));
    return found && fs.readFileSync(found, 'utf8').replace(/pragma solidity[^;]*;/g, 'pragma solidity >=0.7.0;');
}

function sizes(file, viaIR) {
    const input = {
        language: 'Solidity',
        sources: { [file]: { content: source(file) } },
        settings: {
            viaIR,
            evmVersion: 'cancun',
            optimizer: { enabled: true, runs: 200 },
            metadata: { appendCBOR: false },
            outputSelection: { [file]: { '*': ['evm.deployedBytecode.object'] } },
        },
    };
    const load = each => (source(each) === undefined ? { error: 'there is no such file' } : { contents: source(each) });
    const result = JSON.parse(solc.compile(JSON.stringify(input), { import: load }));
    const errors = (result.errors ?? []).filter(error => error.severity === 'error');
    if (errors.length > 0) console.error(`${file}: ${errors[0].formattedMessage}`);
    return Object.fromEntries(Object.entries(result.contracts?.[file] ?? {}).map(([name, { evm }]) =>
        [name, evm.deployedBytecode.object.length / 2]));
}

const contracts = {};
for (const line of fs.readFileSync(path.join(here, 'contracts.txt'), 'utf8').split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [file, ...names] = line.split(' ');
    const ir = sizes(file, true), legacy = sizes(file, false);
    for (const name of names) contracts[`${file}:${name}`] = { ir: ir[name] ?? null, legacy: legacy[name] ?? null };
}
fs.writeFileSync(path.join(here, 'solc.json'), JSON.stringify({ solc: solc.version(), contracts }, null, 2) + '\n');
