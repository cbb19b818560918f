#include "analyzer/prover/footprint.hpp"

#include <algorithm>

#include "vm/keccak.hpp"

namespace interlock::analyzer::prover {

namespace {

bool is_slot_in(const ir::Word& slot, const Area& area) { return slot - area.slot <= area.last; }

bool slots_overlap(const Area& a, const Area& b) {
    if (!is_slot_in(a.slot, b) && !is_slot_in(b.slot, a)) return false;
    if (!a.last.is_zero() || !b.last.is_zero()) return true;
    return a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
}

// Whether one is told of tokens, and the other does something else outside: there no order is like another.
bool only_one_tells(const Area& a, const Area& b) {
    const bool a_tells = a.kind == Area::Kind::Receivers, b_tells = b.kind == Area::Kind::Receivers;
    const Area& other = a_tells ? b : a;
    return a_tells != b_tells && other.is_outside() && other.kind != Area::Kind::Tokens;
}

// Whether what the second one claims cannot be what the first one left, since that is not zero.
bool comes_to_others(const Area& first, const Area& second) {
    return first.found != Found::Any && second.found == Found::Claimed && first.contract == second.contract &&
           first.variable == second.variable && first.slot == second.slot && first.fields == second.fields;
}

bool commute(const std::pair<Area, Access>& a, const std::pair<Area, Access>& b) {
    if (only_one_tells(a.first, b.first)) return false;
    // Each one its own.
    if (a.first.made_by != 0 && a.first.made_by == b.first.made_by && a.first.contract == b.first.contract) return true;
    if (only_reads(a.second) && only_reads(b.second)) return true;
    const auto is_loose = [](Access each) { return each == Access::Shift || each == Access::LooseAdd; };
    if (is_loose(a.second) && is_loose(b.second)) return true;
    // Who came last found that all of it fits: it does in any order, if all ask for the same.
    const auto rises = [](Access each) { return each == Access::Number || each == Access::Add || each == Access::Lend; };
    if (rises(a.second) && rises(b.second)) return a.first.cap == b.first.cap;
    const auto goes_out = [](const auto& each) {
        return each.first.kind == Area::Kind::Tokens && (each.second == Access::Subtract || each.second == Access::GiveOne);
    };
    if (goes_out(a) && goes_out(b)) return true;
    if (a.second != b.second || a.second == Access::Write || a.second == Access::Take || a.second == Access::Grow)
        return false;
    return !only_writes(a.second) || is_same_layout(a.first, b.first);
}

}  // namespace

bool is_same_layout(const Area& a, const Area& b) {
    return a.kind == b.kind && a.variable == b.variable && a.fields == b.fields && a.slot == b.slot && a.last == b.last &&
           a.offset == b.offset && a.bytes == b.bytes;
}

bool is_prefix(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
    return std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())), b.begin());
}

Area code_area() { return {Area::Kind::Code, 0, 0, {}, {}, {}, 0, 32}; }
Area owners_area() { return {Area::Kind::Owners, 0, 0, {}, {}, {}, 0, 32}; }
Area receivers_area() { return {Area::Kind::Receivers, 0, 0, {}, {}, {}, 0, 32}; }
Area state_of_sister(std::uint32_t contract) {
    Area area{Area::Kind::Storage, contract, 0, {}, {}, {}, 0, 32};
    area.is_of_sister = true;
    return area;
}
Area tokens_area() { return {Area::Kind::Tokens, 0, 0, {}, {}, {}, 0, 32}; }

ir::StorageTypeIndex type_index_at(const ir::Contract& contract, const ir::Place& place) {
    ir::StorageTypeIndex index = contract.state.at(place.variable).type;
    for (const ir::PlaceStep& step : place.steps) {
        const ir::StorageType& type = contract.storage_types.at(index);
        index = step.kind == ir::PlaceStep::Kind::Field ? type.fields.at(step.operand).type : type.element;
    }
    return index;
}

const ir::StorageType& type_at(const ir::Contract& contract, const ir::Place& place) {
    return contract.storage_types.at(type_index_at(contract, place));
}

