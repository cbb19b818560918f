// libFuzzer target: any bytes as a source file. The parser must answer with a tree and errors that can be shown; what is
// read without errors must be laid out by the formatter, and stay as it is when laid out again.
#include "lang/output/format.hpp"
#include "lang/syntax/parse.hpp"
#include "lang/syntax/print_tree.hpp"

namespace {

using namespace interlock::lang;

// Empty: the formatter reported a fault of its own.
std::string laid_out(const std::string& path, const std::string& text, const FormatOptions& options) {
    Sources sources;
    Diagnostics diagnostics;
    return format(sources.add(path, text), diagnostics, options).value_or("");
}

void read(const std::string& path, const std::string& text) {
    Sources sources;
    Diagnostics diagnostics;
    const Tree tree = parse(sources.add(path, text), diagnostics);
    diagnostics.sort_by_place();
    const bool has_errors = !render(diagnostics, sources, false).empty();
    if (has_errors) return;
    if (print(tree).empty()) __builtin_trap();  // neither code nor an error
    for (const std::size_t width : {30u, 120u}) {
        const std::string once = laid_out(path, text, {.width = width});
        if (once.empty() || laid_out(path, once, {.width = width}) != once) __builtin_trap();
    }
    if (laid_out(path, text, {.strip = true}).empty() && tree.top_scenarios.empty()) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    for (const char* path : {"fuzz.ilk", "fuzz.sol"}) read(path, text);
    return 0;
}
