// A contract that was deployed to a host of maps: called by signature and arguments, answering with outcomes as text.
#pragma once

#include <fmt/format.h>

#include <stdexcept>

#include "../vm/test_host.hpp"
#include "lang/abi/abi.hpp"
#include "lang/codegen/link.hpp"
#include "lang/compile.hpp"
#include "vm/machine.hpp"

namespace interlock::lang::test {

inline const vm::Address alice = vm::to_address(vm::Word(0xa11ce));

class Deployed {
  public:
    // `with`: where the libraries are that it calls; they are deployed first.
    explicit Deployed(const Artifact& artifact, const vm::Bytes& arguments = {}, vm::Word value = {},
                      const Compilation* with = nullptr) {
        host_.account(alice).balance = vm::Word(1'000'000'000'000'000'000) * vm::Word(1000);
        vm::Message message;
        message.kind = vm::CallKind::Create;
        message.input =
            linked(artifact.creation_code, artifact.creation_links, with ? deploy_libraries(*with) : Libraries{});
        message.input.insert(message.input.end(), arguments.begin(), arguments.end());
        creation_ = send(std::move(message), value);
        address_ = creation_.created;
    }

    [[nodiscard]] const vm::Outcome& creation() const { return creation_; }
    [[nodiscard]] const vm::Address& address() const { return address_; }
    [[nodiscard]] vm::test::TestHost& host() { return host_; }
    [[nodiscard]] vm::Word slot(const vm::Word& slot) { return host_.load(address_, slot); }
    [[nodiscard]] vm::Gas gas_used() const { return gas_used_; }  // by the last call, without refunds

    vm::Outcome call(vm::Bytes input, vm::Word value = {}) {
        vm::Message message;
        message.recipient = message.code_address = address_;
        message.input = std::move(input);
        return send(std::move(message), value);
    }

    vm::Outcome call(std::string_view signature, const vm::Bytes& arguments = {}, vm::Word value = {}) {
        return call(abi::call_data(abi::selector(signature), vm::ByteView(arguments)), value);
    }

    vm::Outcome call_words(std::string_view signature, const std::vector<vm::Word>& words, vm::Word value = {}) {
        vm::Bytes arguments;
        for (const vm::Word& word : words) {
            const auto bytes = vm::to_big_endian(word);
            arguments.insert(arguments.end(), bytes.begin(), bytes.end());
        }
        return call(signature, arguments, value);
    }

    // The words of a successful answer in decimal, "Panic(0x11)", "revert "message"", "revert 0x…", or the failure's name.
    [[nodiscard]] static std::string describe(const vm::Outcome& outcome) {
        if (outcome.ok()) {
            std::string text;
            for (std::size_t i = 0; i + 32 <= outcome.output.size(); i += 32)
                text += (i > 0 ? ", " : "") +
                        vm::to_decimal(vm::word_from_big_endian(vm::ByteView(outcome.output).subspan(i, 32)));
            return text;
        }
        if (outcome.status != vm::Status::Revert) return std::string(vm::name_of(outcome.status));
        const vm::ByteView data = outcome.output;
        if (data.empty()) return "revert";
        if (data.size() == 36 && vm::to_hex(data.first(4)) == "0x4e487b71")
            return fmt::format("Panic({:#04x})", vm::word_from_big_endian(data.subspan(4)).low64());
        if (data.size() >= 4 && vm::to_hex(data.first(4)) == "0x08c379a0") {
            const std::vector<ir::NamedType> types{{"", ir::string_type}};
            if (const auto values = abi::decode(types, data.subspan(4)))
                return "revert " + abi::format_value(ir::string_type, values->front());
        }
        return "revert " + vm::to_hex(data);
    }

  private:
    using Libraries = std::map<std::string, vm::Address>;

    Libraries deploy_libraries(const Compilation& compilation) {
        Libraries libraries;
        for (const Artifact& each : compilation.artifacts) {
            if (!each.ir->is_library) continue;
            vm::Message message;
            message.kind = vm::CallKind::Create;
            message.recipient = vm::to_address(vm::Word(0x11b0000 + libraries.size()));
            message.input = linked(each.creation_code, each.creation_links, libraries);
            libraries[each.ir->qualified_name] = send(std::move(message), {}).created;
        }
        return libraries;
    }

    vm::Outcome send(vm::Message message, const vm::Word& value) {
        message.sender = alice;
        message.value = value;
        message.gas = {10'000'000};
        for (auto& [address, account] : host_.state.accounts) account.transient.clear();
        if (message.is_create()) host_.account(alice).nonce += 1;
        vm::Machine machine(host_, vm::default_fork);
        machine.start(message);
        vm::Stop step = machine.run();
        gas_used_ = message.gas - step.outcome.gas_left;
        return step.outcome;
    }

    vm::test::TestHost host_;
    vm::Outcome creation_;
    vm::Address address_;
    vm::Gas gas_used_;
};

}  // namespace interlock::lang::test
