// Tests as Foundry has them (Foundry Book, "Writing Tests", "Fuzz Testing", "Invariant Testing"): a function that must not
// revert, from the state that setUp() left.
//
// A sequence of calls that breaks an invariant is made short by leaving out one call after the other for as long as it
// still breaks.
#include "analyzer/devnet/run_tests.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/devnet/amounts.hpp"
#include "analyzer/devnet/devnet.hpp"
#include "analyzer/devnet/drawn_values.hpp"
#include "lang/tree.hpp"
#include "vm/code.hpp"
#include "vm/tracer.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

// Where the outermost frame was last: what a test was doing when it failed.
class LastLocation final : public vm::Tracer {
  public:
    explicit LastLocation(const lang::Artifact& artifact) : artifact_(artifact) {}
    void on_instruction(const vm::TracePoint& at) override {
        if (at.depth == 1) last_ = range_of(at.pc, last_);
    }
    [[nodiscard]] lang::SourceRange range() const { return last_; }

  private:
    // Shared code, such as the end of a failing call, belongs to no line of the source.
    [[nodiscard]] lang::SourceRange range_of(std::uint32_t pc, lang::SourceRange otherwise) const {
        const auto& map = artifact_.source_map;
        const auto behind = std::ranges::upper_bound(map, pc, {}, &lang::SourceMapEntry::pc);
        if (behind == map.begin()) return otherwise;
        const lang::SourceRange range = std::prev(behind)->range;
        const bool is_plain = range.begin < range.end && range.begin >= artifact_.ir->range.begin &&
                              range.end <= artifact_.ir->range.end && range != artifact_.ir->range;
        return is_plain ? range : otherwise;
    }

    const lang::Artifact& artifact_;
    lang::SourceRange last_;
};

struct Target {
    Address address;
    const lang::Artifact* artifact = nullptr;
    const ir::Function* function = nullptr;
};

struct DrawnCall {
    std::size_t target = 0;
    Address from;
    Word value;
    std::vector<abi::Value> arguments;
};

bool changes_state(const ir::Function& function) {
    return function.is_entry && function.kind == ir::FunctionKind::Ordinary &&
           (function.mutability == ir::Mutability::NonPayable || function.mutability == ir::Mutability::Payable);
}

bool is_test(const std::string& name) { return name.starts_with("test"); }
bool is_invariant(const std::string& name) { return name.starts_with("invariant_") || name.starts_with("statefulFuzz"); }

// The same code but for immutables, which the constructor filled in, and the addresses of libraries.
bool is_code_of(ByteView code, const lang::Artifact& artifact) {
    if (code.size() != artifact.runtime_code.size()) return false;
    Bytes cleared(code.begin(), code.end());
    for (const lang::ImmutableReference& each : artifact.immutables)
        std::fill_n(cleared.begin() + each.offset, 32, std::uint8_t{0});
    for (const lang::LinkReference& each : artifact.runtime_links)
        std::fill_n(cleared.begin() + each.offset, 20, std::uint8_t{0});
    return std::ranges::equal(cleared, artifact.runtime_code);
}

class ContractTests {
  public:
    ContractTests(const lang::Compilation& compilation, const lang::Artifact& contract, const TestRunOptions& options)
        : compilation_(compilation), contract_(contract), options_(options), devnet_(compilation) {
        devnet_.deploy_libraries();
        for (const std::string_view name : lang::people) accounts_.push_back(devnet_.add_account(std::string(name)));
    }

    std::vector<TestRun> run() {
        std::vector<const ir::Function*> functions;
        for (const ir::Function& function : contract_.ir->functions) {
            const std::string name = contract_.name + "." + function.name;
            const bool is_wanted = function.is_entry && (is_test(function.name) || is_invariant(function.name)) &&
                                   name.find(options_.filter) != std::string::npos;
            if (is_wanted && function.kind == ir::FunctionKind::Ordinary) functions.push_back(&function);
        }
        std::vector<TestRun> done;
        if (functions.empty()) return done;
        std::ranges::stable_sort(functions, {}, [](const ir::Function* each) { return each->range.begin; });
        const std::optional<lang::Diagnostic> unprepared = prepare();
        for (const ir::Function* function : functions) {
            TestRun made{.kind = is_test(function->name) ? TestRun::Kind::Test : TestRun::Kind::Invariant,
                         .name = contract_.name + "." + function->name,
                         .failure = unprepared};
            if (!unprepared) is_test(function->name) ? test(*function, made) : invariant(*function, made);
            done.push_back(std::move(made));
        }
        return done;
    }

  private:
    static lang::Diagnostic complaint(lang::SourceRange where, std::string message) {
        lang::Diagnostic made;
        made.message = std::move(message);
        made.primary.range = where;
        return made;
    }

