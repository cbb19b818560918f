// libFuzzer target: any bytes as a source file. The parser must answer with a tree and errors that can be shown.
#include "lang/parse.hpp"
#include "lang/print_tree.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace interlock::lang;
    Sources sources;
    Diagnostics diagnostics;
    const Tree tree = parse(sources.add("fuzz.ilk", std::string(reinterpret_cast<const char*>(data), size)), diagnostics);
    diagnostics.sort_by_place();
    if (render(diagnostics, sources, false).empty() && print(tree).empty()) __builtin_trap();  // neither code nor an error
    return 0;
}
