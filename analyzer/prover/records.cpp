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
                        if (const Area area = area_of(contract, at, each.place); area.is_one_number()) numbers.insert(area);
    }
    return numbers;
}

// Whether a contract that is not looked at here may ask for it.
bool is_asked_outside(const CodeInScope& code, const std::vector<const ir::Contract*>& contracts, std::uint32_t selector) {
    return std::ranges::any_of(contracts, [&](const ir::Contract* each) {
        return std::ranges::find(code.contracts, each) == code.contracts.end() && callees_of(*each).may_be(selector);
    });
}

}  // namespace

std::set<Area> find_records(const CodeInScope& code, const std::vector<const ir::Contract*>& contracts) {
    std::set<Area> records = named_numbers(code);
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
