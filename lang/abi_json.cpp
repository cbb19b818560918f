// A contract's interface as JSON, in the shape and order of solc: entries by type and name, keys alphabetically.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "lang/abi.hpp"

namespace interlock::lang::abi {

namespace {

using Json = nlohmann::json;  // keeps keys sorted, as solc prints them

Json list_of(const std::vector<ir::NamedType>& types) {
    Json list = Json::array();
    for (const ir::NamedType& type : types) {
        Json entry{{"name", type.name}, {"type", type.data.empty() ? ir::abi_name(type.type) : type.data}};
        if (!type.fields.empty()) entry["components"] = list_of(type.fields);
        list.push_back(std::move(entry));
    }
    return list;
}

const char* name_of(ir::Mutability mutability) {
    switch (mutability) {
        case ir::Mutability::Pure: return "pure";
        case ir::Mutability::View: return "view";
        case ir::Mutability::Payable: return "payable";
        case ir::Mutability::NonPayable: break;
    }
    return "nonpayable";
}

Json entry_for(const ir::Function& function) {
    Json entry{{"stateMutability", name_of(function.mutability)}};
    switch (function.kind) {
        case ir::FunctionKind::Receive: entry["type"] = "receive"; return entry;
        case ir::FunctionKind::Fallback: entry["type"] = "fallback"; return entry;
        case ir::FunctionKind::Constructor: entry["type"] = "constructor"; break;
        default:
            entry["type"] = "function";
            entry["name"] = function.name;
            entry["outputs"] = list_of(function.returns);
    }
    entry["inputs"] = list_of(function.parameters);
    return entry;
}

Json entry_for(const ir::Method& method) {
    return {{"type", "function"},
            {"name", method.name},
            {"inputs", list_of(method.parameters)},
            {"outputs", list_of(method.returns)},
            {"stateMutability", name_of(method.mutability)}};
}

Json entry_for(const ir::Event& event) {
    Json inputs = list_of(event.parameters);
    for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i]["indexed"] = bool(event.indexed[i]);
    return {{"type", "event"}, {"name", event.name}, {"inputs", inputs}, {"anonymous", event.anonymous}};
}

Json entry_for(const ir::Error& error) {
    return {{"type", "error"}, {"name", error.name}, {"inputs", list_of(error.parameters)}};
}

}  // namespace

std::string to_json(const ir::Contract& contract) {
    std::vector<Json> entries;
    for (const ir::Function& function : contract.functions)
        if (function.is_entry || (function.kind == ir::FunctionKind::Constructor && !function.is_implicit)) entries.push_back(entry_for(function));
    if (contract.is_interface)
        for (const ir::Method& method : contract.methods) entries.push_back(entry_for(method));
    for (const ir::Event& event : contract.events) entries.push_back(entry_for(event));
    for (const ir::Error& error : contract.errors) entries.push_back(entry_for(error));
    const auto key = [](const Json& entry) {
        const auto name = entry.find("name");
        return std::pair<std::string_view, std::string_view>(entry.at("type").get_ref<const std::string&>(),
                                                             name == entry.end() ? std::string_view() : name->get_ref<const std::string&>());
    };
    std::stable_sort(entries.begin(), entries.end(), [&](const Json& a, const Json& b) { return key(a) < key(b); });
    return Json(entries).dump();
}

}  // namespace interlock::lang::abi
