// What is known before the code runs. Before and after:
//
//     %3 = mul %1, 32   (%1 = 2)                   %3 = constant 64
//     %4 = add %2, 0                               uses of %4 become uses of %2
//     %5 = add %2, 32; %6 = add %5, 32             %6 = add %2, 64
//     %7 = not %6 (%6 = greater %1, %2)            %7 = lessequal %1, %2
//     branch true ? b1 : b2                        jump b1
//     guard true                                   (gone)
//     %2 = keccak %1   (%1 = "text", used once)    %2 = constant, its hash
#include <algorithm>

#include "lang/ir_walk.hpp"
#include "lang/optimize/optimize.hpp"
#include "vm/keccak.hpp"

namespace interlock::lang::optimize {

namespace {

using ir::Instruction;
using ir::Op;
using ir::TypeKind;
using ir::Value;
using vm::Opcode;
using vm::Word;

const Word ones = ~Word();

std::uint64_t shift_of(const Word& by) { return by.fits_u64() ? std::min<std::uint64_t>(by.low64(), 256) : 256; }

bool is_full_word(const ir::Type& type) { return type.kind == TypeKind::Uint && type.bits == 256; }

// The opcode that an operation on whole unsigned words is; STOP: none. Its first operand is topmost.
Opcode opcode_of(const Instruction& i) {
    if (i.op == Op::Evm) return i.opcode;
    switch (i.op) {
        case Op::Add: return Opcode::ADD;
        case Op::Sub: return Opcode::SUB;
        case Op::Mul: return Opcode::MUL;
        case Op::Div: return Opcode::DIV;
        case Op::Mod: return Opcode::MOD;
        case Op::And: return Opcode::AND;
        case Op::Or: return Opcode::OR;
        case Op::Xor: return Opcode::XOR;
        default: return Opcode::STOP;
    }
}

std::optional<Word> computed(Opcode op, const Word& a, const Word& b) {
    switch (op) {
        case Opcode::ADD: return a + b;
        case Opcode::SUB: return a - b;
        case Opcode::MUL: return a * b;
        case Opcode::DIV: return b.is_zero() ? Word() : a / b;
        case Opcode::MOD: return b.is_zero() ? Word() : a % b;
        case Opcode::AND: return a & b;
        case Opcode::OR: return a | b;
        case Opcode::XOR: return a ^ b;
        case Opcode::SHL: return b << shift_of(a);
        case Opcode::SHR: return b >> shift_of(a);
        case Opcode::EQ: return Word(a == b);
        case Opcode::LT: return Word(a < b);
        case Opcode::GT: return Word(a > b);
        default: return std::nullopt;
    }
}

std::optional<Op> opposite(Op op) {
    switch (op) {
        case Op::Equal: return Op::NotEqual;
        case Op::NotEqual: return Op::Equal;
        case Op::Less: return Op::GreaterEqual;
        case Op::GreaterEqual: return Op::Less;
        case Op::Greater: return Op::LessEqual;
        case Op::LessEqual: return Op::Greater;
        default: return std::nullopt;
    }
}

class Folding {
  public:
    explicit Folding(ir::Function& function)
        : function_(function), definitions_(function.values), types_(function.values), replacement_(function.values), uses_(function.values) {
        for (std::uint32_t i = 0; i < function.values; ++i) replacement_[i] = {i};
        for (const ir::Block& block : function.blocks)
            for (const ir::Parameter& parameter : block.parameters) types_[parameter.value.index] = parameter.type;
        const auto count = [&](const Value& value) {
            if (value) ++uses_[value.index];
        };
        for (const ir::Block& block : function.blocks) {
            for (const Instruction& i : block.instructions) std::for_each(i.operands.begin(), i.operands.end(), count);
            ir::for_each_use(block.terminator, count);
            ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) { std::for_each(jump.arguments.begin(), jump.arguments.end(), count); });
        }
    }

    bool run() {
        bool decided = false;
        for (ir::Block& block : function_.blocks) visit(block);
        for (ir::Block& block : function_.blocks) {
            const auto rename = [&](Value& value) {
                if (value) value = replacement_[value.index];
            };
            for (Instruction& i : block.instructions) std::for_each(i.operands.begin(), i.operands.end(), rename);
            ir::for_each_use(block.terminator, rename);
            ir::for_each_jump(block.terminator, [&](ir::Jump& jump) { std::for_each(jump.arguments.begin(), jump.arguments.end(), rename); });
            decided |= decide(block.terminator);
        }
        return decided;
    }

  private:
    struct Definition {
        Op op = Op::GasLeft;  // anything that no rule asks for
        Opcode opcode{};
        bool checked = false;
        ir::Values operands;
        Word word;
        std::string text;
    };

