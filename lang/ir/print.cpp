// Prints the IR's text form: one instruction per line, storage as paths. `%7 = load balances[%3] : uint256`.
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "lang/ir/ir.hpp"

namespace interlock::lang::ir {

namespace {

std::string text_of(Value value) { return value ? fmt::format("%{}", value.index) : "%none"; }

std::string list_of(const Values& values, std::size_t first = 0) {
    std::string text;
    for (std::size_t i = first; i < values.size(); ++i) {
        if (i > first) text += ", ";
        text += text_of(values[i]);
    }
    return text;
}

std::string in_quotes(std::string_view bytes) {
    std::string text = "\"";
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            text += '\\';
            text += c;
        } else if (byte < 0x20 || byte > 0x7e) {
            text += fmt::format("\\x{:02x}", byte);
        } else {
            text += c;
        }
    }
    return text + '"';
}

std::string constant_text(const Type& type, const Word& word) {
    switch (type.kind) {
        case TypeKind::Bool: return word.is_zero() ? "false" : "true";
        case TypeKind::Address:
        case TypeKind::FixedBytes: return vm::to_hex(word);
        case TypeKind::Int: return word.is_negative() ? "-" + vm::to_decimal(-word) : vm::to_decimal(word);
        default: return vm::to_decimal(word);
    }
}

std::string type_text(const Type& type) {
    return type.kind == TypeKind::Enum ? fmt::format("enum({})", type.members) : abi_name(type);
}

std::string types_text(const std::vector<NamedType>& types) {
    std::string text;
    for (const NamedType& each : types) {
        if (!text.empty()) text += ", ";
        text += each.type.kind == TypeKind::Data ? abi_name(each) : type_text(each.type);
        if (!each.name.empty()) text += ' ' + each.name;
    }
    return text;
}

std::string_view mutability_text(Mutability mutability) {
    switch (mutability) {
        case Mutability::Pure: return " pure";
        case Mutability::View: return " view";
        case Mutability::Payable: return " payable";
        case Mutability::NonPayable: break;
    }
    return "";
}

class Printer {
  public:
    explicit Printer(const Contract& contract) : contract_(contract) {}

    std::string contract() {
        line(0, fmt::format("{} {}", contract_.is_interface ? "interface" : "contract", contract_.name));
        for (const StateVariable& variable : contract_.state) line(1, state_text(variable));
        for (const Event& event : contract_.events) line(1, event_text(event));
        for (const Error& error : contract_.errors) {
            line(1, fmt::format("error {}({}) 0x{:08x}", error.name, types_text(error.parameters), error.selector));
        }
        for (const Method& method : contract_.methods) {
            line(1, fmt::format("method {}.{}({}){} -> ({}) 0x{:08x}", method.contract, method.name,
                                types_text(method.parameters), mutability_text(method.mutability),
                                types_text(method.returns), method.selector));
        }
        for (const std::string& name : contract_.creates) line(1, "creates " + name);
        for (const Invariant& invariant : contract_.invariants) {
            line(1, fmt::format("invariant{} {}: {}", invariant.strong ? "!" : "", invariant.label, invariant.text));
        }
        for (const Clause& clause : contract_.clauses) {
            constexpr std::array<std::string_view, 3> kinds{"requires", "ensures", "reverts if"};
            const bool is_open = clause.function == Contract::none;
            line(1, fmt::format("clause {} ({}): {}", clause.label,
                                is_open ? "open" : kinds[static_cast<std::size_t>(clause.kind)], clause.text));
        }
        for (const Function& each : contract_.functions) {
            text_ += '\n';
            function(each);
        }
        return std::move(text_);
    }

    std::string only(const Function& each) {
        function(each);
        return std::move(text_);
    }

  private:
    void line(int depth, std::string_view content) {
        text_.append(static_cast<std::size_t>(depth) * 2, ' ');
        text_ += content;
        text_ += '\n';
    }

    [[nodiscard]] std::string state_text(const StateVariable& variable) const {
        std::string text = fmt::format("{}: {}", variable.name, contract_.storage_types.at(variable.type).name);
        text += variable.is_immutable ? fmt::format(" immutable {}", vm::to_decimal(variable.slot))
                                      : fmt::format(" at slot {}", vm::to_decimal(variable.slot));
        if (variable.offset != 0) text += fmt::format(" byte {}", variable.offset);
        return text;
    }

