#include "analyzer/prover/records.hpp"

#include <algorithm>

#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/visitors.hpp"

namespace interlock::analyzer::prover {

using ir::Op;
using TypeKind = ir::StorageType::Kind;

namespace {

// Whether a word lies there, and the way leads through no array: what is pushed there is no record.
bool is_word_of_mappings(const ir::Contract& contract, const ir::Place& place) {
    const ir::StorageType* type = &contract.storage_types.at(contract.state.at(place.variable).type);
    for (const ir::PlaceStep& step : place.steps) {
        const bool is_field = step.kind == ir::PlaceStep::Kind::Field;
        if (!is_field && type->kind != TypeKind::Mapping) return false;
        type = &contract.storage_types.at(is_field ? type->fields.at(step.operand).type : type->element);
    }
    return type->kind == TypeKind::Value;
}

std::set<Area> named_words(const CodeInScope& code) {
    std::set<Area> words;
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at) {
        const ir::Contract& contract = *code.contracts[at];
        for (const ir::Function& function : contract.functions)
            for (const ir::Block& block : function.blocks)
                for (const ir::Instruction& each : block.instructions)
                    if ((each.op == Op::Store || each.op == Op::Clear) && is_word_of_mappings(contract, each.place))
                        words.insert(area_of(contract, at, each.place));
    }
    return words;
}

// Whether a contract that is not looked at here may ask for it.
bool is_asked_outside(const CodeInScope& code, const std::vector<const ir::Contract*>& contracts, std::uint32_t selector) {
    return std::ranges::any_of(contracts, [&](const ir::Contract* each) {
        return std::ranges::find(code.contracts, each) == code.contracts.end() && callees_of(*each).may_be(selector);
    });
}

}  // namespace

Area whole_of(Area area) {
    area.key = Key::Any;
    area.found = Found::Any;
    area.made_by = 0;
    area.is_one = area.is_of_origin = false;
    area.constant.reset();
    area.within.reset();
    return area;
}

std::set<Area> find_records(const CodeInScope& code, const std::vector<const ir::Contract*>& contracts) {
    std::set<Area> records = named_words(code);
    for (const Entry& entry : entries_of(code)) {
        if (records.empty()) break;
        const ir::Function& function = code.function(entry);
        if (only_views(function) && !is_asked_outside(code, contracts, function.selector)) continue;
        const Flow flow(code, entry, Flow::Caller::Anybody, {}, nothing_survives);
        Footprint all = flow.footprint();
        all.add(flow.undone());
        for (const auto& [area, access] : all.accesses)
            if (!only_writes(access)) std::erase_if(records, [&](const Area& each) { return overlap(each, area); });
    }
    return records;
}

}  // namespace interlock::analyzer::prover