    void visit(ir::Block& block) {
        std::vector<Instruction> kept;
        kept.reserve(block.instructions.size());
        for (Instruction& i : block.instructions) {
            for (Value& operand : i.operands) operand = replacement_[operand.index];
            if (i.result) types_[i.result.index] = i.type;
            bring_constants_out(i, kept);
            simplify(i);
            if (i.op == Op::Guard && constant(i.operands[0]) == Word(1)) continue;
            if (i.result && replacement_[i.result.index] != i.result) continue;
            if (i.result) {
                Definition& definition = definitions_[i.result.index];
                definition = {i.op, i.opcode, i.checked, i.operands, i.word, i.data};
            }
            kept.push_back(std::move(i));
        }
        block.instructions = std::move(kept);
    }

    [[nodiscard]] std::optional<Word> constant(Value value) const {
        const Definition& definition = definitions_[value.index];
        return definition.op == Op::Constant ? std::optional(definition.word) : std::nullopt;
    }

    // (x + 32) + 64 is x + 96: the sum of both gets an instruction of its own.
    void bring_constants_out(Instruction& i, std::vector<Instruction>& kept) {
        const bool adds = (i.op == Op::Add && is_full_word(i.type) && !i.checked) || (i.op == Op::Evm && i.opcode == Opcode::ADD);
        if (!adds) return;
        for (const std::size_t n : {0u, 1u}) {
            const auto outer = constant(i.operands[n]);
            const Definition& inner = definitions_[i.operands[1 - n].index];
            const bool inner_adds = (inner.op == Op::Add && is_full_word(types_[i.operands[1 - n].index]) && !inner.checked) ||
                                    (inner.op == Op::Evm && inner.opcode == Opcode::ADD);
            if (!outer || !inner_adds) continue;
            for (const std::size_t m : {0u, 1u}) {
                const auto word = constant(inner.operands[m]);
                if (!word) continue;
                Instruction sum;
                sum.op = Op::Constant;
                sum.type = ir::uint256_type;
                sum.word = *word + *outer;
                sum.result = {function_.values++};
                sum.range = i.range;
                const ir::Values operands{inner.operands[1 - m], sum.result};
                definitions_.push_back({Op::Constant, {}, false, {}, sum.word, {}});
                types_.push_back(sum.type);
                uses_.push_back(1);
                replacement_.push_back(sum.result);
                kept.push_back(std::move(sum));
                i.operands = operands;
                return;
            }
        }
    }

    void become_constant(Instruction& i, const Word& word) {
        i.op = Op::Constant;
        i.word = word;
        i.checked = false;
        i.operands.clear();
    }

    void become(const Instruction& i, Value value) {
        replacement_[i.result.index] = value;
        uses_[value.index] += uses_[i.result.index];
    }

    void simplify(Instruction& i) {
        if (!i.result) return;
        if (i.op == Op::Not && i.type.kind == TypeKind::Bool) return simplify_not(i);
        if (i.op == Op::Convert || i.op == Op::Reinterpret) return simplify_conversion(i);
        if (i.op == Op::Select) {
            if (const auto which = constant(i.operands[0])) become(i, which->is_zero() ? i.operands[2] : i.operands[1]);
            return;
        }
        if (i.op == Op::Keccak) return hash_literal(i);
        if (i.op == Op::Evm && i.operands.size() == 1) return simplify_unary(i);
        if (i.operands.size() != 2) return;
        const auto left = constant(i.operands[0]), right = constant(i.operands[1]);
        if (i.type.kind == TypeKind::Bool) {
            if (left && right) return compare(i, *left, *right);
            return simplify_logic(i, left, right);
        }
        if (i.op != Op::Evm && i.type.kind != TypeKind::Uint) return;
        const Opcode op = opcode_of(i);
        if (left && right && fold(i, op, *left, *right)) return;
        simplify_identity(i, op, left, right);
    }

    // Nobody else knows a text that is used once, so nobody has written to it.
    void hash_literal(Instruction& i) {
        Value text = i.operands[0];
        while (definitions_[text.index].op == Op::Convert && uses_[text.index] == 1) text = definitions_[text.index].operands[0];
        const Definition& definition = definitions_[text.index];
        if (definition.op != Op::Literal || uses_[text.index] != 1) return;
        const std::string& bytes = definition.text;
        become_constant(i, vm::to_word(vm::keccak256({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()})));
    }

