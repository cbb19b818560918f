// The cheatcodes by their selectors. Each topic's rows, a signature and a function each, are in a file of their own.
#pragma once

#include <span>

#include "analyzer/devnet/foundry/answers.hpp"
#include "analyzer/devnet/foundry/session.hpp"

namespace interlock::analyzer::foundry {

// One call of a cheatcode with decoded arguments.
struct Call {
    Session& session;
    const vm::Message& message;  // gives the caller and the depth
    std::string_view signature;
    const std::vector<lang::abi::DataType>& types;
    const std::vector<lang::abi::Data>& arguments;

    [[nodiscard]] Arrangement& arrangement() const { return session.arrangement; }
    [[nodiscard]] Surroundings& surroundings() const { return session.arrangement.surroundings; }
    [[nodiscard]] chain::State& state() const { return session.state(); }
    [[nodiscard]] std::size_t count() const { return arguments.size(); }
    [[nodiscard]] const vm::Word& word(std::size_t i) const { return arguments[i].word(); }
    [[nodiscard]] bool flag(std::size_t i) const { return !word(i).is_zero(); }
    [[nodiscard]] vm::Address address(std::size_t i) const { return vm::to_address(word(i)); }
    [[nodiscard]] const vm::Bytes& bytes(std::size_t i) const { return arguments[i].bytes(); }
    [[nodiscard]] std::string text(std::size_t i) const { return {bytes(i).begin(), bytes(i).end()}; }
    [[nodiscard]] bool is(std::size_t i, std::string_view type) const;  // whether the argument is declared with this type

    // Fails with the cheatcode's name: "vm.warp: …".
    [[nodiscard]] vm::Reply refuse(std::string_view why) const;
};

struct Cheatcode {
    std::string signature;  // "prank(address,address)"
    vm::Reply (*act)(const Call&);
};
using Cheatcodes = std::vector<Cheatcode>;

// Returns an environment variable. Variables that the test has set come before the program's own.
[[nodiscard]] std::optional<std::string> variable(const Call& call, const std::string& name);

// The cheatcodes by topic, each defined in the file of that name.
[[nodiscard]] Cheatcodes caller_cheatcodes();
[[nodiscard]] Cheatcodes block_cheatcodes();
[[nodiscard]] Cheatcodes account_cheatcodes();
[[nodiscard]] Cheatcodes code_cheatcodes();
[[nodiscard]] Cheatcodes expectation_cheatcodes();
[[nodiscard]] Cheatcodes recording_cheatcodes();
[[nodiscard]] Cheatcodes assertion_cheatcodes();
[[nodiscard]] Cheatcodes text_cheatcodes();
[[nodiscard]] Cheatcodes key_cheatcodes();
[[nodiscard]] Cheatcodes environment_cheatcodes();
[[nodiscard]] Cheatcodes random_cheatcodes();
[[nodiscard]] Cheatcodes flow_cheatcodes();
[[nodiscard]] Cheatcodes file_cheatcodes();
[[nodiscard]] Cheatcodes document_cheatcodes();

// Signatures of cheatcodes that Foundry has and we do not, so that a failure can name them.
[[nodiscard]] std::span<const std::string_view> unsupported_cheatcodes();

// Executes a cheatcode. An unknown cheatcode gives an error that names it.
[[nodiscard]] vm::Reply answer(Session& session, const vm::Message& message, vm::ByteView input);

}  // namespace interlock::analyzer::foundry
