// Tests as in Foundry (Foundry Book, "Writing Tests", "Fuzz Testing", "Invariant Testing"): a test is a function that
// must not revert when it is called in the state that setUp() left.
//
// A failing case is simplified: arguments are replaced by simpler ones as long as the test still fails, and calls are
// removed from a sequence one by one as long as the invariant still breaks.
#include "analyzer/devnet/run_tests.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/devnet/amounts.hpp"
#include "analyzer/devnet/drawn_values.hpp"
#include "analyzer/devnet/foundry/targets.hpp"
#include "analyzer/devnet/foundry/test_contract.hpp"
#include "lang/syntax/tree.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;
using foundry::Target, foundry::TestContract;
using End = TestContract::End;

namespace {

constexpr std::uint32_t max_rejected = 65'536;        // runs of one test whose arguments vm.assume rejected
constexpr std::uint32_t max_simplifications = 2'000;  // calls for simplifying arguments

bool is_test(const std::string& name) { return name.starts_with("test"); }
bool is_invariant(const std::string& name) { return name.starts_with("invariant") || name.starts_with("statefulFuzz"); }

lang::Diagnostic complaint(lang::SourceRange where, std::string message) {
    lang::Diagnostic made;
    made.message = std::move(message);
    made.primary.range = where;
    return made;
}

// A list of values with their types, as the arguments of a call.
using Arguments = std::vector<abi::Data>;
using Types = std::vector<abi::DataType>;

struct DrawnCall {
    std::size_t target = 0;
    Address from;
    Word value;
    Arguments arguments;
};

// Takes simpler arguments as long as `still_fails` holds.
template <class StillFails>
void simplify(const Types& types, Arguments& arguments, std::uint32_t& left, StillFails still_fails) {
    for (bool is_simpler = true; is_simpler;) {
        is_simpler = false;
        for (std::size_t i = 0; i < types.size(); ++i)
            for (abi::Data& candidate : simpler(types[i], arguments[i])) {
                if (left == 0) return;
                --left;
                Arguments changed = arguments;
                changed[i] = std::move(candidate);
                if (!still_fails(changed)) continue;
                arguments = std::move(changed);
                is_simpler = true;
                break;
            }
    }
}

class ContractTests {
  public:
    ContractTests(const lang::Compilation& compilation, const lang::Artifact& contract, const TestRunOptions& options)
        : contract_(contract), options_(options), test_(compilation, options.project, contract, options.seed) {
        for (const std::string_view name : lang::scenario_accounts)
            accounts_.push_back(test_.devnet().add_account(std::string(name)));
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
        const std::optional<lang::Diagnostic> unprepared = test_.prepare();
        learn();
        const TestContract::Point ready = test_.point();
        for (const ir::Function* function : functions) {
            TestRun made{.kind = is_test(function->name) ? TestRun::Kind::Test : TestRun::Kind::Invariant,
                         .name = contract_.name + "." + function->name,
                         .failure = unprepared};
            if (!unprepared) is_test(function->name) ? test(*function, made) : invariant(*function, made);
            else made.console = test_.arrangement().console;
            test_.go_back(ready);
            done.push_back(std::move(made));
        }
        return done;
    }

  private:
    // Collects the accounts that addresses may mean, and the numbers in the code.
    void learn() {
        dictionary_.addresses = accounts_;
        dictionary_.addresses.push_back(test_.address());
        const auto learn_from = [&](const lang::Artifact& artifact) {
            for (const ir::Function& function : artifact.ir->functions) add_constants(dictionary_, function);
        };
        learn_from(contract_);
        for (const Address& created : test_.arrangement().created) {
            dictionary_.addresses.push_back(created);
            if (const lang::Artifact* const artifact = test_.artifact_at(created)) learn_from(*artifact);
        }
    }

    static Arguments draw_arguments(const Types& types, chain::Chooser& chooser, const Dictionary& dictionary) {
        Arguments arguments;
        for (const abi::DataType& type : types) arguments.push_back(draw(type, chooser, dictionary));
        return arguments;
    }

    std::string text_of(const ir::Function& function, const Types& types, const Arguments& arguments) const {
        std::string text = function.name + "(";
        for (std::size_t i = 0; i < types.size(); ++i) text += (i ? ", " : "") + test_.text_of(types[i], arguments[i]);
        return text + ")";
    }

    // --- tests ---

