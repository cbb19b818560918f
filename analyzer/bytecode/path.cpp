#include "analyzer/bytecode/path.hpp"

#include <algorithm>
#include <array>

#include "vm/compute.hpp"

namespace interlock::analyzer::bytecode {

using vm::Opcode, vm::Word;
using Kind = Term::Kind;

namespace {

constexpr std::size_t most_stack = 1024, most_memory = 64;

Term constant(const Word& word) { return {Kind::Constant, word}; }

bool is_constant(const Term& term) { return term.kind == Kind::Constant; }

// Returns n if the word is 2^n - 1, zero otherwise.
unsigned low_mask(const Word& word) {
    const unsigned bits = vm::bit_length(word);
    return bits != 0 && bits < 256 && (word & (word + Word{1})).is_zero() ? bits : 0;
}

// Returns n if the word keeps just the n high bits.
unsigned high_mask(const Word& word) {
    const unsigned low = low_mask(~word);
    return low == 0 ? 0 : 256 - low;
}

std::uint32_t offset_of(const Term& term) { return static_cast<std::uint32_t>(term.word.low64()); }

bool is_about(const Term& term) { return term.kind == Kind::CallData; }

void note_number(const Term& term, Uses& uses) {
    if (is_about(term)) uses[offset_of(term)].is_number = true;
}

Term negated(const Term& term, Uses& uses) {
    switch (term.kind) {
        case Kind::CallData: return {Kind::NoCallData, term.word};
        case Kind::NoCallData: uses[offset_of(term)].is_condition = true; return {Kind::AnyCallData, term.word};
        case Kind::AnyCallData: return {Kind::NoCallData, term.word};
        case Kind::IsSelector: return {Kind::IsNoSelector, term.word};
        case Kind::IsNoSelector: return {Kind::IsSelector, term.word};
        case Kind::Size: return {Kind::NoSize};
        case Kind::NoSize: return {Kind::Size};
        case Kind::Above:
        case Kind::Below: return term;
        case Kind::Ether: return {Kind::NoEther};
        case Kind::NoEther: return {Kind::Ether};
        default: return {};
    }
}

void narrow(Use& use, unsigned bits, bool is_left) {
    if (bits == 0 || bits >= 256 || (use.bits != 0 && use.bits <= bits)) return;
    use.bits = bits;
    use.is_left = is_left;
}

// A branch on the bits that a value of its type does not have.
void note_condition(const Term& term, Uses& uses) {
    if ((term.kind == Kind::Above || term.kind == Kind::Below) && vm::bit_length(term.word) <= 8)
        narrow(uses[term.argument], offset_of(term), term.kind == Kind::Below);
}

Term masked(const Term& term, const Word& mask, Uses& uses) {
    const unsigned low = low_mask(mask), high = high_mask(mask);
    if (term.kind == Kind::Selector && low >= 32) return term;
    if (term.kind == Kind::Head && high != 0) return term;
    if (term.kind == Kind::Element && low != 0) {
        uses[term.argument].element_bits = low;
        return term;
    }
    if (!is_about(term) || (low == 0 && high == 0)) return {};
    narrow(uses[offset_of(term)], low != 0 ? low : high, low == 0);
    return term;
}

Term compared(const Term& term, const Word& word, bool is_equal) {
    Word selector = word;
    if (term.kind == Kind::Head) {
        if (!(word & ((Word{1} << 224u) - Word{1})).is_zero()) return {};
        selector = word >> 224u;
    } else if (term.kind != Kind::Selector) {
        return {};
    }
    return {is_equal ? Kind::IsSelector : Kind::IsNoSelector, selector};
}

Term sum(const Term& a, const Term& b, Uses& uses) {
    if (is_constant(a) && (b.kind == Kind::Place || b.kind == Kind::Somewhere)) return {b.kind, b.word + a.word, b.argument};
    if (is_constant(a) && is_about(b)) return {Kind::Place, a.word, offset_of(b)};
    if (is_constant(b)) return is_constant(a) ? constant(a.word + b.word) : sum(b, a, uses);
    for (const Term* each : {&a, &b})
        if (each->kind == Kind::Place || each->kind == Kind::Somewhere) return {Kind::Somewhere, {}, each->argument};
    note_number(a, uses);
    note_number(b, uses);
    return {};
}

Term product(const Term& a, const Term& b, Uses& uses) {
    for (const auto& [x, y] : {std::pair{a, b}, std::pair{b, a}})
        if (x.kind == Kind::Length && is_constant(y) && y.word == Word{32}) {
            uses[x.argument].is_list = true;
            return {Kind::LengthInWords, {}, x.argument};
        }
    note_number(a, uses);
    note_number(b, uses);
    return {};
}

// The word of call data at an address.
Term loaded(const Term& at, Uses& uses) {
    if (is_constant(at)) {
        if (at.word.is_zero()) return {Kind::Head};
        if (at.word < Word{4} || vm::bit_length(at.word) > 20) return {};
        uses.try_emplace(offset_of(at));
        return {Kind::CallData, at.word};
    }
    if (at.kind != Kind::Place && at.kind != Kind::Somewhere) return {};
    uses[at.argument].is_followed = true;
    if (at.kind == Kind::Place && at.word == Word{4}) return {Kind::Length, {}, at.argument};
    return {Kind::Element, {}, at.argument};
}

Term operation(Opcode op, const std::vector<Term>& in, Uses& uses) {
    using enum Opcode;
    if (std::ranges::all_of(in, is_constant)) {
        std::array<Word, 3> words;
        std::ranges::transform(in, words.begin(), &Term::word);
        if (const auto word = vm::compute(op, std::span(words).first(in.size()))) return constant(*word);
    }
    switch (op) {
        case CALLVALUE: return {Kind::Ether};
        case CALLDATASIZE: return {Kind::Size};
        case CALLDATALOAD: return loaded(in[0], uses);
        case ISZERO: return negated(in[0], uses);
        case AND:
            return is_constant(in[0])   ? masked(in[1], in[0].word, uses)
                   : is_constant(in[1]) ? masked(in[0], in[1].word, uses)
                                        : Term{};
        case ADD: return sum(in[0], in[1], uses);
        case MUL: return product(in[0], in[1], uses);
        case SHR:
            if (in[1].kind == Kind::Head && in[0] == constant(Word{224})) return {Kind::Selector};
            if (is_about(in[1]) && is_constant(in[0])) return {Kind::Above, in[0].word, offset_of(in[1])};
            break;
        case SHL:
            if (is_about(in[1]) && is_constant(in[0])) return {Kind::Below, in[0].word, offset_of(in[1])};
            if (is_constant(in[0]) && in[0].word < Word{256})
                return product(in[1], constant(Word{1} << static_cast<unsigned>(in[0].word.low64())), uses);
            break;
        case DIV:
            if (in[0].kind == Kind::Head && in[1] == constant(Word{1} << 224u)) return {Kind::Selector};
            break;
        case EQ:
        case XOR:
        case SUB: {
            const bool is_equal = op == EQ;
            Term term;
            if (is_constant(in[0])) term = compared(in[1], in[0].word, is_equal);
            if (is_constant(in[1])) term = compared(in[0], in[1].word, is_equal);
            if (term.kind != Kind::Unknown) return term;
            if (op == SUB && in[0].kind == Kind::Size) return {};
            break;
        }
        case SIGNEXTEND:
            if (is_constant(in[0]) && in[0].word < Word{32} && is_about(in[1])) {
                Use& use = uses[offset_of(in[1])];
                use.is_signed = true;
                use.bits = 8 * (static_cast<unsigned>(in[0].word.low64()) + 1);
                return in[1];
            }
            break;
        case SLT:
        case SGT:
        case SDIV:
        case SMOD:
        case SAR:
            for (const Term& each : in)
                if (is_about(each)) uses[offset_of(each)].is_signed = true;
            return {};
        default: break;
    }
    if (op == SUB || op == DIV || op == MOD || op == EXP || op == LT || op == GT)
        for (const Term& each : in) note_number(each, uses);
    return {};
}

std::optional<std::uint32_t> address_of(const Term& term) {
    if (!is_constant(term) || vm::bit_length(term.word) > 20) return std::nullopt;
    return offset_of(term);
}

}  // namespace

Stepped step(const vm::Code& code, Path& path, Uses& uses) {
    using enum Opcode;
    if (path.pc >= code.size()) return {.step = Step::Return};
    const auto byte = code.bytes()[path.pc];
    const vm::OpcodeInfo& info = vm::info(byte);
    if (!info.exists() || path.stack.size() < info.stack_in || path.stack.size() > most_stack) return {.step = Step::Fail};
    const auto op = static_cast<Opcode>(byte);
    const std::uint32_t at = path.pc;
    path.pc += 1u + info.immediate;
    std::vector<Term>& stack = path.stack;

    if (op >= PUSH0 && op <= PUSH32) {
        const std::size_t held = std::min<std::size_t>(info.immediate, code.size() - at - 1);
        Word word = vm::word_from_big_endian(code.bytes().subspan(at + 1, held));
        word = word << static_cast<unsigned>(8 * (info.immediate - held));
        stack.push_back(constant(word));
        return {};
    }
    if (op >= DUP1 && op <= DUP16) {
        stack.push_back(stack[stack.size() - info.stack_in]);
        return {};
    }
    if (op >= SWAP1 && op <= SWAP16) {
        std::swap(stack.back(), stack[stack.size() - info.stack_in]);
        return {};
    }

    std::vector<Term> in(stack.rbegin(), stack.rbegin() + info.stack_in);
    stack.resize(stack.size() - info.stack_in);
    switch (op) {
        case STOP:
        case RETURN: return {.step = Step::Return};
        case SELFDESTRUCT: return {.step = Step::Return, .is_effect = true};
        case REVERT:
        case INVALID: return {.step = Step::Fail};
        case JUMP:
        case JUMPI: {
            if (!is_constant(in[0])) return {.step = Step::Lost};
            const bool is_target = vm::bit_length(in[0].word) <= 32 && code.is_jump_target(in[0].word.low64());
            const std::uint32_t target = is_target ? offset_of(in[0]) : static_cast<std::uint32_t>(code.size()) + 1;
            if (op == JUMPI) note_condition(in[1], uses);
            if (op == JUMPI) return {.step = Step::Branch, .target = target, .condition = in[1]};
            return is_target ? Stepped{.step = Step::Jump, .target = target} : Stepped{.step = Step::Fail};
        }
        case MSTORE:
            if (const auto address = address_of(in[0]); address && path.memory.size() < most_memory)
                path.memory[*address] = in[1];
            return {};
        case MLOAD: {
            const auto address = address_of(in[0]);
            const auto found = address ? path.memory.find(*address) : path.memory.end();
            stack.push_back(found == path.memory.end() ? Term{} : found->second);
            return {};
        }
        case CALLDATACOPY:
            if (in[1].kind == Kind::Place) uses[in[1].argument].is_followed = true;
            return {};
        case SSTORE:
        case TSTORE:
        case LOG0:
        case LOG1:
        case LOG2:
        case LOG3:
        case LOG4:
        case CREATE:
        case CREATE2:
        case CALL:
        case CALLCODE:
        case DELEGATECALL: stack.resize(stack.size() + info.stack_out); return {.is_effect = true};
        default: break;
    }
    if (info.stack_out == 1) stack.push_back(operation(op, in, uses));
    else stack.resize(stack.size() + info.stack_out);
    return {};
}

}  // namespace interlock::analyzer::bytecode
