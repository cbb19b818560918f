#include "analyzer/prover/offspring.hpp"

#include <algorithm>

#include "analyzer/prover/flow_parts.hpp"

namespace interlock::analyzer::prover {

using ir::Op;
using Kind = Known::Kind;

namespace {

// The place, whatever the keys are.
Area under_any_key(const Area& area) {
    return {area.kind, area.contract, area.variable, area.fields, area.slot, area.last, area.offset, area.bytes};
}

bool makes_contracts(const CodeInScope& code) {
    return !code.cloners.empty() ||
           std::ranges::any_of(code.contracts, [](const auto* each) { return !each->creates.empty(); });
}

// Of what is written there, or of the keys: the candidates.
std::map<Area, Known> offspring_among(const std::map<Area, Known>& seen, const CodeInScope& code) {
    std::map<Area, Known> found;
    for (const auto& [area, known] : seen)
        if (area.is_of_state() && known.kind != Kind::Never && !known.is_constant())
            if (auto offspring = offspring_in(known)) {
                offspring->word = {};
                if (offspring->number <= code.contracts.size()) found.try_emplace(under_any_key(area), *offspring);
            }
    return found;
}

bool is_of(const Known& known, const Known& offspring) {
    const auto found = offspring_in(known);
    return found && (found->is_constant() || (found->number == offspring.number && found->is_clone == offspring.is_clone));
}

}  // namespace

void find_offspring(CodeInScope& code) {
    if (!makes_contracts(code)) return;
    const std::vector<Entry> runs = runs_of(code);
    // What is written somewhere may have been read from another such place.
    for (std::size_t before = code.offspring.size() + 1; before != code.offspring.size();) {
        before = code.offspring.size();
        std::map<Area, Known> words, mappings;
        for (const Entry& run : runs) {
            const Flow flow(code, run, Flow::Caller::Anybody, {}, nothing_survives);
            words.merge(offspring_among(flow.written(), code));
            mappings.merge(offspring_among(flow.keyed(), code));
        }
        code.offspring.merge(words);
        code.registers.merge(mappings);
    }
    // By induction on the writes: as long as all are, what is read there, or found under a key, is.
    for (bool is_less = true; is_less && !(code.offspring.empty() && code.registers.empty());) {
        const std::size_t before = code.offspring.size() + code.registers.size();
        std::map<Area, Known> words = code.offspring, mappings = code.registers;
        for (const Entry& run : runs) {
            const Flow flow(code, run, Flow::Caller::Anybody, {}, nothing_survives);
            for (const auto& [area, known] : flow.written())
                std::erase_if(words, [&](const auto& each) {
                    const bool is_there = area.contract == each.first.contract && is_same_layout(area, each.first);
                    return overlap(area, each.first) && (!is_there || !is_of(known, each.second));
                });
            for (const auto& [area, known] : flow.keyed())
                std::erase_if(mappings, [&](const auto& each) {
                    return overlap(area, each.first) &&
                           !(known.kind != Kind::Never && !offspring_in(known).value_or(constant_of({})).word.is_zero() &&
                             is_of(known, each.second));
                });
        }
        code.offspring = std::move(words);
        code.registers = std::move(mappings);
        is_less = code.offspring.size() + code.registers.size() != before;
    }
}

const Known* Flow::offspring_at(const Area& area) const {
    for (const auto& [word, known] : code_.offspring)
        if (word.contract == area.contract && is_same_layout(word, area)) return &known;
    return nullptr;
}

// What the store puts under which key of a mapping, unless that is zero.
void Flow::note_keyed(std::uint32_t frame, const ir::Instruction& store, const std::vector<Known>& operands) {
    const Frame& here = *frames_[frame];
    if (store.place.steps.empty() || store.place.steps[0].kind != ir::PlaceStep::Kind::Key) return;
    if (operands.back().is_constant() && operands.back().word.is_zero()) return;
    const Area whole =
        area_of(*code_.contracts.at(here.entry.contract), here.storage, {store.place.variable, {store.place.steps[0]}});
    const auto offspring = offspring_in(operands.at(store.place.steps[0].operand));
    Known& keyed = keyed_[whole];
    keyed =
        common(keyed, offspring && !offspring->is_constant() && !offspring->word.is_zero() ? *offspring : nothing_known());
}

// Returns what whoever called the entry as a method, within the scope, gave for the argument.
std::optional<Flow::ValueInFrame> Flow::given_as(ValueInFrame value) const {
    const Frame& here = *frames_[value.first];
    const std::vector<ir::Parameter>& parameters = here.function->blocks.front().parameters;
    const auto found = std::ranges::find_if(parameters, [&](const auto& each) { return each.value.index == value.second; });
    if (found == parameters.end() || !here.is_outer || here.caller == Frame::none || !here.again.empty())
        return std::nullopt;
    const Frame& caller = *frames_[here.caller];
    const ir::ExternalCall& call = caller.function->blocks.at(here.block).terminator.call;
    if (call.kind != ir::ExternalCall::Kind::Method || call.arguments.size() != parameters.size()) return std::nullopt;
    if (here.function->is_raw || !is_plain_entry(*here.function)) return std::nullopt;
    const ir::Value argument = call.arguments.data()[found - parameters.begin()];
    if (!(caller.shape->types.at(argument.index) == found->type)) return std::nullopt;
    return ValueInFrame{here.caller, argument.index};
}

// Returns what a method that was surely called in the scope, and ends in one place, returned as this value.
std::optional<Flow::ValueInFrame> Flow::told_as(ValueInFrame value) const {
    if (code_.registers.empty()) return std::nullopt;
    const Frame& here = *frames_[value.first];
    if (here.shape->made_by.at(value.second)) return std::nullopt;
    const ir::Function& function = *here.function;
    for (std::uint32_t b = 0; b < function.blocks.size(); ++b) {
        const ir::Terminator& end = function.blocks[b].terminator;
        const ir::ExternalCall& call = end.call;
        if (end.kind != ir::Terminator::Kind::External || call.kind != ir::ExternalCall::Kind::Method || call.tries)
            continue;
        const auto& parameters = function.blocks[call.next.block].parameters;
        const auto found =
            std::ranges::find_if(parameters, [&](const auto& each) { return each.value.index == value.second; });
        if (found == parameters.end()) continue;
        const auto number = static_cast<std::size_t>(found - parameters.begin());
        const auto at = static_cast<std::uint32_t>(function.blocks[b].instructions.size() + 1);
        const Known& target = here.values.at(call.target.index);
        if (number < call.next.arguments.size() || target.kind != Kind::Made) return std::nullopt;
        const auto called = frame_at_.lower_bound({value.first, b, at, {}});
        if (called == frame_at_.end() || std::get<0>(called->first) != value.first || std::get<1>(called->first) != b ||
            std::get<2>(called->first) != at || !frames_[called->second]->again.empty())
            return std::nullopt;
        const Frame& callee = *frames_[called->second];
        const ir::Terminator* answer = nullptr;
        for (const ir::Block& block : callee.function->blocks) {
            if (block.terminator.kind != ir::Terminator::Kind::Return) continue;
            if (answer) return std::nullopt;
            answer = &block.terminator;
        }
        const std::size_t result = number - call.next.arguments.size();
        if (!answer || callee.entry.contract != target.number || result >= answer->values.size()) return std::nullopt;
        const ir::Value answered = answer->values.data()[result];
        if (!(callee.shape->types.at(answered.index) == found->type)) return std::nullopt;
        return ValueInFrame{called->second, answered.index};
    }
    return std::nullopt;
}

// The word is not zero: if only offspring have any there, the key is one.
void Flow::learn_registered(std::uint32_t frame, State& state, ir::Value value) const {
    if (code_.registers.empty()) return;
    const auto [at, index] = source_of(frame, value);
    const Frame& here = *frames_[at];
    const ir::Instruction* load = here.shape->made_by.at(index);
    if (!load || load->op != Op::Load || load->place.steps.empty() || load->place.steps[0].kind != ir::PlaceStep::Kind::Key)
        return;
    const Area whole =
        area_of(*code_.contracts.at(here.entry.contract), here.storage, {load->place.variable, {load->place.steps[0]}});
    const auto found = code_.registers.find(whole);
    if (found == code_.registers.end()) return;
    Known offspring = found->second;
    offspring.word = ir::Word{1};
    std::optional<ValueInFrame> key{{at, load->operands[load->place.steps[0].operand].index}};
    while (key) {
        const ValueInFrame source = source_of(key->first, ir::Value{key->second});
        state.offspring[source] = offspring;
        key = given_as(source);
    }
}

}  // namespace interlock::analyzer::prover