    void test(const ir::Function& function, TestRun& done) {
        if (function.name.starts_with("testFail")) {
            done.failure = complaint(function.range, "`testFail…` is no longer a test, as in Foundry");
            done.failure->helps.push_back("call what must revert in a `try`, or write a scenario with `expect revert`");
            return;
        }
        const std::optional<Types> types = abi::data_types(function.parameters);
        if (!types) {
            done.failure = complaint(function.range, "no arguments can be drawn for this test: an array is too long");
            return;
        }
        // The constants of the test itself come first.
        Dictionary dictionary{.addresses = dictionary_.addresses};
        add_constants(dictionary, function);
        if (dictionary.words.empty()) dictionary = dictionary_;
        done.is_drawn = !types->empty();
        done.runs = 0;
        chain::SeededChooser chooser(options_.seed);
        const TestContract::Point ready = test_.point();
        const std::uint32_t runs = types->empty() ? 1 : std::max<std::uint32_t>(1, options_.runs);
        std::vector<std::uint64_t> gas;
        while (done.runs < runs && !done.failure && !done.skipped) {
            const Arguments arguments = draw_arguments(*types, chooser, dictionary);
            test_.go_back(ready);
            const End end = test_.call(function, arguments);
            ++done.calls;
            if (end.kind == End::Kind::Rejected) {
                if (types->empty() || ++done.rejected > max_rejected)
                    done.failure = complaint(function.range, fmt::format("`vm.assume` rejected too many inputs ({} allowed)",
                                                                         types->empty() ? 0 : max_rejected));
                continue;
            }
            ++done.runs;
            gas.push_back(end.gas);
            done.console = test_.arrangement().console;
            if (end.kind == End::Kind::Skipped) done.skipped = end.reason;
            if (end.kind == End::Kind::Failed) fail(function, *types, arguments, ready, done);
        }
        test_.go_back(ready);
        std::ranges::sort(gas);
        if (!gas.empty()) done.gas = gas[gas.size() / 2];
    }

    void fail(const ir::Function& function, const Types& types, Arguments arguments, const TestContract::Point& ready,
              TestRun& done) {
        std::uint32_t left = max_simplifications;
        simplify(types, arguments, left, [&](const Arguments& changed) {
            test_.go_back(ready);
            ++done.calls;
            return test_.call(function, changed).kind == End::Kind::Failed;
        });
        test_.go_back(ready);
        done.failure = test_.failure_of(function, arguments, "this reverts: ");
        (void)test_.call(function, arguments);
        done.console = test_.arrangement().console;
        if (!types.empty())
            done.failure->notes.push_back(fmt::format("in {}, run {}", text_of(function, types, arguments), done.runs));
    }

    // --- invariants ---

    void invariant(const ir::Function& function, TestRun& done) {
        if (!function.parameters.empty()) {
            done.failure = complaint(function.range, "an invariant takes no parameters");
            return;
        }
        done.is_drawn = true;
        done.runs = 0;
        ready_ = test_.point();
        targets_ = foundry::find_targets(test_, accounts_);
        if (broken_by(function, {}, done, Detail::None)) {
            done.failure = broken_by(function, {}, done, Detail::Full);
            done.failure->notes.push_back("before any call");
            return;
        }
        chain::SeededChooser chooser(options_.seed);
        for (std::uint32_t i = 0; i < options_.sequences && !targets_.functions.empty() && !done.failure; ++i) {
            ++done.runs;
            std::vector<DrawnCall> calls;
            for (std::uint32_t depth = 0; depth < options_.depth; ++depth) calls.push_back(draw_call(chooser));
            std::size_t used = 0;
            if (!broken_by(function, calls, done, Detail::None, &used)) continue;
            calls.resize(used);
            shorten(function, calls, done);
            done.failure = broken_by(function, calls, done, Detail::Full);
            for (const DrawnCall& call : calls) done.sequence.push_back(text_of(call));
        }
    }

