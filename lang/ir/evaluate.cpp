// Evaluates specifications on a concrete state.
//
// A specification is one block: And, Or, Not and Select are total, so every instruction is evaluated once, in order.
// Numbers of the specification are unbounded. A value that does not exist (division by zero, a construct that a state
// cannot answer) makes the whole evaluation undecided, never true.
#include "lang/ir/evaluate.hpp"

#include <algorithm>
#include <variant>

#include <fmt/format.h>
#include <boost/multiprecision/cpp_int.hpp>

#include "lang/diagnostics/source.hpp"
#include "lang/ir/compute.hpp"
#include "lang/ir/storage_path.hpp"
#include "vm/keccak.hpp"

namespace interlock::lang {

namespace {

using Number = boost::multiprecision::cpp_int;
using ir::Op;
using vm::Word;

// A machine word, a number of the specification, or bytes.
using Value = std::variant<Word, Number, vm::Bytes>;

constexpr unsigned max_number_bits = 1u << 16;
constexpr std::uint64_t max_loaded_bytes = 1u << 16;

// Why an evaluation has no result. Thrown and caught in this file only.
struct Undecided {
    std::string why;
};

[[noreturn]] void unsupported(std::string_view what) {
    throw Undecided{fmt::format("not supported in an evaluation: {}", what)};
}

constexpr unsigned limb_bits = 64;

Number to_number(const Word& word, bool is_signed) {
    const bool negative = is_signed && word.is_negative();
    const Word magnitude = negative ? -word : word;
    const auto limbs = std::max((vm::bit_length(magnitude) + limb_bits - 1) / limb_bits, 1u);
    Number number;
    boost::multiprecision::import_bits(number, magnitude.limbs.data(), magnitude.limbs.data() + limbs, limb_bits, false);
    return negative ? Number{-number} : number;
}

Word to_word(const Number& number) {  // modulo 2^256
    static const Number modulus = Number{1} << 256;
    Number rest = number % modulus;
    if (rest < 0) rest += modulus;
    Word word;
    boost::multiprecision::export_bits(rest, word.limbs.data(), limb_bits, false);
    return word;
}

// Returns the word's low bits as a value of the type, which is a number, Bool, Address or Enum.
Word fit(const ir::Type& type, const Word& word) { return value_in_slot(type, word, 0); }

bool is_machine_number(const ir::Type& type) { return type.kind == ir::TypeKind::Uint || type.kind == ir::TypeKind::Int; }

std::string format(const ir::Type& type, const Value& value) {
    if (const auto* number = std::get_if<Number>(&value)) return number->str();
    if (const auto* bytes = std::get_if<vm::Bytes>(&value)) return vm::to_hex(*bytes);
    const Word& word = std::get<Word>(value);
    switch (type.kind) {
        case ir::TypeKind::Bool: return word.is_zero() ? "false" : "true";
        case ir::TypeKind::Int: return to_number(word, true).str();
        case ir::TypeKind::Address: return vm::to_hex(vm::to_address(word));
        case ir::TypeKind::FixedBytes: return vm::to_hex(vm::ByteView{vm::to_big_endian(word)}.first(type.bits / 8u));
        default: return vm::to_decimal(word);
    }
}

class Evaluator {
  public:
    Evaluator(const ir::Contract& contract, const ir::Function& function, const StateView& now, const StateView& before)
        : contract_(contract),
          function_(function),
          now_(now),
          before_(before),
          values_(function.values),
          types_(function.values) {}

    Evaluation run(const std::vector<Word>& arguments, const Sources* sources) {
        const ir::Block& block = function_.blocks.at(0);
        if (block.parameters.size() != arguments.size()) unsupported("another number of arguments than parameters");
        for (std::size_t i = 0; i < arguments.size(); ++i) {
            if (block.parameters[i].type.is_reference()) unsupported("bytes as an argument");
            set(block.parameters[i].value, block.parameters[i].type, arguments[i]);
        }
        for (const ir::Instruction& each : block.instructions) step(each);
        if (block.terminator.kind != ir::Terminator::Kind::Return) unsupported("control flow");
        const ir::Value result = block.terminator.values.at(0);
        Evaluation evaluation;
        evaluation.holds = truth(result);
        if (sources) evaluation.operands = comparison(result, *sources);
        return evaluation;
    }

