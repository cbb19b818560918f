// A program for node that compiles a file with npm's solc of any version, from 0.1 on.
//
//     node -e PROGRAM PACKAGE FILE FOLDER…
//
// It prints one object: `output` as solc's standard JSON has it, and `contents` of every file that was read, by its name
// among the sources. Imports are looked for as they are, then in the folders. What versions before 0.4.11 answer is brought
// into that form.
#pragma once

#include <string_view>

namespace interlock::cli {

inline constexpr std::string_view solc_driver = R"js(
const [solcPath, file, ...folders] = process.argv.slice(1);
const fs = require('fs'), path = require('path');
const solc = require(path.resolve(solcPath));
process.removeAllListeners('uncaughtException');
const contents = {};
function read(name) {
    for (const place of [name, ...folders.map(folder => path.join(folder, name))]) {
        try {
            contents[name] = fs.readFileSync(place, 'utf8');
            return {contents: contents[name]};
        } catch (e) {}
    }
    return {error: 'File not found'};
}
read(file);
const wanted = ['abi', 'evm.bytecode.object', 'evm.bytecode.linkReferences', 'evm.deployedBytecode.object',
    'evm.deployedBytecode.sourceMap'];
const input = JSON.stringify({language: 'Solidity', sources: {[file]: {content: contents[file]}},
    settings: {outputSelection: {'*': {'*': wanted}}}});
function translated(old) {
    const output = {errors: [], sources: {}, contracts: {[file]: {}}};
    for (const message of old.errors || [])
        output.errors.push({severity: /[Ww]arning/.test(message) ? 'warning' : 'error', formattedMessage: message});
    Object.keys(old.sources || {[file]: {}}).forEach((name, id) => output.sources[name] = {id});
    for (const [full, each] of Object.entries(old.contracts || {})) {
        const at = full.lastIndexOf(':'), from = at < 0 ? file : full.slice(0, at);
        (output.contracts[from] = output.contracts[from] || {})[full.slice(at + 1)] = {abi: JSON.parse(each.interface),
            evm: {bytecode: {object: each.bytecode, linkReferences: {}},
                  deployedBytecode: {object: each.runtimeBytecode || '', sourceMap: each.srcmapRuntime || ''}}};
    }
    return output;
}
let output;
const [, minor, patch] = /^(\d+)\.(\d+)\.(\d+)/.exec(solc.version()).slice(1).map(Number);
if (minor > 4) {
    output = JSON.parse(solc.compile(input, minor > 5 ? {import: read} : read));
} else if (minor === 4 && patch >= 11 && solc.compileStandardWrapper) {
    output = JSON.parse(solc.compileStandardWrapper(input, read));
} else {
    output = translated(solc.compile({sources: {[file]: contents[file]}}, 0, read));
}
process.stdout.write(JSON.stringify({output, contents}));
)js";

}  // namespace interlock::cli
