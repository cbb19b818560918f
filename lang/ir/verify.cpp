// Checks each structural rule of the IR that the lowering promises and every reader relies on.
//
// Dominance by the iterative algorithm of Cooper, Harvey and Kennedy ("A Simple, Fast Dominance Algorithm", 2001).
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "lang/ir/dominators.hpp"
#include "lang/ir/ir.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::lang::ir {

namespace {

bool is_number(const Type& type) {
    return type.kind == TypeKind::Uint || type.kind == TypeKind::Int || type.kind == TypeKind::Integer;
}

bool is_bitwise(const Type& type) {
    return type.kind == TypeKind::Uint || type.kind == TypeKind::Int || type.kind == TypeKind::FixedBytes;
}

// The letters of lang/ir/op_list.hpp that are defined here.
static_assert([] {
    constexpr std::string_view types = "BU8AHRS1YIbwicvnszl";
    for (const OpInfo& op : op_table) {
        for (const char letter : op.operands)
            if (types.find(letter) == types.npos && std::string_view("Tu*[]").find(letter) == types.npos) return false;
        if (types.find(op.result) == types.npos && op.result != '-' && op.result != '?') return false;
    }
    return true;
}());

class FunctionVerifier {
  public:
    FunctionVerifier(const Contract& contract, const Function& function, std::vector<std::string>& violations)
        : contract_(contract), function_(function), violations_(violations), definitions_(function.values) {}

    void verify() {
        if (contract_.is_interface && function_.blocks.empty()) return;
        if (function_.blocks.empty()) return report("has no blocks");
        if (!edges_are_valid()) return;
        const Dominators dominators(function_.blocks);
        define_values();
        verify_entry();
        for (block_ = 0; block_ < function_.blocks.size(); ++block_) {
            if (!dominators.is_reachable(block_)) {
                report("is unreachable");
                continue;
            }
            verify_block(dominators);
        }
    }

  private:
    struct Definition {
        bool known = false;
        Type type;
        BlockIndex block = 0;
        std::size_t position = 0;  // 0: a parameter; otherwise the instruction's index + 1
    };

    void report(std::string_view what) {
        violations_.push_back(fmt::format("{}.{} b{}: {}", contract_.name, function_.name, block_, what));
    }
    // Formats the text only if it is needed.
    template <class... Arguments>
    void expect(bool holds, fmt::format_string<Arguments...> what, Arguments&&... arguments) {
        if (!holds) report(fmt::format(what, std::forward<Arguments>(arguments)...));
    }

    // --- definitions ---
    bool edges_are_valid() {
        bool valid = true;
        for (block_ = 0; block_ < function_.blocks.size(); ++block_) {
            for_each_jump(function_.blocks[block_].terminator, [&](const Jump& jump) {
                if (jump.block < function_.blocks.size() && jump.block != 0) return;
                report(jump.block == 0 ? "jumps to the entry" : "jumps to a block that does not exist");
                valid = false;
            });
        }
        block_ = 0;
        return valid;
    }

    void define(Value value, const Type& type, std::size_t position) {
        if (value.index >= definitions_.size()) return report(fmt::format("%{} is out of range", value.index));
        Definition& definition = definitions_[value.index];
        expect(!definition.known, "%{} is defined twice", value.index);
        definition = {true, type, block_, position};
    }

    void define_values() {
        for (block_ = 0; block_ < function_.blocks.size(); ++block_) {
            const Block& block = function_.blocks[block_];
            for (const Parameter& parameter : block.parameters) define(parameter.value, parameter.type, 0);
            for (std::size_t i = 0; i < block.instructions.size(); ++i) {
                const Instruction& each = block.instructions[i];
                if (each.result) define(each.result, each.type, i + 1);
            }
        }
        block_ = 0;
    }

