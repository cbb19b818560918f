// Slots of entries that are zero at every number which a counter has not given out, as a Flow sees who writes them.
#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/given.hpp"

namespace interlock::analyzer::prover {

std::optional<Area> slot_in_entry(const CodeInScope& code, const Area& area) {
    if (area.kind != Area::Kind::Entries || area.variable == Area::no_variable) return std::nullopt;
    const ir::Contract& contract = *code.contracts.at(area.contract);
    const ir::StateVariable& variable = contract.state.at(area.variable);
    const ir::StorageType* type = &contract.storage_types.at(variable.type);
    if (type->kind != ir::StorageType::Kind::Mapping || area.slot != variable.slot) return std::nullopt;
    Area slot{Area::Kind::Entries, area.contract, area.variable, {}, area.slot, {}, 0, 32};
    slot.within = area.within;
    if (slot.within) return slot;
    slot.within = ir::Word{};
    type = &contract.storage_types.at(type->element);
    for (const std::uint32_t each : area.fields) {
        if (type->kind != ir::StorageType::Kind::Struct) return std::nullopt;
        const ir::StorageField& field = type->fields.at(each);
        slot.within = *slot.within + field.slot;
        type = &contract.storage_types.at(field.type);
    }
    return type->kind == ir::StorageType::Kind::Value ? std::optional(slot) : std::nullopt;
}

namespace {

// What an entry writes, as it is seen while one word of it, or a number that it is given, is the key.
using Writes = std::map<std::pair<const ir::Instruction*, Area>, std::set<Counter>>;

Writes writes_under(const CodeInScope& code, Entry entry, const Keys& keys) {
    return Flow(code, entry, Flow::Caller::Anybody, {}, nothing_survives, keys).written_at_given();
}

Keys under(const Counter& own) {
    Keys keys;
    keys.own = own;
    return keys;
}

std::vector<Keys> ways_to_look_at(const CodeInScope& code, Entry entry, const std::set<Counter>& counters) {
    std::vector<Keys> ways(1);
    for (const std::size_t word : words_of(code.function(entry), ir::TypeKind::Uint))
        set_key(ways.emplace_back(), word, Key::This);
    for (const Counter& each : counters)
        if (each.first.contract == entry.contract) ways.push_back(under(each));
    return ways;
}

// Whether each write of the slot is at a number that the counter has given out.
bool are_at_given(const Writes& writes, const ir::Instruction* writer, const Area& slot, const Counter& counter) {
    for (const auto& [write, given] : writes)
        if (write.first == writer && overlap(write.second, slot) && !given.contains(counter)) return false;
    return true;
}

bool is_written_at_given(const std::vector<Writes>& ways, const Area& slot, const Counter& counter) {
    for (const auto& [write, given] : ways.front()) {
        const auto is_shown = [&](const Writes& way) { return are_at_given(way, write.first, slot, counter); };
        if (overlap(write.second, slot) && std::ranges::none_of(ways, is_shown)) return false;
    }
    return true;
}

}  // namespace

void add_given_slots(const CodeInScope& code, const std::set<Counter>& counters, std::map<Area, Counter>& given) {
    std::map<Area, Counter> slots;
    for (const Entry& entry : entries_of(code))
        for (const Counter& each : counters) {
            if (each.first.contract != entry.contract) continue;
            for (const auto& [write, known] : writes_under(code, entry, under(each)))
                if (const auto slot = slot_in_entry(code, write.second); slot && known.contains(each)) slots[*slot] = each;
        }
    // What is only written where one of these tells that the number was given out is another one.
    std::map<std::uint32_t, std::set<Counter>> giving;
    for (const auto& [field, counter] : given) giving[field.contract].insert(counter);
    for (const auto& [slot, counter] : slots) giving[slot.contract].insert(counter);
    for (const Entry& entry : entries_of(code)) {
        const auto givers = giving.find(entry.contract);
        if (givers == giving.end() || givers->second.size() != 1) continue;
        for (const auto& [write, known] : writes_under(code, entry, {}))
            if (const auto slot = slot_in_entry(code, write.second); slot && slot->contract == entry.contract)
                slots.try_emplace(*slot, *givers->second.begin());
    }
    // By induction on the writes: all of these are, as long as each is written where one of them tells that it may be.
    for (bool is_less = !slots.empty(); is_less;) {
        CodeInScope assumed = code;
        assumed.given = given;
        assumed.given.insert(slots.begin(), slots.end());
        const std::size_t before = slots.size();
        for (const Entry& entry : runs_of(code)) {
            std::vector<Writes> ways;
            for (const Keys& keys : ways_to_look_at(code, entry, counters))
                ways.push_back(writes_under(assumed, entry, keys));
            std::erase_if(slots, [&](const auto& each) { return !is_written_at_given(ways, each.first, each.second); });
        }
        is_less = slots.size() != before && !slots.empty();
    }
    given.insert(slots.begin(), slots.end());
}

}  // namespace interlock::analyzer::prover
