// Computes what is known before the code runs. Before and after:
//
//     %3 = mul %1, 32   (%1 = 2)                   %3 = constant 64
//     %4 = add %2, 0                               uses of %4 become uses of %2
//     %5 = add %2, 32; %6 = add %5, 32             %6 = add %2, 64
//     %7 = not %6 (%6 = greater %1, %2)            %7 = lessequal %1, %2
//     branch true ? b1 : b2                        jump b1
//     guard true                                   (removed)
//     %2 = keccak %1   (%1 = "text", used once)    %2 = constant, its hash
#include <algorithm>
#include <array>
#include <deque>
#include <optional>

#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"
#include "lang/optimize/optimize.hpp"
#include "vm/compute.hpp"
#include "vm/keccak.hpp"

namespace interlock::lang::optimize {

namespace {

bool is(const Word* word, const Word& what) { return word != nullptr && *word == what; }

bool is_full_word(const ir::Type& type) { return type.kind == TypeKind::Uint && type.bits == 256; }

// Returns the opcode that equals an operation on whole unsigned words, or STOP. Its first operand is topmost.
Opcode opcode_of(const Instruction& i) { return i.op == Op::Evm ? i.opcode : ir::info(i.op).code.opcode; }

// Signed arithmetic and powers of constants are left to the machine.
bool is_folded(Opcode op) {
    switch (op) {
        case Opcode::ADD:
        case Opcode::SUB:
        case Opcode::MUL:
        case Opcode::DIV:
        case Opcode::MOD:
        case Opcode::AND:
        case Opcode::OR:
        case Opcode::XOR:
        case Opcode::SHL:
        case Opcode::SHR:
        case Opcode::EQ:
        case Opcode::LT:
        case Opcode::GT: return true;
        default: return false;
    }
}

class Folding {
  public:
    explicit Folding(ir::Function& function)
        : function_(function), definitions_(function.values), types_(function.values), replacement_(function.values) {
        for (std::uint32_t i = 0; i < function.values; ++i) replacement_[i] = {i};
        for (const ir::Block& block : function.blocks)
            for (const ir::Parameter& parameter : block.parameters) types_[parameter.value.index] = parameter.type;
    }

    Change run() {
        bool decided = false;
        for (BlockIndex block = 0; block < function_.blocks.size(); ++block) visit(block);
        if (changed_) for_each_value([&](Value& value) { value = replacement_[value.index]; });
        for (ir::Block& block : function_.blocks) decided |= decide(block.terminator);
        if (changed_)
            for (BlockIndex block = 0; block < function_.blocks.size(); ++block) finish(block);
        return decided ? Change::Branches : changed_ ? Change::Values : Change::Nothing;
    }

  private:
    // Visits each use of a value.
    template <class Visit>
    void for_each_value(Visit visit) {
        const auto visit_one = [&](Value& value) {
            if (value) visit(value);
        };
        for (ir::Block& block : function_.blocks) {
            for (Instruction& i : block.instructions) std::for_each(i.operands.begin(), i.operands.end(), visit_one);
            ir::for_each_use(block.terminator, visit_one);
            ir::for_each_jump(block.terminator, [&](ir::Jump& jump) {
                std::for_each(jump.arguments.begin(), jump.arguments.end(), visit_one);
            });
        }
    }

    // Uses of a replaced value count for its replacement.
    void count_uses() {
        uses_.resize(function_.values);
        for_each_value([&](const Value& value) { ++uses_[replacement_[value.index].index]; });
    }

    // An instruction that must be inserted before another one of its block.
    struct Insertion {
        BlockIndex block;
        std::size_t before;
        Instruction instruction;
    };

    // Instructions keep their addresses until the whole function is done, so that pointers to definitions stay valid.
    void visit(BlockIndex index) {
        ir::Block& block = function_.blocks[index];
        for (std::size_t n = 0; n < block.instructions.size(); ++n) {
            Instruction& i = block.instructions[n];
            for (Value& operand : i.operands) operand = replacement_[operand.index];
            if (i.result) types_[i.result.index] = i.type;
            bring_constants_out(i, index, n);
            simplify(i);
            if (i.op == Op::Guard && is(constant(i.operands[0]), Word(1))) {
                i.operands.clear();  // dropped below
                changed_ = true;
            }
            if (i.result) definitions_[i.result.index] = &i;
        }
    }

    [[nodiscard]] bool is_dropped(const Instruction& i) const {
        if (i.op == Op::Guard) return i.operands.empty();
        return i.result && replacement_[i.result.index] != i.result;
    }

    // Drops instructions that are not needed any more, and places the insertions.
    void finish(BlockIndex index) {
        std::vector<Instruction>& instructions = function_.blocks[index].instructions;
        std::vector<Instruction> all;
        std::size_t moved = 0;
        const auto move_up_to = [&](std::size_t end) {
            for (; moved < end; ++moved) all.push_back(std::move(instructions[moved]));
        };
        for (; !insertions_.empty() && insertions_.front().block == index; insertions_.pop_front()) {
            move_up_to(insertions_.front().before);
            all.push_back(std::move(insertions_.front().instruction));
        }
        if (!all.empty()) {
            move_up_to(instructions.size());
            instructions = std::move(all);
        }
        std::erase_if(instructions, [&](const Instruction& i) { return is_dropped(i); });
    }