    void verify_entry() {
        if (function_.is_raw) {
            const bool constructs = function_.kind == FunctionKind::Constructor;
            expect(function_.is_entry || constructs, "only an entry decodes its own parameters");
            return expect(function_.blocks.front().parameters.size() == (constructs ? 2 : 0),
                          "the first block of what decodes its own parameters takes something else");
        }
        const auto& parameters = function_.blocks.front().parameters;
        bool same = parameters.size() == function_.parameters.size();
        for (std::size_t i = 0; same && i < parameters.size(); ++i) {
            same = parameters[i].type == function_.parameters[i].type;
        }
        expect(same, "the entry's parameters are not the function's");
        if (function_.kind != FunctionKind::Specification) return;
        expect(function_.returns.size() == 1 && function_.returns.front().type == bool_type,
               "a specification returns one Bool");
    }

    // --- blocks ---
    void use(Value value, std::size_t position, const Dominators& dominators) {
        if (value.index >= definitions_.size() || !definitions_[value.index].known) {
            return report(fmt::format("%{} is used but not defined", value ? std::to_string(value.index) : "none"));
        }
        const Definition& definition = definitions_[value.index];
        const bool dominated = definition.block == block_ ? definition.position < position
                                                          : dominators.is_reachable(definition.block) &&
                                                                dominators.dominates(definition.block, block_);
        expect(dominated, "%{} does not dominate its use", value.index);
    }

    void verify_block(const Dominators& dominators) {
        const Block& block = function_.blocks[block_];
        const std::size_t violations_before = violations_.size();
        for (std::size_t i = 0; i < block.instructions.size(); ++i) {
            for (const Value operand : block.instructions[i].operands) use(operand, i + 1, dominators);
        }
        const std::size_t end = block.instructions.size() + 1;
        for_each_use(block.terminator, [&](const Value& value) { use(value, end, dominators); });
        for_each_jump(block.terminator, [&](const Jump& jump) {
            for (const Value argument : jump.arguments) use(argument, end, dominators);
        });
        if (violations_.size() != violations_before) return;  // types are checked only if all values are known
        for (const Instruction& each : block.instructions) verify_instruction(each);
        verify_terminator(block.terminator);
    }

    [[nodiscard]] const Type& type_of(Value value) const { return definitions_[value.index].type; }

    void verify_jump(const Jump& jump, const std::vector<Type>& delivered) {
        const auto& parameters = function_.blocks[jump.block].parameters;
        if (parameters.size() != jump.arguments.size() + delivered.size()) {
            return report(fmt::format("b{} takes {} values, not {}", jump.block, parameters.size(),
                                      jump.arguments.size() + delivered.size()));
        }
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            const Type& given =
                i < jump.arguments.size() ? type_of(jump.arguments[i]) : delivered[i - jump.arguments.size()];
            expect(given == parameters[i].type, "value {} for b{} has the wrong type", i, jump.block);
        }
    }

    void verify_terminator(const Terminator& each) {
        switch (each.kind) {
            case Terminator::Kind::Jump: return verify_jump(each.then, {});
            case Terminator::Kind::Branch:
                expect(type_of(each.condition) == bool_type, "the condition is not a Bool");
                verify_jump(each.then, {});
                return verify_jump(each.otherwise, {});
            case Terminator::Kind::Return:
                if (function_.is_raw) return expect(each.values.empty(), "what encodes its results returns none");
                return verify_values(each.values, function_.returns, 0, "returned");
            case Terminator::Kind::Revert: return verify_failure(each.failure, each.values, 0);
            case Terminator::Kind::External: return verify_external(each.call);
            case Terminator::Kind::Unreachable: return;
        }
    }

    void verify_values(const Values& values, const std::vector<NamedType>& types, std::size_t first, std::string_view what) {
        if (values.size() != types.size() + first) {
            return report(fmt::format("{} values {}, not {}", values.size() - first, what, types.size()));
        }
        for (std::size_t i = 0; i < types.size(); ++i) {
            expect(type_of(values[first + i]) == types[i].type, "value {} {} has the wrong type", i, what);
        }
    }

    [[nodiscard]] static bool are_words(const std::vector<NamedType>& types) {
        return std::ranges::none_of(types, [](const NamedType& each) { return each.type.is_reference(); });
    }