  private:
    // --- values ---
    void set(ir::Value value, const ir::Type& type, Value content) {
        if (const auto* number = std::get_if<Number>(&content)) {
            if (*number != 0 && msb(abs(*number)) >= max_number_bits) unsupported("a number of that size");
        }
        values_[value.index] = std::move(content);
        types_[value.index] = type;
    }
    [[nodiscard]] const ir::Type& type(ir::Value value) const { return types_[value.index]; }
    [[nodiscard]] const Word& word(ir::Value value) const { return std::get<Word>(values_[value.index]); }
    [[nodiscard]] bool truth(ir::Value value) const { return !word(value).is_zero(); }
    [[nodiscard]] const vm::Bytes& bytes(ir::Value value) const { return std::get<vm::Bytes>(values_[value.index]); }
    [[nodiscard]] Number number(ir::Value value) const {
        if (const auto* number = std::get_if<Number>(&values_[value.index])) return *number;
        return to_number(word(value), type(value).is_signed());
    }
    // Whether it is a word that stands for a number as it is.
    [[nodiscard]] bool is_natural(ir::Value value) const {
        const auto* const word = std::get_if<Word>(&values_[value.index]);
        return word && !(type(value).is_signed() && word->is_negative());
    }
    [[nodiscard]] const StateView& view(const ir::Instruction& each) const { return each.at_entry ? before_ : now_; }

    // --- instructions ---
    void step(const ir::Instruction& each) {
        const bool is_condition = each.op == Op::Guard || ir::info(each.op).effects.concerns_the_proof;
        if (is_condition && !truth(each.operands.at(0))) throw Undecided{"a condition that fails"};
        if (!is_condition) set(each.result, each.type, value_of(each));
    }

    Value value_of(const ir::Instruction& each) {
        switch (each.op) {
            case Op::Constant: return each.word;
            case Op::Literal: return vm::Bytes(each.data.begin(), each.data.end());
            case Op::This: return vm::to_word(view(each).self());
            case Op::SelfBalance: return view(each).balance(view(each).self());
            case Op::Balance: return view(each).balance(vm::to_address(word(each.operands[0])));
            case Op::Timestamp: return Word{view(each).timestamp()};
            case Op::BlockNumber: return Word{view(each).block_number()};
            case Op::Load: return load(each);
            case Op::LoadImmutable:
                return view(each).immutable(
                    static_cast<std::uint32_t>(contract_.state.at(each.place.variable).slot.low64()));
            case Op::Sum: return sum(each);
            case Op::Select: return values_[each.operands[truth(each.operands[0]) ? 1 : 2].index];
            case Op::Convert: return convert(each);
            case Op::Exp:
                if (!each.checked && each.type != ir::integer_type) return *computed(each);
                return bounded(each, arithmetic(each));
            case Op::Add:
                if (const auto word = word_sum(each)) return *word;
                [[fallthrough]];
            case Op::Sub:
            case Op::Mul:
            case Op::Div:
            case Op::Mod:
            case Op::Negate: return bounded(each, arithmetic(each));
            case Op::Shl:
            case Op::Shr:
            case Op::And:
            case Op::Or:
            case Op::Xor:
            case Op::Not: return *computed(each);
            case Op::Equal:
            case Op::NotEqual:
            case Op::Less:
            case Op::LessEqual:
            case Op::Greater:
            case Op::GreaterEqual: return Word{compare(each) ? 1u : 0u};
            case Op::BytesLength: return Word{bytes(each.operands[0]).size()};
            case Op::BytesAt: return byte_at(each);
            case Op::Keccak: return vm::to_word(vm::keccak256(bytes(each.operands[0])));
            case Op::Caller: unsupported("msg.sender");
            case Op::CallValue: unsupported("msg.value");
            case Op::Origin: unsupported("tx.origin");
            case Op::GasPrice:
            case Op::Coinbase:
            case Op::PrevRandao:
            case Op::GasLimit:
            case Op::BaseFee:
            case Op::BlobBaseFee:
            case Op::ChainId:
            case Op::GasLeft:
            case Op::CallData:
            case Op::CallSelector:
            case Op::BlockHash:
            case Op::BlobHash: unsupported("what only a transaction knows");
            case Op::CodeLength:
            case Op::CodeHash:
            case Op::ContractCode:
            case Op::LibraryAddress: unsupported("code");
            case Op::WordAt:
            case Op::BytesInside: unsupported("encoded bytes");
            case Op::Sha256:
            case Op::Ripemd160:
            case Op::EcRecover: unsupported("this function");
            case Op::AddMod:
            case Op::MulMod: return *computed(each);
            case Op::SlotOf:
            case Op::Evm:
            case Op::Reinterpret: unsupported("memory, arrays or assembly");
            case Op::Store:
            case Op::StoreImmutable:
            case Op::Clear:
            case Op::Emit: unsupported("a change of the state");
            case Op::InternalCall:
            case Op::Result: unsupported("a call");
            case Op::Guard:
            case Op::Assume:
            case Op::Check: break;  // they have no value
        }
        unsupported("this");
    }

