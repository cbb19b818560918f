// Emits edges between blocks, with the stack that they need, and the ends of functions.
#include <algorithm>
#include <cassert>
#include <numeric>
#include <set>

#include "lang/codegen/function.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::lang::codegen {

using enum vm::Opcode;
using ir::Value;

constexpr std::size_t words_below_reserved = memory::first_free / 32;

void FunctionEmitter::emit_terminator(const ir::Block& block) {
    const ir::Terminator& terminator = block.terminator;
    switch (terminator.kind) {
        case ir::Terminator::Kind::Jump: return go_to(terminator.then);
        case ir::Terminator::Kind::Branch: return emit_branch(terminator);
        case ir::Terminator::Kind::Return: return emit_return(terminator.values);
        case ir::Terminator::Kind::Revert: return fail(terminator.failure, terminator.values, 0);
        case ir::Terminator::Kind::External: return emit_external(block_, terminator.call);
        case ir::Terminator::Kind::Unreachable: return e_.jump(unit_.routines.revert_empty());
    }
}

// Returns whether an edge needs no code because the target takes the stack as it is.
bool FunctionEmitter::is_direct(const ir::Jump& jump) const {
    return predecessors_[jump.block] == 1 && jump.arguments.empty();
}

void FunctionEmitter::emit_branch(const ir::Terminator& terminator) {
    operands({terminator.condition});
    const bool direct = is_direct(terminator.then);
    const Label then = direct ? labels_[terminator.then.block] : unit_.assembly.new_label();
    e_.jump_if(then);
    const std::vector<Entry> stack = e_.stack;
    if (direct) layouts_[terminator.then.block] = stack;
    go_to(terminator.otherwise);
    if (direct) return;
    e_.stack = stack;
    e_.mark(then);
    go_to(terminator.then);
}

void FunctionEmitter::emit_return(const ir::Values& values) {
    if (mode_ == Mode::Constructor) return e_.jump(unit_.deploy);
    if (mode_ == Mode::External) {
        if (values.empty()) return void(e_.op(STOP));
        if (values.size() <= words_below_reserved) return return_words(values);
        const std::vector<Entry> results = entries_of(values);
        const MemoryAddress base = take_memory(e_, 32 * results.size());
        encode_words(e_, results, base);
        order_region(e_, base);
        return void(e_.op(RETURN));
    }
    std::vector<Entry> target;
    for (const Value value : values) target.push_back(entry_of(value));
    target.push_back(return_entry);
    e_.shuffle(target);
    e_.op(JUMP);
}

// Nothing is read behind a return, so the words may lie over everything below reserved memory. What is on top is stored
// first.
void FunctionEmitter::return_words(const ir::Values& values) {
    std::vector<std::size_t> left(values.size());
    std::iota(left.begin(), left.end(), 0);
    const auto depth = [&](std::size_t n) {
        const Entry entry = entry_of(values[n]);
        return e_.holds(entry) ? e_.depth_of(entry) : e_.stack.size();
    };
    while (!left.empty()) {
        const auto next = std::ranges::min_element(left, {}, depth);
        operands({values[*next]});
        e_.push(memory::scratch + 32 * *next).op(MSTORE);
        left.erase(next);
    }
    e_.push(32 * values.size()).push(memory::scratch).op(RETURN);
}

