#include "analyzer/prover/records.hpp"

#include <algorithm>

#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/visitors.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

std::set<Area> named_numbers(const CodeInScope& code) {
    std::set<Area> numbers;
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at) {
        const ir::Contract& contract = *code.contracts[at];
        for (const ir::Function& function : contract.functions)
            for (const ir::Block& block : function.blocks)
                for (const ir::Instruction& each : block.instructions)
                    if (each.op == Op::Store || each.op == Op::Clear)
                        if (const Area area = area_of(contract, at, each.place);
                            area.is_one_number() || area.kind == Area::Kind::Entries)
                            numbers.insert(area);
    }
    return numbers;
}

// Whether the function says something of the variable, or of the mapping.
bool names(const ir::Function& function, const ir::Contract& contract, const Area& record) {
    return std::ranges::any_of(function.blocks, [&](const ir::Block& block) {
        return std::ranges::any_of(block.instructions, [&](const ir::Instruction& each) {
            const bool has_place = each.op == Op::Load || each.op == Op::SlotOf;
            return has_place && overlap(area_of(contract, record.contract, each.place), record);
        });
    });
}

// Whether a contract that is not looked at here may ask for it.
bool is_asked_outside(const CodeInScope& code, const std::vector<const ir::Contract*>& contracts, std::uint32_t selector) {
    return std::ranges::any_of(contracts, [&](const ir::Contract* each) {
        return std::ranges::find(code.contracts, each) == code.contracts.end() && callees_of(*each).may_be(selector);
    });
}

}  // namespace

std::set<Area> find_records(const CodeInScope& code, const std::vector<const ir::Contract*>& contracts) {
    std::set<Area> records = named_numbers(code), summed, overwritten;
    std::erase_if(records, [&](const Area& each) {
        return std::ranges::any_of(code.contracts.at(each.contract)->functions, [&](const ir::Function& function) {
            return function.kind == ir::FunctionKind::Specification &&
                   names(function, *code.contracts.at(each.contract), each);
        });
    });
    std::vector<Entry> open;
    for (const Entry& entry : entries_of(code)) {
        const ir::Function& function = code.function(entry);
        const bool is_stated = function.name.starts_with("invariant");
        if (!only_views(function) || is_stated || is_asked_outside(code, contracts, function.selector))
            open.push_back(entry);
    }
    std::set<Entry> seen;
    while (!open.empty() && !records.empty()) {
        const Entry entry = open.back();
        open.pop_back();
        if (!seen.insert(entry).second) continue;
        const Flow flow(code, entry, Flow::Caller::Anybody, {}, nothing_survives);
        open.insert(open.end(), flow.hits().begin(), flow.hits().end());
        if (flow.heeds_answers()) open.insert(open.end(), flow.told().begin(), flow.told().end());
        Footprint all = flow.footprint();
        all.add(flow.undone());
        for (const auto& [area, access] : all.accesses) {
            const auto is_there = [&, &area = area](const Area& each) { return overlap(each, area); };
            if ((!only_writes(access) && !only_adds(access)) || area.cap) std::erase_if(records, is_there);
            if (only_adds(access)) summed.insert(area);
            if (only_writes(access)) overwritten.insert(area);
        }
    }
    // What is there at last, and whether a sum fits, may depend on whether that comes before or behind what is overwritten.
    const auto are_there = [](const std::set<Area>& areas, const Area& record) {
        return std::ranges::any_of(areas, [&](const Area& each) { return overlap(each, record); });
    };
    std::erase_if(records, [&](const Area& each) { return are_there(summed, each) && are_there(overwritten, each); });
    return records;
}

}  // namespace interlock::analyzer::prover
