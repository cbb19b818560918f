// parseJson, parseToml, serialize… and related cheatcodes.
#include <memory>

#include "analyzer/devnet/foundry/document_values.hpp"
#include "analyzer/devnet/foundry/table.hpp"

namespace interlock::analyzer::foundry {

namespace abi = lang::abi;

namespace {

// The types in the names of parse…, and the types that they return.
constexpr std::array<std::pair<const char*, const char*>, 7> value_types{{{"Uint", "uint256"},
                                                                          {"Int", "int256"},
                                                                          {"Bool", "bool"},
                                                                          {"Address", "address"},
                                                                          {"String", "string"},
                                                                          {"Bytes", "bytes"},
                                                                          {"Bytes32", "bytes32"}}};

bool is_toml(const Call& call) { return call.signature.find("Toml") != std::string_view::npos; }

// The values that the arguments (a text, and a path if there is one) select, or a reply that says why there are none.
struct Selection {
    std::unique_ptr<const Document> document;
    std::vector<const Document*> found;
};

std::variant<Selection, vm::Reply> select(const Call& call) {
    ReadDocument read = is_toml(call) ? read_toml(call.text(0)) : read_json(call.text(0));
    const std::string language = is_toml(call) ? "TOML" : "JSON";
    if (const std::string* const problem = std::get_if<std::string>(&read))
        return call.refuse("failed parsing " + language + ": " + *problem);
    Selection selection{std::make_unique<const Document>(std::move(std::get<Document>(read))), {}};
    const std::string path = call.count() > 1 ? call.text(1) : "$";
    const auto found = foundry::select(*selection.document, path);
    if (!found) return call.refuse("failed selecting from " + language + ": `" + path + "` is no path");
    selection.found = *found;
    return selection;
}

const Document& only(const Selection& selection) { return *selection.found.front(); }

vm::Reply parse_any(const Call& call) {
    auto selected = select(call);
    if (vm::Reply* const refusal = std::get_if<vm::Reply>(&selected)) return std::move(*refusal);
    const auto& found = std::get<Selection>(selected).found;
    if (found.empty()) return gives(vm::Bytes{});
    Document list{Document::Kind::List, {}, {}, {}};
    if (found.size() > 1)
        for (const Document* const each : found) list.elements.push_back(*each);
    auto made = infer(found.size() > 1 ? list : *found.front());
    if (const std::string* const problem = std::get_if<std::string>(&made)) return call.refuse(*problem);
    const TypedData& typed = std::get<TypedData>(made);
    return gives(abi::encode({typed.type}, {typed.data}));
}

std::string needs_one(const Call& call) {
    return "path \"" + call.text(1) + "\" must return exactly one " + (is_toml(call) ? "TOML" : "JSON") + " value";
}

template <std::size_t type_index, bool is_list>
vm::Reply parse_typed(const Call& call) {
    auto selected = select(call);
    if (vm::Reply* const refusal = std::get_if<vm::Reply>(&selected)) return std::move(*refusal);
    const Selection& selection = std::get<Selection>(selected);
    if (selection.found.size() != 1) return call.refuse(needs_one(call));
    const std::string type = std::string(value_types[type_index].second) + (is_list ? "[]" : "");
    auto made = value_as(abi::data_type(type).value(), only(selection));
    if (const std::string* const problem = std::get_if<std::string>(&made))
        return call.refuse("\"" + call.text(1) + "\" is no " + type + ": " + *problem);
    return gives("(" + type + ")", {std::get<abi::Data>(made)});
}

vm::Reply has_key(const Call& call) {
    auto selected = select(call);
    if (vm::Reply* const refusal = std::get_if<vm::Reply>(&selected)) return std::move(*refusal);
    return gives(vm::Word(!std::get<Selection>(selected).found.empty()));
}

vm::Reply keys(const Call& call) {
    auto selected = select(call);
    if (vm::Reply* const refusal = std::get_if<vm::Reply>(&selected)) return std::move(*refusal);
    const Selection& selection = std::get<Selection>(selected);
    if (selection.found.size() != 1) return call.refuse(needs_one(call));
    if (only(selection).kind != Document::Kind::Object)
        return call.refuse("value at \"" + call.text(1) + "\" is not an object");
    std::vector<abi::Data> names;
    for (const std::string& key : only(selection).keys) names.emplace_back(std::string_view(key));
    return gives("(string[])", {abi::Data(names)});
}

// --- serialize ---

// An object grows with each call; nobody reads more members than this.
constexpr std::size_t max_members = 10'000;

vm::Reply put(const Call& call, Document value) {
    Document& object = call.arrangement().objects[call.text(0)];
    object.kind = Document::Kind::Object;
    if (object.keys.size() >= max_members) return call.refuse("the object has too many members");
    object.member(call.text(1)) = std::move(value);
    return gives(std::string_view(to_json(object)));
}

vm::Reply serialize(const Call& call) { return put(call, document_of(call.types[2], call.arguments[2])); }

// A text that holds an object is stored as an object, so that objects can be nested.
vm::Reply serialize_text(const Call& call) {
    const std::string text = call.text(2);
    ReadDocument read = read_json(text);
    Document* const made = std::get_if<Document>(&read);
    if (made && made->kind == Document::Kind::Object) return put(call, std::move(*made));
    return serialize(call);
}

vm::Reply serialize_hex(const Call& call) {
    std::string digits = vm::to_hex(vm::to_big_endian(call.word(2))).substr(2);
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
    return put(call, {Document::Kind::Text, "0x" + digits, {}, {}});
}

vm::Reply serialize_all(const Call& call) {
    ReadDocument read = read_json(call.text(1));
    Document* const made = std::get_if<Document>(&read);
    if (!made || made->kind != Document::Kind::Object) return call.refuse("failed parsing JSON: it is no object");
    call.arrangement().objects[call.text(0)] = std::move(*made);
    return gives(std::string_view(call.text(1)));
}

template <std::size_t... indices>
void add_typed(Cheatcodes& all, std::index_sequence<indices...>) {
    for (const std::string language : {"Json", "Toml"})
        (all.insert(
             all.end(),
             {{"parse" + language + value_types[indices].first + "(string,string)", parse_typed<indices, false>},
              {"parse" + language + value_types[indices].first + "Array(string,string)", parse_typed<indices, true>}}),
         ...);
}

}  // namespace

Cheatcodes document_cheatcodes() {
    Cheatcodes all{
        {"parseJson(string)", parse_any},
        {"parseJson(string,string)", parse_any},
        {"parseToml(string)", parse_any},
        {"parseToml(string,string)", parse_any},
        {"keyExists(string,string)", has_key},
        {"keyExistsJson(string,string)", has_key},
        {"keyExistsToml(string,string)", has_key},
        {"parseJsonKeys(string,string)", keys},
        {"parseTomlKeys(string,string)", keys},
        {"serializeJson(string,string)", serialize_all},
        {"serializeUintToHex(string,string,uint256)", serialize_hex},
    };
    add_typed(all, std::make_index_sequence<value_types.size()>());
    for (const auto& [name, type] : value_types) {
        const std::string begin = "serialize" + std::string(name) + "(string,string," + type;
        all.push_back({begin + ")", std::string_view(type) == "string" ? serialize_text : serialize});
        all.push_back({begin + "[])", serialize});
    }
    return all;
}

}  // namespace interlock::analyzer::foundry