    // --- from nothing to what setUp() leaves ---

    std::optional<lang::Diagnostic> prepare() {
        const ir::Contract& contract = *contract_.ir;
        const bool has_parameters =
            contract.constructor != ir::Contract::none && !contract.functions[contract.constructor].parameters.empty();
        if (has_parameters)
            return complaint(contract.functions[contract.constructor].range,
                             "the constructor of a contract with tests takes no arguments");
        const chain::Result deployed = devnet_.deploy(accounts_.back(), contract_, Word{}, {});
        if (!deployed.valid() || !deployed.receipt.created)
            return complaint(contract.range, "this contract cannot be deployed: " + devnet_.reason_of(deployed));
        address_ = *deployed.receipt.created;
        devnet_.state().set_balance(address_, Devnet::wealth);
        for (const ir::Function& function : contract.functions) {
            if (!function.is_entry || function.name != "setUp" || !function.parameters.empty()) continue;
            LastLocation last(contract_);
            const chain::Result result = devnet_.send(accounts_.back(), address_, Word{}, abi::call_data(function), &last);
            if (!result.valid() || !result.receipt.ok())
                return complaint(where(last, function), "setUp() reverts: " + devnet_.reason_of(result));
        }
        find_targets();
        return std::nullopt;
    }

    static lang::SourceRange where(const LastLocation& last, const ir::Function& function) {
        return last.range().begin < last.range().end ? last.range() : function.range;
    }

    // The contract's own functions, and those of the contracts that it created.
    void find_targets() {
        add_targets(address_, contract_);
        for (std::uint64_t nonce = 1; nonce < devnet_.state().nonce(address_); ++nonce) {
            const Address created = chain::create_address(address_, nonce);
            const auto code = devnet_.state().code(created);
            if (!code || code->bytes().empty()) continue;
            for (const lang::Artifact& artifact : compilation_.artifacts) {
                if (!is_code_of(code->bytes(), artifact)) continue;
                devnet_.add_name(created, artifact.name);
                add_targets(created, artifact);
                break;
            }
        }
        addresses_ = accounts_;
        for (const Target& target : targets_)
            if (std::ranges::find(addresses_, target.address) == addresses_.end()) addresses_.push_back(target.address);
    }

    void add_targets(const Address& address, const lang::Artifact& artifact) {
        for (const ir::Function& function : artifact.ir->functions) {
            const bool is_ours = is_test(function.name) || is_invariant(function.name) || function.name == "setUp";
            if (changes_state(function) && !is_ours && can_draw(function.parameters))
                targets_.push_back({address, &artifact, &function});
        }
    }

    std::vector<abi::Value> draw_arguments(const ir::Function& function, chain::Chooser& chooser) const {
        std::vector<abi::Value> values;
        for (const ir::NamedType& each : function.parameters) values.push_back(draw(each.type, chooser, addresses_));
        return values;
    }

    std::string text_of(const ir::Function& function, const std::vector<abi::Value>& arguments) const {
        return devnet_.text_of(function, arguments, Amounts::Wrapped);
    }

    // --- tests ---

    void test(const ir::Function& function, TestRun& done) {
        if (function.name.starts_with("testFail")) {
            done.failure = complaint(function.range, "`testFail…` is no longer a test, as in Foundry");
            done.failure->helps.push_back("call what must revert in a `try`, or write a scenario with `expect revert`");
            return;
        }
        if (!can_draw(function.parameters)) {
            done.failure = complaint(function.range, "no arguments can be drawn for this test: it takes arrays or structs");
            return;
        }
        chain::SeededChooser chooser(options_.seed);
        done.runs = function.parameters.empty() ? 1 : std::max<std::uint32_t>(1, options_.runs);
        done.is_drawn = !function.parameters.empty();
        std::vector<std::uint64_t> gas;
        for (std::uint32_t run = 0; run < done.runs && !done.failure; ++run) {
            const std::vector<abi::Value> arguments = draw_arguments(function, chooser);
            const auto before = devnet_.state().checkpoint();
            LastLocation last(contract_);
            const chain::Result result =
                devnet_.send(accounts_.back(), address_, Word{}, abi::call_data(function, arguments), &last);
            ++done.calls;
            gas.push_back(result.receipt.gas_used);
            devnet_.state().rewind_to(before);
            if (result.valid() && result.receipt.ok()) continue;
            done.failure = complaint(where(last, function), "this reverts: " + devnet_.reason_of(result));
            if (!arguments.empty()) {
                done.runs = run + 1;
                done.failure->notes.push_back(fmt::format("in {}, run {}", text_of(function, arguments), run + 1));
            }
        }
        std::ranges::sort(gas);
        done.gas = gas[gas.size() / 2];
    }

