#include "tests/differential/suite.hpp"

#include <stdexcept>

#include "lang/output/abi_json.hpp"
#include "tests/differential/oracle.hpp"

namespace interlock::differential {

Case prepare(const std::filesystem::path& file, std::uint64_t seed, std::size_t each) {
    const lang::Compilation compilation = lang::compile(file.filename().string(), read_file(file));
    if (!compilation.ok() || compilation.main() == nullptr)
        throw std::runtime_error(lang::render(compilation.diagnostics, *compilation.sources, false));
    Case result{file.filename().string(), compilation.main()->name, *compilation.main(), {}, {}, {}};
    result.abi = nlohmann::json::parse(lang::abi::to_json(*result.ours.ir));
    Inputs inputs(seed, accounts());
    constexpr int attempts = 20;
    for (int attempt = 0;; ++attempt) {
        if (attempt == attempts) throw std::runtime_error(result.file + ": no arguments of its constructor deploy it");
        result.arguments = inputs.arguments(result.abi);
        if (World().deploy(result.ours.creation_code, result.arguments).outcome.ok()) break;
    }
    result.calls = inputs.calls(result.abi, each);
    return result;
}

}  // namespace interlock::differential
