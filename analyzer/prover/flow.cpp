#include "analyzer/prover/flow.hpp"

#include <algorithm>

#include "analyzer/prover/call_kinds.hpp"
#include "analyzer/prover/flow_parts.hpp"
#include "analyzer/prover/not_covered.hpp"
#include "analyzer/prover/slots.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"
#include "vm/keccak.hpp"

namespace interlock::analyzer::prover {

using ir::Op;
using Kind = Known::Kind;

namespace {

constexpr std::size_t max_flow_nodes = 4'000, max_flow_depth = 48;
constexpr std::uint64_t max_flow_steps = 2'000'000;
constexpr std::uint64_t most_slots_counted = 256;  // of a loop that goes through slots and does not say where it ends

}  // namespace

struct ShapesOfCode {
    std::map<const ir::Function*, std::unique_ptr<const Flow::Shape>> all;
    std::map<const ir::Contract*, std::set<std::uint32_t>> flags;  // variables in which only constants are put
};

namespace {

std::set<std::uint32_t> flags_in(const ir::Contract& contract) {
    std::set<std::uint32_t> flags;
    for (std::uint32_t i = 0; i < contract.state.size(); ++i) flags.insert(i);
    for (const ir::Function& function : contract.functions) {
        const Makers made_by = makers_of(function);
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions)
                if (each.op == Op::SlotOf || (each.op == Op::Store && !constant_in(made_by, each.operands.back())))
                    flags.erase(each.place.variable);
    }
    return flags;
}

}  // namespace

ShapesOfCode& Flow::shapes() const {
    if (!code_.shapes) code_.shapes = std::make_shared<ShapesOfCode>();
    return *code_.shapes;
}

const Flow::Shape& Flow::shape_of(Entry entry) {
    const ir::Function& function = code_.function(entry);
    std::unique_ptr<const Shape>& shape = shapes().all[&function];
    if (!shape) shape = std::make_unique<Shape>(*code_.contracts.at(entry.contract), function);
    return *shape;
}

// --- the graph ---

void Flow::State::meet(const State& other) {
    for (auto fact = facts.begin(); fact != facts.end();) {
        const auto found = other.facts.find(fact->first);
        const Known known = found == other.facts.end() ? nothing_known() : common(fact->second, found->second);
        if (known.is_nothing()) {
            fact = facts.erase(fact);
        } else {
            fact->second = known;
            ++fact;
        }
    }
    for (auto bound = bounds.begin(); bound != bounds.end();) {
        const auto found = other.bounds.find(bound->first);
        if (found == other.bounds.end()) {
            bound = bounds.erase(bound);
            continue;
        }
        // As many bits as the greater one has: so a loop comes to an end.
        if (found->second != bound->second)
            bound->second = vm::all_ones >> (256 - vm::bit_length(std::max(found->second, bound->second)));
        ++bound;
    }
    erase_if(positive, [&](const auto& value) { return !other.positive.contains(value); });
    erase_if(accounts, [&](const auto& value) { return !other.accounts.contains(value); });
    is_codeless &= other.is_codeless;
    std::erase_if(equal, [&](const auto& pair) { return !other.equal.contains(pair); });
    erase_if(unshared, [&](const auto& value) { return !other.unshared.contains(value); });
    erase_if(not_self, [&](const auto& value) { return !other.not_self.contains(value); });
    erase_if(callers, [&](const auto& value) { return !other.callers.contains(value); });
    erase_if(lengths_of_code, [&](const auto& value) { return !other.lengths_of_code.contains(value); });
    erase_if(codeless, [&](const auto& value) { return !other.codeless.contains(value); });
    std::erase_if(offspring, [&](const auto& each) {
        const auto found = other.offspring.find(each.first);
        return found == other.offspring.end() || found->second != each.second;
    });
    std::erase_if(measured, [&](const auto& each) {
        const auto found = other.measured.find(each.first);
        return found == other.measured.end() || found->second != each.second;
    });
    written.insert(other.written.begin(), other.written.end());
    unstored.insert(other.unstored.begin(), other.unstored.end());
    not_zero_yet.insert(other.not_zero_yet.begin(), other.not_zero_yet.end());
    not_used_yet.insert(other.not_used_yet.begin(), other.not_used_yet.end());
    erase_if(made, [&](const auto& value) { return !other.made.contains(value); });
    for (const auto& [memory, bytes] : other.answers) answers[memory] |= bytes;
    std::erase_if(given, [&](const Counter& each) { return !other.given.contains(each); });
    std::erase_if(origins, [&](const auto& origin) {
        const auto found = other.origins.find(origin.first);
        return found == other.origins.end() || found->second != origin.second;
    });
}

