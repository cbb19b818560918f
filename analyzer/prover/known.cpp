#include "analyzer/prover/known.hpp"

#include <algorithm>

namespace interlock::analyzer::prover {

using ir::Op;
using ir::Word;
using Kind = Known::Kind;

Known of_kind(Kind kind) {
    Known known;
    known.kind = kind;
    return known;
}

Known nothing_known() { return of_kind(Kind::Bits); }

Known constant_of(const Word& word) {
    Known known = of_kind(Kind::Bits);
    known.word = word;
    known.mask = vm::all_ones;
    return known;
}

Known at_most(const Word& bound) {
    Known known = of_kind(Kind::Small);
    known.word = bound;
    return known;
}

std::optional<Known> offspring_in(const Known& known) {
    if (known.kind == Kind::Offspring || (known.is_constant() && known.word.is_zero())) return known;
    if (known.kind != Kind::Fresh) return std::nullopt;
    Known offspring = of_kind(Kind::Offspring);
    offspring.number = known.number;
    offspring.is_clone = known.is_clone;
    offspring.word = Word{known.word == vm::all_ones ? 1u : 0u};
    return offspring;
}

std::optional<Word> bound_of(const Known& known) {
    if (known.is_constant() || known.kind == Kind::Small) return known.word;
    return std::nullopt;
}

std::optional<bool> truth_of(const Known& known) {
    if (known.kind == Kind::NotZero) return true;
    if (known.kind != Kind::Bits) return std::nullopt;
    if (!known.word.is_zero()) return true;
    if (known.mask == vm::all_ones) return false;
    return std::nullopt;
}

std::optional<std::uint8_t> orders_of(Op op) {
    switch (op) {
        case Op::Less: return less_order;
        case Op::LessEqual: return less_order | equal_order;
        case Op::Greater: return greater_order;
        case Op::GreaterEqual: return greater_order | equal_order;
        case Op::Equal: return equal_order;
        case Op::NotEqual: return less_order | greater_order;
        default: return std::nullopt;
    }
}

std::uint8_t reversed(std::uint8_t orders) {
    const bool was_less = (orders & less_order) != 0, was_greater = (orders & greater_order) != 0;
    return static_cast<std::uint8_t>((orders & equal_order) | (was_less ? greater_order : 0) |
                                     (was_greater ? less_order : 0));
}

namespace {

// The slot may lie anywhere in the entry.
Known somewhere_in(const Known& base) {
    Known inside = base;
    if (!inside.is_element) inside.area.fields.clear();
    if (inside.is_by_index) inside.area.key = Key::Any;  // it may be another element
    inside.is_by_index = false;
    inside.number = inside.elements = 0;
    inside.word = {};
    return inside;
}

// A bound of both. There are only few, so that what is joined again and again comes to an end.
Known common_bound(const Known& a, const Known& b) {
    constexpr std::uint64_t most_exact = 256;
    const auto first = bound_of(a), second = bound_of(b);
    if (!first || !second) return nothing_known();
    if (const Word most = std::max(*first, *second); most <= Word{most_exact}) return at_most(most);
    for (const unsigned bits : {64u, 128u})
        if (const Word most = vm::all_ones >> (256 - bits); *first <= most && *second <= most) return at_most(most);
    return nothing_known();
}

// Whether it is one of the slots, or some of them.
bool is_within(const Known& part, const Known& span) {
    if (part.is_constant()) return part.word - span.word <= span.mask;
    return part.kind == Kind::Slots && part.word - span.word <= span.mask &&
           part.mask <= span.mask - (part.word - span.word);
}

// Both are zero, or of one kind.
std::optional<Known> common_offspring(const Known& a, const Known& b) {
    const auto one = offspring_in(a), other = offspring_in(b);
    if (!one || !other || (one->is_constant() && other->is_constant())) return std::nullopt;
    if (one->is_constant() || other->is_constant()) {
        Known known = one->is_constant() ? *other : *one;
        known.word = {};
        return known;
    }
    if (one->number != other->number || one->is_clone != other->is_clone) return std::nullopt;
    Known known = *one;
    known.word = std::min(one->word, other->word);
    return known;
}

Known common_part(const Known& a, const Known& b) {
    const auto is_not_zero = [](const Known& each) { return truth_of(each) == true; };
    if (a.kind == Kind::Never || a == b) return b;
    if (b.kind == Kind::Never) return a;
    if (const auto offspring = common_offspring(a, b)) return *offspring;
    if (a.is_by_number() || b.is_by_number()) return nothing_known();
    if (a.kind == Kind::Entry && b.kind == Kind::Entry) {
        const Known one = somewhere_in(a), other = somewhere_in(b);
        return one == other ? one : nothing_known();
    }
    if (a.kind == Kind::Bits && b.kind == Kind::Bits) {
        Known known = of_kind(Kind::Bits);
        known.mask = a.mask & b.mask & ~(a.word ^ b.word);
        known.word = a.word & known.mask;
        return known;
    }
    if (a.is_measured_as(b)) {
        Known known = a;
        known.word = a.word | b.word;
        return known.word == Word{any_order} ? nothing_known() : known;
    }
    if (a.kind == Kind::Small || b.kind == Kind::Small) return common_bound(a, b);
    if (a.kind == Kind::NotZero || b.kind == Kind::NotZero)
        return is_not_zero(a) && is_not_zero(b) ? of_kind(Kind::NotZero) : nothing_known();
    const auto is_role = [](const Known& each) { return each.kind == Kind::Role || each.kind == Kind::AnyRole; };
    if (is_role(a) && is_role(b) && a.area.contract == b.area.contract) {
        Known known = of_kind(Kind::AnyRole);
        known.area.contract = a.area.contract;
        return known;
    }
    for (const auto& [span, part] : {std::pair(a, b), std::pair(b, a)})
        if (span.kind == Kind::Slots && is_within(part, span)) return span;
    return nothing_known();
}

}  // namespace

Known common(const Known& a, const Known& b) {
    const auto regardless = [](Known each) {
        each.is_answer = false;
        return each;
    };
    Known known = common_part(regardless(a), regardless(b));
    known.is_answer = a.is_answer || b.is_answer;
    const auto may_lie = [](const Known& each) { return each.kind == Kind::Never || each.is_in_memory; };
    known.is_in_memory = may_lie(a) && may_lie(b) && known.kind == Kind::Bits;
    return known;
}

namespace {

Known bits(const Word& word, const Word& mask) {
    Known known = of_kind(Kind::Bits);
    known.mask = mask;
    known.word = word & mask;
    return known;
}

Known of_truth(bool truth) { return constant_of(Word{truth ? 1u : 0u}); }

// Only the bits are looked at from here on.
Known as_bits(const Known& known) { return known.kind == Kind::Bits ? known : nothing_known(); }

bool is_never_zero(const Known& known) {
    const bool is_calling = known.kind == Kind::Made && known.is_inside;  // others may not be made yet
    return known.kind == Kind::Actor || known.kind == Kind::Caller || known.kind == Kind::Self || is_calling;
}

// The account that began the transaction has no code.
bool is_not_origin(const Known& account, const Known& origin) {
    return origin.kind == Kind::Origin && (account.is_inside || account.kind == Kind::Self || account.kind == Kind::Made);
}

std::optional<bool> are_equal(const Known& a, const Known& b) {
    // A stranger is neither a contract of the scope nor anybody with a role, nor does he stand in the source, and a sister is
    // none of those in the scope.
    const auto differ = [](const Known& one, const Known& other) {
        if (one.kind == Kind::Sister) return other.kind == Kind::Made;
        return one.kind == Kind::Caller && (other.kind == Kind::Self || other.kind == Kind::Role ||
                                            other.kind == Kind::AnyRole || other.kind == Kind::Made || other.is_constant());
    };
    if (differ(a, b) || differ(b, a) || is_not_origin(a, b) || is_not_origin(b, a)) return false;
    if (a.kind == Kind::Self && b.kind == Kind::Self) return true;
    const auto calls_nobody = [](const Known& known) { return known.is_constant() && known.word <= last_reserved; };
    if ((is_never_zero(a) && calls_nobody(b)) || (calls_nobody(a) && is_never_zero(b))) return false;
    // An array's length is small unless assembly wrote it, so bounds near that of a length are no proof here.
    constexpr unsigned sure_bits = 62;
    const auto is_beyond = [](const Known& one, const Known& other) {
        return one.kind == Kind::Small && vm::bit_length(one.word) <= sure_bits && other.is_constant() &&
               other.word > one.word;
    };
    if (is_beyond(a, b) || is_beyond(b, a)) return false;
    if (a.kind != Kind::Bits || b.kind != Kind::Bits) return std::nullopt;
    const Word both = a.mask & b.mask;
    if (!((a.word ^ b.word) & both).is_zero()) return false;
    if (both == vm::all_ones) return true;
    return std::nullopt;
}

Known and_of(const Known& a, const Known& b) {
    return bits(a.word & b.word, (a.mask & b.mask) | (a.mask & ~a.word) | (b.mask & ~b.word));
}
Known or_of(const Known& a, const Known& b) {
    return bits(a.word | b.word, (a.mask & b.mask) | (a.mask & a.word) | (b.mask & b.word));
}

// An account is what its low 160 bits are.
const Known* account_cut_by(const Known& a, const Known& b) {
    constexpr unsigned other_bits = 256 - 160;
    const auto is_whole = [](const Known& mask) {
        const ir::Word low = vm::all_ones >> other_bits;
        return mask.is_constant() && (mask.word & low) == low;
    };
    const auto is_one = [](const Known& known) {
        return known.is_account() || known.kind == Kind::Actor || known.kind == Kind::Made || known.kind == Kind::Sister ||
               known.kind == Kind::Fresh || known.kind == Kind::Offspring;
    };
    if (is_one(a) && is_whole(b)) return &a;
    return is_one(b) && is_whole(a) ? &b : nullptr;
}

Known negation_of(const Known& a) {
    if (is_never_zero(a)) return of_truth(false);
    if (const auto truth = truth_of(as_bits(a))) return of_truth(!*truth);
    return nothing_known();
}

Known shifted(bool left, const Known& a, const Known& by) {
    if (!by.is_constant()) return nothing_known();
    if (by.word >= Word{256}) return constant_of(Word{});
    const std::uint64_t count = by.word.low64();
    if (left) return bits(a.word << count, (a.mask << count) | ~(vm::all_ones << count));
    return bits(a.word >> count, (a.mask >> count) | ~(vm::all_ones >> count));
}

Known at_offset(const Known& base, const Word& offset) {
    Known inside = base;
    inside.word = offset;
    return inside;
}

// The same of sums of small numbers, too, which may as well be slots.
std::optional<Word> most_of(const Known& known) {
    if (known.kind == Kind::Slots && known.word.fits_u64() && known.mask.fits_u64()) return known.word + known.mask;
    return bound_of(known);
}

// A slot plus a small number is a slot of the same thing.
// The low bits, as far as those of both are known: whether a counter is odd.
Known low_bits(const Known& a, const Known& b, const Word& result) {
    if (a.kind != Kind::Bits || b.kind != Kind::Bits) return nothing_known();
    const Word known = a.mask & b.mask, low = known & ~(known + Word{1});  // the ones at the end
    return bits(result, low);
}

Known sum_of(const Known& first, const Known& second) {
    const auto is_base = [](const Known& known) {
        return known.kind == Kind::Hash || known.kind == Kind::Entry || known.kind == Kind::Slots;
    };
    if (first.is_constant() && second.is_constant()) return constant_of(first.word + second.word);
    const auto is_far = [](const Known& known) { return known.kind == Kind::Hash || known.kind == Kind::Entry; };
    const bool is_swapped = !is_far(first) && (is_base(second) || (second.is_constant() && !is_base(first)));
    const Known& base = is_swapped ? second : first;
    const auto added = most_of(is_swapped ? first : second);
    constexpr unsigned small_bits = 128;
    if (!added || vm::bit_length(*added) > small_bits) return low_bits(first, second, first.word + second.word);
    if (base.kind == Kind::Hash) return base;
    if (base.kind == Kind::Entry) {
        if (base.number == 0) return somewhere_in(base);
        const Known& more = is_swapped ? first : second;
        return more.is_constant() ? at_offset(base, base.word + *added) : somewhere_in(base);
    }
    if (!base.is_constant() && base.kind != Kind::Slots) return low_bits(first, second, first.word + second.word);
    Known span = of_kind(Kind::Slots);
    span.word = base.word;
    span.mask = (base.kind == Kind::Slots ? base.mask : Word{}) + *added;
    return span;
}

Known difference_of(const Known& a, const Known& b, bool checked) {
    if (a.is_constant() && b.is_constant()) return constant_of(a.word - b.word);
    if (const auto bound = bound_of(a); bound && checked) return at_most(*bound);
    return low_bits(a, b, a.word - b.word);
}

// By a number that is not zero, else nothing is known.
Known quotient_of(const Known& a, const Known& b) {
    const auto most = most_of(a);
    if (!most || !b.is_constant() || b.word.is_zero()) return nothing_known();
    return a.is_constant() ? constant_of(a.word / b.word) : at_most(*most / b.word);
}

Known remainder_of(const Known& a, const Known& b) {
    if (!b.is_constant() || b.word.is_zero()) return nothing_known();
    return a.is_constant() ? constant_of(a.word % b.word) : at_most(b.word - Word{1});
}

Known product_of(const Known& a, const Known& b) {
    if (a.is_constant() && b.is_constant()) return constant_of(a.word * b.word);
    const auto first = bound_of(a), second = bound_of(b);
    if (first && second && first->fits_u64() && second->fits_u64()) return at_most(*first * *second);
    return nothing_known();
}

// The value as the type holds it; only types that lie at the low end of a word.
Known fitted(const Known& known, const ir::Type& type) {
    if (known.kind != Kind::Bits || type.bits >= 256) return known;
    switch (type.kind) {
        case ir::TypeKind::Uint:
        case ir::TypeKind::Enum:
        case ir::TypeKind::Address: {
            const Word mask = vm::all_ones >> (256u - (type.kind == ir::TypeKind::Address ? 160u : type.bits));
            return bits(known.word & mask, known.mask | ~mask);
        }
        case ir::TypeKind::Bool: return known;
        case ir::TypeKind::Int:
        case ir::TypeKind::FixedBytes:
        case ir::TypeKind::Bytes:
        case ir::TypeKind::String:
        case ir::TypeKind::Integer:
        case ir::TypeKind::Data: return nothing_known();
    }
    return nothing_known();
}

Known compared(bool is_less, bool or_equal, const Known& a, const Known& b) {
    if (!a.is_constant() || !b.is_constant()) return nothing_known();
    if (a.word == b.word) return of_truth(or_equal);
    return of_truth((a.word < b.word) == is_less);
}

// A comparison of the clock with a number that is before or behind it.
std::optional<bool> compared_with_clock(Op op, const Known& a, const Known& b) {
    const bool is_first = a.kind == Kind::Clock;
    const Known &clock = is_first ? a : b, &number = is_first ? b : a;
    const auto holding = orders_of(op);
    if (!holding || clock.kind != Kind::Clock || number.kind != Kind::Timed || clock.number != number.number)
        return std::nullopt;
    const auto possible = static_cast<std::uint8_t>(number.word.low64());
    const std::uint8_t orders = is_first ? *holding : reversed(*holding);
    if ((possible & orders) == 0) return false;
    if ((possible & ~orders) == 0) return true;
    return std::nullopt;
}

Known applied(vm::Opcode opcode, const std::vector<Known>& operands) {
    const auto at = [&](std::size_t i) { return as_bits(operands.at(i)); };
    switch (opcode) {
        case vm::Opcode::ISZERO: return negation_of(operands.at(0));
        case vm::Opcode::EQ: {
            const auto equal = are_equal(operands.at(0), operands.at(1));
            return equal ? of_truth(*equal) : nothing_known();
        }
        case vm::Opcode::AND:
            if (const Known* account = account_cut_by(operands.at(0), operands.at(1))) return *account;
            return and_of(at(0), at(1));
        case vm::Opcode::OR: return or_of(at(0), at(1));
        case vm::Opcode::NOT: return bits(~at(0).word, at(0).mask);
        case vm::Opcode::LT: return compared(true, false, at(0), at(1));
        case vm::Opcode::GT: return compared(false, false, at(0), at(1));
        case vm::Opcode::ADD: return sum_of(operands.at(0), operands.at(1));
        case vm::Opcode::SUB: return difference_of(operands.at(0), operands.at(1), false);
        case vm::Opcode::DIV: return quotient_of(operands.at(0), operands.at(1));
        case vm::Opcode::MOD: return remainder_of(operands.at(0), operands.at(1));
        case vm::Opcode::MUL: return product_of(operands.at(0), operands.at(1));
        case vm::Opcode::SHL: return shifted(true, at(1), at(0));
        case vm::Opcode::SHR: return shifted(false, at(1), at(0));
        default: return nothing_known();
    }
}

}  // namespace

bool tells_from_origin(const std::vector<Known>& operands) {
    return operands.size() == 2 && (is_not_origin(operands[0], operands[1]) || is_not_origin(operands[1], operands[0]));
}

namespace {

constexpr unsigned clock_bits = 64;  // no block has a greater time or number: headers have no room for it

}  // namespace

namespace {

// Of constants that are below 2^255, so that it does not matter whether they have a sign.
Known order_of(Op op, const Known& a, const Known& b) {
    const ir::Word least_negative = ir::Word{1} << 255u;
    if (!a.is_constant() || !b.is_constant() || !(a.word < least_negative) || !(b.word < least_negative))
        return nothing_known();
    switch (op) {
        case Op::Less: return of_truth(a.word < b.word);
        case Op::LessEqual: return of_truth(!(b.word < a.word));
        case Op::Greater: return of_truth(b.word < a.word);
        default: return of_truth(!(a.word < b.word));
    }
}

}  // namespace

Known outcome_of(const ir::Instruction& instruction, const std::vector<Known>& operands) {
    const ir::Type& type = instruction.type;
    if (std::ranges::any_of(operands, [](const Known& each) { return each.kind == Kind::Never; }))
        return of_kind(Kind::Never);
    const auto whole = [&](const Known& known) {
        return known.is_constant() && !type.is_signed() ? fitted(known, type) : known;
    };
    if (operands.size() == 2)
        if (const auto truth = compared_with_clock(instruction.op, operands[0], operands[1])) return of_truth(*truth);
    switch (instruction.op) {
        case Op::Constant: return constant_of(instruction.word);
        case Op::Add: return type.is_signed() ? nothing_known() : whole(sum_of(operands.at(0), operands.at(1)));
        case Op::Sub:
            return type.is_signed() ? nothing_known()
                                    : whole(difference_of(operands.at(0), operands.at(1), instruction.checked));
        case Op::Mul: return type.is_signed() ? nothing_known() : whole(product_of(operands.at(0), operands.at(1)));
        case Op::And:
            if (type.kind == ir::TypeKind::Uint)
                if (const Known* account = account_cut_by(operands.at(0), operands.at(1))) return *account;
            return and_of(as_bits(operands.at(0)), as_bits(operands.at(1)));
        case Op::Or: return or_of(as_bits(operands.at(0)), as_bits(operands.at(1)));
        case Op::Not:
            if (type.kind == ir::TypeKind::Bool) return negation_of(operands.at(0));
            if (type.bits < 256) return nothing_known();
            return bits(~as_bits(operands.at(0)).word, as_bits(operands.at(0)).mask);
        case Op::Shl:
            return type.bits < 256 || type.is_signed() ? nothing_known()
                                                       : shifted(true, as_bits(operands.at(0)), operands.at(1));
        case Op::Shr:
            return type.bits < 256 || type.is_signed() ? nothing_known()
                                                       : shifted(false, as_bits(operands.at(0)), operands.at(1));
        case Op::Equal:
        case Op::NotEqual: {
            const auto equal = are_equal(operands.at(0), operands.at(1));
            return equal ? of_truth(*equal == (instruction.op == Op::Equal)) : nothing_known();
        }
        case Op::Less:
        case Op::LessEqual:
        case Op::Greater:
        case Op::GreaterEqual: return order_of(instruction.op, operands.at(0), operands.at(1));
        case Op::Div: return type.is_signed() ? nothing_known() : quotient_of(operands.at(0), operands.at(1));
        case Op::Mod: return type.is_signed() ? nothing_known() : remainder_of(operands.at(0), operands.at(1));
        case Op::Select: {
            if (const auto chosen = truth_of(operands.at(0))) return operands.at(*chosen ? 1 : 2);
            return common(operands.at(1), operands.at(2));
        }
        case Op::Convert:
        case Op::Reinterpret: {
            const Known& known = operands.at(0);
            // The same account, but maybe not the same word.
            if (known.kind == Kind::Self && type.bits < 256 && (type.is_signed() || type.kind == ir::TypeKind::FixedBytes))
                return type.bits >= 160 ? of_kind(Kind::Actor) : nothing_known();
            if (known.is_account() || known.kind == Kind::Made || known.kind == Kind::Origin || known.kind == Kind::Actor ||
                known.kind == Kind::Fresh || known.kind == Kind::Offspring)
                return type.kind == ir::TypeKind::Address || type.bits >= 160 ? known : nothing_known();
            if (known.kind == Kind::Clock) return type.bits >= clock_bits && !type.is_signed() ? known : nothing_known();
            if (known.kind == Kind::Small) return type.bits >= 64 && !type.is_signed() ? known : nothing_known();
            if (known.kind != Kind::Bits) return type.bits >= 256 ? known : nothing_known();
            return fitted(known, type);
        }
        case Op::Evm: return applied(instruction.opcode, operands);
        default: return nothing_known();
    }
}

}  // namespace interlock::analyzer::prover
