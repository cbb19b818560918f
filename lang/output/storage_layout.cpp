#include "lang/output/storage_layout.hpp"

#include <fmt/format.h>

#include <array>

#include "lang/output/ast/types.hpp"
#include "lang/program/data_layout.hpp"

namespace interlock::lang {

namespace {

class LayoutWriter {
  public:
    LayoutWriter(const Program& program, ContractId contract, std::uint32_t first_node)
        : program_(program),
          tree_(*program.tree),
          ids_(tree_, first_node),
          names_(program, ids_),
          id_(contract),
          owner_(program.sources->file_of(tree_[contract].range).path + ":" + std::string(tree_[contract].name.text)) {}

    Json write(const std::vector<StatePlace>& places) {
        Json storage = Json::array();
        for (const StatePlace& place : places)
            if (!tree_[place.variable].is_immutable) storage.push_back(entry(place.variable, place.slot, place.offset));
        return {{"storage", std::move(storage)},
                {"types", types_.empty() ? Json(nullptr) : Json::object(std::move(types_))}};
    }

  private:
    Json entry(VariableId variable, const vm::Word& slot, unsigned offset) {
        return {{"astId", ids_.of(variable)}, {"contract", owner_},           {"label", tree_[variable].name.text},
                {"offset", offset},           {"slot", vm::to_decimal(slot)}, {"type", type(program_[variable].type)}};
    }

    // Returns the type's name in the table, after entering it there with the types that it contains.
    std::string type(TypeId id, bool is_key = false) {
        const std::string name = identifier(id, is_key);
        if (types_.contains(name)) return name;
        types_[name] = {};  // a struct may contain itself
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
            case TypeKind::Array: return (type.is_dynamic ? vm::Word{1} : data::storage_slots(program_, id)) * vm::Word{32};
            case TypeKind::Bool:
            case TypeKind::Enum: return vm::Word{1};
            case TypeKind::Address:
            case TypeKind::Contract: return vm::Word{20};
            case TypeKind::Uint:
            case TypeKind::Int:
            case TypeKind::Fixed:
            case TypeKind::Ufixed:
            case TypeKind::FixedBytes: return vm::Word{type.bits / 8u};
            case TypeKind::Function: return vm::Word{type.form == FunctionForm::External ? 24u : 8u};
            default: return vm::Word{32};
        }
    }

    // Returns solc's name of a type, which is unique and contains the names of the types in it.
    [[nodiscard]] std::string identifier(TypeId id, bool is_key) const {
        return names_.describe(id, is_key ? DataLocation::Memory : DataLocation::Storage, is_key).identifier;
    }

    const Program& program_;
    const Tree& tree_;
    ast::NodeIds ids_;
    ast::Types names_;
    ContractId id_;
    std::string owner_;
    std::map<std::string, Json> types_{};
};

}  // namespace

Json storage_layout_json(const Program& program, ContractId contract, std::uint32_t first_node) {
    return LayoutWriter(program, contract, first_node).write(program[contract].state);
}

Json transient_layout_json(const Program& program, ContractId contract, std::uint32_t first_node) {
    return LayoutWriter(program, contract, first_node).write(program[contract].transient);
}

std::string unlocated_name(const Program& program, TypeId id) {
    const Type& type = program[id];
    const auto joined = [&](const std::vector<TypeId>& types) {
        std::string text;
        for (const TypeId each : types) text += (text.empty() ? "" : ",") + unlocated_name(program, each);
        return text;
    };
    if (type.kind == TypeKind::Function) {
        constexpr std::array<std::string_view, 4> mutabilities{"", " pure", " view", " payable"};
        return fmt::format("function ({}){}{}{}", joined(type.members),
                           mutabilities[static_cast<std::size_t>(type.mutability)],
                           type.form == FunctionForm::External ? " external" : "",
                           type.results.empty() ? "" : " returns (" + joined(type.results) + ")");
    }
    if (type.kind == TypeKind::Mapping)
        return fmt::format("mapping({} => {})", unlocated_name(program, type.key), unlocated_name(program, type.value));
    if (type.kind == TypeKind::Array)
        return fmt::format("{}[{}]", unlocated_name(program, type.value),
                           type.is_dynamic ? "" : vm::to_decimal(type.length));
    std::string name = name_of(program, id);
    for (const std::string_view place : {" memory", " calldata", " storage"})
        if (name.ends_with(place)) name.resize(name.size() - place.size());
    return name;
}

}  // namespace interlock::lang
