// Compares what tools read of a compilation, in our standard JSON and in solc's, for every contract of projects of npm.
// Every file's pragma is widened, so that both compilers take it. Files that solc refuses are left out; all others we must
// compile.
// Usage: node projects.mjs MODULES INTERLOCK   (MODULES: a folder that has node_modules/solc; projects go below it)
// INTERLOCK_PROJECTS=all compares every project of projects.txt, another value only those whose names contain it.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { spawnSync } from 'node:child_process';

const [modules, interlock] = process.argv.slice(2).map(each => path.resolve(each));
const compared = { abi: c => c.abi, devdoc: c => c.devdoc, userdoc: c => c.userdoc, storageLayout: c => c.storageLayout,
    transientStorageLayout: c => c.transientStorageLayout, methodIdentifiers: c => c.evm.methodIdentifiers };
const selection = Object.keys(compared).map(name => (name === 'methodIdentifiers' ? 'evm.' : '') + name);

function skip(why) {
    console.log(`project tests skipped: ${why}`);
    process.exit(0);
}
if (!fs.existsSync(path.join(modules, 'node_modules/solc/package.json'))) skip('solc is not installed');
const require = createRequire(modules + '/');
let solc = require('solc');

function wantedProjects() {
    const wanted = process.env.INTERLOCK_PROJECTS ?? '';
    const list = fs.readFileSync(new URL('projects.txt', import.meta.url), 'utf8').replace(/^#.*\n/gm, '');
    const text = wanted === '' ? list.split('---')[0] : list.replace('---', '');
    const projects = text.trim().split(/\s*\n/).map(line => line.split(' '));
    return wanted === '' || wanted === 'all' ? projects : projects.filter(([name]) => name.includes(wanted));
}

function install(name, version, work) {
    const mark = path.join(work, 'installed');
    if (fs.existsSync(mark) && fs.readFileSync(mark, 'utf8') === version) return;
    fs.rmSync(work, { recursive: true, force: true });
    fs.mkdirSync(work, { recursive: true });
    fs.writeFileSync(path.join(work, 'package.json'), JSON.stringify({ private: true, dependencies: { [name]: version } }));
    const npm = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--omit=dev'],
        { cwd: work, encoding: 'utf8' });
    if (npm.status !== 0) skip(`npm could not install ${name} ${version}: ${npm.stderr ?? npm.error}`);
    fs.writeFileSync(mark, version);
}

// The text of a file as both compilers see it; it is written to where ours looks for it.
function reader(name, work) {
    return file => {
        const places = [`node_modules/${name}/node_modules/${file}`, `node_modules/${file}`];
        const found = places.map(each => path.join(work, each)).find(each => fs.statSync(each, { throwIfNoEntry: false })?.isFile());
        if (!found) return undefined;
        const text = fs.readFileSync(found, 'utf8').replace(/pragma\s+solidity[^;]*;/g, 'pragma solidity >=0.7.0;');
        const copy = path.join(work, 'sources', file);
        fs.mkdirSync(path.dirname(copy), { recursive: true });
        fs.writeFileSync(copy, text);
        return text;
    };
}

function filesOf(name, folder, work) {
    const base = path.join(work, 'node_modules', name, folder);
    const below = inner => fs.readdirSync(path.join(base, inner), { withFileTypes: true }).flatMap(each => {
        const place = path.posix.join(inner, each.name);
        if (each.isDirectory()) return ['node_modules', 'lib'].includes(each.name) ? [] : below(place);
        return each.name.endsWith('.sol') ? [path.posix.join(name, folder, place)] : [];
    });
    return below('.').sort();
}