    static std::string event_text(const Event& event) {
        std::string text;
        for (std::size_t i = 0; i < event.parameters.size(); ++i) {
            if (i > 0) text += ", ";
            const NamedType& parameter = event.parameters[i];
            text += parameter.type.kind == TypeKind::Data ? abi_name(parameter) : type_text(parameter.type);
            if (event.indexed[i]) text += " indexed";
            if (!event.parameters[i].name.empty()) text += ' ' + event.parameters[i].name;
        }
        return fmt::format("event {}({}){}", event.name, text, event.anonymous ? " anonymous" : "");
    }

    void function(const Function& each) {
        std::string head =
            fmt::format("function {}({}){}", each.name, types_text(each.parameters), mutability_text(each.mutability));
        if (!each.returns.empty()) head += fmt::format(" -> ({})", types_text(each.returns));
        const bool dispatched = each.kind == FunctionKind::Ordinary || each.kind == FunctionKind::Getter;
        if (each.is_entry) head += dispatched ? fmt::format(" entry 0x{:08x}", each.selector) : " entry";
        line(0, head);
        for (std::size_t i = 0; i < each.blocks.size(); ++i) block(i, each.blocks[i]);
    }

    void block(std::size_t index, const Block& each) {
        std::string parameters;
        for (const Parameter& parameter : each.parameters) {
            if (!parameters.empty()) parameters += ", ";
            parameters += fmt::format("{}: {}", text_of(parameter.value), type_text(parameter.type));
        }
        line(1, fmt::format("b{}({}):{}", index, parameters, each.is_loop_head ? " loop" : ""));
        for (const Instruction& instruction : each.instructions) line(2, text_of(instruction));
        line(2, text_of(each.terminator));
    }

    [[nodiscard]] std::string place_text(const Place& place, const Values& operands) const {
        if (place.variable >= contract_.state.size()) return "?";
        const StateVariable& variable = contract_.state[place.variable];
        std::string text = variable.name;
        StorageTypeIndex at = variable.type;
        for (const PlaceStep& step : place.steps) {
            const StorageType& type = contract_.storage_types.at(at);
            if (step.kind != PlaceStep::Kind::Field) {
                const bool known = step.operand < operands.size();
                text += fmt::format("[{}]", known ? text_of(operands[step.operand]) : "?");
                at = type.element;
            } else {
                // The field of a mapping's struct, as `sum` names it, is reached without a key.
                const StorageType& owner =
                    type.kind == StorageType::Kind::Mapping ? contract_.storage_types.at(type.element) : type;
                if (step.operand >= owner.fields.size()) return text + ".?";
                text += '.' + owner.fields[step.operand].name;
                at = owner.fields[step.operand].type;
            }
        }
        return text;
    }

    [[nodiscard]] std::string failure_text(const Failure& failure, const Values& operands, std::size_t first) const {
        switch (failure.kind) {
            case Failure::Kind::Empty: return "revert";
            case Failure::Kind::Panic: return fmt::format("panic 0x{:02x}", failure.panic_code);
            case Failure::Kind::ErrorString: return "revert " + in_quotes(failure.message);
            case Failure::Kind::CustomError: {
                const bool known = failure.error < contract_.errors.size();
                return fmt::format("revert {}({})", known ? contract_.errors[failure.error].name : "?",
                                   list_of(operands, first));
            }
            case Failure::Kind::Forward: return "forward";
        }
        return "?";
    }

    [[nodiscard]] std::string text_of(const Instruction& each) const {
        const std::string body = body_text(each);
        if (!each.result) return body;
        if (each.op == Op::InternalCall) return fmt::format("{} = {}", text_of(each.result), body);
        return fmt::format("{} = {} : {}", text_of(each.result), body, type_text(each.type));
    }

