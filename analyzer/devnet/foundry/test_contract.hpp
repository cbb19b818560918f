// A contract with tests, deployed and prepared by its setUp() as Foundry does it. Its functions are called one by one,
// each from a state that can be restored.
#pragma once

#include "analyzer/devnet/devnet.hpp"
#include "analyzer/devnet/foundry/test_chain.hpp"
#include "lang/abi/data.hpp"
#include "lang/diagnostics/diagnostic.hpp"

namespace interlock::analyzer::foundry {

class TestContract {
  public:
    // All arguments must outlive this object. `seed` is used for vm.random…().
    TestContract(const lang::Compilation& compilation, const Project& project, const lang::Artifact& artifact,
                 std::uint64_t seed);

    // Deploys the contract and calls setUp(). Returns a diagnostic if that fails.
    [[nodiscard]] std::optional<lang::Diagnostic> prepare();

    struct End {
        enum class Kind : std::uint8_t {
            Passed,
            Failed,
            Rejected,  // vm.assume rejected the arguments
            Skipped,   // vm.skip
        };
        Kind kind = Kind::Passed;
        std::string reason;      // why it failed or was skipped
        bool is_marked = false;  // whether it left the mark of a failed assertion without reverting
        std::uint64_t gas = 0;
        vm::Bytes output;
    };

    // Foundry's sender calls a function of this contract. The changes stay.
    End call(const lang::ir::Function& function, const std::vector<lang::abi::Data>& arguments = {},
             vm::Tracer* tracer = nullptr);
    // Any account calls any account.
    End call(const vm::Address& from, const vm::Address& to, const vm::Word& value, vm::Bytes data,
             vm::Tracer* tracer = nullptr);
    // Like the first, but undone and without what the tests have set up. Returns the decoded result.
    [[nodiscard]] std::optional<std::vector<lang::abi::Data>> ask(std::string_view function_name);

    // Describes a failure and its place in the source. The call is repeated from the same state to find the place. It
    // runs code that is compiled without optimization, because the optimizer inlines functions and so hides their calls.
    [[nodiscard]] lang::Diagnostic failure_of(const lang::ir::Function& function,
                                              const std::vector<lang::abi::Data>& arguments, const std::string& before);

    struct Point {
        vm::Host::Checkpoint state;
        Arrangement arrangement;
    };
    [[nodiscard]] Point point() { return {devnet_.state().checkpoint(), chain_.arrangement()}; }
    void go_back(const Point& point);

    // Returns an external function without parameters, or null.
    [[nodiscard]] const lang::ir::Function* find(std::string_view name) const;

    [[nodiscard]] const vm::Address& address() const { return address_; }
    [[nodiscard]] const lang::Compilation& compilation() const { return compilation_; }
    [[nodiscard]] const lang::Artifact& artifact() const { return artifact_; }
    // Returns the contract whose code is at the address, or null if it is not of this compilation.
    [[nodiscard]] const lang::Artifact* artifact_at(const vm::Address& address);
    [[nodiscard]] Devnet& devnet() { return devnet_; }
    [[nodiscard]] Arrangement& arrangement() { return chain_.arrangement(); }

    // Uses the names of accounts, including those that the test has given.
    [[nodiscard]] std::string text_of(const lang::abi::DataType& type, const lang::abi::Data& value) const;
    [[nodiscard]] std::string name_of(const vm::Address& address) const;

  private:
    [[nodiscard]] End end_of(const TestChain::Ran& ran);
    [[nodiscard]] const lang::Artifact* plain_artifact();               // this contract, not optimized; null if that fails
    [[nodiscard]] vm::Bytes plain_code(const lang::Artifact& plain);    // as it would be at the address
    [[nodiscard]] std::string place_of(lang::SourceRange range) const;  // "Vault.sol:3:5: `assert(false)`"
    [[nodiscard]] bool says_it_failed();
    [[nodiscard]] std::string reason_of(const vm::Outcome& outcome) const;

    const lang::Compilation& compilation_;
    const lang::Artifact& artifact_;
    Devnet devnet_;
    mutable TestChain chain_;
    vm::Address address_;
    std::optional<std::variant<lang::Artifact, lang::Diagnostic>> plain_;  // compiled at the first use
};

}  // namespace interlock::analyzer::foundry