    // Returns null for a parameter and for a value that was not visited yet.
    [[nodiscard]] const Instruction* definition(Value value) const { return definitions_[value.index]; }
    [[nodiscard]] const Instruction* definition(Value value, Op op) const {
        const Instruction* found = definition(value);
        return found != nullptr && found->op == op ? found : nullptr;
    }
    [[nodiscard]] const Word* constant(Value value) const {
        const Instruction* found = definition(value, Op::Constant);
        return found != nullptr ? &found->word : nullptr;
    }

    [[nodiscard]] bool adds(const Instruction& i) const {
        return (i.op == Op::Add && is_full_word(i.type) && !i.checked) || (i.op == Op::Evm && i.opcode == Opcode::ADD);
    }

    // Rewrites (x + 32) + 64 to x + 96. The sum of the constants gets an instruction of its own.
    void bring_constants_out(Instruction& i, BlockIndex block, std::size_t position) {
        if (!adds(i)) return;
        for (const std::size_t n : {0u, 1u}) {
            const Word* outer = constant(i.operands[n]);
            const Instruction* inner = definition(i.operands[1 - n]);
            if (outer == nullptr || inner == nullptr || !adds(*inner)) continue;
            for (const std::size_t m : {0u, 1u}) {
                const Word* word = constant(inner->operands[m]);
                if (word == nullptr) continue;
                Instruction sum;
                sum.op = Op::Constant;
                sum.type = ir::uint256_type;
                sum.word = *word + *outer;
                sum.result = {function_.values++};
                sum.range = i.range;
                types_.push_back(sum.type);
                if (!uses_.empty()) uses_.push_back(1);
                replacement_.push_back(sum.result);
                insertions_.push_back({block, position, std::move(sum)});
                definitions_.push_back(&insertions_.back().instruction);
                i.operands = {inner->operands[1 - m], insertions_.back().instruction.result};
                changed_ = true;
                return;
            }
        }
    }

    void become_constant(Instruction& i, const Word& word) {
        i.op = Op::Constant;
        i.word = word;
        i.checked = false;
        i.operands.clear();
        changed_ = true;
    }

    void become(const Instruction& i, Value value) {
        replacement_[i.result.index] = value;
        if (!uses_.empty()) uses_[value.index] += uses_[i.result.index];
        changed_ = true;
    }

    void simplify(Instruction& i) {
        if (!i.result) return;
        if (i.op == Op::Not && i.type.kind == TypeKind::Bool) return simplify_not(i);
        if (i.op == Op::Convert || i.op == Op::Reinterpret) return simplify_conversion(i);
        if (i.op == Op::Select) {
            if (const Word* which = constant(i.operands[0])) become(i, which->is_zero() ? i.operands[2] : i.operands[1]);
            return;
        }
        if (i.op == Op::Keccak) return hash_literal(i);
        if (i.op == Op::Evm && i.operands.size() == 1) return simplify_unary(i);
        if (i.operands.size() != 2) return;
        const Word *left = constant(i.operands[0]), *right = constant(i.operands[1]);
        if (i.type.kind == TypeKind::Bool) {
            if (left && right) return compare(i, *left, *right);
            return simplify_logic(i, left, right);
        }
        if (i.op != Op::Evm && i.type.kind != TypeKind::Uint) return;
        const Opcode op = opcode_of(i);
        if (left && right && fold(i, op, *left, *right)) return;
        simplify_identity(i, op, left, right);
    }

    // A text that is used once is known to nobody else, so nobody has written to it.
    void hash_literal(Instruction& i) {
        if (uses_.empty()) count_uses();
        Value text = i.operands[0];
        while (definition(text, Op::Convert) != nullptr && uses_[text.index] == 1) text = definition(text)->operands[0];
        const Instruction* literal = definition(text, Op::Literal);
        if (literal == nullptr || uses_[text.index] != 1) return;
        const std::string& bytes = literal->data;
        become_constant(i, vm::to_word(vm::keccak256({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()})));
    }

    bool fold(Instruction& i, Opcode op, const Word& left, const Word& right) {
        const auto word = is_folded(op) ? vm::compute(op, std::array{left, right}) : std::nullopt;
        if (!word) return false;
        const bool wraps = (op == Opcode::ADD && right > all_ones - left) || (op == Opcode::SUB && right > left) ||
                           (op == Opcode::MUL && !left.is_zero() && right > all_ones / left);
        const bool is_narrow = i.op != Op::Evm && !is_full_word(i.type);  // only if the result certainly fits
        if (is_narrow ? wraps || *word > all_ones >> (256u - i.type.bits) : i.checked && wraps) return false;
        if ((i.op == Op::Div || i.op == Op::Mod) && right.is_zero()) return false;
        become_constant(i, *word);
        return true;
    }