    void verify_encoded(const Values& values, const std::vector<NamedType>& types, std::size_t first,
                        std::string_view what) {
        verify_values(values, types, first, what);
        expect(are_words(types), "byte strings {} are encoded by the lowering", what);
    }

    void verify_failure(const Failure& failure, const Values& values, std::size_t first) {
        switch (failure.kind) {
            case Failure::Kind::CustomError:
                if (failure.error >= contract_.errors.size()) return report("names an error that does not exist");
                return verify_encoded(values, contract_.errors[failure.error].parameters, first, "given to an error");
            default: break;
        }
        expect(values.size() == first, "a failure without arguments has some");
    }

    void verify_external(const ExternalCall& call) {
        const bool creates = call.kind == ExternalCall::Kind::Create || call.kind == ExternalCall::Kind::Raw;
        expect(static_cast<bool>(call.target) != creates, "an external call has exactly one target");
        if (call.target) expect(type_of(call.target) == address_type, "the target is not an address");
        if (call.value) expect(type_of(call.value) == uint256_type, "the value is not a uint256");
        expect(!call.tries || creates || call.kind == ExternalCall::Kind::Method, "only methods and creations are tried");
        if (call.gas) expect(type_of(call.gas) == uint256_type, "the gas is not a uint256");
        switch (call.kind) {
            case ExternalCall::Kind::Method:
                if (call.method >= contract_.methods.size()) return report("calls a method that does not exist");
                verify_encoded(call.arguments, contract_.methods[call.method].parameters, 0, "given to a method");
                expect(are_words(contract_.methods[call.method].returns), "a method returns words");
                break;
            case ExternalCall::Kind::LowLevel:
            case ExternalCall::Kind::LowLevelStatic:
            case ExternalCall::Kind::LowLevelDelegate:
                verify_values(call.arguments, {{"", bytes_type}}, 0, "given as call data");
                break;
            case ExternalCall::Kind::Send:
            case ExternalCall::Kind::Transfer:
                expect(call.arguments.empty() && call.value, "a send has a value and no arguments");
                break;
            case ExternalCall::Kind::Create:
                expect(call.creates < contract_.creates.size(), "creates a contract that is not named");
                break;
            case ExternalCall::Kind::Raw: verify_words(call.arguments, vm::info(call.opcode).stack_in); break;
        }
        verify_jump(call.next, result_types(contract_, call));
    }

    void verify_words(const Values& words, std::size_t count) {
        bool fits = words.size() == count;
        for (const Value word : words) fits = fits && type_of(word) == uint256_type;
        expect(fits, "the machine's operands are not so many words");
    }

    // --- instructions ---
    [[nodiscard]] static std::string name(const Instruction& each) {
        const std::string_view text = info(each.op).text;
        return each.result ? fmt::format("%{} = {}", each.result.index, text) : std::string(text);
    }

    void verify_instruction(const Instruction& each) {
        const OpInfo& op = info(each.op);
        if (!operands_fit(each, op.operands)) return report(fmt::format("operands of `{}` do not fit", name(each)));
        expect(result_fits(each, op.result), "the result of `{}` has the wrong type", name(each));
        switch (op.detail) {
            case Detail::None:
                if (each.op == Op::Convert) verify_conversion(each);
                return;
            case Detail::Word:
            case Detail::Data: return;
            case Detail::Place:
            case Detail::Stored: return verify_storage(each);
            case Detail::Opcode: return verify_words(each.operands, vm::info(each.opcode).stack_in);
            case Detail::Failure: return verify_failure(each.failure, each.operands, 1);
            case Detail::Function:
                if (each.callee >= contract_.functions.size()) return report("calls a function that does not exist");
                return verify_values(each.operands, contract_.functions[each.callee].parameters, 0, "given to a function");
            case Detail::Number: return verify_result(each);
            case Detail::Event:
                if (each.event >= contract_.events.size()) return report("emits an event that does not exist");
                return verify_encoded(each.operands, contract_.events[each.event].parameters, 0, "given to an event");
            case Detail::Contract:
                return expect(each.callee < contract_.creates.size(), "the code of a contract that is not named");
            case Detail::Library:
                return expect(each.callee < contract_.libraries.size(), "the address of a library that is not named");
        }
    }

