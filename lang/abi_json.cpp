// A contract's interface as JSON, in the shape and order of solc: entries by type and name, keys alphabetically. Written as
// text, since there is nothing in it to escape: names are identifiers.
#include <algorithm>
#include <string_view>

#include "lang/abi.hpp"

namespace interlock::lang::abi {

namespace {

struct Entry {
    std::string_view type;
    std::string_view name;
    std::string text;
};

std::string quoted(std::string_view text) {
    std::string result = "\"";
    result += text;
    return result += '"';
}

// `indexed`: of an event's parameters; null otherwise.
std::string list_of(const std::vector<ir::NamedType>& types, const std::vector<bool>* indexed = nullptr) {
    std::string text = "[";
    for (std::size_t i = 0; i < types.size(); ++i) {
        const ir::NamedType& type = types[i];
        text += i == 0 ? "{" : ",{";
        if (!type.fields.empty()) text += "\"components\":" + list_of(type.fields) + ",";
        if (indexed != nullptr) text += (*indexed)[i] ? "\"indexed\":true," : "\"indexed\":false,";
        text += "\"name\":" + quoted(type.name) + ",\"type\":" + quoted(type.data.empty() ? ir::abi_name(type.type) : type.data) + "}";
    }
    return text += ']';
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

// Of a function or a method.
template <class Called>
std::string function_text(const Called& function) {
    return "{\"inputs\":" + list_of(function.parameters) + ",\"name\":" + quoted(function.name) + ",\"outputs\":" + list_of(function.returns) +
           ",\"stateMutability\":" + quoted(name_of(function.mutability)) + ",\"type\":\"function\"}";
}

Entry entry_for(const ir::Function& function) {
    const std::string mutability = "\"stateMutability\":" + quoted(name_of(function.mutability));
    switch (function.kind) {
        case ir::FunctionKind::Receive: return {"receive", {}, "{" + mutability + ",\"type\":\"receive\"}"};
        case ir::FunctionKind::Fallback: return {"fallback", {}, "{" + mutability + ",\"type\":\"fallback\"}"};
        case ir::FunctionKind::Constructor:
            return {"constructor", {}, "{\"inputs\":" + list_of(function.parameters) + "," + mutability + ",\"type\":\"constructor\"}"};
        default: return {"function", function.name, function_text(function)};
    }
}

Entry entry_for(const ir::Method& method) { return {"function", method.name, function_text(method)}; }

Entry entry_for(const ir::Event& event) {
    return {"event", event.name,
            (event.anonymous ? "{\"anonymous\":true,\"inputs\":" : "{\"anonymous\":false,\"inputs\":") + list_of(event.parameters, &event.indexed) +
                ",\"name\":" + quoted(event.name) + ",\"type\":\"event\"}"};
}

Entry entry_for(const ir::Error& error) {
    return {"error", error.name, "{\"inputs\":" + list_of(error.parameters) + ",\"name\":" + quoted(error.name) + ",\"type\":\"error\"}"};
}

}  // namespace

std::string to_json(const ir::Contract& contract) {
    std::vector<Entry> entries;
    for (const ir::Function& function : contract.functions)
        if (function.is_entry || (function.kind == ir::FunctionKind::Constructor && !function.is_implicit)) entries.push_back(entry_for(function));
    if (contract.is_interface)
        for (const ir::Method& method : contract.methods) entries.push_back(entry_for(method));
    for (const ir::Event& event : contract.events) entries.push_back(entry_for(event));
    for (const ir::Error& error : contract.errors) entries.push_back(entry_for(error));
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return std::pair(a.type, a.name) < std::pair(b.type, b.name); });
    std::string text = "[";
    for (const Entry& entry : entries) {
        if (&entry != &entries.front()) text += ',';
        text += entry.text;
    }
    return text += ']';
}

}  // namespace interlock::lang::abi