    // The sum of two integers where they and it are words that no sign makes negative.
    [[nodiscard]] std::optional<Word> word_sum(const ir::Instruction& each) const {
        const ir::Value a = each.operands[0], b = each.operands[1];
        if (each.type != ir::integer_type || !is_natural(a) || !is_natural(b)) return std::nullopt;
        const Word sum = word(a) + word(b);
        return sum.is_negative() ? std::nullopt : std::optional{sum};
    }

    // Computes the machine's instruction on operands that are words.
    [[nodiscard]] Number arithmetic(const ir::Instruction& each) const {
        const Number a = number(each.operands[0]);
        if (each.op == Op::Negate) return -a;
        const Number b = number(each.operands[1]);
        switch (each.op) {
            case Op::Add: return a + b;
            case Op::Sub: return a - b;
            case Op::Mul: return a * b;
            case Op::Exp: return power(a, b);
            default: break;
        }
        if (b == 0) throw Undecided{"division by zero"};
        // Rounds towards zero; the remainder has the dividend's sign.
        return each.op == Op::Div ? Number{a / b} : Number{a % b};
    }

    static Number power(const Number& base, const Number& exponent) {
        if (exponent < 0) unsupported("a negative exponent");
        if (exponent == 0 || base == 1) return 1;
        if (base == 0) return 0;
        if (base == -1) return exponent % 2 == 0 ? 1 : -1;
        if ((msb(abs(base)) + 1) * exponent > 2 * max_number_bits) unsupported("a number of that size");
        return boost::multiprecision::pow(base, static_cast<unsigned>(exponent));
    }

    // A machine type's result is bounded: it wraps, or is undecided where the machine would revert.
    static Value bounded(const ir::Instruction& each, Number exact) {
        if (each.type == ir::integer_type) return exact;
        const Word wrapped = fit(each.type, to_word(exact));
        if (each.checked && to_number(wrapped, each.type.is_signed()) != exact) throw Undecided{"arithmetic overflow"};
        return wrapped;
    }

    // Of words only.
    [[nodiscard]] std::optional<Word> computed(const ir::Instruction& each) const {
        std::vector<Word> words;
        std::vector<ir::Type> types;
        for (const ir::Value operand : each.operands) {
            words.push_back(word(operand));
            types.push_back(type(operand));
        }
        return ir::compute(each, words, types);
    }

    [[nodiscard]] bool compare(const ir::Instruction& each) const {
        const ir::Value a = each.operands[0], b = each.operands[1];
        if (is_natural(a) && is_natural(b)) return compare(each.op, word(a), word(b));
        const bool as_numbers = is_machine_number(type(a)) || type(a) == ir::integer_type;
        const Number left = as_numbers ? number(a) : to_number(word(a), false);
        const Number right = as_numbers ? number(b) : to_number(word(b), false);
        return compare(each.op, left, right);
    }

    template <class T>
    [[nodiscard]] static bool compare(Op op, const T& left, const T& right) {
        switch (op) {
            case Op::Equal: return left == right;
            case Op::NotEqual: return left != right;
            case Op::Less: return left < right;
            case Op::LessEqual: return left <= right;
            case Op::Greater: return left > right;
            default: return left >= right;
        }
    }

    [[nodiscard]] Value convert(const ir::Instruction& each) const {
        const ir::Value a = each.operands[0];
        if (each.type.is_reference()) return bytes(a);
        if (each.type == ir::integer_type)
            return is_natural(a) && !word(a).is_negative() ? values_[a.index] : Value{number(a)};
        if (type(a) == ir::integer_type) return fit(each.type, to_word(number(a)));
        if (const auto word = computed(each)) return *word;
        throw Undecided{"a number outside its enum"};
    }

    [[nodiscard]] Value byte_at(const ir::Instruction& each) const {
        const vm::Bytes& data = bytes(each.operands[0]);
        const Word& index = word(each.operands[1]);
        if (index >= Word{data.size()}) throw Undecided{"an index outside its bytes"};
        return Word{data[index.low64()]} << 248;
    }

    // --- storage ---
    [[nodiscard]] std::vector<StorageKey> keys_of(const ir::Instruction& each) const {
        std::vector<StorageKey> keys;
        for (const ir::Value operand : each.operands) {
            if (type(operand).is_reference()) keys.emplace_back(bytes(operand));
            else keys.emplace_back(word(operand));
        }
        return keys;
    }

    [[nodiscard]] Value load(const ir::Instruction& each) const {
        const StorageLocation at = locate(contract_, each.place, keys_of(each));
        const Word content = view(each).load(at.slot);
        if (each.type.is_reference()) return load_bytes(view(each), at.slot, content);
        return value_in_slot(each.type, content, at.offset);
    }