bool is_broken_by(const Facts::value_type& fact, const Area& written) {
    // What is written to such a field is never zero.
    if (fact.second.is_by_number()) return overlap(fact.second.area, written);
    return overlap(fact.first, written) || (fact.second.is_measured_by_place() && overlap(fact.second.area, written));
}

void Flow::State::forget(const Area& area) {
    if (area.kind == Area::Kind::Entries) written.insert(area.variable);
    if (area.kind == Area::Kind::AnyEntry || area.kind == Area::Kind::Storage) written.insert(Area::no_variable);
    std::erase_if(facts, [&](const auto& fact) { return is_broken_by(fact, area); });
    std::erase_if(origins, [&](const auto& origin) { return overlap(origin.second, area); });
}

// What is known of values is known of one activation.
void Flow::State::forget_values() {
    bounds.clear();
    positive.clear();
    accounts.clear();
    unshared.clear();
    not_self.clear();
    callers.clear();
    lengths_of_code.clear();
    codeless.clear();
    offspring.clear();
    measured.clear();
    equal.clear();
    origins.clear();
}

void Flow::State::copy_origin(ValueInFrame from, ValueInFrame to) {
    if (const auto found = origins.find(from); found != origins.end()) origins[to] = found->second;
}

namespace {

// Whoever may call a hook, strangers can have him do that.
Flow::Caller whoever_calls(const ir::Function& function, Flow::Caller caller) {
    return is_hook(function.selector) ? Flow::Caller::Anybody : caller;
}

}  // namespace

Flow::Flow(const CodeInScope& code, Entry entry, Caller caller, const Facts& facts, Survivors survivors, const Keys& keys)
    : code_(code),
      caller_(whoever_calls(code.function(entry), caller)),
      has_little_gas_(keys.has_little_gas),
      survivors_(std::move(survivors)),
      given_(keys.given),
      own_(keys.own),
      hashes_(keys.hashes) {
    Known sender = of_kind(caller_ == Caller::Anybody ? Kind::Actor : Kind::Caller);
    sender.key = keys.sender;
    sender.is_inside = keys.is_inside;
    sender.is_who_called = true;
    const std::uint32_t frame = frame_of(Frame::none, 0, 0, entry, entry.contract, sender, true);
    const std::vector<ir::Parameter>& parameters = frames_[frame]->function->blocks.front().parameters;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        Known argument = nothing_known();
        if (i < keys.arguments.size()) argument.key = keys.arguments[i];
        set(*frames_[frame], parameters[i].value, argument);
    }
    for (const CalldataWord& each : calldata_words(*frames_[frame]->function))
        if (each.word <= keys.arguments.size()) argument_keys_[each.made] = keys.arguments[each.word - 1];
    named_ = named_in(*code_.contracts.at(entry.contract), *frames_[frame]->function);
    State state;
    state.facts = facts;
    go_to(Frame::none, frame, 0, 0, state);
    do {
        changed_ = false;
        for (std::uint32_t index = 0; index < nodes_.size(); ++index) process(index);
    } while (changed_);
    conclude();
}

Flow::~Flow() = default;

