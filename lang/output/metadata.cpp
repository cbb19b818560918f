#include "lang/output/metadata.hpp"

#include <algorithm>
#include <set>

#include "lang/loading/options.hpp"
#include "vm/keccak.hpp"

namespace interlock::lang {

namespace {

// Returns the file and everything that it imports, directly or not.
std::set<UnitId> reached_from(const Tree& tree, UnitId unit) {
    std::set<UnitId> reached{unit};
    std::vector<UnitId> open{unit};
    while (!open.empty()) {
        const UnitId at = open.back();
        open.pop_back();
        for (const Import& import : tree[at].imports)
            if (import.target && reached.insert(import.target).second) open.push_back(import.target);
    }
    return reached;
}

}  // namespace

std::string metadata_of(const Program& program, ContractId contract, const Json& abi,
                        const ContractDocumentation& documentation, const std::vector<Remapping>& remappings,
                        const std::vector<std::vector<Comment>>& comments) {
    const Tree& tree = *program.tree;
    const Sources& sources = *program.sources;
    Json settings{{"compilationTarget", {{sources.file_of(tree[contract].range).path, tree[contract].name.text}}},
                  {"evmVersion", "cancun"},
                  {"libraries", Json::object()},
                  {"metadata", {{"appendCBOR", false}}},
                  {"optimizer", {{"enabled", true}}},
                  {"remappings", Json::array()}};
    for (const Remapping& each : remappings)
        settings["remappings"].push_back(each.context + ":" + each.prefix + "=" + each.target);
    Json files = Json::object();
    const std::set<UnitId> reached = reached_from(tree, tree[contract].unit);
    for (std::size_t i = 0; i < sources.files().size(); ++i) {
        const SourceFile& file = sources.files()[i];
        const bool is_reached =
            std::ranges::any_of(reached, [&](UnitId unit) { return &sources.file_of(tree[unit].range) == &file; });
        if (!is_reached) continue;
        const vm::Hash hash = vm::keccak256({reinterpret_cast<const std::uint8_t*>(file.text.data()), file.text.size()});
        files[file.path]["keccak256"] = vm::to_hex(vm::ByteView(hash));
        if (const auto license = license_of(file, comments[i])) files[file.path]["license"] = *license;
    }
    const Json metadata{{"compiler", {{"version", "interlock-" INTERLOCK_VERSION}}},
                        {"language", "Solidity"},
                        {"output", {{"abi", abi}, {"devdoc", documentation.developer}, {"userdoc", documentation.user}}},
                        {"settings", std::move(settings)},
                        {"sources", std::move(files)},
                        {"version", 1}};
    return metadata.text(Json::Keys::Sorted);
}

}  // namespace interlock::lang
