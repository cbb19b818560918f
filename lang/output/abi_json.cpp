// Writes a contract's interface as JSON in solc's format and order: entries by type and name, functions of one name by
// their selectors, keys alphabetically.
#include "lang/output/abi_json.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>

#include "lang/abi/abi.hpp"

namespace interlock::lang::abi {

namespace {

struct Entry {
    std::string_view type;
    std::string_view name;
    std::uint32_t selector;
    Json json;
};

// `indexed` is for an event's parameters; otherwise it is null.
Json list(const std::vector<ir::NamedType>& types, const std::vector<bool>* indexed = nullptr) {
    Json entries = Json::array();
    for (std::size_t i = 0; i < types.size(); ++i) {
        const ir::NamedType& type = types[i];
        Json entry = Json::object();
        if (!type.fields.empty()) entry["components"] = list(type.fields);
        if (indexed != nullptr) entry["indexed"] = static_cast<bool>((*indexed)[i]);
        entry["name"] = type.name;
        entry["type"] = type.data.empty() ? ir::abi_name(type.type) : type.data;
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::string_view name_of(ir::Mutability mutability) {
    switch (mutability) {
        case ir::Mutability::Pure: return "pure";
        case ir::Mutability::View: return "view";
        case ir::Mutability::Payable: return "payable";
        case ir::Mutability::NonPayable: break;
    }
    return "nonpayable";
}

Entry finished(std::string_view type, std::string_view name, Json json) {
    json["type"] = type;
    return {type, name, 0, std::move(json)};
}

// Writes a function or a method.
template <class Called>
Entry function_entry(const Called& function) {
    Entry entry = finished("function", function.name,
                           {{"inputs", list(function.parameters)},
                            {"name", function.name},
                            {"outputs", list(function.returns)},
                            {"stateMutability", name_of(function.mutability)}});
    entry.selector = function.selector;
    return entry;
}

Entry entry_for(const ir::Function& function) {
    if (function.kind != ir::FunctionKind::Receive && function.kind != ir::FunctionKind::Fallback &&
        function.kind != ir::FunctionKind::Constructor)
        return function_entry(function);
    Json json = Json::object();
    if (function.kind == ir::FunctionKind::Constructor) json["inputs"] = list(function.parameters);
    json["stateMutability"] = name_of(function.mutability);
    return finished(function.name, {}, std::move(json));
}

Entry entry_for(const ir::Event& event) {
    return finished(
        "event", event.name,
        {{"anonymous", event.anonymous}, {"inputs", list(event.parameters, &event.indexed)}, {"name", event.name}});
}

Entry entry_for(const ir::Error& error) {
    return finished("error", error.name, {{"inputs", list(error.parameters)}, {"name", error.name}});
}

// A library's ABI lists what anybody can call: functions that change nothing and take no references to storage.
bool is_listed(const ir::Contract& contract, const ir::Function& function) {
    if (function.kind == ir::FunctionKind::Constructor) return !function.is_implicit;
    if (!function.is_entry || !contract.is_library) return function.is_entry;
    const auto is_reference = [](const ir::NamedType& each) { return each.data.ends_with(" storage"); };
    return (function.mutability == ir::Mutability::View || function.mutability == ir::Mutability::Pure) &&
           std::ranges::none_of(function.parameters, is_reference) && std::ranges::none_of(function.returns, is_reference);
}

}  // namespace

Json json_of(const ir::Contract& contract) {
    std::vector<Entry> entries;
    for (const ir::Function& function : contract.functions)
        if (is_listed(contract, function)) entries.push_back(entry_for(function));
    if (contract.is_interface)
        for (const ir::Method& method : contract.methods) entries.push_back(function_entry(method));
    for (const ir::Event& event : contract.events)
        if (event.is_listed) entries.push_back(entry_for(event));
    for (const ir::Error& error : contract.errors)
        if (error.is_listed) entries.push_back(entry_for(error));
    std::ranges::stable_sort(entries, {}, [](const Entry& each) { return std::tuple(each.type, each.name, each.selector); });
    Json json = Json::array();
    for (Entry& entry : entries) json.push_back(std::move(entry.json));
    return json;
}

std::string to_json(const ir::Contract& contract) { return json_of(contract).text(); }

}  // namespace interlock::lang::abi