    // --- invariants ---

    void invariant(const ir::Function& function, TestRun& done) {
        if (!function.parameters.empty()) {
            done.failure = complaint(function.range, "an invariant takes no parameters");
            return;
        }
        done.is_drawn = true;
        done.runs = 0;
        if (std::optional<lang::Diagnostic> broken = broken_by(function, {}, done)) {
            done.failure = std::move(broken);
            done.failure->notes.push_back("before any call");
            return;
        }
        chain::SeededChooser chooser(options_.seed);
        for (std::uint32_t i = 0; i < options_.sequences && !targets_.empty() && !done.failure; ++i) {
            ++done.runs;
            std::vector<DrawnCall> calls;
            for (std::uint32_t depth = 0; depth < options_.depth; ++depth) calls.push_back(draw_call(chooser));
            std::size_t used = 0;
            if (!broken_by(function, calls, done, &used)) continue;
            calls.resize(used);
            shorten(function, calls, done);
            done.failure = broken_by(function, calls, done);
            for (const DrawnCall& call : calls) done.sequence.push_back(text_of(call));
        }
    }

    DrawnCall draw_call(chain::Chooser& chooser) const {
        DrawnCall call;
        call.target = chooser.choose("function", static_cast<std::uint32_t>(targets_.size()));
        const ir::Function& function = *targets_[call.target].function;
        call.from = accounts_[chooser.choose("sender", static_cast<std::uint32_t>(accounts_.size()))];
        if (function.mutability == ir::Mutability::Payable)
            call.value = Word{chooser.choose("ether", 100)} * (Devnet::wealth / Word{10'000});
        call.arguments = draw_arguments(function, chooser);
        return call;
    }

    std::string text_of(const DrawnCall& call) const {
        const Target& target = targets_[call.target];
        std::string text = devnet_.name_of(target.address) + "." + text_of(*target.function, call.arguments);
        if (!call.value.is_zero()) text += " with " + format_wei(call.value);
        return text + " by " + devnet_.name_of(call.from);
    }

    // Plays the calls, and looks at the invariant at the start and after each; leaves the devnet as it was. `used`: how
    // many calls it took.
    std::optional<lang::Diagnostic> broken_by(const ir::Function& function, const std::vector<DrawnCall>& calls,
                                              TestRun& done, std::size_t* used = nullptr) {
        const auto before = devnet_.state().checkpoint();
        std::optional<lang::Diagnostic> broken;
        if (calls.empty()) broken = look(function);
        for (std::size_t i = 0; i < calls.size() && !broken; ++i) {
            const DrawnCall& call = calls[i];
            const Target& target = targets_[call.target];
            const chain::Result result =
                devnet_.send(call.from, target.address, call.value, abi::call_data(*target.function, call.arguments));
            ++done.calls;
            if (result.valid() && result.receipt.ok()) broken = look(function);
            if (broken && used) *used = i + 1;
        }
        devnet_.state().rewind_to(before);
        return broken;
    }

    std::optional<lang::Diagnostic> look(const ir::Function& function) {
        LastLocation last(contract_);
        const auto before = devnet_.state().checkpoint();
        const chain::Result result = devnet_.send(accounts_.back(), address_, Word{}, abi::call_data(function), &last);
        devnet_.state().rewind_to(before);
        if (!result.valid() || !result.receipt.ok())
            return complaint(where(last, function), "this does not hold: " + devnet_.reason_of(result));
        const bool is_condition = function.returns.size() == 1 && function.returns.front().type == ir::bool_type;
        const auto answer = is_condition ? abi::decode(function.returns, result.receipt.output) : std::nullopt;
        if (answer && std::get<Word>(answer->front()).is_zero()) return complaint(function.range, "this is false");
        return std::nullopt;
    }

    void shorten(const ir::Function& function, std::vector<DrawnCall>& calls, TestRun& done) {
        for (bool is_shorter = true; is_shorter;) {
            is_shorter = false;
            for (std::size_t i = calls.size(); i-- > 0 && calls.size() > 1;) {
                std::vector<DrawnCall> fewer = calls;
                fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
                if (!broken_by(function, fewer, done)) continue;
                calls = std::move(fewer);
                is_shorter = true;
            }
        }
    }

    const lang::Compilation& compilation_;
    const lang::Artifact& contract_;
    const TestRunOptions& options_;
    Devnet devnet_;
    std::vector<Address> accounts_, addresses_;
    Address address_;
    std::vector<Target> targets_;
};

}  // namespace

std::vector<TestRun> run_tests(const lang::Compilation& compilation, const lang::Artifact& contract,
                               const TestRunOptions& options) {
    return ContractTests(compilation, contract, options).run();
}

}  // namespace interlock::analyzer
