#include "lang/output/metadata.hpp"

#include <algorithm>

#include "lang/codegen/generate.hpp"
#include "lang/loading/load.hpp"
#include "vm/keccak.hpp"

namespace interlock::lang {

std::string metadata_of(const Program& program, ContractId contract, const Json& abi,
                        const ContractDocumentation& documentation, const std::vector<Remapping>& remappings,
                        std::uint32_t runs, const Libraries& libraries, const std::vector<std::vector<Comment>>& comments) {
    const Tree& tree = *program.tree;
    const Sources& sources = *program.sources;
    Json settings{{"compilationTarget", {{sources.file_of(tree[contract].range).path, tree[contract].name.text}}},
                  {"evmVersion", "cancun"},
                  {"libraries", Json::object()},
                  {"metadata", {{"appendCBOR", false}}},
                  {"optimizer", {{"enabled", true}}},
                  {"remappings", Json::array()}};
    if (runs != usual_runs) settings["optimizer"]["runs"] = runs;
    for (const auto& [name, address] : libraries) settings["libraries"][name] = vm::to_hex(address);
    for (const Remapping& each : remappings)
        settings["remappings"].push_back(each.context + ":" + each.prefix + "=" + each.target);
    Json files = Json::object();
    std::vector<std::size_t> reached;  // numbers of files
    for (const UnitId unit : reached_from(tree, tree[contract].unit)) reached.push_back(sources.number_of(tree[unit].range));
    std::ranges::sort(reached);
    for (const std::size_t i : reached) {
        const SourceFile& file = sources.files()[i];
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
