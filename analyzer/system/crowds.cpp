#include "analyzer/system/crowds.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "analyzer/explorer/candidates.hpp"
#include "vm/tracer.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

constexpr std::size_t most_functions = 24;               // that are measured
constexpr std::uint64_t farthest = 200'000;              // a limit, in calls for one
constexpr std::uint64_t most_times = 5'000;              // a call is made
constexpr std::uint64_t most_gas = 2'000'000'000;        // of all these calls
constexpr std::uint64_t first_measured = 1'000'000;      // of the crowd: those with lower numbers act
constexpr std::uint64_t fewest_left = 2, most_left = 6;  // calls that must still pass, and that may
constexpr std::uint64_t enough_for_two = 4;              // where one call takes several
const std::vector<std::uint64_t> great_numbers{50, 30, 25, 20, 16, 10, 8, 5, 4, 3, 2, 1};

// What a run compares, each comparison the first time.
class Comparisons final : public vm::Tracer {
  public:
    using Operands = std::pair<Word, Word>;
    [[nodiscard]] vm::OpcodeSet wanted() const override {
        vm::OpcodeSet set;
        for (const vm::Opcode opcode : {vm::Opcode::LT, vm::Opcode::GT}) set.set(static_cast<std::size_t>(opcode));
        return set;
    }
    [[nodiscard]] bool wants_cost() const override { return false; }
    void on_instruction(const vm::TracePoint& point) override {
        const std::size_t depth = point.stack.size();
        if (depth < 2) return;
        made.try_emplace({point.message->code_address, point.pc}, point.stack[depth - 1], point.stack[depth - 2]);
    }
    std::map<std::pair<Address, std::uint32_t>, Operands> made;
};

struct Run {
    std::map<std::pair<Address, std::uint32_t>, Comparisons::Operands> compared;
    std::uint64_t gas = 0;
};

// How far it is to a limit which each run comes nearer to by as much.
struct Course {
    std::uint64_t left = 0;  // more runs that pass
    std::uint64_t gas = 0;   // of one
};

std::optional<Course> course_of(const Run& first, const Run& second, const Run& third) {
    std::optional<Course> nearest;
    for (const auto& [place, operands] : first.compared) {
        const auto then = second.compared.find(place), last = third.compared.find(place);
        if (then == second.compared.end() || last == third.compared.end()) continue;
        for (const bool is_left : {true, false}) {
            const auto moving = [&](const Comparisons::Operands& of) { return is_left ? of.first : of.second; };
            const auto fixed = [&](const Comparisons::Operands& of) { return is_left ? of.second : of.first; };
            const Word limit = fixed(operands), from = moving(operands), at = moving(last->second);
            if (fixed(then->second) != limit || fixed(last->second) != limit || !(from < at) || limit < at) continue;
            const Word step = at - moving(then->second);
            if (step.is_zero() || moving(then->second) - from != step) continue;
            const Word left = (limit - at) / step;
            if (left > Word{farthest} || left < Word{fewest_left}) continue;
            const auto runs = left.low64();
            if (!nearest || runs < nearest->left) nearest = Course{runs, third.gas};
        }
    }
    return nearest;
}

class Crowd {
  public:
    Crowd(const Root& root, const Deadline& deadline) : root_(root), world_(root.world), deadline_(deadline) {
        world_.state().keep_history(true);
    }

    std::optional<Root> gather() {
        Plan left = open();
        // Many accounts at best, each of which may have a share of its own; one where others lack what is asked for.
        for (const std::string& sender : {std::string(crowd), world_.users()[0].name}) {
            sender_ = sender;
            for (const Call& call : calls()) {
                if (deadline_.has_passed()) return std::nullopt;
                if (take_nearly_all(call)) return Root{world_, std::move(left), root_.missing, true};
            }
        }
        return std::nullopt;
    }

  private:
    // Makes what others do in the prelude a part of the system. Returns what is hers.
    Plan open() {
        Plan hers;
        for (const PlannedTransaction& planned : root_.prelude) {
            if (planned.is_attack || planned.sender == World::accomplice) {
                hers.push_back(planned);
                continue;
            }
            SetupStep step = step_for(planned.call, world_.senders()[planned.sender].name);
            step.blocks = planned.wait.blocks;
            step.seconds = planned.wait.seconds;
            (void)world_.perform(step);
        }
        return hers;
    }

    SetupStep step_for(const Call& call, std::string from) {
        SetupStep step;
        step.from = std::move(from);
        step.to = world_.contract(call.contract).name;
        step.value = call.value;
        step.data = world_.call_data(call);
        return step;
    }