Area area_of(const ir::Contract& contract, std::uint32_t index, const ir::Place& place) {
    const ir::StateVariable& variable = contract.state.at(place.variable);
    Area area{Area::Kind::Slots, index, place.variable, {}, variable.slot, {}, variable.offset, 32};
    const ir::StorageType* type = &contract.storage_types.at(variable.type);
    bool is_exact = true;
    for (const ir::PlaceStep& step : place.steps) {
        if (step.kind == ir::PlaceStep::Kind::Field) {
            const ir::StorageField& field = type->fields.at(step.operand);
            if (area.kind == Area::Kind::Entries) area.fields.push_back(step.operand);
            else if (is_exact) {
                area.slot = area.slot + field.slot;
                area.offset = field.offset;
            }
            type = &contract.storage_types.at(field.type);
            continue;
        }
        if (area.kind == Area::Kind::Slots && type->kind == ir::StorageType::Kind::FixedArray) {
            if (is_exact) area.last = type->slots - ir::Word{1};
            is_exact = false;
        } else if (area.kind == Area::Kind::Slots) {
            // The mapping or array may stand in a struct or a fixed array: its own slots tell it from its sisters.
            area.kind = Area::Kind::Entries;
            area.fields.clear();
        }
        type = &contract.storage_types.at(type->element);
    }
    if (area.kind == Area::Kind::Entries) {
        area.offset = 0;
        return area;
    }
    area.variable = 0;
    if (!is_exact || type->kind != ir::StorageType::Kind::Value) {
        if (is_exact) area.last = type->slots - ir::Word{1};
        area.offset = 0;
    } else {
        area.bytes = type->bytes;
    }
    return area;
}

Area flags_of(const ir::Contract& contract, std::uint32_t index, const ir::Place& place) {
    using TypeKind = ir::StorageType::Kind;
    const ir::StorageType *type = &contract.storage_types.at(contract.state.at(place.variable).type), *last = nullptr;
    bool is_at_key = false;  // or in a field of what lies there
    for (const ir::PlaceStep& step : place.steps) {
        const bool is_field = step.kind == ir::PlaceStep::Kind::Field;
        is_at_key = step.kind == ir::PlaceStep::Kind::Key || (is_field && is_at_key);
        if (!is_field) last = type;
        type = &contract.storage_types.at(is_field ? type->fields.at(step.operand).type : type->element);
    }
    const bool is_flag = is_at_key && last->kind == TypeKind::Mapping && type->kind == TypeKind::Value &&
                         type->value.kind == ir::TypeKind::Bool && last->key.kind == ir::TypeKind::Address;
    if (!is_flag) return {};
    Area area = area_of(contract, index, place);
    area.is_one = false;
    return area;
}

bool is_data_of_array(const ir::Contract& contract, const ir::Word& slot) {
    constexpr std::uint64_t most_slots = 4'096;  // of a variable; more are not looked through
    if (slot.fits_u64()) return false;
    for (const ir::StateVariable& variable : contract.state) {
        const ir::Word slots = contract.storage_types.at(variable.type).slots;
        if (!slots.fits_u64() || slots.low64() > most_slots) return true;
        for (std::uint64_t i = 0; i < std::max<std::uint64_t>(slots.low64(), 1); ++i) {
            const auto bytes = vm::to_big_endian(variable.slot + ir::Word{i});
            if ((slot - vm::to_word(vm::keccak256(bytes))).fits_u64()) return true;
        }
    }
    return false;
}

bool overlap(const Area& a, const Area& b) {
    using Kind = Area::Kind;
    if (a.is_outside() || b.is_outside()) return a.is_outside() && b.is_outside();
    if (a.kind == Kind::Code || b.kind == Kind::Code) return a.kind == b.kind;
    if (a.contract != b.contract || a.is_of_sister != b.is_of_sister) return false;
    if (a.kind == Kind::Balance || b.kind == Kind::Balance) return a.kind == b.kind;
    if (a.kind == Kind::Immutable || b.kind == Kind::Immutable) return a == b;
    if (a.is_transient() || b.is_transient()) {
        if (!a.is_transient() || !b.is_transient()) return false;
        return a.kind == Kind::AnyTransient || b.kind == Kind::AnyTransient || a.slot == b.slot;
    }
    if (a.kind == Kind::Storage || b.kind == Kind::Storage) return true;
    if (a.kind == Kind::Slots || b.kind == Kind::Slots) return a.kind == b.kind && slots_overlap(a, b);
    if (a.kind == Kind::AnyEntry || b.kind == Kind::AnyEntry) return true;
    if (a.key != Key::Any && b.key != Key::Any && a.key != b.key) return false;
    if (a.constant && b.constant && *a.constant != *b.constant) return false;
    if (a.hashed != Hashed::Any && b.hashed != Hashed::Any && a.hashed != b.hashed) return false;
    if (a.within && b.within && *a.within != *b.within) return false;
    return a.variable == b.variable && (is_slot_in(a.slot, b) || is_slot_in(b.slot, a)) && is_prefix(a.fields, b.fields);
}