std::uint32_t Flow::frame_of(std::uint32_t caller, std::uint32_t block, std::uint32_t at, Entry entry, std::uint32_t storage,
                             const Known& sender, bool is_outer) {
    const auto [place, is_new] =
        frame_at_.try_emplace({caller, block, at, entry}, static_cast<std::uint32_t>(frames_.size()));
    const auto called_by = [&](Frame& called) {
        const Known joined = common(called.sender, sender);
        changed_ = changed_ || !(joined == called.sender);
        called.sender = joined;
    };
    if (!is_new) {
        called_by(*frames_[place->second]);
        return place->second;
    }
    for (std::uint32_t above = caller; above != Frame::none; above = frames_[above]->caller) {
        Frame& frame = *frames_[above];
        if (frame.entry != entry) continue;
        if (frame.is_outer != is_outer || frame.storage != storage) throw NotCovered{"recursion", frame.function->range};
        place->second = above;
        frame.again.push_back({caller, block, at});
        called_by(frame);
        changed_ = recurses_ = true;
        return above;
    }
    auto frame = std::make_unique<Frame>();
    frame->entry = entry;
    frame->storage = storage;
    frame->function = &code_.function(entry);
    frame->shape = &shape_of(entry);
    frame->caller = caller;
    frame->block = block;
    frame->at = at;
    frame->is_outer = is_outer;
    frame->sender = sender;
    frame->values.resize(frame->function->values);
    if (caller != Frame::none) frame->depth = frames_[caller]->depth + 1;
    if (frame->depth > max_flow_depth) throw NotCovered{"so deep a nesting of calls", frame->function->range};
    frames_.push_back(std::move(frame));
    return place->second;
}

void Flow::enter(std::uint32_t from, std::uint32_t called, const State& state) {
    State inside = state;
    if (!frames_[called]->again.empty()) inside.forget_values();
    go_to(from, called, 0, 0, inside);
}

void Flow::go_to(std::uint32_t from, std::uint32_t frame, std::uint32_t block, std::uint32_t first, const State& state) {
    const auto [place, is_new] = node_at_.try_emplace({frame, block, first}, static_cast<std::uint32_t>(nodes_.size()));
    if (is_new) {
        if (nodes_.size() >= max_flow_nodes) throw NotCovered{"so long a function", frames_[frame]->function->range};
        auto node = std::make_unique<Node>();
        node->frame = frame;
        node->block = block;
        node->first = first;
        node->state = state;
        nodes_.push_back(std::move(node));
        changed_ = true;
    } else {
        Node& node = *nodes_[place->second];
        const State before = node.state;
        node.state.meet(state);
        changed_ = changed_ || node.state != before;
    }
    if (from != Frame::none) nodes_[from]->next.insert(place->second);
}

void Flow::set(Frame& frame, ir::Value value, const Known& known) {
    Known& held = frame.values.at(value.index);
    Known joined = common(held, known);
    if (joined == held) return;
    held = std::move(joined);
    changed_ = true;
}

Known Flow::get(const Frame& frame, const State& state, std::uint32_t index, ir::Value value) const {
    const Known& known = frame.values.at(value.index);
    if ((known.kind != Kind::Bits && known.kind != Kind::Slots) || known.is_constant()) return known;
    if (!state.offspring.empty() && known.is_nothing()) {
        if (const auto found = state.offspring.find(source_of(index, value)); found != state.offspring.end()) {
            Known offspring = found->second;
            offspring.key = known.key;
            offspring.is_answer = known.is_answer;
            return offspring;
        }
    }
    const auto bound = state.bounds.find({index, value.index});
    if (bound == state.bounds.end()) return known;
    if (known.kind == Kind::Slots) {
        Known slots = known;
        if (slots.word <= bound->second) slots.mask = std::min(slots.mask, bound->second - slots.word);
        return slots;
    }
    Known bounded = at_most(bound->second);
    bounded.key = known.key;
    bounded.is_answer = known.is_answer;
    bounded.is_in_memory = known.is_in_memory;
    return bounded;
}

