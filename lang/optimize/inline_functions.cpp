// Copies internal functions into their callers if they are small or called from one place only. Before and after:
//
//     b0(%0): %1 = call twice(%0)                  b0(%0): %5 = add %0, %0
//             %2 = result 0 of %1                          jump b1(%5)
//             …                                    b1(%2): …
//
// Callees come first, so that a copied function has been optimized already. Recursive functions are not inlined.
#include <algorithm>

#include "lang/ir/walk.hpp"
#include "lang/optimize/optimize.hpp"

namespace interlock::lang::optimize {

namespace {

using ir::Block;
using ir::Function;

constexpr std::size_t smallest = 5;        // instructions that are hardly more than a call
constexpr std::size_t small = 12;          // in instructions; such a function is copied to each call
constexpr std::size_t largest_once = 200;  // of a function that is called from one place
constexpr std::size_t largest_caller = 600;

std::size_t size_of(const Function& function) {
    std::size_t size = 0;
    for (const Block& block : function.blocks) {
        size += std::count_if(block.instructions.begin(), block.instructions.end(),
                              [](const Instruction& i) { return i.op != Op::Constant && i.op != Op::Reinterpret; });
        size += block.terminator.kind == ir::Terminator::Kind::External ? 8 : 1;
    }
    return size;
}

// A function that always ends the call runs once: copies of it save no gas to speak of.
bool returns(const Function& function) {
    return std::ranges::any_of(function.blocks,
                               [](const Block& block) { return block.terminator.kind == ir::Terminator::Kind::Return; });
}

// Nothing happens behind a call that does not return. Before and after:
//
//     %1 = call fail(%0)                           %1 = call fail(%0)
//     %2 = result 0 of %1; jump b3(%2)             unreachable
void end_at_failing_calls(Function& function, const ir::Contract& contract) {
    for (Block& block : function.blocks) {
        const auto call = std::ranges::find_if(block.instructions, [&](const Instruction& i) {
            return i.op == Op::InternalCall && !returns(contract.functions[i.callee]);
        });
        if (call == block.instructions.end()) continue;
        const SourceRange range = call->range;
        block.instructions.erase(call + 1, block.instructions.end());
        block.terminator = {};
        block.terminator.kind = ir::Terminator::Kind::Unreachable;
        block.terminator.range = range;
    }
}

// The position of a call.
struct Site {
    BlockIndex block;
    std::size_t position;
};

class Inlining {
  public:
    Inlining(Function& caller, const Function& callee, Site site) : caller_(caller), callee_(callee), site_(site) {}

    void run() {
        first_ = static_cast<BlockIndex>(caller_.blocks.size());
        const BlockIndex rest = first_ + static_cast<BlockIndex>(callee_.blocks.size());
        const Instruction call = std::move(caller_.blocks[site_.block].instructions[site_.position]);
        split(call.result);
        first_value_ = caller_.values;
        caller_.values += callee_.values;
        arguments_ = call.operands;
        for (const Block& block : callee_.blocks) caller_.blocks.push_back(copied(block, rest));
        caller_.blocks.push_back(std::move(rest_));
        caller_.blocks[site_.block].terminator = {};
        caller_.blocks[site_.block].terminator.kind = ir::Terminator::Kind::Jump;
        caller_.blocks[site_.block].terminator.then.block = first_;
        caller_.blocks[site_.block].terminator.range = call.range;
    }

  private:
    // The code after the call becomes a block of its own; the results are its parameters.
    void split(Value call) {
        Block& block = caller_.blocks[site_.block];
        const auto behind = block.instructions.begin() + static_cast<std::ptrdiff_t>(site_.position) + 1;
        rest_.instructions.assign(std::make_move_iterator(behind), std::make_move_iterator(block.instructions.end()));
        block.instructions.resize(site_.position);
        rest_.terminator = std::move(block.terminator);
        const ir::Values returned = returned_values();
        ir::Values results;
        for (const Value value : returned) {
            results.push_back({caller_.values++});
            rest_.parameters.push_back({results.back(), type_in_callee(value)});
        }
        std::vector<Value> replacement(caller_.values);
        const auto replace = [&](std::vector<Instruction>& instructions) {
            std::erase_if(instructions, [&](const Instruction& i) {
                if (i.op != Op::Result || i.operands[0] != call || i.number >= results.size()) return false;
                replacement[i.result.index] = results[i.number];
                return true;
            });
        };
        replace(rest_.instructions);
        for (Block& each : caller_.blocks) replace(each.instructions);
        const auto rename = [&](Value& value) {
            if (value && replacement[value.index]) value = replacement[value.index];
        };
        const auto rename_all = [&](Block& each) {
            for (Instruction& i : each.instructions) std::for_each(i.operands.begin(), i.operands.end(), rename);
            ir::for_each_use(each.terminator, rename);
            ir::for_each_jump(each.terminator,
                              [&](ir::Jump& jump) { std::for_each(jump.arguments.begin(), jump.arguments.end(), rename); });
        };
        rename_all(rest_);
        for (Block& each : caller_.blocks) rename_all(each);
    }

    [[nodiscard]] ir::Values returned_values() const {
        for (const Block& block : callee_.blocks)
            if (block.terminator.kind == ir::Terminator::Kind::Return) return block.terminator.values;
        return {};
    }