std::string name_of(const ir::Contract& contract, const Area& area) {
    switch (area.kind) {
        case Area::Kind::Balance: return "the balance";
        case Area::Kind::Code: return "code";
        case Area::Kind::World: return "other contracts";
        case Area::Kind::Tokens:
        case Area::Kind::Owners: return "tokens";
        case Area::Kind::Receivers: return "who is told of tokens";
        case Area::Kind::Transient:
        case Area::Kind::AnyTransient: return "transient storage";
        case Area::Kind::AnyEntry: return "entries of arrays";
        case Area::Kind::Storage: return area.is_of_sister ? "what a `" + contract.name + "` holds" : "storage";
        case Area::Kind::Entries:
        case Area::Kind::Immutable:
            return area.variable == Area::no_variable ? "a mapping" : contract.state.at(area.variable).name;
        case Area::Kind::Slots: break;
    }
    for (const ir::StateVariable& variable : contract.state) {
        const Area whole{Area::Kind::Slots,
                         area.contract,
                         0,
                         {},
                         variable.slot,
                         contract.storage_types.at(variable.type).slots - ir::Word{1},
                         0,
                         32};
        if (!variable.is_immutable && overlap(whole, area) && (!whole.last.is_zero() || variable.offset == area.offset))
            return variable.name;
    }
    return "a slot";
}

void Purses::add(const Purses& other) {
    seen.insert(other.seen.begin(), other.seen.end());
    paying.insert(other.paying.begin(), other.paying.end());
    paid.insert(other.paid.begin(), other.paid.end());
}

std::set<std::uint32_t> Purses::all() const {
    std::set<std::uint32_t> all = seen;
    all.insert(paying.begin(), paying.end());
    all.insert(paid.begin(), paid.end());
    return all;
}

void Footprint::add(const Footprint& other) {
    purses.add(other.purses);
    accesses.insert(other.accesses.begin(), other.accesses.end());
    receives |= other.receives;
    counts_others |= other.counts_others;
    makes_tokens |= other.makes_tokens;
    sends |= other.sends;
    sends_soft |= other.sends_soft;
    balance.insert(other.balance.begin(), other.balance.end());
    asks_for_caller |= other.asks_for_caller;
    lends |= other.lends;
}

void Footprint::take_loans_out() {
    std::erase_if(accesses, [](const auto& each) { return each.second == Access::Lend || each.second == Access::Repay; });
}

Footprint Footprint::of_sister(std::uint32_t contract) const {
    Footprint own;
    for (auto [area, access] : accesses) {
        if (!area.is_of_state() || area.contract != contract) continue;
        area.is_of_sister = true;
        own.accesses.emplace(area, access);
    }
    return own;
}

Footprint Footprint::survived() const {
    Footprint all = *this;
    all.accesses.clear();
    all.sends_soft |= sends;
    if (reads_balance()) all.balance = {Access::Read};
    for (const auto& [place, access] : accesses) {
        Area area = place;
        area.found = Found::Any;
        const bool is_plain =
            access == Access::Read || only_writes(access) || access == Access::Shift || access == Access::LooseAdd;
        all.accesses.emplace(area, is_plain ? access : Access::Read);
        if (!is_plain && !only_reads(access)) all.accesses.emplace(area, Access::Write);
    }
    return all;
}

bool Footprint::writes(const Area& area) const {
    return std::ranges::any_of(accesses,
                               [&](const auto& each) { return !only_reads(each.second) && overlap(each.first, area); });
}

bool Footprint::looks_at(const Area& area) const {
    return std::ranges::any_of(accesses, [&](const auto& each) {
        const bool is_sum = each.second == Access::Add || each.second == Access::Shift || each.second == Access::LooseAdd;
        return !is_sum && !only_writes(each.second) && overlap(each.first, area);
    });
}

bool Footprint::adds_to(const Area& area) const {
    return std::ranges::any_of(accesses,
                               [&](const auto& each) { return each.second == Access::Add && overlap(each.first, area); });
}

bool Footprint::overwrites(const Area& area) const {
    return std::ranges::any_of(accesses, [&](const auto& each) {
        return !only_reads(each.second) && each.second != Access::Add && overlap(each.first, area);
    });
}

bool Footprint::passes_on(const Area& area) const {
    const auto adds_beside = [&](const auto& each) {
        const bool adds = each.second == Access::Add || each.second == Access::LooseAdd;
        return adds && each.first.contract == area.contract && is_same_layout(each.first, area);
    };
    return area.kind == Area::Kind::Entries && !sends && std::ranges::any_of(accesses, adds_beside);
}

bool Footprint::writes_anything() const {
    return sends || receives || std::ranges::any_of(accesses, [](const auto& each) { return !only_reads(each.second); });
}

bool Footprint::changes_anything() const {
    return sends || receives ||
           std::ranges::any_of(accesses, [](const auto& each) { return !only_reads(each.second) && !only_leaves(each); });
}

bool Footprint::moves_tokens() const {
    return std::ranges::any_of(
        accesses, [](const auto& each) { return each.first.kind == Area::Kind::Tokens && !only_reads(each.second); });
}

