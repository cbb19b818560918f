// libFuzzer target: any bytes as a source file, and the same file with a few of its words dropped, doubled or exchanged,
// which is nearer to what people mistype and goes further into the compiler. Code or an error must come of it, and never
// a fault of the compiler itself.
#include <cctype>
#include <random>
#include <string>
#include <vector>

#include "lang/compile.hpp"
#include "lang/diagnostics/codes.hpp"
#include "lang/output/standard_json.hpp"
#include "tests/fuzz/expect.hpp"

namespace {

using namespace interlock;
using fuzz::expect;

// Names and numbers, spaces, and every other character by itself.
std::vector<std::string> words_of(const std::string& text) {
    const auto kind = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return std::isalnum(byte) || c == '_' ? 1 : std::isspace(byte) ? 2 : 0;
    };
    std::vector<std::string> words;
    for (const char c : text) {
        if (words.empty() || kind(c) == 0 || kind(words.back().back()) != kind(c)) words.emplace_back();
        words.back() += c;
    }
    return words;
}

// One to three changes; which ones depends on the text alone.
std::string changed(const std::string& text) {
    std::vector<std::string> words = words_of(text);
    std::seed_seq seed(text.begin(), text.end());
    std::mt19937 random(seed);
    for (std::size_t changes = 1 + random() % 3; changes > 0 && !words.empty(); --changes) {
        const std::size_t place = random() % words.size(), other = random() % words.size();
        const auto at = words.begin() + static_cast<std::ptrdiff_t>(place);
        switch (random() % 4) {
            case 0: words.erase(at); break;
            case 1: words.insert(at, std::string(words[other])); break;
            case 2: std::swap(words[place], words[other]); break;
            default: words[place] = std::string(words[other]);
        }
    }
    std::string result;
    for (const std::string& word : words) result += word;
    return result;
}

void compile(const std::string& text) {
    const lang::Compilation made = lang::compile("fuzz.ilk", text);
    (void)lang::render(made.diagnostics, *made.sources, false);
    for (const lang::Diagnostic& diagnostic : made.diagnostics.all())
        expect(diagnostic.code != std::string_view(lang::code::internal_error.id), "a fault of the compiler itself");
    expect(made.ok() != made.diagnostics.has_errors(), "neither code nor an error");
    if (!made.ok()) return;
    for (const lang::Artifact& artifact : made.artifacts) expect(!artifact.creation_code.empty(), "a contract without code");
    expect(!lang::standard_json("fuzz.ilk", text, {}).empty(), "no output");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    compile(text);
    compile(changed(text));
    return 0;
}