void Flow::jump(std::uint32_t from, std::uint32_t frame, const ir::Jump& jump, const std::vector<Known>& received,
                const State& state) {
    Frame& here = *frames_[frame];
    const ir::Block& block = here.function->blocks.at(jump.block);
    std::vector<Known> arguments;
    for (const ir::Value value : jump.arguments) {
        arguments.push_back(get(here, state, frame, value));
        arguments.back().is_answer |= here.shape->copies.contains(here.shape->made_by.at(value.index));
    }
    arguments.insert(arguments.end(), received.begin(), received.end());
    State after = state;
    for (std::size_t i = 0; i < block.parameters.size(); ++i) {
        after.bounds.erase({frame, block.parameters[i].value.index});
        after.positive.erase({frame, block.parameters[i].value.index});
        after.accounts.erase({frame, block.parameters[i].value.index});
        after.origins.erase({frame, block.parameters[i].value.index});
        // What a loop counts is bounded by its condition, not by where it comes from.
        Known known = arguments.at(i).kind == Kind::Small ? nothing_known() : arguments.at(i);
        const Known& before = here.values.at(block.parameters[i].value.index);
        const bool goes_on = known.kind == Kind::Slots && before.kind == Kind::Slots && before.mask < known.mask;
        if (goes_on && known.mask > ir::Word{most_slots_counted}) known = nothing_known();
        known.key = arguments.at(i).key;
        known.is_answer = arguments.at(i).is_answer;
        known.is_in_memory = arguments.at(i).is_in_memory;
        redefine(after, {frame, block.parameters[i].value.index});
        set(here, block.parameters[i].value, known);
    }
    if (nodes_[from]->frame != frame) return go_to(from, frame, jump.block, 0, after);
    if (!passes_guard(from, frame, jump, after)) return end_undone(from);
    go_to(from, frame, jump.block, entrance(nodes_[from]->block, *here.function, jump), after);
}

// Where a block begins by requiring a word that it is given, as of `a && b`: false if it is surely not so on this way there.
bool Flow::passes_guard(std::uint32_t from, std::uint32_t frame, const ir::Jump& jump, State& state) {
    const ir::Function& function = *frames_[frame]->function;
    const ir::Terminator& end = function.blocks.at(nodes_[from]->block).terminator;
    const ir::Block& to = function.blocks.at(jump.block);
    const bool is_then = &jump == &end.then;
    const bool leads = is_then || (&jump == &end.otherwise && end.kind == ir::Terminator::Kind::Branch);
    if (!leads || to.instructions.empty() || to.instructions[0].op != ir::Op::Guard) return true;
    for (std::size_t i = 0; i < to.parameters.size(); ++i) {
        if (to.parameters[i].value != to.instructions[0].operands[0]) continue;
        const ir::Value given = jump.arguments.data()[i];
        const bool is_asked_there = end.kind == ir::Terminator::Kind::Branch && end.condition == given;
        const auto truth = is_asked_there ? std::optional(is_then) : truth_of(get(*frames_[frame], state, frame, given));
        if (truth == false) return false;
        learn(frame, state, given, true);
    }
    return true;
}

// Of a block that does nothing but to fork by a word that it is given, as `a || b` makes one, each way in is a node of its
// own: the number of the way, from one on, and zero for other blocks.
std::uint32_t Flow::entrance(std::uint32_t from, const ir::Function& function, const ir::Jump& jump) {
    const ir::Terminator& end = function.blocks.at(from).terminator;
    const bool is_then = &jump == &end.then, is_otherwise = &jump == &end.otherwise;
    const bool leads = (is_then && end.kind == ir::Terminator::Kind::Jump) ||
                       ((is_then || is_otherwise) && end.kind == ir::Terminator::Kind::Branch);
    const ir::Block& to = function.blocks.at(jump.block);
    const bool forks = to.instructions.empty() && to.terminator.kind == ir::Terminator::Kind::Branch;
    const auto is_asked = [&](const ir::Parameter& each) { return each.value == to.terminator.condition; };
    if (!leads || !forks || std::ranges::none_of(to.parameters, is_asked)) return 0;
    return 1 + 2 * from + (is_otherwise ? 1 : 0);
}