    DrawnCall draw_call(chain::Chooser& chooser) const {
        DrawnCall call;
        call.target = chooser.choose("function", static_cast<std::uint32_t>(targets_.functions.size()));
        const Target& target = targets_.functions[call.target];
        call.from = targets_.senders[chooser.choose("sender", static_cast<std::uint32_t>(targets_.senders.size()))];
        if (target.function->mutability == ir::Mutability::Payable)
            call.value = Word{chooser.choose("ether", 100)} * (Devnet::wealth / Word{10'000});
        call.arguments = draw_arguments(target.types, chooser, dictionary_);
        return call;
    }

    std::string text_of(const DrawnCall& call) const {
        const Target& target = targets_.functions[call.target];
        std::string text = test_.name_of(target.address) + "." + text_of(*target.function, target.types, call.arguments);
        if (!call.value.is_zero()) text += " with " + format_wei(call.value);
        return text + " by " + test_.name_of(call.from);
    }

    // Whether to find the place of a failure, which takes a while.
    enum class Detail : std::uint8_t { None, Full };

    // Plays the calls and checks the invariant at the start and after each; leaves the state unchanged. `used` becomes
    // the number of calls that were played.
    std::optional<lang::Diagnostic> broken_by(const ir::Function& function, const std::vector<DrawnCall>& calls,
                                              TestRun& done, Detail detail, std::size_t* used = nullptr) {
        test_.go_back(*ready_);
        std::optional<lang::Diagnostic> broken;
        if (calls.empty()) broken = look(function, done, detail);
        for (std::size_t i = 0; i < calls.size() && !broken; ++i) {
            broken = play(function, calls[i], done, detail);
            if (used) *used = i + 1;
        }
        const ir::Function* const after = test_.find("afterInvariant");
        if (!broken && after != nullptr) broken = look(*after, done, detail);
        test_.go_back(*ready_);
        return broken;
    }

    // A call that reverts has no effect; what it set up with cheatcodes is undone, too.
    std::optional<lang::Diagnostic> play(const ir::Function& function, const DrawnCall& call, TestRun& done, Detail detail) {
        const Target& target = targets_.functions[call.target];
        foundry::Arrangement before = test_.arrangement();
        const End end = test_.call(call.from, target.address, call.value,
                                   abi::call_data(target.function->selector, abi::encode(target.types, call.arguments)));
        ++done.calls;
        if (end.kind == End::Kind::Passed) return look(function, done, detail);
        test_.arrangement() = std::move(before);
        if (end.kind == End::Kind::Failed && (options_.fail_on_revert || end.is_marked))
            return complaint(function.range, "the last call fails: " + end.reason);
        return std::nullopt;
    }

    std::optional<lang::Diagnostic> look(const ir::Function& function, TestRun& done, Detail detail) {
        const TestContract::Point before = test_.point();
        const End end = test_.call(function);
        done.console = test_.arrangement().console;
        test_.go_back(before);
        if (end.kind == End::Kind::Failed)
            return detail == Detail::Full ? test_.failure_of(function, {}, "this does not hold: ")
                                          : complaint(function.range, end.reason);
        const bool is_condition = function.returns.size() == 1 && function.returns.front().type == ir::bool_type;
        const auto answer = is_condition ? abi::decode(function.returns, end.output) : std::nullopt;
        if (answer && std::get<Word>(answer->front()).is_zero()) return complaint(function.range, "this is false");
        return std::nullopt;
    }

    // Removes `count` calls in a row wherever the invariant still breaks without them, from the end on. Returns whether
    // that worked anywhere.
    bool leave_out(const ir::Function& function, std::vector<DrawnCall>& calls, std::size_t count, TestRun& done) {
        bool is_shorter = false;
        for (std::size_t end = calls.size(); end >= count && calls.size() > count; end -= count) {
            std::vector<DrawnCall> fewer = calls;
            const auto behind = fewer.begin() + static_cast<std::ptrdiff_t>(end);
            fewer.erase(behind - static_cast<std::ptrdiff_t>(count), behind);
            if (!broken_by(function, fewer, done, Detail::None)) continue;
            calls = std::move(fewer);
            is_shorter = true;
        }
        return is_shorter;
    }

    void shorten(const ir::Function& function, std::vector<DrawnCall>& calls, TestRun& done) {
        // Removes many calls at once first, then fewer, then single calls as long as that works.
        for (std::size_t count = calls.size() / 2; count > 1; count /= 2) (void)leave_out(function, calls, count, done);
        while (leave_out(function, calls, 1, done)) {}
        std::uint32_t left = max_simplifications / static_cast<std::uint32_t>(std::max<std::size_t>(1, calls.size()));
        for (DrawnCall& call : calls)
            simplify(targets_.functions[call.target].types, call.arguments, left, [&](const Arguments& changed) {
                std::vector<DrawnCall> others = calls;
                others[static_cast<std::size_t>(&call - calls.data())].arguments = changed;
                return broken_by(function, others, done, Detail::None).has_value();
            });
    }

    const lang::Artifact& contract_;
    const TestRunOptions& options_;
    TestContract test_;
    std::vector<Address> accounts_;
    Dictionary dictionary_;
    std::optional<TestContract::Point> ready_;
    foundry::Targets targets_;
};

}  // namespace

std::vector<TestRun> run_tests(const lang::Compilation& compilation, const lang::Artifact& contract,
                               const TestRunOptions& options) {
    return ContractTests(compilation, contract, options).run();
}

}  // namespace interlock::analyzer