// What solc answers about all files that it takes. A file that it refuses is taken away with all that imports it.
function askSolc(files, read) {
    const compile = some => {
        const input = JSON.stringify({
            language: 'Solidity',
            sources: Object.fromEntries(some.map(file => [file, { content: read(file) }])),
            settings: { evmVersion: 'cancun', outputSelection: { '*': { '*': selection } } },
        });
        const find = file => { const contents = read(file); return contents === undefined ? { error: 'not there' } : { contents }; };
        try {
            return JSON.parse(solc.compile(input, { import: find }));
        } catch (error) {  // its memory overflows on some inputs, and is of no use afterwards
            console.log(`solc failed on ${some.length} files: ${error}`);
            for (const each of Object.keys(require.cache)) delete require.cache[each];
            solc = require('solc');
            return { errors: [{ severity: 'error' }] };
        }
    };
    const isRefused = result => (result.errors ?? []).some(error => error.severity === 'error');
    const all = compile(files);
    if (!isRefused(all)) return { taken: files, contracts: all.contracts };
    const contracts = {}, taken = [];
    for (const file of files) {
        const result = compile([file]);
        if (isRefused(result)) continue;
        taken.push(file);
        Object.assign(contracts, result.contracts);
    }
    return { taken, contracts };
}

function askOurs(files, work) {
    const cwd = path.join(work, 'sources');
    fs.writeFileSync(path.join(cwd, 'all.sol'),
        'pragma solidity >=0.7.0;\n' + files.map((file, i) => `import "${file}" as File${i};\n`).join(''));
    const run = spawnSync(interlock, ['build', 'all.sol', '--json'], { cwd, maxBuffer: 1 << 30, encoding: 'utf8' });
    const result = JSON.parse(run.stdout || '{}');
    const errors = (result.errors ?? []).filter(error => error.severity === 'error').map(error => error.formattedMessage);
    if (!result.contracts) console.log(errors.join('\n') || run.stderr);
    return result.contracts ?? {};
}

// Numbers of syntax nodes differ between compilers, and keys have no order. In the names of types the labels of the types
// take the place of the numbers.
function settled(output) {
    const declared = /(t_(?:struct|contract|enum|userDefinedValueType)\([^()]*\))(\d+)/;
    const labels = {};
    for (const [name, { label }] of Object.entries(output?.types ?? {})) {
        const found = name.match(declared);
        if (found?.index === 0) labels[found[2]] = label;
    }
    const everywhere = new RegExp(declared, 'g');
    const settle = value => {
        if (typeof value === 'string') return value.replace(everywhere, (_, type, number) => `${type}<${labels[number]}>`);
        if (Array.isArray(value)) return value.map(settle);
        if (value === null || typeof value !== 'object') return value;
        const entries = Object.entries(value).filter(([key]) => key !== 'astId').map(([key, inner]) => [settle(key), settle(inner)]);
        return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
    };
    return settle(output);
}

let count = 0, different = 0;
for (const [name, version, folder] of wantedProjects()) {
    const work = path.join(modules, 'projects', name.replace(/\W/g, '_'));
    install(name, version, work);
    const read = reader(name, work), files = filesOf(name, folder, work);
    const { taken, contracts } = askSolc(files, read);
    const ours = askOurs(taken, work);
    let here = 0;
    for (const [file, list] of Object.entries(contracts)) {
        for (const [contract, theirs] of Object.entries(list)) {
            ++here;
            for (const [output, of] of Object.entries(compared)) {
                const made = JSON.stringify(settled(ours[file]?.[contract] && of(ours[file][contract])));
                const other = JSON.stringify(settled(of(theirs)));
                if (made === other) continue;
                ++different;
                if (different <= 20) console.log(`${file}:${contract}: ${output}\nours:   ${made}\nsolc's: ${other}`);
            }
        }
    }
    count += here;
    console.log(`${name} ${version}: ${taken.length} of ${files.length} files, ${here} contracts`);
    if (here === 0) { console.log('nothing was compared'); ++different; }
}
console.log(`${count} contracts compared with solc ${solc.version()}, ${different} outputs differ`);
process.exit(different > 0 ? 1 : 0);
