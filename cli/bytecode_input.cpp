#include "cli/bytecode_input.hpp"

#include <algorithm>

#include "analyzer/bytecode/abi_reader.hpp"
#include "analyzer/bytecode/assemble.hpp"
#include "analyzer/bytecode/code_text.hpp"
#include "cli/input_file.hpp"

namespace interlock::cli {

namespace {

// Returns the place among the codes to which each ABI belongs.
std::vector<std::size_t> pair_up(const std::vector<std::string>& codes, const std::vector<std::string>& abis) {
    std::vector<std::size_t> places(abis.size(), codes.size());
    std::vector<bool> is_taken(codes.size());
    const auto take = [&](std::size_t abi, std::size_t code) {
        places[abi] = code;
        is_taken[code] = true;
    };
    for (std::size_t i = 0; i < abis.size(); ++i)
        for (std::size_t c = 0; c < codes.size(); ++c)
            if (!is_taken[c] && places[i] == codes.size() &&
                analyzer::contract_name_of(codes[c]) == analyzer::contract_name_of(abis[i]))
                take(i, c);
    for (std::size_t i = 0; i < abis.size(); ++i)
        for (std::size_t c = 0; c < codes.size() && places[i] == codes.size(); ++c)
            if (!is_taken[c]) take(i, c);
    return places;
}

}  // namespace

std::variant<std::vector<lang::Bytecode>, std::string> read_bytecodes(const std::vector<std::string>& codes,
                                                                      const std::vector<std::string>& abis) {
    std::vector<lang::Bytecode> made;
    for (const std::string& path : codes) {
        const FileText read = read_file(path, analyzer::max_code_text_bytes);
        if (!read.text) return read.error;
        auto code = analyzer::read_code(*read.text);
        if (const auto* why = std::get_if<std::string>(&code)) return path + " is no bytecode: " + *why;
        const std::string name = analyzer::contract_name_of(path);
        std::string unused = name;
        for (int number = 2; std::ranges::count(made, unused, &lang::Bytecode::name) != 0; ++number)
            unused = name + std::to_string(number);
        made.push_back({unused, path, std::move(std::get<vm::Bytes>(code))});
    }
    const std::vector<std::size_t> places = pair_up(codes, abis);
    for (std::size_t i = 0; i < abis.size(); ++i) {
        FileText read = read_file(abis[i], analyzer::max_abi_bytes);
        if (!read.text) return read.error;
        const auto checked = analyzer::read_abi(*read.text);
        if (const auto* why = std::get_if<std::string>(&checked)) return abis[i] + " is no ABI: " + *why;
        made[places[i]].abi = std::move(*read.text);
    }
    return made;
}

}  // namespace interlock::cli
