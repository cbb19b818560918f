#include "lang/storage_layout.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "lang/ast/ids.hpp"
#include "lang/data_layout.hpp"

namespace interlock::lang {

namespace {

using Json = nlohmann::json;  // sorted keys, as solc prints them

class LayoutWriter {
  public:
    LayoutWriter(const Program& program, ContractId contract)
        : program_(program), tree_(*program.tree), ids_(tree_), id_(contract),
          owner_(program.sources->file_of(tree_[contract].range).path + ":" + std::string(tree_[contract].name.text)) {}

    std::string write() {
        Json storage = Json::array();
        for (const StatePlace& place : program_[id_].state)
            if (!tree_[place.variable].is_immutable) storage.push_back(entry(place.variable, place.slot, place.offset));
        return Json{{"storage", storage}, {"types", types_.empty() ? Json(nullptr) : types_}}.dump();
    }

  private:
    Json entry(VariableId variable, const vm::Word& slot, unsigned offset) {
        return {{"astId", ids_.of(variable)},
                {"contract", owner_},
                {"label", tree_[variable].name.text},
                {"offset", offset},
                {"slot", vm::to_decimal(slot)},
                {"type", type(program_[variable].type)}};
    }

    // The type's name in the table; entered there, with those that it is made of.
    std::string type(TypeId id, bool is_key = false) {
        const std::string name = identifier(id, is_key);
        if (types_.contains(name)) return name;
        types_[name] = nullptr;  // a struct may be met again inside of itself
        const Type& type = program_[id];
        Json made{{"encoding", "inplace"},
                  {"label", unlocated_name(program_, id)},
                  {"numberOfBytes", vm::to_decimal(bytes_of(id))}};
        if (type.kind == TypeKind::Mapping) {
            made["encoding"] = "mapping";
            made["key"] = this->type(type.key, true);
            made["value"] = this->type(type.value);
        } else if (type.kind == TypeKind::Array) {
            if (type.is_dynamic) made["encoding"] = "dynamic_array";
            made["base"] = this->type(type.value);
        } else if (type.kind == TypeKind::Bytes || type.kind == TypeKind::String) {
            made["encoding"] = "bytes";
        } else if (type.kind == TypeKind::Struct) {
            made["members"] = Json::array();
            for (const VariableId field : tree_[type.structure].fields)
                made["members"].push_back(entry(field, program_[field].slot, program_[field].offset));
        }
        types_[name] = std::move(made);
        return name;
    }

    [[nodiscard]] vm::Word bytes_of(TypeId id) const {
        const Type& type = program_[id];
        switch (type.kind) {
            case TypeKind::UserValue: return bytes_of(type.value);
            case TypeKind::Struct:
            case TypeKind::Array:
                return (type.is_dynamic ? vm::Word{1} : data::storage_slots(program_, id)) * vm::Word{32};
            case TypeKind::Bool:
            case TypeKind::Enum: return vm::Word{1};
            case TypeKind::Address:
            case TypeKind::Contract: return vm::Word{20};
            case TypeKind::Uint:
            case TypeKind::Int:
            case TypeKind::FixedBytes: return vm::Word{type.bits / 8u};
            default: return vm::Word{32};
        }
    }

    // solc's name of a type: unique, and made of the names of the types in it.
    [[nodiscard]] std::string identifier(TypeId id, bool is_key = false) const {
        const Type& type = program_[id];
        const char* place = is_key ? "memory_ptr" : "storage";
        switch (type.kind) {
            case TypeKind::Bytes: return fmt::format("t_bytes_{}", place);
            case TypeKind::String: return fmt::format("t_string_{}", place);
            case TypeKind::Address: return type.payable ? "t_address_payable" : "t_address";
            case TypeKind::Enum: return fmt::format("t_enum({}){}", tree_[type.enumeration].name.text, ids_.of(type.enumeration));
            case TypeKind::Contract: return fmt::format("t_contract({}){}", tree_[type.contract].name.text, ids_.of(type.contract));
            case TypeKind::UserValue:
                return fmt::format("t_userDefinedValueType({}){}", tree_[type.value_type].name.text, ids_.of(type.value_type));
            case TypeKind::Struct:
                return fmt::format("t_struct({}){}_storage", tree_[type.structure].name.text, ids_.of(type.structure));
            case TypeKind::Mapping:
                return fmt::format("t_mapping({},{})", identifier(type.key, true), identifier(type.value));
            case TypeKind::Array:
                return fmt::format("t_array({}){}_storage", identifier(type.value),
                                   type.is_dynamic ? "dyn" : vm::to_decimal(type.length));
            default: return "t_" + name_of(program_, id);
        }
    }

    const Program& program_;
    const Tree& tree_;
    ast::NodeIds ids_;
    ContractId id_;
    std::string owner_;
    Json types_ = Json::object();
};

}  // namespace

std::string storage_layout_json(const Program& program, ContractId contract) {
    return LayoutWriter(program, contract).write();
}

std::string unlocated_name(const Program& program, TypeId type) {
    std::string name = name_of(program, type);
    for (const std::string_view place : {" memory", " calldata", " storage"})
        if (name.ends_with(place)) name.resize(name.size() - place.size());
    return name;
}

}  // namespace interlock::lang
