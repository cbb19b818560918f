#include "vm/jit/compiler/words.hpp"

#include <llvm/IR/Intrinsics.h>

namespace interlock::vm::jit {

using llvm::Value;

Value* Words::limb(Value* word, unsigned index) const {
    return b_.CreateTrunc(index == 0 ? word : b_.CreateLShr(word, 64 * index), b_.getInt64Ty());
}

Words::Limbs Words::split(Value* word) const { return {limb(word, 0), limb(word, 1), limb(word, 2), limb(word, 3)}; }

Value* Words::join(const Limbs& limbs) const {
    Value* word = from_u64(limbs[0]);
    for (unsigned i = 1; i < 4; ++i) word = b_.CreateOr(word, b_.CreateShl(from_u64(limbs[i]), 64 * i));
    return word;
}

Value* Words::upper(Value* word) const { return b_.CreateOr(b_.CreateOr(limb(word, 1), limb(word, 2)), limb(word, 3)); }

Value* Words::is_nonzero(Value* word) const {
    if (auto* const extended = llvm::dyn_cast<llvm::ZExtInst>(word)) {
        Value* const source = extended->getOperand(0);
        if (source->getType()->isIntegerTy(1)) return source;
        return b_.CreateICmpNE(source, llvm::ConstantInt::get(source->getType(), 0));
    }
    return b_.CreateICmpNE(b_.CreateOr(limb(word, 0), upper(word)), b_.getInt64(0));
}

Value* Words::is_equal(Value* a, Value* b) const {
    if (llvm::isa<llvm::Constant>(a) && llvm::isa<llvm::Constant>(b)) return b_.CreateICmpEQ(a, b);
    const Limbs x = split(a), y = split(b);
    Value* different = b_.CreateXor(x[0], y[0]);
    for (unsigned i = 1; i < 4; ++i) different = b_.CreateOr(different, b_.CreateXor(x[i], y[i]));
    return b_.CreateICmpEQ(different, b_.getInt64(0));
}

Value* Words::fits_u64(Value* word) const { return b_.CreateICmpEQ(upper(word), b_.getInt64(0)); }

Value* Words::both_fit_u64(Value* a, Value* b) const {
    return b_.CreateICmpEQ(b_.CreateOr(upper(a), upper(b)), b_.getInt64(0));
}

// First by whole limbs, then by what is left, which takes bits of two limbs each.
Value* Words::shift_left(Value* value, Value* bits) const {
    if (auto* const known = llvm::dyn_cast<llvm::ConstantInt>(bits))
        return known->getValue().uge(256) ? constant(0) : b_.CreateShl(value, known->getValue().getZExtValue());
    Limbs x = split(value);
    Value* const zero = b_.getInt64(0);
    Value* const count = limb(bits, 0);
    Value* const by_two = b_.CreateICmpNE(b_.CreateAnd(count, 128), zero);
    Value* const by_one = b_.CreateICmpNE(b_.CreateAnd(count, 64), zero);
    x = {choose(by_two, zero, x[0]), choose(by_two, zero, x[1]), choose(by_two, x[0], x[2]), choose(by_two, x[1], x[3])};
    x = {choose(by_one, zero, x[0]), choose(by_one, x[0], x[1]), choose(by_one, x[1], x[2]), choose(by_one, x[2], x[3])};
    Value* const rest = b_.CreateAnd(count, 63);
    const auto funnel = [&](Value* high, Value* low) {
        return b_.CreateIntrinsic(llvm::Intrinsic::fshl, {b_.getInt64Ty()}, {high, low, rest});
    };
    const Limbs moved{b_.CreateShl(x[0], rest), funnel(x[1], x[0]), funnel(x[2], x[1]), funnel(x[3], x[2])};
    Value* const is_small = b_.CreateICmpEQ(b_.CreateOr(upper(bits), b_.CreateLShr(count, 8)), zero);
    return choose(is_small, join(moved), constant(0));
}

Value* Words::shift_right(Value* value, Value* bits, bool is_signed) const {
    if (auto* const known = llvm::dyn_cast<llvm::ConstantInt>(bits)) {
        const bool is_small = known->getValue().ult(256);
        if (is_signed) return b_.CreateAShr(value, is_small ? known->getValue().getZExtValue() : 255);
        return is_small ? b_.CreateLShr(value, known->getValue().getZExtValue()) : constant(0);
    }
    Limbs x = split(value);
    Value* const zero = b_.getInt64(0);
    Value* const fill = is_signed ? b_.CreateAShr(x[3], 63) : zero;
    Value* const count = limb(bits, 0);
    Value* const by_two = b_.CreateICmpNE(b_.CreateAnd(count, 128), zero);
    Value* const by_one = b_.CreateICmpNE(b_.CreateAnd(count, 64), zero);
    x = {choose(by_two, x[2], x[0]), choose(by_two, x[3], x[1]), choose(by_two, fill, x[2]), choose(by_two, fill, x[3])};
    x = {choose(by_one, x[1], x[0]), choose(by_one, x[2], x[1]), choose(by_one, x[3], x[2]), choose(by_one, fill, x[3])};
    Value* const rest = b_.CreateAnd(count, 63);
    const auto funnel = [&](Value* high, Value* low) {
        return b_.CreateIntrinsic(llvm::Intrinsic::fshr, {b_.getInt64Ty()}, {high, low, rest});
    };
    const Limbs moved{funnel(x[1], x[0]), funnel(x[2], x[1]), funnel(x[3], x[2]),
                      is_signed ? b_.CreateAShr(x[3], rest) : b_.CreateLShr(x[3], rest)};
    Value* const is_small = b_.CreateICmpEQ(b_.CreateOr(upper(bits), b_.CreateLShr(count, 8)), zero);
    return choose(is_small, join(moved), join({fill, fill, fill, fill}));
}

Value* Words::byte(Value* word, Value* index) const {
    if (auto* const known = llvm::dyn_cast<llvm::ConstantInt>(index)) {
        if (known->getValue().uge(32)) return constant(0);
        return b_.CreateAnd(b_.CreateLShr(word, 8 * (31 - known->getValue().getZExtValue())), constant(0xff));
    }
    const Limbs x = split(word);
    Value* const zero = b_.getInt64(0);
    Value* const position = b_.CreateSub(b_.getInt64(31), limb(index, 0));
    Value* const high = choose(b_.CreateICmpNE(b_.CreateAnd(position, 8), zero), x[3], x[2]);
    Value* const low = choose(b_.CreateICmpNE(b_.CreateAnd(position, 8), zero), x[1], x[0]);
    Value* const chosen = choose(b_.CreateICmpNE(b_.CreateAnd(position, 16), zero), high, low);
    Value* const bits = b_.CreateShl(b_.CreateAnd(position, 7), 3);
    Value* const found = b_.CreateAnd(b_.CreateLShr(chosen, bits), 0xff);
    Value* const is_inside = b_.CreateICmpEQ(b_.CreateOr(upper(index), b_.CreateLShr(limb(index, 0), 5)), zero);
    return from_u64(choose(is_inside, found, zero));
}

}  // namespace interlock::vm::jit