    bool fold(Instruction& i, Opcode op, const Word& left, const Word& right) {
        const auto word = computed(op, left, right);
        if (!word) return false;
        if (i.op != Op::Evm && !is_full_word(i.type)) {  // narrow: only what surely fits
            const Word limit = ones >> (256u - i.type.bits);
            if (*word > limit || (op == Opcode::ADD && right > ones - left) || (op == Opcode::SUB && right > left) ||
                (op == Opcode::MUL && !left.is_zero() && right > ones / left))
                return false;
        } else if (i.checked) {
            if ((op == Opcode::ADD && right > ones - left) || (op == Opcode::SUB && right > left) ||
                (op == Opcode::MUL && !left.is_zero() && right > ones / left))
                return false;
        }
        if ((i.op == Op::Div || i.op == Op::Mod) && right.is_zero()) return false;
        become_constant(i, *word);
        return true;
    }

    void simplify_identity(Instruction& i, Opcode op, const std::optional<Word>& left, const std::optional<Word>& right) {
        const auto is = [](const std::optional<Word>& word, const Word& what) { return word && *word == what; };
        const Word zero, one(1);
        switch (op) {
            case Opcode::ADD: case Opcode::OR: case Opcode::XOR:
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
                if (is(right, ones) || i.operands[0] == i.operands[1]) return become(i, i.operands[0]);
                if (is(left, ones)) return become(i, i.operands[1]);
                return;
            case Opcode::SHL: case Opcode::SHR: case Opcode::SAR:
                if (is(left, zero)) return become(i, i.operands[1]);
                return;
            default: return;
        }
    }

    void simplify_unary(Instruction& i) {
        const auto word = constant(i.operands[0]);
        if (i.opcode == Opcode::ISZERO && word) become_constant(i, Word(word->is_zero()));
        if (i.opcode == Opcode::NOT && word) become_constant(i, ~*word);
    }

    void simplify_not(Instruction& i) {
        const Definition& inner = definitions_[i.operands[0].index];
        if (inner.op == Op::Constant) return become_constant(i, Word(inner.word.is_zero()));
        if (inner.op == Op::Not) return become(i, inner.operands[0]);
        if (const auto op = opposite(inner.op)) {
            i.op = *op;
            i.operands = ir::Values(inner.operands);
        }
    }

    void simplify_logic(Instruction& i, const std::optional<Word>& left, const std::optional<Word>& right) {
        if (i.op != Op::And && i.op != Op::Or) return;
        for (const std::size_t n : {0u, 1u}) {
            const auto& word = n == 0 ? left : right;
            if (!word) continue;
            if (word->is_zero() == (i.op == Op::Or)) return become(i, i.operands[1 - n]);
            return become_constant(i, *word);
        }
    }

    void simplify_conversion(Instruction& i) {
        const ir::Type from = types_[i.operands[0].index];
        if (from == i.type) return become(i, i.operands[0]);
        const auto word = constant(i.operands[0]);
        if (i.op == Op::Reinterpret) {  // there and back
            const Definition& inner = definitions_[i.operands[0].index];
            if (inner.op == Op::Reinterpret && types_[inner.operands[0].index] == i.type) return become(i, inner.operands[0]);
            if (word && (i.type.kind == TypeKind::Uint || (i.type.kind == TypeKind::Bool && *word <= Word(1)))) become_constant(i, *word);
            return;
        }
        const bool widens = from.kind == TypeKind::Uint && i.type.kind == TypeKind::Uint && from.bits <= i.type.bits;
        if (word && widens) become_constant(i, *word);
    }

    void compare(Instruction& i, const Word& left, const Word& right) {
        const ir::Type type = types_[i.operands[0].index];
        const bool is_unsigned = type.kind == TypeKind::Uint || type.kind == TypeKind::Bool || type.kind == TypeKind::Address || type.kind == TypeKind::Enum;
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
            default: return simplify_logic(i, left, right);
        }
    }

    bool decide(ir::Terminator& terminator) const {
        if (terminator.kind != ir::Terminator::Kind::Branch) return false;
        if (const auto word = constant(terminator.condition)) {
            terminator.kind = ir::Terminator::Kind::Jump;
            if (word->is_zero()) terminator.then = terminator.otherwise;
            return true;
        }
        const Definition& inner = definitions_[terminator.condition.index];
        if (inner.op == Op::Not) {
            terminator.condition = replacement_[inner.operands[0].index];
            std::swap(terminator.then, terminator.otherwise);
        }
        return false;
    }

    ir::Function& function_;
    std::vector<Definition> definitions_;
    std::vector<ir::Type> types_;
    ir::Values replacement_;
    std::vector<std::size_t> uses_;  // by value; at least as many as there are
};

}  // namespace

bool fold_constants(ir::Function& function) { return Folding(function).run(); }

}  // namespace interlock::lang::optimize
