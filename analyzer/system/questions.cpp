#include "analyzer/system/questions.hpp"

#include <algorithm>

#include "analyzer/system/draft.hpp"
#include "chain/genesis.hpp"
#include "vm/tracer.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

constexpr std::size_t most_calls = 200;  // that are tried

// PUSH1 1 PUSH1 0 MSTORE PUSH1 128 PUSH1 0 RETURN: yes, or one.
constexpr std::uint8_t agreeable[] = {0x60, 0x01, 0x60, 0x00, 0x52, 0x60, 0x80, 0x60, 0x00, 0xf3};

class Listener final : public vm::Tracer {
  public:
    explicit Listener(const Address& address) : address_(address) {}
    [[nodiscard]] vm::OpcodeSet wanted() const override {
        vm::OpcodeSet set;
        for (const vm::Opcode opcode : {vm::Opcode::EQ, vm::Opcode::SUB, vm::Opcode::XOR})
            set.set(static_cast<std::size_t>(opcode));
        return set;
    }
    void on_instruction(const vm::TracePoint& point) override {
        const std::size_t depth = point.stack.size();
        if (depth < 2) return;
        const Word &a = point.stack[depth - 1], &b = point.stack[depth - 2];
        const Word address = vm::to_word(address_), caller = vm::to_word(point.message->sender);
        if ((a == address && b == caller) || (a == caller && b == address)) heard.rights.insert(function_);
    }
    void on_enter(const vm::Message& message) override {
        if (message.recipient != address_ || message.code_address != address_) return;
        if (const auto selector = selector_of(message.input)) heard.selectors.insert(*selector);
    }
    void begin(std::uint32_t function) { function_ = function; }
    Questions heard;

  private:
    const Address address_;
    std::uint32_t function_ = 0;  // that is called, by its selector
};

class Interview {
  public:
    Interview(const Address& address, const DeployedContract& asker, const World& world, const Deadline& deadline)
        : address_(address), asker_(asker), world_(world), deadline_(deadline), listener_(address) {
        world_.state().set_code(address, agreeable);
    }

    // Who pays first can do more afterwards.
    Questions run() {
        for (const bool pays : {true, false})
            for (const std::uint32_t sender : {0u, World::owner_index})
                for (const ir::Function& function : asker_.ir().functions) {
                    if (!function.is_entry || function.kind == ir::FunctionKind::Getter) continue;
                    if (pays && function.mutability != ir::Mutability::Payable) continue;
                    for (const std::size_t guess : {0u, 1u}) ask(function, sender, pays, guess);
                }
        return std::move(listener_.heard);
    }

  private:
    void ask(const ir::Function& function, std::uint32_t sender, bool pays, std::size_t guess) {
        if (++calls_ > most_calls || deadline_.has_passed()) return;
        const auto types = abi::data_types(function.parameters);
        if (!types) return;
        std::vector<abi::Data> values;
        bool names_somebody = false;
        for (const abi::DataType& type : *types) {
            values.push_back(value_of(type, guess, sender));
            names_somebody |= type.kind == abi::DataType::Kind::Word && type.value.kind == ir::TypeKind::Address;
        }
        Bytes data;
        if (function.kind == ir::FunctionKind::Ordinary)
            data = abi::call_data(function.selector, abi::encode(*types, values));
        const Word value = pays ? Word{2} * chain::ether : Word{};
        listener_.begin(function.selector);
        // Who names somebody may take the place of whom we ask about.
        World copy = world_;
        World& world = names_somebody || sender == World::owner_index ? copy : world_;
        (void)world.execute(world.transaction(world.senders()[sender].address, asker_.address, value, std::move(data)),
                            &listener_);
    }

    abi::Data value_of(const abi::DataType& type, std::size_t guess, std::uint32_t sender) const {
        using Kind = abi::DataType::Kind;
        switch (type.kind) {
            case Kind::Bytes: return abi::Data{std::string_view{}};
            case Kind::Struct: {
                std::vector<abi::Data> fields;
                for (const abi::DataType& part : type.parts) fields.push_back(value_of(part, guess, sender));
                return fields;
            }
            case Kind::Array: return {std::vector<abi::Data>{value_of(type.parts.front(), guess, sender)}};
            case Kind::FixedArray: {
                constexpr std::size_t most_elements = 64;
                return std::vector<abi::Data>(std::min<std::size_t>(type.length, most_elements),
                                              value_of(type.parts.front(), guess, sender));
            }
            case Kind::Word: break;
        }
        if (type.value.kind == ir::TypeKind::Address) return abi::Data{world_.senders()[sender].address};
        if (guess == 0 || type.value.kind == ir::TypeKind::FixedBytes) return abi::Data{Word{}};
        return type.value.bits >= 64 ? chain::ether : Word{1};
    }

    const Address address_;
    const DeployedContract asker_;
    World world_;
    const Deadline& deadline_;
    Listener listener_;
    std::size_t calls_ = 0;
};

}  // namespace

Questions questions_to(const Address& address, const DeployedContract& asker, const World& world, const Deadline& deadline) {
    return Interview(address, asker, world, deadline).run();
}

ir::Contract interface_of(const std::set<std::uint32_t>& selectors) {
    ir::Contract contract;
    contract.is_interface = true;
    for (const std::uint32_t selector : selectors) {
        ir::Method method;
        method.selector = selector;
        contract.methods.push_back(std::move(method));
    }
    return contract;
}

}  // namespace interlock::analyzer