    // The letters are explained in lang/ir/op_list.hpp.
    [[nodiscard]] bool operands_fit(const Instruction& each, std::string_view letters) const {
        if (letters.starts_with('[')) {
            if (each.operands.empty()) return true;
            letters = letters.substr(1, letters.size() - 2);
        }
        const bool is_open = letters.ends_with('*');
        if (is_open) letters.remove_suffix(1);
        if (is_open ? each.operands.size() < letters.size() : each.operands.size() != letters.size()) return false;
        for (std::size_t n = 0; n < letters.size(); ++n) {
            const Type& type = type_of(each.operands[n]);
            if (letters[n] == 'T' && type != each.type) return false;
            if (letters[n] == 'u' && type.kind != TypeKind::Uint && !(type == integer_type && each.type == type))
                return false;
            if (letters[n] == 'c' && type != type_of(each.operands[0])) return false;
            if (!is_of(type, letters[n])) return false;
        }
        return true;
    }

    [[nodiscard]] static bool result_fits(const Instruction& each, char letter) {
        if (letter == '-') return !each.result;
        if (letter != '?') return each.result && is_of(each.type, letter);
        return static_cast<bool>(each.result) == (vm::info(each.opcode).stack_out == 1) &&
               (!each.result || each.type == uint256_type);
    }

    [[nodiscard]] static bool is_of(const Type& type, char letter) {
        switch (letter) {
            case 'B': return type == bool_type;
            case 'U': return type == uint256_type;
            case '8': return type == Type{TypeKind::Uint, 8};
            case 'A': return type == address_type;
            case 'H': return type == Type{TypeKind::FixedBytes, 256};
            case 'R': return type == Type{TypeKind::FixedBytes, 160};
            case 'S': return type == Type{TypeKind::FixedBytes, 32};
            case '1': return type == Type{TypeKind::FixedBytes, 8};
            case 'Y': return type == bytes_type;
            case 'I': return type == integer_type;
            case 'b': return type.is_reference();
            case 'w': return !type.is_reference() && type != integer_type;
            case 'i': return type != integer_type;
            case 'c': return !type.is_reference();
            case 'v':
            case 'T':
            case 'u': return true;
            case 'n': return is_number(type);
            case 's': return type.is_signed();
            case 'z': return is_bitwise(type);
            case 'l': return is_bitwise(type) || type == bool_type;
            default: return false;  // no operation has such a value
        }
    }

    void verify_conversion(const Instruction& each) {
        const Type& from = type_of(each.operands[0]);
        expect(from.is_reference() == each.type.is_reference(), "words and references do not convert to each other");
        if (each.type == integer_type) expect(is_number(from) || from.kind == TypeKind::Enum, "only numbers are integers");
    }

    void result(const Instruction& each, const Type& type) {
        expect(each.result && each.type == type, "the result of `{}` has the wrong type", name(each));
    }

    void verify_result(const Instruction& each) {
        if (each.operands.size() != 1) return report("a result is of one call");
        const Definition& definition = definitions_[each.operands[0].index];
        const auto& instructions = function_.blocks[definition.block].instructions;
        if (definition.position == 0 || instructions[definition.position - 1].op != Op::InternalCall) {
            return report("a result is of an internal call");
        }
        const std::uint32_t callee = instructions[definition.position - 1].callee;
        if (callee >= contract_.functions.size()) return;
        const auto& returns = contract_.functions[callee].returns;
        if (each.number >= returns.size()) return report("a result that the function does not return");
        result(each, returns[each.number].type);
    }