std::optional<Access> Footprint::only_move() const {
    std::set<Access> acts;
    for (const auto& [area, access] : accesses) {
        if (!area.is_outside() || only_reads(access)) continue;
        if (area.kind != Area::Kind::Tokens) return std::nullopt;
        acts.insert(access);
    }
    return acts.size() == 1 ? std::optional(*acts.begin()) : std::nullopt;
}

bool Footprint::tells_receivers() const {
    return std::ranges::any_of(accesses, [](const auto& each) { return each.first.kind == Area::Kind::Receivers; });
}

const Area* conflict(const Footprint& a, const Footprint& b) {
    for (const auto& mine : a.accesses)
        for (const auto& theirs : b.accesses)
            if (!commute(mine, theirs) && overlap(mine.first, theirs.first)) return &mine.first;
    return nullptr;
}

namespace {

// Whether what is at most something when the first one is done is so before, or if it was so at first, is so afterwards.
bool allows_most(Access first, Access second) {
    const auto takes = [](Access each) { return each == Access::Subtract || each == Access::SubtractSeen; };
    const auto adds = [](Access each) { return each == Access::Add || each == Access::Lend || each == Access::Number; };
    return (adds(first) && second == Access::AskMost) || (first == Access::AskMost && takes(second));
}

}  // namespace

Fit fit_of_swap(const Footprint& first, const Footprint& second, const std::set<Area>& lost) {
    Fit fit = first.lends || second.lends ? Fit::IfNoSumOverflows : Fit::Yes;
    for (const auto& mine : first.accesses)
        for (const auto& theirs : second.accesses) {
            if (commute(mine, theirs) || !overlap(mine.first, theirs.first)) continue;
            if (comes_to_others(mine.first, theirs.first)) continue;
            if (only_one_tells(mine.first, theirs.first)) return Fit::No;
            // What is below a length is below a greater one.
            if (mine.second == Access::Ask && theirs.second == Access::Grow) continue;
            if (allows_most(mine.second, theirs.second)) continue;
            // What is enough although something was taken is enough without that.
            if (mine.second == Access::Subtract && theirs.second == Access::Ask) continue;
            // There is as much without what is added.
            if (mine.second == Access::Add && theirs.second == Access::SubtractSeen) {
                fit = std::min(fit, Fit::IfNoSumOverflows);
                continue;
            }
            // Who found a flag set finds it set.
            if (mine.first.found == Found::Set && only_reads(mine.second) && theirs.second == Access::WriteOne) continue;
            // Who takes what is there behind what is credited gets that, too, and would have got it by taking again.
            if (mine.second == Access::Take && theirs.second == Access::Add && !theirs.first.cap) {
                fit = std::min(fit, Fit::IfNoSumOverflows);
                continue;
            }
            if (lost.contains(mine.first) && lost.contains(theirs.first) && !mine.first.cap && !theirs.first.cap) {
                const bool may_overflow = mine.second == Access::Add || theirs.second == Access::Add;
                if (may_overflow) fit = std::min(fit, Fit::IfNoSumOverflows);
                continue;
            }
            const bool takes =
                mine.second == Access::Subtract || mine.second == Access::SubtractSeen || mine.second == Access::Ask;
            const bool are_tokens = mine.first.kind == Area::Kind::Tokens && theirs.first.kind == Area::Kind::Tokens;
            const auto adds = [](Access each) {
                return each == Access::Add || each == Access::LooseAdd || each == Access::Lend;
            };
            // Of a holder's account; what is one for all, anybody might bring to overflow.
            const auto is_sum = [&](const auto& each) {
                return adds(each.second) || (each.second == Access::Shift && each.first.kind == Area::Kind::Entries);
            };
            // What is capped does not fit before something was taken.
            const bool is_room_made = theirs.first.cap && mine.second != Access::Ask;
            if ((takes && adds(theirs.second) && !is_room_made) ||
                (is_sum(mine) && is_sum(theirs) && !are_tokens && mine.first.cap == theirs.first.cap))
                fit = std::min(fit, Fit::IfNoSumOverflows);
            // Who takes some of what is lent brings it back, or the entry fails: it is of use to who has none for a moment.
            else if (mine.second == Access::Lend && theirs.second == Access::Subtract) fit = std::min(fit, Fit::IfAtHand);
            else if ((mine.second == Access::Add || mine.second == Access::LooseAdd) && theirs.second == Access::Subtract &&
                     (are_tokens || second.passes_on(theirs.first)))
                fit = std::min(fit, Fit::IfAtHand);
            else return Fit::No;
        }
    return fit;
}

}  // namespace interlock::analyzer::prover