    // Calls that anybody may make: those of the prelude, which pay as much as is asked for, come first.
    std::vector<Call> calls() {
        std::vector<Call> list;
        std::set<std::pair<DeployedIndex, std::uint32_t>> seen;
        const auto add = [&](const Call& call) {
            if (!world_.artifact_of(call.contract) || list.size() == most_functions) return;
            if (seen.contains({call.contract, call.function}) || !passes(call)) return;
            seen.insert({call.contract, call.function});
            list.push_back(call);
        };
        for (auto each = root_.prelude.rbegin(); each != root_.prelude.rend(); ++each)
            if (!each->is_attack && each->sender == 0) add(each->call);
        Observations observations;
        Candidates candidates(world_, observations);
        const auto others = candidates.calls(Caller::Honest, 1);
        for (const Call& call : *others) add(call);
        return list;
    }

    bool passes(const Call& call) {
        const auto here = world_.state().checkpoint();
        const bool ok = run(call).has_value();
        world_.state().rewind_to(here);
        return ok;
    }

    std::optional<Run> run(const Call& call) {
        Comparisons comparisons;
        const Address sender =
            sender_ == crowd ? world_.one_of_crowd(first_measured + measured_++, call.value) : *world_.address_of(sender_);
        const auto result = world_.execute(
            world_.transaction(sender, world_.contract(call.contract).address, call.value, world_.call_data(call)),
            &comparisons);
        if (!result.valid() || !result.receipt.ok()) return std::nullopt;
        return Run{std::move(comparisons.made), result.receipt.gas_used};
    }

    // Returns how many more times the call passes, if each time brings it nearer to a limit.
    std::optional<Course> measured(const Call& call) {
        const auto here = world_.state().checkpoint();
        std::vector<Run> runs;
        for (int i = 0; i < 3; ++i)
            if (auto one = run(call)) runs.push_back(std::move(*one));
        world_.state().rewind_to(here);
        std::optional<Course> course;
        if (runs.size() == 3) course = course_of(runs[0], runs[1], runs[2]);
        if (course) course->left += 3;
        return course;
    }

    // Several at a time first, then one by one.
    bool take_nearly_all(const Call& call) {
        if (!measured(call)) return false;
        const World before = world_;
        const Call many = with_number(call, great_numbers), one = with_number(call, {1});
        if (!(many == one))
            if (const auto course = measured(many); course && course->left > fewest_left) take(many, course->left - 2);
        const std::uint64_t kept = many == one ? fewest_left : enough_for_two;
        if (const auto course = measured(one); course && course->left > kept) take(one, course->left - kept);
        if (is_nearly_over(one)) return true;
        world_ = before;
        return false;
    }

    void take(const Call& call, std::uint64_t times) {
        const auto course = measured(call);
        if (!course || times > most_times || times * course->gas > most_gas) return;
        SetupStep step = step_for(call, sender_);
        step.times = times;
        World copy = world_;
        if (copy.perform(step).empty()) world_ = std::move(copy);
    }

    // Returns whether the call passes now, and soon does not.
    bool is_nearly_over(const Call& call) {
        const auto here = world_.state().checkpoint();
        std::uint64_t passed = 0;
        while (passed <= most_left && run(call)) ++passed;
        world_.state().rewind_to(here);
        return passed >= fewest_left && passed <= most_left;
    }

    // Returns the call with the first of the numbers that passes, where it takes a small one.
    Call with_number(const Call& call, const std::vector<std::uint64_t>& numbers) {
        const auto& parameters = world_.function_of(call).parameters;
        for (std::size_t i = 0; i < call.arguments.size() && i < parameters.size(); ++i) {
            if (parameters[i].type.kind != ir::TypeKind::Uint) continue;
            const Word had = call.arguments[i].word();
            if (had.is_zero() || had > Word{great_numbers.front()}) continue;
            for (const std::uint64_t number : numbers) {
                Call other = call;
                other.arguments[i] = abi::Data{Word{number}};
                for (const Word& value : {Word{}, call.value / Word{100}, call.value * Word{number} / had, call.value}) {
                    other.value = value;
                    if (passes(other)) return other;
                }
            }
        }
        return call;
    }

    const Root& root_;
    World world_;
    const Deadline& deadline_;
    std::string sender_;
    std::uint64_t measured_ = 0;  // calls
};

}  // namespace

std::optional<Root> crowded(const Root& root, const Deadline& deadline) { return Crowd(root, deadline).gather(); }

}  // namespace interlock::analyzer
