#include "lang/codegen/link.hpp"

#include <algorithm>

#include "vm/keccak.hpp"

namespace interlock::lang {

vm::Bytes linked(vm::Bytes code, const std::vector<LinkReference>& links, const Libraries& libraries) {
    for (const LinkReference& link : links) {
        const auto found = libraries.find(link.library);
        if (found == libraries.end()) continue;
        std::ranges::copy(found->second.bytes, code.begin() + link.offset);
    }
    return code;
}

std::string missing_library(const std::vector<LinkReference>& links, const Libraries& libraries) {
    const auto missing =
        std::ranges::find_if(links, [&](const LinkReference& link) { return !libraries.contains(link.library); });
    return missing == links.end() ? std::string() : missing->library;
}

Libraries place_libraries(const std::vector<Artifact>& artifacts,
                          const std::function<vm::Address(std::uint64_t)>& address_of) {
    Libraries libraries;
    for (const Artifact& each : artifacts)
        if (each.ir->is_library) libraries.emplace(each.ir->qualified_name, address_of(libraries.size()));
    return libraries;
}

std::string unlinked_hex(const vm::Bytes& code, const std::vector<LinkReference>& links) {
    std::string text = vm::to_hex(code).substr(2);
    for (const LinkReference& link : links) {
        const std::string hole = placeholder(link.library);
        text.replace(std::size_t{2} * link.offset, hole.size(), hole);
    }
    return text;
}

std::string placeholder(std::string_view library) {
    const vm::Hash hash = vm::keccak256({reinterpret_cast<const std::uint8_t*>(library.data()), library.size()});
    return "__$" + vm::to_hex(hash).substr(2, 34) + "$__";
}

}  // namespace interlock::lang