    // --- storage ---
    // Returns the storage type at the end of the place, or std::nullopt after a report. Counts the keys.
    std::optional<StorageTypeIndex> walk(const Instruction& each, std::size_t& keys) {
        StorageTypeIndex at = contract_.state[each.place.variable].type;
        for (const PlaceStep& step : each.place.steps) {
            const StorageType& type = contract_.storage_types.at(at);
            if (step.kind == PlaceStep::Kind::Field) {
                if (type.kind != StorageType::Kind::Struct || step.operand >= type.fields.size()) {
                    report("a field of what has none");
                    return std::nullopt;
                }
                at = type.fields[step.operand].type;
                continue;
            }
            const bool is_key = step.kind == PlaceStep::Kind::Key;
            if (step.operand != keys++ || step.operand >= each.operands.size()) {
                report("keys are not the operands in order");
                return std::nullopt;
            }
            const Type& key = type_of(each.operands[step.operand]);
            const bool is_array = type.kind == StorageType::Kind::FixedArray || type.kind == StorageType::Kind::DynamicArray;
            const bool fits =
                is_key ? type.kind == StorageType::Kind::Mapping && key == type.key : is_array && key == uint256_type;
            if (!fits) {
                report("a key of the wrong type");
                return std::nullopt;
            }
            at = type.element;
        }
        return at;
    }

    void verify_storage(const Instruction& each) {
        if (each.place.variable >= contract_.state.size()) return report("a variable that does not exist");
        const bool immutable = each.op == Op::LoadImmutable || each.op == Op::StoreImmutable;
        expect(contract_.state[each.place.variable].is_immutable == immutable, "immutables are not in storage");
        if (each.op == Op::Sum) return verify_sum(each);
        std::size_t keys = 0;
        const auto end = walk(each, keys);
        if (!end) return;
        const bool stores = each.op == Op::Store || each.op == Op::StoreImmutable;
        if (each.operands.size() != keys + (stores ? 1 : 0)) return report("operands of a storage access do not fit");
        if (each.op == Op::SlotOf) return;
        const StorageType& type = contract_.storage_types.at(*end);
        const bool is_value = type.kind == StorageType::Kind::Value || type.kind == StorageType::Kind::Bytes;
        if (each.op == Op::Clear)
            return expect(is_value || type.kind == StorageType::Kind::Struct, "this cannot be cleared");
        // An access to a dynamic array itself means its length.
        const Type& value = type.kind == StorageType::Kind::DynamicArray ? uint256_type : type.value;
        if (!is_value && type.kind != StorageType::Kind::DynamicArray) return report("only values are loaded and stored");
        expect(each.type == value, "the type of a storage access is not the place's");
        if (stores) expect(type_of(each.operands.back()) == value, "the stored value has the wrong type");
    }

    void verify_sum(const Instruction& each) {
        Instruction mapping = each;
        const bool field = !each.place.steps.empty() && each.place.steps.back().kind == PlaceStep::Kind::Field;
        std::size_t keys = 0;
        if (field) mapping.place.steps.pop_back();
        const auto at = walk(mapping, keys);
        if (!at) return;
        const StorageType& type = contract_.storage_types.at(*at);
        if (field && type.kind != StorageType::Kind::Mapping) {  // the field itself is a mapping
            keys = 0;
            const auto end = walk(each, keys);
            if (end) expect(contract_.storage_types.at(*end).kind == StorageType::Kind::Mapping, "only mappings are summed");
            return expect(each.operands.size() == keys, "operands of a storage access do not fit");
        }
        expect(type.kind == StorageType::Kind::Mapping, "only mappings are summed");
        expect(each.operands.size() == keys, "operands of a storage access do not fit");
        if (!field || type.kind != StorageType::Kind::Mapping) return;
        const StorageType& element = contract_.storage_types.at(type.element);
        expect(element.kind == StorageType::Kind::Struct && each.place.steps.back().operand < element.fields.size(),
               "a field of what has none");
    }

    const Contract& contract_;
    const Function& function_;
    std::vector<std::string>& violations_;
    std::vector<Definition> definitions_;
    BlockIndex block_ = 0;
};

}  // namespace

std::vector<std::string> verify(const Contract& contract) {
    std::vector<std::string> violations;
    for (const Function& function : contract.functions) FunctionVerifier(contract, function, violations).verify();
    return violations;
}

}  // namespace interlock::lang::ir