// A word that is still needed keeps its place; one that only becomes a parameter is renamed in its place. Words that nobody
// needs stay where they do no harm; otherwise each is replaced by the one on top.
std::vector<Entry> FunctionEmitter::choose_layout(const ir::Jump& jump, const std::map<std::uint32_t, Entry>& sources) {
    const bool keeps_dead_words = predecessors_[jump.block] == 1 ||
                                  (!prepared_.function.blocks[jump.block].is_loop_head && !may_leave_words(jump.block));
    std::vector<std::pair<Value, Entry>> unplaced;
    for (const auto& [parameter, source] : sources)
        if (!is_spilled(entry_of({parameter}))) unplaced.emplace_back(Value{parameter}, source);
    std::vector<Entry> layout;
    std::vector<bool> is_needed;
    for (const Entry entry : e_.stack) {
        const bool lives = entry.kind == Entry::Kind::Value && liveness_->live_in(jump.block, {entry.index});
        is_needed.push_back(true);
        if (entry.kind == Entry::Kind::Return || (lives && std::find(layout.begin(), layout.end(), entry) == layout.end())) {
            layout.push_back(entry);
            continue;
        }
        const auto taker =
            std::find_if(unplaced.begin(), unplaced.end(), [&](const auto& pair) { return pair.second == entry; });
        if (taker != unplaced.end()) {
            layout.push_back(entry_of(taker->first));
            unplaced.erase(taker);
        } else {
            layout.push_back(predecessors_[jump.block] == 1 ? entry : e_.unknown());
            is_needed.back() = false;
        }
    }
    const auto drop_from_top = [&] {
        for (; !layout.empty() && !is_needed.back(); is_needed.pop_back()) layout.pop_back();
    };
    if (predecessors_[jump.block] > 1) drop_from_top();
    for (std::size_t i = 0; !keeps_dead_words && i < layout.size(); ++i) {
        if (is_needed[i]) continue;
        layout[i] = layout.back();
        is_needed[i] = true;
        layout.pop_back();
        is_needed.pop_back();
        drop_from_top();
    }
    for (const auto& [parameter, source] : unplaced) layout.push_back(entry_of(parameter));
    return layout;
}

// Tarjan's strongly connected components, with a stack of its own: a way through the blocks can be long.
void FunctionEmitter::find_ways() {
    const std::vector<ir::Block>& blocks = prepared_.function.blocks;
    constexpr std::uint32_t unseen = 0xffffffff;
    loop_.assign(blocks.size(), unseen);
    returns_.assign(blocks.size(), false);
    std::vector<std::vector<ir::BlockIndex>> next(blocks.size());
    for (const ir::BlockIndex b : prepared_.order) {
        ir::for_each_jump(blocks[b].terminator, [&](const ir::Jump& jump) { next[b].push_back(jump.block); });
        returns_[b] = mode_ == Mode::Internal && blocks[b].terminator.kind == ir::Terminator::Kind::Return;
    }
    std::vector<std::uint32_t> number(blocks.size(), unseen), lowest(blocks.size());
    std::vector<ir::BlockIndex> open;
    struct Visit {
        ir::BlockIndex block;
        std::size_t edge;
    };
    std::vector<Visit> path{{0, 0}};
    std::uint32_t numbers = 0;
    while (!path.empty()) {
        const auto [b, edge] = path.back();
        if (edge == 0) {
            number[b] = lowest[b] = numbers++;
            open.push_back(b);
        } else {  // back from a successor
            const ir::BlockIndex from = next[b][edge - 1];
            if (loop_[from] == unseen) lowest[b] = std::min(lowest[b], lowest[from]);
            if (returns_[from]) returns_[b] = true;
        }
        if (edge < next[b].size()) {
            ++path.back().edge;
            const ir::BlockIndex to = next[b][edge];
            if (number[to] == unseen) path.push_back({to, 0});
            continue;
        }
        path.pop_back();
        if (lowest[b] != number[b]) continue;
        const auto first = std::find(open.begin(), open.end(), b);
        const bool returns = std::any_of(first, open.end(), [&](ir::BlockIndex each) { return returns_[each]; });
        for (auto each = first; each != open.end(); ++each) {
            loop_[*each] = number[b];
            returns_[*each] = returns;
        }
        open.erase(first, open.end());
    }
    find_loops();
}