// Returns what such a node is given for the word, and which way was taken there if it is the one that another fork asked for.
std::pair<ir::Value, std::optional<bool>> Flow::condition_of(const Node& node) const {
    const ir::Function& function = *frames_[node.frame]->function;
    const ir::Block& block = function.blocks.at(node.block);
    if (node.first == 0 || !block.instructions.empty()) return {block.terminator.condition, std::nullopt};
    const ir::Terminator& before = function.blocks.at((node.first - 1) / 2).terminator;
    const bool is_then = node.first % 2 == 1;
    const ir::Jump& way = is_then ? before.then : before.otherwise;
    const auto place = std::ranges::find_if(
        block.parameters, [&](const ir::Parameter& each) { return each.value == block.terminator.condition; });
    const ir::Value given = way.arguments.data()[place - block.parameters.begin()];
    const bool is_asked_there = before.kind == ir::Terminator::Kind::Branch && before.condition == given;
    return {given, is_asked_there ? std::optional(is_then) : std::nullopt};
}

void Flow::process(std::uint32_t index) {
    if (code_.deadline.has_passed()) throw OutOfTime{};
    Node& node = *nodes_[index];
    node.seen.clear();
    node.marked.clear();
    node.given_by.clear();
    node.used_ways.clear();
    node.set.clear();
    node.codes.clear();
    node.balance_asked.clear();
    node.tokens_asked.reset();
    node.tokens_moved.reset();
    node.stamps.clear();
    node.found.clear();
    node.left.clear();
    State state = node.state;
    const ir::Block& block = frames_[node.frame]->function->blocks.at(node.block);
    for (std::uint32_t at = node.first; at < block.instructions.size(); ++at) {
        if (++steps_ > max_flow_steps) throw NotCovered{"so long a function", frames_[node.frame]->function->range};
        if (!step(index, state, at)) return;
    }
    leave(index, state);
}

void Flow::touch(std::uint32_t index, const Area& area, Access access) {
    const bool sets_bits =
        sum_ && access == Access::Write && frames_[nodes_[index]->frame]->shape->bit_stores.contains(sum_);
    const bool is_sum = sum_ && (access == Access::Add || access == Access::Subtract);
    if (is_sum || sets_bits) nodes_[index]->sums[sum_] = {area, sets_bits ? Access::Claim : access};
    else if (!is_marking_) nodes_[index]->footprint.accesses.emplace(area, access);
    if (!only_writes(access)) nodes_[index]->seen.insert(area);
}

bool is_place(const Area& area) {
    return (area.kind == Area::Kind::Slots && area.last.is_zero()) || area.kind == Area::Kind::Transient ||
           area.is_of_origin || (area.key == Key::This && area.is_one) || area.constant;
}

namespace {

// What a write of the word is.
Access write_of(const Known& value) {
    if (value.kind == Kind::Clock) return value.number == 0 ? Access::WriteTime : Access::WriteNumber;
    if (value.key == Key::This) return Access::WriteKey;
    if (!value.is_constant() || value.word > ir::Word{1}) return Access::Write;
    return value.word.is_zero() ? Access::WriteZero : Access::WriteOne;
}

}  // namespace

