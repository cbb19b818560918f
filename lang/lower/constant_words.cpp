#include "lang/lower/constant_words.hpp"

#include <string>

#include "vm/keccak.hpp"

namespace interlock::lang::lowering {

bool ConstantWords::is_whole_word(TypeId type) const {
    const Type& each = program_[type];
    return (each.kind == TypeKind::Uint || each.kind == TypeKind::FixedBytes) && each.bits == 256;
}

std::optional<vm::Word> ConstantWords::of(ExprId id) const {
    id = inner(id);
    if (!is_whole_word(context_type(id))) return {};
    if (info(id).constant) return info(id).constant;
    if (!is_whole_word(info(id).type)) return {};
    const Expr& expr = tree_[id];
    switch (expr.kind) {
        case ExprKind::Name:
        case ExprKind::Member: {
            const ExprId named = named_constant(id);
            return named ? of(named) : std::nullopt;
        }
        case ExprKind::Call: return of_call(id);
        case ExprKind::Unary: {
            const auto operand = expr.unary == UnaryOp::BitNot ? of(expr.a) : std::nullopt;
            return operand ? std::optional(~*operand) : std::nullopt;
        }
        case ExprKind::Binary: return info(id).use.meaning == Meaning::Function ? std::nullopt : combined(expr);
        default: return {};
    }
}

ExprId ConstantWords::named_constant(ExprId id) const {
    const Use& use = info(id).use;
    const bool is_name = tree_[id].kind == ExprKind::Name || tree_[id].kind == ExprKind::Member;
    return is_name && use.meaning == Meaning::Variable && tree_[use.variable].is_constant ? tree_[use.variable].initial
                                                                                          : ExprId{};
}

bool ConstantWords::is_hashed_text(ExprId id) const {
    id = inner(id);
    while (const ExprId named = named_constant(id)) id = inner(named);
    return tree_[id].kind == ExprKind::Call && info(id).call == CallForm::Builtin && builtin_of(id) == Builtin::Keccak256 &&
           is_text(arguments_of(id).at(0));
}

std::optional<vm::Word> ConstantWords::of_call(ExprId id) const {
    const auto& arguments = arguments_of(id);
    if (arguments.size() != 1) return {};
    if (info(id).call == CallForm::Conversion) {
        const bool is_number = checked_type(id).kind == TypeKind::Uint && info(arguments.front()).constant;
        return is_number ? info(arguments.front()).constant : of(arguments.front());
    }
    return builtin_of(id) == Builtin::Keccak256 ? hash_of(inner(arguments.front())) : std::nullopt;
}

std::optional<vm::Word> ConstantWords::hash_of(ExprId bytes) const {
    std::string data;
    if (is_text(bytes)) {
        data = tree_[bytes].text;
    } else {
        const bool is_call = tree_[bytes].kind == ExprKind::Call && info(bytes).call == CallForm::Builtin;
        if (!is_call || builtin_of(bytes) != Builtin::AbiEncode) return {};
        for (const ExprId each : arguments_of(bytes)) {
            const auto word = of(each);
            if (!word) return {};
            const auto written = vm::to_big_endian(*word);
            data.append(written.begin(), written.end());
        }
    }
    return vm::to_word(vm::keccak256({reinterpret_cast<const std::uint8_t*>(data.data()), data.size()}));
}

std::optional<vm::Word> ConstantWords::combined(const Expr& expr) const {
    const auto left = of(expr.a), right = left ? of(expr.b) : std::nullopt;
    if (!right) return {};
    switch (expr.binary) {
        case BinaryOp::BitAnd: return *left & *right;
        case BinaryOp::BitOr: return *left | *right;
        case BinaryOp::BitXor: return *left ^ *right;
        case BinaryOp::Add: return *left + *right < *left ? std::nullopt : std::optional(*left + *right);
        case BinaryOp::Subtract: return *right > *left ? std::nullopt : std::optional(*left - *right);
        default: return {};
    }
}

}  // namespace interlock::lang::lowering