    // Short byte strings are in the slot itself with twice their length; long ones begin at keccak(slot).
    static vm::Bytes load_bytes(const StateView& view, const Word& slot, const Word& head) {
        const auto inline_bytes = vm::to_big_endian(head);
        const bool is_long = (head.low64() & 1) != 0;
        if (!is_long) {
            const std::size_t length = std::min<std::size_t>(inline_bytes[31] / 2u, 31);
            return {inline_bytes.begin(), inline_bytes.begin() + static_cast<std::ptrdiff_t>(length)};
        }
        const Word length = head >> 1;
        if (length > Word{max_loaded_bytes}) unsupported("bytes of that size");
        Word at = vm::to_word(vm::keccak256(vm::to_big_endian(slot)));
        vm::Bytes data;
        while (data.size() < length.low64()) {
            const auto part = vm::to_big_endian(view.load(at));
            data.insert(data.end(), part.begin(), part.end());
            at = at + Word{1};
        }
        data.resize(length.low64());
        return data;
    }

    // Sums over the entries of the mapping at the place; a last step into the entries' struct selects the summed field.
    [[nodiscard]] Value sum(const ir::Instruction& each) const {
        const std::vector<StorageKey> keys = keys_of(each);
        ir::Place mapping = each.place;
        const ir::StorageField* field = nullptr;
        StorageLocation at = locate_mapping(mapping, keys);
        const ir::StorageType* summed = &contract_.storage_types.at(contract_.storage_types.at(at.type).element);
        if (mapping.steps.size() != each.place.steps.size()) {
            field = &summed->fields.at(each.place.steps.back().operand);
            summed = &contract_.storage_types.at(field->type);
        }
        const bool is_signed = summed->value.is_signed();
        Word total;
        Number beside = 0;  // what the word has no place for
        for (const Word& entry : view(each).entries(at.slot)) {
            const Word slot = field ? entry + field->slot : entry;
            const Word value = value_in_slot(summed->value, view(each).load(slot), field ? field->offset : 0);
            if (const Word more = total + value; !is_signed && more >= total) total = more;
            else beside += to_number(value, is_signed);
        }
        if (beside == 0 && !total.is_negative()) return total;
        return beside + to_number(total, false);
    }

    // Drops the last step if it leads into the mapping's entries.
    StorageLocation locate_mapping(ir::Place& place, const std::vector<StorageKey>& keys) const {
        const bool field = !place.steps.empty() && place.steps.back().kind == ir::PlaceStep::Kind::Field;
        if (!field) return locate(contract_, place, keys);
        ir::Place owner = place;
        owner.steps.pop_back();
        const StorageLocation at = locate(contract_, owner, keys);
        const bool into_entries = contract_.storage_types.at(at.type).kind == ir::StorageType::Kind::Mapping;
        if (!into_entries) return locate(contract_, place, keys);
        place = std::move(owner);
        return at;
    }

    // --- what to show ---
    [[nodiscard]] const ir::Instruction* definition(ir::Value value) const {
        for (const ir::Instruction& each : function_.blocks.at(0).instructions) {
            if (each.result == value) return &each;
        }
        return nullptr;
    }

    [[nodiscard]] std::vector<Operand> comparison(ir::Value result, const Sources& sources) const {
        const ir::Instruction* outermost = definition(result);
        if (!outermost || ir::info(outermost->op).group != ir::Group::Comparison) return {};
        std::vector<Operand> operands;
        for (const ir::Value side : outermost->operands) {
            operands.push_back({text_of(side, sources), format(type(side), values_[side.index])});
        }
        return operands;
    }

    [[nodiscard]] std::string text_of(ir::Value value, const Sources& sources) const {
        const ir::Instruction* each = definition(value);
        if (each && each->range.begin < each->range.end) return on_one_line(sources.text(each->range));
        const auto& parameters = function_.blocks.at(0).parameters;
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (parameters[i].value == value) return function_.parameters.at(i).name;
        }
        return {};
    }

    static std::string on_one_line(std::string_view text) {
        std::string line;
        for (const char c : text) {
            const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
            if (!space) line += c;
            else if (!line.empty() && line.back() != ' ') line += ' ';
        }
        return line;
    }

    const ir::Contract& contract_;
    const ir::Function& function_;
    const StateView& now_;
    const StateView& before_;
    std::vector<Value> values_;
    std::vector<ir::Type> types_;
};

}  // namespace

Evaluation evaluate(const ir::Contract& contract, const ir::Function& specification, const StateView& now,
                    const StateView* before, const std::vector<Word>& arguments, const Sources* sources) {
    try {
        return Evaluator(contract, specification, now, before ? *before : now).run(arguments, sources);
    } catch (const Undecided& undecided) {
        return {std::nullopt, undecided.why, {}};
    }
}

}  // namespace interlock::lang