    [[nodiscard]] std::string body_text(const Instruction& each) const {
        std::string name{info(each.op).text};
        if (each.at_entry) name = "old " + name;
        if (each.checked) name = "checked " + name;
        switch (info(each.op).detail) {
            case Detail::None:
            case Detail::Contract:
            case Detail::Library:
                if (each.selector) name += fmt::format(" {:#010x}…", *each.selector);
                return each.operands.empty() ? name : name + ' ' + list_of(each.operands);
            case Detail::Word: return name + ' ' + constant_text(each.type, each.word);
            case Detail::Data: return name + ' ' + in_quotes(each.data);
            case Detail::Place: return name + ' ' + place_text(each.place, each.operands);
            case Detail::Stored:
                return fmt::format("{} {} <- {} : {}", name, place_text(each.place, each.operands),
                                   each.operands.empty() ? "?" : text_of(each.operands.back()), type_text(each.type));
            case Detail::Opcode: {
                const std::string_view opcode = vm::info(each.opcode).name;
                return each.operands.empty() ? fmt::format("evm {}", opcode)
                                             : fmt::format("evm {} {}", opcode, list_of(each.operands));
            }
            case Detail::Failure:
                return fmt::format("{} {} else {}", name, each.operands.empty() ? "?" : text_of(each.operands.front()),
                                   failure_text(each.failure, each.operands, 1));
            case Detail::Function: {
                const bool known = each.callee < contract_.functions.size();
                return fmt::format("{} {}({})", name, known ? contract_.functions[each.callee].name : "?",
                                   list_of(each.operands));
            }
            case Detail::Number: return fmt::format("{} {} of {}", name, each.number, list_of(each.operands));
            case Detail::Event: {
                const bool known = each.event < contract_.events.size();
                return fmt::format("{} {}({})", name, known ? contract_.events[each.event].name : "?",
                                   list_of(each.operands));
            }
        }
        return name;
    }

    static std::string text_of(const Jump& jump) {
        return jump.arguments.empty() ? fmt::format("b{}", jump.block)
                                      : fmt::format("b{}({})", jump.block, list_of(jump.arguments));
    }

    static std::string text_of(Value value) { return ir::text_of(value); }

    [[nodiscard]] std::string text_of(const Terminator& each) const {
        switch (each.kind) {
            case Terminator::Kind::Jump: return "jump " + text_of(each.then);
            case Terminator::Kind::Branch:
                return fmt::format("branch {} ? {} : {}", text_of(each.condition), text_of(each.then),
                                   text_of(each.otherwise));
            case Terminator::Kind::Return: return each.values.empty() ? "return" : "return " + list_of(each.values);
            case Terminator::Kind::Revert: return failure_text(each.failure, each.values, 0);
            case Terminator::Kind::External: return text_of(each.call);
            case Terminator::Kind::Unreachable: return "unreachable";
        }
        return "?";
    }

    [[nodiscard]] std::string text_of(const ExternalCall& call) const {
        std::string options;
        const auto option = [&](std::string_view name, Value value) {
            if (value) options += fmt::format("{}{}: {}", options.empty() ? "" : ", ", name, text_of(value));
        };
        option("value", call.value);
        option("gas", call.gas);
        option("salt", call.salt);
        if (!options.empty()) options = '{' + options + '}';
        return fmt::format("{} {}{}({}) -> {}", call.tries ? "try" : "external", callee_text(call), options,
                           list_of(call.arguments), text_of(call.next));
    }

    [[nodiscard]] std::string callee_text(const ExternalCall& call) const {
        const std::string target = text_of(call.target);
        switch (call.kind) {
            case ExternalCall::Kind::Method: {
                if (call.method >= contract_.methods.size()) return target + ".?";
                const Method& method = contract_.methods[call.method];
                return fmt::format("{}({}).{}", method.contract, target, method.name);
            }
            case ExternalCall::Kind::LowLevel: return target + ".call";
            case ExternalCall::Kind::LowLevelStatic: return target + ".staticcall";
            case ExternalCall::Kind::LowLevelDelegate: return target + ".delegatecall";
            case ExternalCall::Kind::Send: return target + ".send";
            case ExternalCall::Kind::Transfer: return target + ".transfer";
            case ExternalCall::Kind::Raw: {
                const bool is_named = call.is_of_method && call.method < contract_.methods.size();
                const std::string callee =
                    is_named ? " of " + contract_.methods[call.method].contract + "." + contract_.methods[call.method].name
                             : "";
                return fmt::format("evm {}{}", vm::info(call.opcode).name, callee);
            }
            case ExternalCall::Kind::Create:
                return "new " + (call.creates < contract_.creates.size() ? contract_.creates[call.creates] : "?");
        }
        return "?";
    }

    const Contract& contract_;
    std::string text_;
};

}  // namespace

std::string print(const Contract& contract) { return Printer(contract).contract(); }

std::string print(const Contract& contract, const Function& function) { return Printer(contract).only(function); }

}  // namespace interlock::lang::ir
