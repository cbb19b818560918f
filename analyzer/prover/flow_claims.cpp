// The part of a Flow that tells words which were found to be zero from those that were not: where nobody sets a word to zero
// again, what somebody claims, as a new token, is nothing that others had before.
#include <algorithm>

#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/flow_parts.hpp"
#include "analyzer/prover/given.hpp"

namespace interlock::analyzer::prover {

using ir::Op;
using Kind = Known::Kind;

namespace {

// The field behind one key of a mapping, if the place is one word of that.
bool is_field(const ir::Contract& contract, const ir::Place& place) {
    const ir::StorageType* type = &contract.storage_types.at(contract.state.at(place.variable).type);
    if (place.steps.empty() || type->kind != ir::StorageType::Kind::Mapping) return false;
    for (std::size_t i = 0; i < place.steps.size(); ++i) {
        const ir::PlaceStep& step = place.steps[i];
        if (i != 0 && step.kind != ir::PlaceStep::Kind::Field) return false;
        type = &contract.storage_types.at(i == 0 ? type->element : type->fields.at(step.operand).type);
    }
    return type->kind == ir::StorageType::Kind::Value;
}

}  // namespace

// Returns where the word comes from: through internal functions, and conversions that keep whether it is zero.
Flow::ValueInFrame Flow::source_of(std::uint32_t frame, ir::Value value) const {
    constexpr int most_steps = 64;
    unsigned kept_bits = 256;                // of those that the word had when it was loaded
    std::optional<ValueInFrame> before_cut;  // where more than these may be looked at
    for (int step = 0; step < most_steps; ++step) {
        const Frame& here = *frames_[frame];
        if (const auto answered = answer_of(frame, value)) {
            std::tie(frame, value) = *answered;
            continue;
        }
        const ir::Instruction* made = here.shape->made_by.at(value.index);
        if (made) {
            if (const auto cut = cut_in(here.shape->made_by, *made)) {
                if (!before_cut) before_cut = {frame, value.index};
                kept_bits = std::min(kept_bits, cut->bits);
                value = cut->value;
                continue;
            }
            if (made->op != Op::Reinterpret || made->type.kind == ir::TypeKind::Bytes) break;
            value = made->operands[0];
            continue;
        }
        const std::vector<ir::Parameter>& parameters = here.function->blocks.front().parameters;
        const auto found = std::ranges::find_if(parameters, [&](const auto& each) { return each.value == value; });
        if (found == parameters.end() || here.is_outer || here.caller == Frame::none || here.at == 0) break;
        const ir::Instruction& call = frames_[here.caller]->function->blocks.at(here.block).instructions.at(here.at - 1);
        if (call.op != Op::InternalCall) break;
        value = call.operands[static_cast<std::size_t>(found - parameters.begin())];
        frame = here.caller;
    }
    if (!before_cut) return {frame, value.index};
    // What was loaded as a word of that length is cut in vain.
    const ir::Instruction* made = frames_[frame]->shape->made_by.at(value.index);
    const bool is_short = made && (made->op == Op::Load || made->op == Op::LoadImmutable || made->op == Op::Caller) &&
                          made->type.bits <= kept_bits && !made->type.is_signed() &&
                          made->type.kind != ir::TypeKind::FixedBytes;
    return is_short ? ValueInFrame{frame, value.index} : *before_cut;
}

bool Flow::has_marks() const { return !code_.kept.empty() || !code_.numbering.empty() || !code_.reserved.empty(); }

// Whether what is not zero there tells that the key is a number that was given out, as good as any other.
bool Flow::is_numbered(const Area& field) const {
    const auto counter = counter_of(field);
    return counter && (code_.numbering.contains(*counter) || code_.reserved.contains(*counter));
}

std::optional<Area> Flow::kept_field(std::uint32_t frame, const ir::Instruction& access) const {
    const Frame& here = *frames_[frame];
    const ir::Contract& contract = *code_.contracts.at(here.entry.contract);
    if (!has_marks() || !is_field(contract, access.place) || is_survived(frame)) return std::nullopt;
    Area field = area_of(contract, here.storage, access.place);
    return code_.kept.contains(field) || is_numbered(field) ? std::optional(field) : std::nullopt;
}

bool Flow::is_surely_used(std::uint32_t frame, const State& state, ir::Value value) const {
    const Known& known = frames_[frame]->values.at(value.index);
    const bool is_account = known.kind == Kind::Actor || known.kind == Kind::Caller || known.kind == Kind::Self;
    return is_account || truth_of(known) == true || state.positive.contains({frame, value.index});
}

// What was found under the same number tells of the number, not of this field; of one that nobody sets to zero, what was found
// in the same place before tells that, too.
void Flow::note_given_by(std::uint32_t index, const State& state, const ir::Instruction& access, const Area& field,
                         const ValueInFrame& key) {
    Values given;
    const bool is_kept = code_.kept.contains(field);
    const auto counter = is_numbered(field) && !is_kept ? counter_of(field) : std::nullopt;
    for (const ValueInFrame& each : state.made) {
        const Mark& mark = marks_.at(each);
        const bool is_told = is_kept ? mark.field == field : counter && counter_of(mark.field) == counter;
        if (mark.key == key && is_told) given.insert(each);
    }
    nodes_[index]->given_by[&access] = std::move(given);
}

void Flow::mark_load(std::uint32_t index, State& state, const ir::Instruction& load, const Area& area, const Area& field) {
    const std::uint32_t frame = nodes_[index]->frame;
    const ValueInFrame id{frame, load.result.index}, key = source_of(frame, load.operands[load.place.steps[0].operand]);
    marks_.try_emplace(id, Mark{field, key});
    note_given_by(index, state, load, field, key);
    for (Values* each : {&state.unstored, &state.not_zero_yet, &state.not_used_yet, &state.made}) each->insert(id);
    nodes_[index]->marked[&load] = {{{area, Access::Read}}, {id}};
}

void Flow::mark_store(std::uint32_t index, State& state, const ir::Instruction& store, const Area& area, const Area& field) {
    const std::uint32_t frame = nodes_[index]->frame;
    const ValueInFrame key = source_of(frame, store.operands[store.place.steps[0].operand]);
    const auto is_there = [&](const ValueInFrame& id) { return marks_.at(id).key == key && marks_.at(id).field == field; };
    Values shown;
    for (const ValueInFrame& id : state.made)
        if (is_there(id)) shown.insert(id);
    note_given_by(index, state, store, field, key);
    nodes_[index]->marked[&store] = {{{area, marked_access_}}, shown};
    const bool may_be_zero = store.op == Op::Clear || !is_surely_used(frame, state, store.operands.back());
    if (code_.kept.contains(field) || !may_be_zero) erase_if(state.unstored, is_there);
    else maybe_zero_.insert(&store);
}

void Flow::find_mark(std::uint32_t frame, State& state, ir::Value value, bool is_zero) {
    if (!has_marks()) return;
    const ValueInFrame source = source_of(frame, value);
    (is_zero ? state.not_zero_yet : state.not_used_yet).erase(source);
    if (!is_zero && marks_.contains(source)) found_used_.insert(source);
}

// What is not zero was written where the key is not. Returns the key that a word was loaded under, if it tells that.
std::optional<Flow::ValueInFrame> Flow::key_of_used(std::uint32_t frame, ir::Value value) const {
    if (code_.with_keys.empty()) return std::nullopt;
    const auto [at, index] = source_of(frame, value);
    const Frame& here = *frames_[at];
    const ir::Instruction* load = here.shape->made_by.at(index);
    if (!load || load->op != Op::Load || load->place.steps.empty() || load->place.steps[0].kind != ir::PlaceStep::Kind::Key)
        return std::nullopt;
    const Area whole =
        area_of(*code_.contracts.at(here.entry.contract), here.storage, {load->place.variable, {load->place.steps[0]}});
    if (!code_.with_keys.contains(whole)) return std::nullopt;
    return ValueInFrame{at, load->operands[load->place.steps[0].operand].index};
}

// A value is computed anew: what was loaded as it, or at it, is looked at no more.
void Flow::redefine(State& state, ValueInFrame value) {
    state.unshared.erase(value);
    for (Values* accounts : {&state.not_self, &state.callers, &state.lengths_of_code, &state.codeless})
        erase_if(*accounts, [&](const ValueInFrame& each) {
            return each.first == value.first &&
                   frames_[each.first]->shape->is_made_of(ir::Value{each.second}, ir::Value{value.second});
        });
    std::erase_if(state.offspring, [&](const auto& each) {
        return each.first.first == value.first &&
               frames_[value.first]->shape->is_made_of(ir::Value{each.first.second}, ir::Value{value.second});
    });
    std::erase_if(state.measured, [&](const auto& each) {
        return each.first.first == value.first &&
               frames_[value.first]->shape->is_made_of(ir::Value{each.first.second}, ir::Value{value.second});
    });
    std::erase_if(state.origins, [&](const auto& origin) {  // a sum of what it was is none of what it is
        const ir::Instruction* sum =
            origin.first.first == value.first ? frames_[value.first]->shape->made_by.at(origin.first.second) : nullptr;
        return sum && sum->op == Op::Add && sum->operands[0].index == value.second;
    });
    std::erase_if(state.equal, [&](const auto& pair) { return pair.first == value || pair.second == value; });
    const auto is_it = [&](const ValueInFrame& id) { return id == value || marks_.at(id).key == value; };
    Values all = state.made;
    for (const Values* each : {&state.unstored, &state.not_zero_yet, &state.not_used_yet})
        all.insert(each->begin(), each->end());
    for (const ValueInFrame& id : all) {
        if (!is_it(id)) continue;
        const bool is_open = state.unstored.contains(id);
        if (is_open || state.not_zero_yet.contains(id)) marks_.at(id).may_claim = false;
        if (state.not_zero_yet.contains(id)) marks_.at(id).is_zero = false;
        if (is_open && state.not_used_yet.contains(id)) marks_.at(id).may_use = false;
        if (state.not_used_yet.contains(id)) marks_.at(id).is_set = false;
        for (Values* each : {&state.unstored, &state.not_zero_yet, &state.not_used_yet, &state.made}) each->erase(id);
    }
}

// Control is handed over, or the run ends.
void Flow::close_marks(State& state) {
    for (const ValueInFrame& id : state.unstored) {
        marks_.at(id).may_claim = false;
        if (state.not_used_yet.contains(id)) marks_.at(id).may_use = false;
    }
    for (const ValueInFrame& id : state.not_zero_yet) marks_.at(id).may_claim = marks_.at(id).is_zero = false;
    for (const ValueInFrame& id : state.not_used_yet) marks_.at(id).is_set = false;
    for (Values* each : {&state.unstored, &state.not_zero_yet, &state.not_used_yet, &state.made, &state.unshared,
                         &state.lengths_of_code, &state.codeless})
        each->clear();
    state.written.clear();
}

// Whether something else was found not to be zero under the number.
bool Flow::is_of_given(const Node& node, const ir::Instruction& access) const {
    const auto given = node.given_by.find(&access);
    return given != node.given_by.end() &&
           std::ranges::any_of(given->second, [&](const ValueInFrame& id) { return marks_.at(id).may_use; });
}

void Flow::add_marks() {
    for (const auto& node : nodes_)
        for (const auto& [instruction, marked] : node->marked) {
            const auto& [accesses, shown] = marked;
            const auto may_claim = [&](const ValueInFrame& id) { return marks_.at(id).may_claim; };
            const auto may_use = [&](const ValueInFrame& id) { return marks_.at(id).may_use; };
            const bool is_load = instruction->op == Op::Load;
            const auto is_kept = [&](const ValueInFrame& id) { return code_.kept.contains(marks_.at(id).field); };
            const auto claims = [&](const ValueInFrame& id) { return may_claim(id) && is_kept(id); };
            // What others may set to zero again was found, or is not zero now, as long as its number tells that.
            const bool is_written = !is_load && !maybe_zero_.contains(instruction);
            Found found = Found::Any;
            if (std::ranges::any_of(shown, claims)) found = Found::Claimed;
            else if (is_written || std::ranges::any_of(shown, may_use)) found = Found::Used;
            const auto is_set = [&](const ValueInFrame& id) { return marks_.at(id).is_set; };
            const bool is_flag = is_load && instruction->type.kind == ir::TypeKind::Bool;
            if (found == Found::Used && is_flag && std::ranges::all_of(shown, is_set)) found = Found::Set;
            // What it tells nothing of may be found out again.
            if (is_load && found == Found::Any && accesses.size() == 1 &&
                notes_load(*node, *instruction, accesses.begin()->first))
                continue;
            if (found == Found::Any && is_of_given(*node, *instruction)) found = Found::Used;
            for (auto [area, access] : accesses) {
                area.found = recurses_ ? Found::Any : found;
                node->footprint.accesses.emplace(area, access);
            }
        }
}

// Of a word that has to be zero, no way is gone on which it is not: a contract may give up what nobody has.
void Flow::drop_ways() {
    if (recurses_) return;
    for (const auto& node : nodes_)
        for (const auto& [block, used] : node->used_ways) {
            if (std::ranges::none_of(used, [&](const ValueInFrame& id) { return marks_.at(id).is_zero; })) continue;
            const auto next = node_at_.find({node->frame, block, 0});
            if (next != node_at_.end()) node->next.erase(next->second);
        }
}

std::set<Area> find_kept(const CodeInScope& code) {
    std::set<Area> kept;
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at)
        for (const ir::Function& function : code.contracts[at]->functions)
            for (const ir::Block& block : function.blocks)
                for (const ir::Instruction& each : block.instructions)
                    if (each.op == Op::Store && is_field(*code.contracts[at], each.place))
                        kept.insert(area_of(*code.contracts[at], at, each.place));
    for (const Entry& entry : entries_of(code)) {
        if (kept.empty()) return kept;
        const Flow flow(code, entry, Flow::Caller::Anybody, {}, nothing_survives);
        std::erase_if(kept, [&](const Area& field) {
            return std::ranges::any_of(flow.zeroed(), [&](const Area& each) { return overlap(each, field); });
        });
    }
    return kept;
}

std::set<Area> find_with_keys(const CodeInScope& code) {
    std::set<Area> mappings;
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at) {
        const ir::Contract& contract = *code.contracts[at];
        for (std::uint32_t i = 0; i < contract.state.size(); ++i)
            if (contract.storage_types.at(contract.state[i].type).kind == ir::StorageType::Kind::Mapping)
                mappings.insert(area_of(contract, at, {i, {{ir::PlaceStep::Kind::Key, 0}}}));
    }
    for (const Entry& entry : runs_of(code)) {
        const Flow flow(code, entry, Flow::Caller::Anybody, {}, nothing_survives);
        std::erase_if(mappings, [&](const Area& each) {
            return std::ranges::any_of(flow.written_at_zero(), [&](const Area& area) { return overlap(area, each); });
        });
    }
    return mappings;
}

}  // namespace interlock::analyzer::prover
