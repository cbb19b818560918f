#include "analyzer/prover/keys.hpp"

namespace interlock::analyzer::prover {

std::vector<std::size_t> words_of(const ir::Function& entry, ir::TypeKind kind) {
    constexpr std::size_t most = 4;
    const std::vector<ir::Parameter>& parameters = entry.blocks.front().parameters;
    std::vector<std::size_t> words;
    if (kind == ir::TypeKind::Address) words.push_back(0);
    for (std::size_t i = 0; i < parameters.size(); ++i)
        if (parameters[i].type.kind == kind && words.size() < most) words.push_back(i + 1);
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

std::vector<Keys> cases_of(const ir::Function& visitor, std::optional<ir::TypeKind> kind) {
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
    return cases;
}

}  // namespace interlock::analyzer::prover
