// A session: everything that a test has set up with cheatcodes. All calls of the test pass through it.
//
// It is a vm::CallInterceptor. A call to the cheatcodes' address is looked up in the table (table.hpp) and answered at
// once. Any other call may get another sender, be answered by a mock, be counted, or be expected to fail.
#pragma once

#include <map>
#include <set>
#include <string>

#include "analyzer/devnet/foundry/callers.hpp"
#include "analyzer/devnet/foundry/document.hpp"
#include "analyzer/devnet/foundry/expected_calls.hpp"
#include "analyzer/devnet/foundry/expected_creations.hpp"
#include "analyzer/devnet/foundry/expected_events.hpp"
#include "analyzer/devnet/foundry/expected_revert.hpp"
#include "analyzer/devnet/foundry/mocks.hpp"
#include "analyzer/devnet/foundry/project.hpp"
#include "analyzer/devnet/foundry/snapshots.hpp"
#include "analyzer/devnet/foundry/test_host.hpp"
#include "chain/chooser.hpp"
#include "lang/compile.hpp"
#include "vm/call_interceptor.hpp"

namespace interlock::analyzer::foundry {

// The cost of a call, as lastCallGas returns it.
struct CallGas {
    std::uint64_t limit = 0, used = 0, left = 0;
    std::int64_t refunded = 0;
};

// What cheatcodes have set up. It is a value, so that every test can start with a copy of what setUp() left.
struct Arrangement {
    Surroundings surroundings;
    Callers callers;
    std::optional<ExpectedRevert> expected_revert;
    std::optional<std::uint32_t> assumed_not_to_revert;  // the depth of the calls that must not revert
    ExpectedEvents expected_events;
    ExpectedCalls expected_calls;
    ExpectedCreations expected_creations;
    Mocks mocks;
    Snapshots snapshots;
    std::map<vm::Address, std::string> labels;
    std::map<vm::Address, vm::Word> keys;            // keys of addresses that were made from keys
    std::map<std::string, std::string> environment;  // variables that were set
    std::map<std::string, std::int64_t> gas_marks;   // the gas that was left when a measurement began
    CallGas last_call;
    std::map<std::string, std::size_t> lines_read;  // by file: where the next line begins
    std::map<std::string, Document> objects;        // objects that are being serialized, by name
    chain::SeededChooser chooser{0};
    std::vector<std::string> console;   // printed lines
    std::vector<vm::Address> created;   // contracts, in the order of creation
    std::set<std::string> unsupported;  // called cheatcodes that we do not support
};

class Session final : public vm::CallInterceptor, public EventObserver {
  public:
    static constexpr std::size_t max_console_lines = 10'000;

    // All arguments must outlive the session.
    Session(const lang::Compilation& compilation, const Project& project, chain::State& state)
        : compilation_(compilation), project_(project), state_(state) {}

    [[nodiscard]] const lang::Compilation& compilation() const { return compilation_; }
    [[nodiscard]] const Project& project() const { return project_; }
    [[nodiscard]] chain::State& state() { return state_; }
    Arrangement arrangement;

    // Describes revert data in words.
    [[nodiscard]] std::string told(const vm::Outcome& outcome) const;

    std::optional<vm::Reply> on_call(vm::Message& message, vm::ByteView input) override;
    void on_end(const vm::Message& message, vm::Outcome& outcome) override;
    void on_event(const vm::Log& log) override;
    void print(std::string line);

    // Creates a contract in the middle of a call, as the message's sender would. Returns std::nullopt if such creations
    // are nested too deeply.
    [[nodiscard]] std::optional<vm::Outcome> create(const vm::Message& message);

  private:
    static constexpr int max_nested_creations = 16;

    const lang::Compilation& compilation_;
    const Project& project_;
    chain::State& state_;
    int nested_creations_ = 0;
};

}  // namespace interlock::analyzer::foundry