    void simplify_identity(Instruction& i, Opcode op, const Word* left, const Word* right) {
        const Word zero, one(1);
        switch (op) {
            case Opcode::ADD:
            case Opcode::OR:
            case Opcode::XOR:
                if (is(right, zero)) return become(i, i.operands[0]);
                if (is(left, zero)) return become(i, i.operands[1]);
                return;
            case Opcode::SUB:
                if (is(right, zero)) return become(i, i.operands[0]);
                if (i.operands[0] == i.operands[1]) return become_constant(i, zero);
                return;
            case Opcode::MUL:
                if (is(right, one)) return become(i, i.operands[0]);
                if (is(left, one)) return become(i, i.operands[1]);
                if (is(right, zero) || is(left, zero)) return become_constant(i, zero);
                return;
            case Opcode::DIV:
                if (is(right, one)) return become(i, i.operands[0]);
                return;
            case Opcode::AND:
                if (is(right, all_ones) || i.operands[0] == i.operands[1]) return become(i, i.operands[0]);
                if (is(left, all_ones)) return become(i, i.operands[1]);
                return;
            case Opcode::SHL:
            case Opcode::SHR:
            case Opcode::SAR:
                if (is(left, zero)) return become(i, i.operands[1]);
                return;
            default: return;
        }
    }

    void simplify_unary(Instruction& i) {
        const Word* word = constant(i.operands[0]);
        const bool is_folded = i.opcode == Opcode::ISZERO || i.opcode == Opcode::NOT;
        if (is_folded && word) become_constant(i, *vm::compute(i.opcode, {word, 1}));
    }

    void simplify_not(Instruction& i) {
        const Instruction* inner = definition(i.operands[0]);
        if (inner == nullptr) return;
        if (inner->op == Op::Constant) return become_constant(i, Word(inner->word.is_zero()));
        if (inner->op == Op::Not) return become(i, inner->operands[0]);
        if (const auto op = ir::opposite(inner->op)) {
            i.op = *op;
            i.operands = inner->operands;
            changed_ = true;
        }
    }

    void simplify_logic(Instruction& i, const Word* left, const Word* right) {
        if (i.op != Op::And && i.op != Op::Or) return;
        for (const std::size_t n : {0u, 1u}) {
            const Word* word = n == 0 ? left : right;
            if (!word) continue;
            if (word->is_zero() == (i.op == Op::Or)) return become(i, i.operands[1 - n]);
            return become_constant(i, *word);
        }
    }

    void simplify_conversion(Instruction& i) {
        const ir::Type from = types_[i.operands[0].index];
        if (from == i.type) return become(i, i.operands[0]);
        const Word* word = constant(i.operands[0]);
        if (i.op == Op::Reinterpret) {  // a reinterpretation that is undone
            const Instruction* inner = definition(i.operands[0], Op::Reinterpret);
            if (inner != nullptr && types_[inner->operands[0].index] == i.type) return become(i, inner->operands[0]);
            if (word && (i.type.kind == TypeKind::Uint || (i.type.kind == TypeKind::Bool && *word <= Word(1))))
                become_constant(i, *word);
            return;
        }
        const bool widens = from.kind == TypeKind::Uint && i.type.kind == TypeKind::Uint && from.bits <= i.type.bits;
        if (word && widens) become_constant(i, *word);
    }

    void compare(Instruction& i, const Word& left, const Word& right) {
        const ir::Type type = types_[i.operands[0].index];
        const bool is_unsigned = type.kind == TypeKind::Uint || type.kind == TypeKind::Bool ||
                                 type.kind == TypeKind::Address || type.kind == TypeKind::Enum;
        switch (i.op) {
            case Op::Equal: return become_constant(i, Word(left == right));
            case Op::NotEqual: return become_constant(i, Word(!(left == right)));
            default: break;
        }
        if (!is_unsigned) return;
        switch (i.op) {
            case Op::Less: return become_constant(i, Word(left < right));
            case Op::LessEqual: return become_constant(i, Word(left <= right));
            case Op::Greater: return become_constant(i, Word(left > right));
            case Op::GreaterEqual: return become_constant(i, Word(left >= right));
            default: return simplify_logic(i, &left, &right);
        }
    }

    bool decide(ir::Terminator& terminator) {
        if (terminator.kind != ir::Terminator::Kind::Branch) return false;
        if (const Word* word = constant(terminator.condition)) {
            terminator.kind = ir::Terminator::Kind::Jump;
            if (word->is_zero()) terminator.then = terminator.otherwise;
            return true;
        }
        if (const Instruction* inner = definition(terminator.condition, Op::Not)) {
            terminator.condition = replacement_[inner->operands[0].index];
            std::swap(terminator.then, terminator.otherwise);
            changed_ = true;
        }
        return false;
    }

    ir::Function& function_;
    std::vector<const Instruction*> definitions_;
    std::deque<Insertion> insertions_;  // in the order of the code
    std::vector<ir::Type> types_;
    std::vector<Value> replacement_;
    std::vector<std::size_t> uses_;  // by value, at least as many as there are; empty until it is needed
    bool changed_ = false;
};

}  // namespace

Change fold_constants(ir::Function& function) { return Folding(function).run(); }

}  // namespace interlock::lang::optimize
