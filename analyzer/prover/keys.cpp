#include "analyzer/prover/keys.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace interlock::analyzer::prover {

namespace {

constexpr std::uint64_t bytes_of_selector = 4, bytes_of_word = 32;

// What the instructions of a block compute of constants alone.
std::map<std::uint32_t, ir::Word> constants_of(const ir::Block& block) {
    std::map<std::uint32_t, ir::Word> constants;
    for (const ir::Instruction& each : block.instructions) {
        if (each.op == ir::Op::Constant) constants[each.result.index] = each.word;
        if (each.op != ir::Op::Add) continue;
        const auto a = constants.find(each.operands[0].index), b = constants.find(each.operands[1].index);
        if (a != constants.end() && b != constants.end()) constants[each.result.index] = a->second + b->second;
    }
    return constants;
}

}  // namespace

std::vector<CalldataWord> calldata_words(const ir::Function& entry) {
    std::vector<CalldataWord> words;
    if (!entry.is_raw || !entry.is_entry || !entry.blocks.front().parameters.empty()) return words;
    const ir::Block& block = entry.blocks.front();
    const std::map<std::uint32_t, ir::Word> constants = constants_of(block);
    const ir::Word mask = vm::all_ones >> 96u;
    // By value: the word that was loaded, its lower part, and whether it was required to be no more.
    std::map<std::uint32_t, std::uint32_t> lower_of, equal_of;
    std::set<std::uint32_t> addresses;
    for (const ir::Instruction& each : block.instructions) {
        const auto operand = [&](std::size_t i) { return each.operands[i].index; };
        if (each.op == ir::Op::Evm && each.opcode == vm::Opcode::CALLDATALOAD) {
            const auto from = constants.find(operand(0));
            if (from == constants.end() || !from->second.fits_u64() || from->second.low64() < bytes_of_selector) continue;
            const std::uint64_t offset = from->second.low64() - bytes_of_selector;
            if (offset % bytes_of_word == 0)
                words.push_back({&each, static_cast<std::size_t>(offset / bytes_of_word) + 1, ir::TypeKind::Uint});
        } else if (each.op == ir::Op::And && constants.contains(operand(1)) && constants.at(operand(1)) == mask) {
            lower_of[each.result.index] = operand(0);
        } else if (each.op == ir::Op::Equal) {
            const auto lower = lower_of.find(operand(1));
            if (lower != lower_of.end() && lower->second == operand(0)) equal_of[each.result.index] = operand(0);
        } else if (each.op == ir::Op::Guard && equal_of.contains(operand(0))) {
            addresses.insert(equal_of.at(operand(0)));
        } else if (each.op == ir::Op::Reinterpret && each.type.kind == ir::TypeKind::Address &&
                   addresses.contains(operand(0))) {
            for (CalldataWord& word : words)
                if (word.kind == ir::TypeKind::Uint && word.made->result == each.operands[0])
                    word = {&each, word.word, ir::TypeKind::Address};
        }
    }
    return words;
}

std::vector<std::size_t> words_of(const ir::Function& entry, ir::TypeKind kind) {
    constexpr std::size_t most = 4;
    const std::vector<ir::Parameter>& parameters = entry.blocks.front().parameters;
    std::vector<std::size_t> words;
    if (kind == ir::TypeKind::Address) words.push_back(0);
    for (std::size_t i = 0; i < parameters.size(); ++i)
        if (parameters[i].type.kind == kind && words.size() < most) words.push_back(i + 1);
    for (const CalldataWord& each : calldata_words(entry))
        if (each.kind == kind && words.size() < most && std::ranges::find(words, each.word) == words.end())
            words.push_back(each.word);
    return words;
}

void set_key(Keys& keys, std::size_t word, Key key) {
    if (word == 0) {
        keys.sender = key;
        return;
    }
    if (keys.arguments.size() < word) keys.arguments.resize(word);
    keys.arguments[word - 1] = key;
}

namespace {

void add_hashes(const ir::Contract& contract, const ir::Function& function, std::set<std::uint32_t>& seen,
                std::vector<const ir::Instruction*>& hashes) {
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions) {
            if (each.op == ir::Op::Keccak) hashes.push_back(&each);
            if (each.op == ir::Op::InternalCall && seen.insert(each.callee).second)
                add_hashes(contract, contract.functions.at(each.callee), seen, hashes);
        }
}

}  // namespace

std::vector<const ir::Instruction*> hashes_of(const ir::Contract& contract, const ir::Function& entry) {
    constexpr std::size_t most = 3;
    std::set<std::uint32_t> seen;
    std::vector<const ir::Instruction*> hashes;
    add_hashes(contract, entry, seen, hashes);
    if (hashes.size() > most) hashes.clear();
    return hashes;
}

std::vector<Keys> cases_of(const ir::Contract& contract, const ir::Function& visitor, std::optional<ir::TypeKind> kind) {
    std::vector<Keys> cases(1);
    if (!kind) return cases;
    for (const std::size_t word : words_of(visitor, *kind)) {
        const std::size_t count = cases.size();
        for (std::size_t i = 0; i < count; ++i) {
            cases.push_back(cases[i]);
            set_key(cases[i], word, Key::This);
            set_key(cases.back(), word, Key::Other);
        }
    }
    if (*kind != ir::TypeKind::Uint && *kind != ir::TypeKind::FixedBytes) return cases;
    for (const ir::Instruction* hash : hashes_of(contract, visitor)) {
        const std::size_t count = cases.size();
        for (std::size_t i = 0; i < count; ++i) {
            cases.push_back(cases[i]);
            cases[i].hashes[hash] = Key::This;
            cases.back().hashes[hash] = Key::Other;
        }
    }
    return cases;
}

}  // namespace interlock::analyzer::prover
