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

// The parts, one behind the other.
template <class... Parts>
void append(std::string& text, const Parts&... parts) {
    (text.append(std::string_view(parts)), ...);
}

// `indexed`: of an event's parameters; null otherwise.
void append_list(std::string& text, const std::vector<ir::NamedType>& types, const std::vector<bool>* indexed = nullptr) {
    text += '[';
    for (std::size_t i = 0; i < types.size(); ++i) {
        const ir::NamedType& type = types[i];
        text += i == 0 ? "{" : ",{";
        if (!type.fields.empty()) {
            text += "\"components\":";
            append_list(text, type.fields);
            text += ',';
        }
        if (indexed != nullptr) append(text, "\"indexed\":", (*indexed)[i] ? "true" : "false", ",");
        append(text, "\"name\":\"", type.name, "\",\"type\":\"", type.data.empty() ? ir::abi_name(type.type) : type.data,
               "\"}");
    }
    text += ']';
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

Entry finished(std::string_view type, std::string_view name, std::string text) {
    append(text, "\"type\":\"", type, "\"}");
    return {type, name, std::move(text)};
}

// Of a function or a method.
template <class Called>
Entry function_entry(const Called& function) {
    std::string text = "{\"inputs\":";
    append_list(text, function.parameters);
    append(text, ",\"name\":\"", function.name, "\",\"outputs\":");
    append_list(text, function.returns);
    append(text, ",\"stateMutability\":\"", name_of(function.mutability), "\",");
    return finished("function", function.name, std::move(text));
}

Entry entry_for(const ir::Function& function) {
    if (function.kind != ir::FunctionKind::Receive && function.kind != ir::FunctionKind::Fallback &&
        function.kind != ir::FunctionKind::Constructor)
        return function_entry(function);
    std::string text = "{";
    if (function.kind == ir::FunctionKind::Constructor) {
        text += "\"inputs\":";
        append_list(text, function.parameters);
        text += ',';
    }
    append(text, "\"stateMutability\":\"", name_of(function.mutability), "\",");
    return finished(function.name, {}, std::move(text));
}

Entry entry_for(const ir::Event& event) {
    std::string text;
    append(text, "{\"anonymous\":", event.anonymous ? "true" : "false", ",\"inputs\":");
    append_list(text, event.parameters, &event.indexed);
    append(text, ",\"name\":\"", event.name, "\",");
    return finished("event", event.name, std::move(text));
}

Entry entry_for(const ir::Error& error) {
    std::string text = "{\"inputs\":";
    append_list(text, error.parameters);
    append(text, ",\"name\":\"", error.name, "\",");
    return finished("error", error.name, std::move(text));
}

}  // namespace

std::string to_json(const ir::Contract& contract) {
    std::vector<Entry> entries;
    for (const ir::Function& function : contract.functions)
        if (function.is_entry || (function.kind == ir::FunctionKind::Constructor && !function.is_implicit))
            entries.push_back(entry_for(function));
    if (contract.is_interface)
        for (const ir::Method& method : contract.methods) entries.push_back(function_entry(method));
    for (const ir::Event& event : contract.events) entries.push_back(entry_for(event));
    for (const ir::Error& error : contract.errors) entries.push_back(entry_for(error));
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return std::pair(a.type, a.name) < std::pair(b.type, b.name); });
    std::string text = "[";
    for (const Entry& entry : entries) {
        if (&entry != &entries.front()) text += ',';
        text += entry.text;
    }
    return text += ']';
}

}  // namespace interlock::lang::abi
