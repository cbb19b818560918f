// Implements algorithms 1, 2 and 4 of Braun et al. (2013). lang/ir/simplify.cpp removes trivial parameters.
#include "lang/lower/ssa.hpp"

#include <algorithm>

#include "lang/diagnostics/codes.hpp"
#include "lang/ir/walk.hpp"
#include "vm/keccak.hpp"

namespace interlock::lang::lowering {

Builder::Builder(ir::Function& function) : function_(function) {
    constexpr std::size_t likely = 8;  // number of blocks in a function of usual size
    function_.blocks.reserve(likely);
    construction_.reserve(likely);
    function_.blocks.emplace_back();
    construction_.emplace_back();
    construction_.front().sealed = true;
    if (function_.is_raw) {
        if (function_.kind == ir::FunctionKind::Constructor)
            for (int i = 0; i < 2; ++i) add_parameter(0, ir::uint256_type);
        return;
    }
    for (const ir::NamedType& parameter : function_.parameters) add_parameter(0, parameter.type);
}

ir::Value Builder::define(const ir::Type& type) {
    types_.push_back(type);
    function_.values = static_cast<std::uint32_t>(types_.size());
    return {function_.values - 1};
}

// --- blocks ---
ir::BlockIndex Builder::make_block(SourceRange range) {
    if (function_.blocks.size() >= max_blocks) {
        throw Unsupported{code::function_too_large.id, "this function has too many branches", range};
    }
    function_.blocks.emplace_back();
    construction_.emplace_back();
    return static_cast<ir::BlockIndex>(function_.blocks.size() - 1);
}

void Builder::seal(ir::BlockIndex block) {
    construction_[block].sealed = true;
    // Filling in arguments may create further parameters here, which are complete from the start.
    const auto waiting = std::move(construction_[block].waiting);
    for (const auto& [local, parameter] : waiting) pass_argument(local, block);
}

ir::Value Builder::add_parameter(ir::BlockIndex block, const ir::Type& type) {
    const ir::Value value = define(type);
    function_.blocks[block].parameters.push_back({value, type});
    return value;
}

void Builder::finish(ir::Terminator terminator, SourceRange range) {
    terminator.range = range;
    function_.blocks[current_].terminator = std::move(terminator);
    ir::for_each_jump(function_.blocks[current_].terminator,
                      [&](const ir::Jump& jump) { construction_[jump.block].predecessors.push_back(current_); });
    const ir::BlockIndex dead = make_block(range);
    enter_sealed(dead);
}

void Builder::jump(ir::BlockIndex to, SourceRange range) {
    ir::Terminator terminator;
    terminator.kind = ir::Terminator::Kind::Jump;
    terminator.then.block = to;
    finish(std::move(terminator), range);
}

void Builder::branch(ir::Value condition, ir::BlockIndex then, ir::BlockIndex otherwise, SourceRange range) {
    ir::Terminator terminator;
    terminator.kind = ir::Terminator::Kind::Branch;
    terminator.condition = condition;
    terminator.then.block = then;
    terminator.otherwise.block = otherwise;
    finish(std::move(terminator), range);
}

ir::Values Builder::external(ir::ExternalCall call, const std::vector<ir::Type>& results, SourceRange range) {
    const ir::BlockIndex next = make_block(range);
    ir::Terminator terminator;
    terminator.kind = ir::Terminator::Kind::External;
    terminator.call = std::move(call);
    terminator.call.next.block = next;
    finish(std::move(terminator), range);
    enter_sealed(next);
    ir::Values values;
    for (const ir::Type& type : results) values.push_back(add_parameter(next, type));
    return values;
}

// --- instructions ---
ir::Value Builder::emit(ir::Instruction&& instruction) {
    instruction.result = define(instruction.type);
    const ir::Value result = instruction.result;
    effect(std::move(instruction));
    return result;
}

void Builder::effect(ir::Instruction&& instruction) {
    if (++instructions_ > max_instructions) {
        throw Unsupported{code::function_too_large.id, "this function is too long", instruction.range};
    }
    std::vector<ir::Instruction>& instructions = function_.blocks[current_].instructions;
    constexpr std::size_t likely = 8;
    if (instructions.empty()) instructions.reserve(likely);
    instructions.push_back(std::move(instruction));
}

ir::Value Builder::op(ir::Op op, const ir::Type& type, ir::Values operands, SourceRange range, bool checked) {
    ir::Instruction instruction;
    instruction.op = op;
    instruction.type = type;
    instruction.operands = std::move(operands);
    instruction.checked = checked;
    instruction.range = range;
    return emit(std::move(instruction));
}

ir::Values Builder::call(std::uint32_t function, ir::Values arguments, std::span<const ir::NamedType> returns,
                         SourceRange range) {
    ir::Instruction instruction;
    instruction.op = ir::Op::InternalCall;
    instruction.callee = function;
    instruction.operands = std::move(arguments);
    instruction.range = range;
    const ir::Value handle = emit(std::move(instruction));
    ir::Values results;
    for (std::uint32_t i = 0; i < returns.size(); ++i) {
        ir::Instruction result;
        result.op = ir::Op::Result;
        result.type = returns[i].type;
        result.operands = {handle};
        result.number = i;
        result.range = range;
        results.push_back(emit(std::move(result)));
    }
    return results;
}

ir::Value Builder::constant(const ir::Type& type, const vm::Word& word, SourceRange range) {
    ir::Instruction instruction;
    instruction.op = ir::Op::Constant;
    instruction.type = type;
    instruction.word = word;
    instruction.range = range;
    return emit(std::move(instruction));
}

std::optional<vm::Word> Builder::constant_of(ir::Value value) const {
    const std::vector<ir::Instruction>& made = function_.blocks[current_].instructions;
    const auto found = std::find_if(made.rbegin(), made.rend(), [&](const ir::Instruction& i) { return i.result == value; });
    return found != made.rend() && found->op == ir::Op::Constant ? std::optional(found->word) : std::nullopt;
}

std::optional<vm::Word> Builder::hash_begun_by(ir::Value value) const {
    const std::vector<ir::Instruction>& made = function_.blocks[current_].instructions;
    const auto maker_of = [&](ir::Value each) {
        return std::find_if(made.rbegin(), made.rend(), [&](const ir::Instruction& i) { return i.result == each; });
    };
    auto at = maker_of(value);
    if (at != made.rend() && at->op == ir::Op::Convert) at = maker_of(at->operands[0]);
    if (at == made.rend() || at->op != ir::Op::Keccak) return std::nullopt;
    // It is hashed as soon as it is made: nobody has written to it.
    for (ir::Value text = at->operands[0]; ++at != made.rend() && at->result == text; text = at->operands[0]) {
        if (at->op == ir::Op::Literal)
            return vm::to_word(vm::keccak256({reinterpret_cast<const std::uint8_t*>(at->data.data()), at->data.size()}));
        if (at->op != ir::Op::Convert) break;
    }
    return std::nullopt;
}

ir::Value Builder::zero(const ir::Type& type, SourceRange range) {
    if (!type.is_reference()) return constant(type, {}, range);
    return op(ir::Op::Literal, type, {}, range);
}

// --- locals ---
Local Builder::make_local(const ir::Type& type) {
    locals_.push_back(type);
    return static_cast<Local>(locals_.size() - 1);
}

// Returns no value if the local was neither written nor read in this block.
ir::Value Builder::written(Local local, ir::BlockIndex block) const {
    const auto found = values_.find(key_of(local, block));
    return found != values_.end() ? found->second : ir::Value{};
}

ir::Value Builder::read(Local local, ir::BlockIndex block) {
    const ir::Value known = written(local, block);
    return known ? known : read_through(local, block);
}

ir::Value Builder::read_through(Local local, ir::BlockIndex block) {
    // A chain of single predecessors needs no parameters, so it is searched first.
    std::vector<ir::BlockIndex> chain;
    ir::Value value;
    while (!value) {
        const Construction& here = construction_[block];
        if (const ir::Value known = written(local, block)) {
            value = known;
        } else if (here.sealed && here.predecessors.size() == 1) {
            chain.push_back(block);
            block = here.predecessors.front();
        } else if (!here.sealed || !here.predecessors.empty()) {
            value = add_parameter(block, locals_[local]);
            write(local, block, value);  // set before its arguments are read, because a loop reads itself
            if (construction_[block].sealed) pass_argument(local, block);
            else construction_[block].waiting.emplace_back(local, value);
        } else {  // the block is unreachable, so any value is valid
            const ir::BlockIndex before = current_;
            current_ = block;
            value = zero(locals_[local], {});
            auto& instructions = function_.blocks[block].instructions;
            std::rotate(instructions.begin(), instructions.end() - 1, instructions.end());
            current_ = before;
            write(local, block, value);
        }
    }
    for (const ir::BlockIndex each : chain) write(local, each, value);
    return value;
}

void Builder::pass_argument(Local local, ir::BlockIndex block) {
    const auto predecessors = construction_[block].predecessors;
    for (const ir::BlockIndex predecessor : predecessors) {
        const ir::Value argument = read(local, predecessor);
        ir::for_each_jump(function_.blocks[predecessor].terminator, [&](ir::Jump& jump) {
            if (jump.block == block) jump.arguments.push_back(argument);
        });
    }
}

}  // namespace interlock::lang::lowering