// A block is in a loop if it leads to a jump back to the loop's head without passing the head.
void FunctionEmitter::find_loops() {
    const std::vector<ir::Block>& blocks = prepared_.function.blocks;
    depth_.assign(blocks.size(), 0);
    std::vector<std::size_t> place(blocks.size());
    for (std::size_t n = 0; n < prepared_.order.size(); ++n) place[prepared_.order[n]] = n;
    std::vector<std::vector<ir::BlockIndex>> before(blocks.size());
    for (const ir::BlockIndex b : prepared_.order)
        ir::for_each_jump(blocks[b].terminator, [&](const ir::Jump& jump) { before[jump.block].push_back(b); });
    for (const ir::BlockIndex head : prepared_.order) {
        std::vector<ir::BlockIndex> pending;
        for (const ir::BlockIndex b : before[head])
            if (place[b] >= place[head]) pending.push_back(b);
        if (pending.empty()) continue;
        std::vector<bool> inside(blocks.size(), false);
        inside[head] = true;
        ++depth_[head];
        while (!pending.empty()) {
            const ir::BlockIndex b = pending.back();
            pending.pop_back();
            if (inside[b] || loop_[b] != loop_[head]) continue;
            inside[b] = true;
            ++depth_[b];
            pending.insert(pending.end(), before[b].begin(), before[b].end());
        }
    }
}

// Words may stay below what the target expects if nobody ever looks for them, nor counts: if no way leads back here, and
// none to the function's caller.
bool FunctionEmitter::may_leave_words(ir::BlockIndex to) const {
    return predecessors_[to] > 1 && loop_[to] != loop_[block_] && !returns_[to];
}

// Keeps as many words as make it cheapest.
void FunctionEmitter::shuffle_above_words(const std::vector<Entry>& target) {
    std::uint64_t least = e_.shuffle_gas(target);
    std::vector<Entry> best = target;
    for (std::size_t kept = 1; kept <= e_.stack.size() && least > 0; ++kept) {
        std::vector<Entry> whole(e_.stack.begin(), e_.stack.begin() + static_cast<std::ptrdiff_t>(kept));
        whole.insert(whole.end(), target.begin(), target.end());
        const std::uint64_t gas = e_.shuffle_gas(whole);
        if (gas >= least) continue;
        least = gas;
        best = std::move(whole);
    }
    e_.shuffle(best);
}

void FunctionEmitter::go_to(const ir::Jump& jump, const std::vector<Entry>& results) {
    const auto& parameters = prepared_.function.blocks[jump.block].parameters;
    assert(parameters.size() == jump.arguments.size() + results.size());
    std::map<std::uint32_t, Entry> sources;
    for (std::size_t i = 0; i < parameters.size(); ++i)
        sources[parameters[i].value.index] =
            i < jump.arguments.size() ? entry_of(jump.arguments[i]) : results[i - jump.arguments.size()];
    if (!layouts_[jump.block]) {
        const auto wanted = wanted_.find(jump.block);
        layouts_[jump.block] = wanted == wanted_.end() ? choose_layout(jump, sources) : wanted->second;
    } else if (loop_[jump.block] == loop_[block_] && prepared_.function.blocks[jump.block].is_loop_head) {
        found_.try_emplace(jump.block, choose_layout(jump, sources));
    }
    const std::vector<Entry>& layout = *layouts_[jump.block];

    // Parameters in memory come first if nobody reads their old values any more.
    std::vector<std::pair<Entry, std::uint64_t>> waiting;
    std::set<std::uint32_t> read;  // values that are passed to another parameter
    for (const auto& [parameter, source] : sources)
        if (source.kind == Entry::Kind::Value && source.index != parameter) read.insert(source.index);
    for (const auto& [parameter, source] : sources) {
        const auto slot = spilled_.find(key_of(entry_of({parameter})));
        if (slot == spilled_.end() || source == entry_of({parameter})) continue;
        const std::uint64_t address = spill_area_ + 32 * slot->second;
        if (read.contains(parameter)) waiting.emplace_back(source, address);
        else e_.copy(source).push(address).op(MSTORE);
    }
    // The others are exchanged: everything is read before any of them is written.
    std::vector<Entry> target = layout;
    for (Entry& entry : target)
        if (entry.kind == Entry::Kind::Value && sources.contains(entry.index)) entry = sources.at(entry.index);
    for (const auto& [source, address] : waiting) target.push_back(source);
    e_.fill_unknown(target);
    if (may_leave_words(jump.block)) shuffle_above_words(target);
    else e_.shuffle(target);
    for (; !waiting.empty(); waiting.pop_back()) e_.push(waiting.back().second).op(MSTORE);
    e_.stack = layout;
    e_.jump(labels_[jump.block]);
}

}  // namespace interlock::lang::codegen
