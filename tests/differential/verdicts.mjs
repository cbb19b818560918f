// Asks solc for its verdict on every program under tests/lang/verdicts.
// Usage: node verdicts.mjs MODULES FOLDER   (MODULES: a folder that has node_modules/solc)
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const [modules, folder] = process.argv.slice(2);
if (!fs.existsSync(path.join(modules, 'node_modules/solc/package.json'))) {
    console.log('verdict tests skipped: solc is not installed');
    process.exit(0);
}
const solc = createRequire(path.resolve(modules) + '/')('solc');

function* programs(file) {
    let program, name;
    for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
        const verdict = line.match(/^=== (accept|refuse) (.*)$/), inner = line.match(/^--- (\S+)$/);
        if (verdict) {
            if (program) yield program;
            name = 'a.sol';
            program = { verdict: verdict[1], name: verdict[2], sources: { [name]: { content: '' } } };
        } else if (inner) {
            name = inner[1];
            program.sources[name] = { content: '' };
        } else if (program) {
            program.sources[name].content += line + '\n';
        }
    }
    if (program) yield program;
}

let count = 0, wrong = 0;
for (const file of fs.readdirSync(folder)) {
    for (const { verdict, name, sources } of programs(path.join(folder, file))) {
        const settings = { evmVersion: 'cancun', outputSelection: { '*': { '*': ['abi'] } } };
        const result = JSON.parse(solc.compile(JSON.stringify({ language: 'Solidity', sources, settings })));
        const errors = (result.errors ?? []).filter(error => error.severity === 'error');
        ++count;
        if ((errors.length > 0) === (verdict === 'refuse')) continue;
        ++wrong;
        console.log(`${file}: ${name}: solc does not ${verdict} it\n${errors.map(error => error.formattedMessage).join('\n')}`);
    }
}
console.log(`${count} programs, solc ${solc.version()}, ${wrong} other verdicts`);
process.exit(wrong > 0 ? 1 : 0);
