#include "analyzer/prover/plain_clears.hpp"

#include "analyzer/prover/slots.hpp"

namespace interlock::analyzer::prover {

namespace ir = lang::ir;
using ir::Op;

namespace {

constexpr std::size_t most_fields = 16;

using Steps = std::vector<ir::PlaceStep>;

// Adds the ways to all fields of the struct that hold a value. Returns whether the rest is left alone when it is cleared.
bool add_fields(const ir::Contract& contract, const ir::StorageType& type, const Steps& way, std::vector<Steps>& fields) {
    for (std::uint32_t i = 0; i < type.fields.size(); ++i) {
        const ir::StorageType& field = contract.storage_types.at(type.fields[i].type);
        if (field.kind == ir::StorageType::Kind::Mapping) continue;
        Steps there = way;
        there.push_back({ir::PlaceStep::Kind::Field, i});
        if (field.kind == ir::StorageType::Kind::Value) fields.push_back(std::move(there));
        else if (field.kind != ir::StorageType::Kind::Struct || !add_fields(contract, field, there, fields)) return false;
    }
    return fields.size() <= most_fields;
}

// Adds what does the same as the clearing.
void add_plain(const ir::Contract& contract, ir::Function& function, const ir::Instruction& clear,
               std::vector<ir::Instruction>& all) {
    const ir::StorageType& type = type_at(contract, clear.place);
    std::vector<Steps> fields;
    const bool is_plain = clear.op == Op::Clear && type.kind == ir::StorageType::Kind::Struct &&
                          add_fields(contract, type, clear.place.steps, fields);
    if (!is_plain) return all.push_back(clear);
    for (const Steps& each : fields) {
        ir::Instruction zero, store = clear;
        store.op = Op::Store;
        store.place.steps = each;
        store.type = type_at(contract, store.place).value;
        zero.type = store.type;
        zero.range = clear.range;
        zero.result.index = function.values++;
        store.operands.push_back(zero.result);
        all.push_back(std::move(zero));
        all.push_back(std::move(store));
    }
}

}  // namespace

ir::Contract with_plain_clears(ir::Contract contract) {
    for (ir::Function& function : contract.functions)
        for (ir::Block& block : function.blocks) {
            std::vector<ir::Instruction> all;
            for (const ir::Instruction& each : block.instructions)
                if (each.op == Op::Clear) add_plain(contract, function, each, all);
                else all.push_back(each);
            block.instructions = std::move(all);
        }
    return contract;
}

}  // namespace interlock::analyzer::prover