void Flow::write(std::uint32_t index, State& state, const Area& area, Access access, const Known& value) {
    // What fails if a sum does not fit, or not enough is there, looks at it.
    const auto is_there = [&](const Area& each) { return each.contract == area.contract && is_same_layout(each, area); };
    if (std::ranges::any_of(code_.records, is_there)) access = only_adds(access) ? Access::Tally : Access::Leave;
    else if (access == Access::Write) access = write_of(value);
    const bool is_sum = !only_writes(access) && access != Access::Shift && access != Access::LooseAdd;
    if (is_sum && is_survived(nodes_[index]->frame)) {
        touch(index, area, Access::Read);
        access = Access::Write;
    }
    touch(index, area, access);
    if (const auto fact = state.facts.find(area); is_place(area) && only_writes(access))
        nodes_[index]->found.try_emplace(area, fact == state.facts.end() ? nothing_known() : fact->second);
    if (is_marking_) marked_access_ = access;
    const auto is_seen = [&](const Area& each) { return overlap(each, area); };
    if (is_place(area) && only_writes(access) && std::ranges::none_of(nodes_[index]->seen, is_seen))
        nodes_[index]->set.insert(area);
    nodes_[index]->writes_constants &= value.is_constant() || only_leaves({area, access});
    Known& written = written_[area];
    written = common(written, value);
    const auto bound = bound_of(value);
    auto& most = stored_.try_emplace(area, bound).first->second;
    most = most && bound ? std::optional(std::max(*most, *bound)) : std::nullopt;
    state.forget(area);
    if (is_place(area) && value.kind == Kind::Clock) {
        Known& fact = state.facts[area] = of_kind(Kind::Timed);
        fact.number = value.number;
        fact.word = ir::Word{equal_order};
    }
    const bool is_actor = value.kind == Kind::Actor || value.kind == Kind::Caller,
               is_contract = value.kind == Kind::Self || value.kind == Kind::Made;
    if (!is_place(area) || (value.kind != Kind::Bits && !is_actor && !is_contract) || value.is_nothing()) return;
    Known& fact = state.facts[area] = is_actor ? of_kind(Kind::Actor) : value;
    fact.key = Key::Any;
    fact.is_answer = false;
}

Known Flow::read(std::uint32_t index, const State& state, const Area& area, bool is_increment, bool asks) {
    nodes_[index]->seen.insert(area);
    if (!is_increment) touch(index, area, asks && !is_survived(nodes_[index]->frame) ? Access::Ask : Access::Read);
    const auto fact = state.facts.find(area);
    const bool tells_word = fact != state.facts.end() && fact->second.kind != Kind::NotZero &&
                            (fact->second.kind != Kind::Timed || fact->second.number < Known::by_place);
    if (tells_word) return fact->second;
    if (const auto held = code_.holds.find(area); held != code_.holds.end()) {
        const bool is_other =
            caller_ == Caller::Sister && area.contract == frames_.front()->entry.contract && code_.made.contains(area);
        Known known = of_kind(is_other ? Kind::Sister : Kind::Made);
        known.number = held->second;
        return known;
    }
    if (code_.roles.contains(area)) {
        roles_read_.insert(area);
        Known known = of_kind(Kind::Role);
        known.area = area;
        return known;
    }
    if (const auto most = code_.most.find(area); most != code_.most.end()) return at_most(most->second);
    if (const Known* offspring = offspring_at(area)) return *offspring;
    return nothing_known();
}

