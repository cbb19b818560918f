// A contract with tests, deployed and made ready by its setUp() as Foundry does it; its functions are called one by one,
// each from a state to which one can go back.
#pragma once

#include "analyzer/devnet/devnet.hpp"
#include "analyzer/devnet/foundry/test_chain.hpp"
#include "lang/abi/data.hpp"
#include "lang/diagnostics/diagnostic.hpp"

namespace interlock::analyzer::foundry {

class TestContract {
  public:
    // All must outlive it. `seed`: of vm.random…()
    TestContract(const lang::Compilation& compilation, const Project& project, const lang::Artifact& artifact,
                 std::uint64_t seed);

    // Deploys it and calls setUp(). What it returns: why that was not possible.
    [[nodiscard]] std::optional<lang::Diagnostic> prepare();

    struct End {
        enum class Kind : std::uint8_t {
            Passed,
            Failed,
            Rejected,  // vm.assume did not like the arguments
            Skipped,   // vm.skip
        };
        Kind kind = Kind::Passed;
        std::string reason;      // of a failure, or for skipping
        bool is_marked = false;  // it did not revert, and left the mark of a failed assertion
        std::uint64_t gas = 0;
        vm::Bytes output;
    };

    // A call by Foundry's sender of a function of this contract. What it changes stays.
    End call(const lang::ir::Function& function, const std::vector<lang::abi::Data>& arguments = {},
             vm::Tracer* tracer = nullptr);
    // A call by anybody of anything.
    End call(const vm::Address& from, const vm::Address& to, const vm::Word& value, vm::Bytes data,
             vm::Tracer* tracer = nullptr);
    // The same as the first, undone, and apart from everything that the tests have arranged: what it returns, decoded.
    [[nodiscard]] std::optional<std::vector<lang::abi::Data>> ask(std::string_view function_name);

    // What failed, told with the place in the source; the call is repeated to find it, from where it was made, with code
    // that is made anew: in the code of a compilation, functions are copied into each other and nobody sees their calls.
    [[nodiscard]] lang::Diagnostic failure_of(const lang::ir::Function& function,
                                              const std::vector<lang::abi::Data>& arguments, const std::string& before);

    struct Point {
        vm::Host::Checkpoint state;
        Arrangement arrangement;
    };
    [[nodiscard]] Point point() { return {devnet_.state().checkpoint(), chain_.arrangement()}; }
    void go_back(const Point& point);

    // An external function without parameters; null: there is none.
    [[nodiscard]] const lang::ir::Function* find(std::string_view name) const;

    [[nodiscard]] const vm::Address& address() const { return address_; }
    [[nodiscard]] const lang::Compilation& compilation() const { return compilation_; }
    [[nodiscard]] const lang::Artifact& artifact() const { return artifact_; }
    [[nodiscard]] const lang::Artifact* artifact_at(const vm::Address& address);  // null: no code of the compilation
    [[nodiscard]] Devnet& devnet() { return devnet_; }
    [[nodiscard]] Arrangement& arrangement() { return chain_.arrangement(); }

    // With the names of accounts, those that the test has given included.
    [[nodiscard]] std::string text_of(const lang::abi::DataType& type, const lang::abi::Data& value) const;
    [[nodiscard]] std::string name_of(const vm::Address& address) const;

  private:
    [[nodiscard]] End end_of(const TestChain::Ran& ran);
    [[nodiscard]] const lang::Artifact* plain_artifact();               // this contract, not optimized; null: that cannot be
    [[nodiscard]] vm::Bytes plain_code(const lang::Artifact& plain);    // as it would stand at the address
    [[nodiscard]] std::string place_of(lang::SourceRange range) const;  // "Vault.sol:3:5: `assert(false)`"
    [[nodiscard]] bool says_it_failed();
    [[nodiscard]] std::string reason_of(const vm::Outcome& outcome) const;

    const lang::Compilation& compilation_;
    const lang::Artifact& artifact_;
    Devnet devnet_;
    mutable TestChain chain_;
    vm::Address address_;
    std::optional<std::variant<lang::Artifact, lang::Diagnostic>> plain_;  // made when somebody asks
};

}  // namespace interlock::analyzer::foundry