    [[nodiscard]] ir::Type type_in_callee(Value value) const {
        for (const Block& block : callee_.blocks) {
            for (const ir::Parameter& parameter : block.parameters)
                if (parameter.value == value) return parameter.type;
            for (const Instruction& i : block.instructions)
                if (i.result == value) return i.type;
        }
        return {};
    }

    [[nodiscard]] Value copied(Value value) const {
        if (!value) return value;
        const auto& parameters = callee_.blocks[0].parameters;
        for (std::size_t n = 0; n < parameters.size(); ++n)
            if (parameters[n].value == value) return arguments_[n];
        return {first_value_ + value.index};
    }

    [[nodiscard]] Block copied(const Block& block, BlockIndex rest) const {
        Block copy = block;
        const auto rename = [&](Value& value) { value = copied(value); };
        if (&block == &callee_.blocks[0]) copy.parameters.clear();
        for (ir::Parameter& parameter : copy.parameters) rename(parameter.value);
        for (Instruction& i : copy.instructions) {
            rename(i.result);
            std::for_each(i.operands.begin(), i.operands.end(), rename);
        }
        ir::Terminator& terminator = copy.terminator;
        ir::for_each_use(terminator, rename);
        ir::for_each_jump(terminator, [&](ir::Jump& jump) {
            std::for_each(jump.arguments.begin(), jump.arguments.end(), rename);
            jump.block += first_;
        });
        if (terminator.kind == ir::Terminator::Kind::Return) {
            ir::Jump jump{rest, std::move(terminator.values)};
            const SourceRange range = terminator.range;
            terminator = {};
            terminator.kind = ir::Terminator::Kind::Jump;
            terminator.then = std::move(jump);
            terminator.range = range;
        }
        return copy;
    }

    Function& caller_;
    const Function& callee_;
    const Site site_;
    BlockIndex first_ = 0;
    std::uint32_t first_value_ = 0;
    ir::Values arguments_;
    Block rest_;
};

// The functions from which code is made: those that an external call or the deployment can reach.
class CallGraph {
  public:
    explicit CallGraph(const ir::Contract& contract)
        : contract_(contract), calls_(contract.functions.size()), state_(contract.functions.size()) {
        for (std::uint32_t f = 0; f < contract.functions.size(); ++f)
            if (state_[f] == State::New && (contract.functions[f].is_entry || f == contract.constructor)) visit(f);
    }

    [[nodiscard]] const std::vector<std::uint32_t>& callees_first() const { return order_; }
    [[nodiscard]] bool is_recursive(std::uint32_t function) const { return state_[function] == State::Recursive; }
    [[nodiscard]] std::size_t calls(std::uint32_t function) const { return calls_[function]; }

  private:
    enum class State : std::uint8_t { New, Open, Done, Recursive };

    // Every function on the path back to an open function is recursive. The recursion is as deep as the longest chain
    // of calls in the source.
    void visit(std::uint32_t function) {
        state_[function] = State::Open;
        path_.push_back(function);
        for (const Block& block : contract_.functions[function].blocks)
            for (const Instruction& i : block.instructions) {
                if (i.op != Op::InternalCall) continue;
                ++calls_[i.callee];
                if (state_[i.callee] == State::New) visit(i.callee);
                const auto open = std::find(path_.begin(), path_.end(), i.callee);
                for (auto each = open; each != path_.end(); ++each) state_[*each] = State::Recursive;
            }
        path_.pop_back();
        if (state_[function] == State::Open) state_[function] = State::Done;
        order_.push_back(function);
    }

    const ir::Contract& contract_;
    std::vector<std::size_t> calls_;
    std::vector<State> state_;
    std::vector<std::uint32_t> path_, order_;
};

}  // namespace

void inline_functions(ir::Contract& contract, const std::function<void(ir::Function&)>& shorten) {
    const CallGraph graph(contract);
    std::vector<std::size_t> sizes(contract.functions.size());
    for (const std::uint32_t caller : graph.callees_first()) {
        Function& function = contract.functions[caller];
        if (function.blocks.empty()) continue;
        fold_calls(contract, function);
        std::size_t size = size_of(function);
        const auto is_wanted = [&](const Instruction& i) {
            if (i.op != Op::InternalCall || i.callee == caller || graph.is_recursive(i.callee)) return false;
            const bool is_only_here =
                graph.calls(i.callee) == 1 && !contract.functions[i.callee].is_entry && sizes[i.callee] <= largest_once;
            const bool is_worth_copies = sizes[i.callee] <= (returns(contract.functions[i.callee]) ? small : smallest);
            return (is_worth_copies || is_only_here) && size + sizes[i.callee] <= largest_caller;
        };
        for (BlockIndex block = 0; block < function.blocks.size(); ++block) {
            auto& instructions = function.blocks[block].instructions;
            const auto call = std::find_if(instructions.begin(), instructions.end(), is_wanted);
            if (call == instructions.end()) continue;
            const std::uint32_t callee = call->callee;
            size += sizes[callee];
            Inlining(function, contract.functions[callee], {block, static_cast<std::size_t>(call - instructions.begin())})
                .run();
        }
        end_at_failing_calls(function, contract);
        shorten(function);
        sizes[caller] = size_of(function);
    }
}

}  // namespace interlock::lang::optimize