Area Flow::area_of_access(const Frame& frame, const State& state, const ir::Instruction& instruction,
                          const std::vector<Known>& keys) const {
    Area area = area_of(*code_.contracts.at(frame.entry.contract), frame.storage, instruction.place);
    area.is_of_origin =
        area.kind == Area::Kind::Entries && instruction.place.steps.size() == 1 && keys.at(0).kind == Kind::Origin;
    if (area.kind != Area::Kind::Entries) return area;
    // The key of the first mapping on the way.
    const ir::Contract& contract = *code_.contracts.at(frame.entry.contract);
    const ir::StorageType* type = &contract.storage_types.at(contract.state.at(instruction.place.variable).type);
    std::size_t used = 0, first = 0;
    bool is_mapping = false;
    ir::Word within;  // the entry, where the last key led
    for (const ir::PlaceStep& step : instruction.place.steps) {
        const bool is_field = step.kind == ir::PlaceStep::Kind::Field;
        if (!is_field && used++ == 0 && type->kind == ir::StorageType::Kind::Mapping) {
            is_mapping = true;
            first = step.operand;
            area.key = keys.at(first).key;
            area.hashed = keys.at(first).hashed;
            if (is_surely_made(state, keys[first])) area.made_by = by_creation;
        }
        within = is_field ? within + type->fields.at(step.operand).slot : ir::Word{};
        type = &contract.storage_types.at(is_field ? type->fields.at(step.operand).type : type->element);
    }
    const bool is_one = used == 1 && type->kind == ir::StorageType::Kind::Value;
    area.is_one = area.key == Key::This && is_one;
    if (area.is_one) area.hashed = Hashed::Any;  // it is that place, whatever it was made of
    if (is_one) area.within = within;
    if (is_one && area.key == Key::Any && !instruction.place.steps.empty() && is_mapping && keys.at(first).is_constant())
        area.constant = keys.at(first).word;
    if (is_mapping && frame.storage != 0 && area.key == Key::Any) name_by_accounts(frame, instruction, keys, area);
    return area;
}

// The flag that a contract of the scope keeps under the account of another one that calls it, and under words that are known
// besides, is one place, which nobody else's account leads to.
void Flow::name_by_accounts(const Frame& frame, const ir::Instruction& access, const std::vector<Known>& keys,
                            Area& area) const {
    const ir::Contract& contract = *code_.contracts.at(frame.entry.contract);
    const auto [flags, is_new] = shapes().flags.try_emplace(&contract);
    if (is_new) flags->second = flags_in(contract);
    if (!flags->second.contains(access.place.variable)) return;
    const ir::StorageType* type = &contract.storage_types.at(contract.state.at(access.place.variable).type);
    vm::Bytes bytes;
    bool is_known = true;
    for (const ir::PlaceStep& step : access.place.steps) {
        if (step.kind != ir::PlaceStep::Kind::Key || type->kind != ir::StorageType::Kind::Mapping) return;
        type = &contract.storage_types.at(type->element);
        const Known& key = keys.at(step.operand);
        const bool is_of_scope = key.kind == Kind::Made && key.is_inside, is_first = bytes.empty();
        if (is_first && (key.kind == Kind::Caller || key.kind == Kind::Sister)) area.hashed = Hashed::OfOthers;
        if (is_first && !is_of_scope) return;
        if (is_first) area.hashed = Hashed::OfScope;
        is_known &= is_of_scope || key.is_constant();
        const auto word = vm::to_big_endian(is_of_scope ? ir::Word{key.number} : key.word);
        bytes.insert(bytes.end(), word.begin(), word.end());
        bytes.push_back(is_of_scope ? 1 : 0);
    }
    if (is_known && type->kind == ir::StorageType::Kind::Value) area.constant = vm::to_word(vm::keccak256(bytes));
}

Area Flow::area_at(std::uint32_t contract, const Known& slot) const {
    Area area{Area::Kind::Storage, contract, 0, {}, {}, {}, 0, 32};
    if (slot.is_constant() || slot.kind == Kind::Slots) {
        area.kind = Area::Kind::Slots;
        area.slot = slot.word;
        if (slot.kind == Kind::Slots) area.last = slot.mask;
        else if (is_data_of_array(*code_.contracts.at(contract), slot.word)) area.kind = Area::Kind::Storage;
    } else if (slot.kind == Kind::Entry) {
        area = area_in(*code_.contracts.at(contract), slot);
    } else if (slot.kind == Kind::Hash) {
        area.kind = Area::Kind::AnyEntry;
    }
    return area;
}

}  // namespace interlock::analyzer::prover
