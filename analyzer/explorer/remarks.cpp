#include "analyzer/explorer/remarks.hpp"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include "analyzer/explorer/perform.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;

namespace {

constexpr std::size_t most_shapes_with_yields = 16, most_plans_of_shape = 8;
constexpr std::uint32_t most_plans_to_reorder = 12;
constexpr std::size_t most_transactions_to_reorder = 5;

bool contains(ByteView data, const Address& address) {
    return std::search(data.begin(), data.end(), address.bytes.begin(), address.bytes.end()) != data.end();
}

bool pays(const PlannedTransaction& planned) {
    const auto has_value = [](const Call& call) { return !call.value.is_zero(); };
    return has_value(planned.call) || std::ranges::any_of(planned.activations, [&](const Activation& activation) {
               return std::ranges::any_of(activation.calls, has_value);
           });
}

bool is_hers(const PlannedTransaction& planned) { return planned.is_attack || planned.sender == World::accomplice; }

// How many of her own calls come before the last one, which may as well have a transaction of its own.
std::size_t calls_before_last(const PlannedTransaction& planned) {
    if (!planned.is_attack || planned.activations.empty()) return 0;
    return std::max<std::size_t>(planned.activations.front().calls.size(), 1) - 1;
}

// Of the functions that are called, without the first calls of her own.
std::uint64_t hash_of(const PlannedTransaction& planned, std::size_t left_out) {
    std::uint64_t hash = planned.is_attack;
    const auto add = [&](const Call& call) {
        hash = (hash ^ (static_cast<std::uint64_t>(call.contract) << 32U | call.function)) * 0x9e3779b97f4a7c15ULL;
        hash ^= hash >> 29U;
    };
    if (!planned.is_attack) add(planned.call);
    for (const Activation& activation : planned.activations)
        for (const Call& call : std::span(activation.calls).subspan(std::exchange(left_out, 0))) add(call);
    return hash;
}

// A view that can be asked with no argument, or about her contract.
struct Question {
    DeployedIndex contract{};
    std::uint32_t function = 0;
    Address address;
    Bytes call_data;
};

std::vector<Question> questions_in(const World& world) {
    std::vector<Question> list;
    for (std::uint32_t i = 0; i < world.contracts().size(); ++i) {
        const DeployedContract& deployed = world.contracts()[i];
        if (!world.artifact_of(deployed)) continue;
        const auto& functions = deployed.ir().functions;
        for (std::uint32_t f = 0; f < functions.size(); ++f) {
            const ir::Function& function = functions[f];
            if (!function.is_entry || function.mutability != ir::Mutability::View || function.returns.empty()) continue;
            if (function.returns[0].type.kind == ir::TypeKind::Bool) continue;  // it says that somebody is inside
            std::vector<lang::abi::Value> arguments;
            if (function.parameters.size() == 1 && function.parameters[0].type == ir::address_type)
                arguments.emplace_back(vm::to_word(world.attacker().address));
            else if (!function.parameters.empty()) continue;
            list.push_back({DeployedIndex{i}, f, deployed.address, lang::abi::call_data(function.selector, arguments)});
        }
    }
    return list;
}

using ViewAnswers = std::vector<std::optional<Bytes>>;

ViewAnswers answers_to(const std::vector<Question>& questions, World& world) {
    ViewAnswers answers;
    for (const Question& question : questions)
        answers.push_back(ask_view(world.state(), question.address, question.call_data));
    return answers;
}

std::string text_of(const World& world, const ir::Function& function, const Bytes& answer) {
    const auto values = lang::abi::decode(function.returns, answer);
    if (!values) return vm::to_hex(answer);
    std::string text;
    for (std::size_t i = 0; i < values->size(); ++i)
        text += (i ? ", " : "") + world.text_of(function.returns[i].type, (*values)[i]);
    return text;
}

}  // namespace

Remarks::Remarks(World& world, const Purse& purse)
    : world_(world), start_(world), purse_(purse), start_wealth_(purse.of_attacker(world)) {
    for (const SetupStep& step : world.recipe().steps)
        if (contains(step.data, world.mallory().address) || contains(step.data, world.attacker().address)) may_gain_ = false;
}

void Remarks::note(const Plan& plan, std::size_t prelude, bool is_reentrant, bool is_unserial) {
    if (!is_reentrant) {
        if (may_gain_ && world_.attacker_wealth() > start_wealth_[0]) note_gain(plan, prelude);
        note_yields(plan);
        return;
    }
    const auto is_known = [](const Remark& remark) { return remark.kind == Remark::Kind::Unserial; };
    if (is_unserial && std::ranges::none_of(remarks_, is_known)) remarks_.push_back({Remark::Kind::Unserial, plan, {}, {}});
}

void Remarks::note_gain(const Plan& plan, std::size_t prelude) {
    const auto is_known = [](const Remark& remark) {
        return remark.kind == Remark::Kind::Access || remark.kind == Remark::Kind::Order;
    };
    if (std::ranges::any_of(remarks_, is_known)) return;
    const auto own = std::span(plan).subspan(std::min(prelude, plan.size()));
    // What she is given is hers, and what the owner does, he may.
    if (std::ranges::any_of(plan, [&](const auto& planned) { return !is_hers(planned) && names_her(planned); })) return;
    if (!is_nowhere_below(purse_.of_attacker(world_), start_wealth_)) return;
    const bool owner_acts =
        std::ranges::any_of(own, [](const auto& p) { return !p.is_attack && p.sender == World::owner_index; });
    const bool she_pays = std::ranges::any_of(own, [](const auto& p) { return is_hers(p) && pays(p); });
    const Word gain = world_.attacker_wealth() - start_wealth_[0];
    if (!owner_acts && !she_pays) remarks_.push_back({Remark::Kind::Access, plan, gain, {}});
    else if (orders_tried_++ < most_plans_to_reorder && depends_on_order(plan))
        remarks_.push_back({Remark::Kind::Order, plan, gain, {}});
}

bool Remarks::names_her(const PlannedTransaction& planned) const {
    const Bytes data = world_.call_data(planned.call);
    return contains(data, world_.mallory().address) || contains(data, world_.attacker().address);
}

// Returns whether another order of the transactions gives her nothing, and an honest user more than this one.
bool Remarks::depends_on_order(const Plan& plan) const {
    if (plan.size() > most_transactions_to_reorder) return false;
    const auto user_wealth = [](World& world, std::size_t i) { return world.state().balance(world.users()[i].address); };
    std::vector<std::size_t> order(plan.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    while (std::next_permutation(order.begin(), order.end())) {
        World world = start_;
        chain::Execution execution(world.state());
        execution.machine().set_strangers([&](const Address& a) { return a == world.attacker().address; });
        for (const std::size_t i : order) (void)perform(world, execution, plan[i]);
        if (world.attacker_wealth() > start_wealth_[0]) continue;
        for (std::size_t i = 0; i < world.users().size(); ++i)
            if (user_wealth(world, i) > user_wealth(world_, i)) return true;
    }
    return false;
}

// Of one call from outside, so that before and after are the transaction's.
namespace {

// Returns the plan with the last of her calls in a transaction of its own, or std::nullopt where control reaches her before.
std::optional<Plan> with_last_call_apart(const Plan& plan) {
    const PlannedTransaction& last = plan.back();
    const auto before = static_cast<std::uint32_t>(calls_before_last(last));
    if (before == 0) return plan;
    PlannedTransaction first = last, second = last;
    first.activations.resize(1);
    first.activations.front().calls.pop_back();
    second.wait = {};
    second.activations.front().calls.erase(second.activations.front().calls.begin(),
                                           second.activations.front().calls.end() - 1);
    for (std::size_t i = 1; i < second.activations.size(); ++i) {
        if (second.activations[i].during != Activation::Origin{0, before}) return std::nullopt;
        second.activations[i].during = Activation::Origin{0, 0};
    }
    Plan apart(plan.begin(), plan.end() - 1);
    apart.push_back(std::move(first));
    apart.push_back(std::move(second));
    return apart;
}

}  // namespace

void Remarks::note_yields(const Plan& plan) {
    const PlannedTransaction& last = plan.back();
    if (last.activations.size() <= (last.is_attack ? 1U : 0U)) return;
    if (last.is_attack && last.activations.front().calls.empty()) return;
    const std::uint64_t shape = hash_of(last, calls_before_last(last));
    const auto known = with_yields_.find(shape);
    if (known == with_yields_.end() ? with_yields_.size() >= most_shapes_with_yields
                                    : known->second.size() >= most_plans_of_shape)
        return;
    if (std::optional<Plan> apart = with_last_call_apart(plan)) with_yields_[shape].push_back(std::move(*apart));
}

std::vector<Remark> Remarks::all(const Deadline& deadline) {
    std::vector<const Plan*> plans;
    for (const auto& [shape, of_shape] : with_yields_)
        for (const Plan& plan : of_shape) plans.push_back(&plan);
    std::ranges::stable_sort(plans, [](const Plan* a, const Plan* b) { return a->size() < b->size(); });
    for (const Plan* plan : plans) ask_views(*plan, deadline);
    return remarks_;
}

void Remarks::ask_views(const Plan& plan, const Deadline& deadline) {
    if (deadline.has_passed()) return;
    World world = start_;
    chain::Execution execution(world.state());
    execution.machine().set_strangers([&](const Address& a) { return a == world.attacker().address; });
    for (std::size_t i = 0; i + 1 < plan.size(); ++i)
        if (!perform(world, execution, plan[i])) return;
    const std::vector<Question> questions = questions_in(world);
    const ViewAnswers before = answers_to(questions, world);
    struct Moment {
        Address caller;
        ViewAnswers answers;
    };
    std::vector<Moment> moments;
    const YieldHook watch = [&](const vm::Message& message, const auto&) {
        if (message.sender != world.mallory().address) moments.push_back({message.sender, answers_to(questions, world)});
    };
    if (!perform(world, execution, plan.back(), watch)) return;
    const ViewAnswers after = answers_to(questions, world);
    for (std::size_t i = 0; i < questions.size(); ++i) {
        if (!before[i] || !after[i]) continue;
        for (const auto& [caller, answers] : moments) {
            if (!answers[i] || answers[i] == before[i] || answers[i] == after[i]) continue;
            const auto is_same = [&](const Remark& remark) {
                return remark.view && remark.view->contract == questions[i].contract &&
                       remark.view->function == questions[i].function;
            };
            if (std::ranges::any_of(remarks_, is_same)) break;
            const ir::Function& function = world.contract(questions[i].contract).ir().functions[questions[i].function];
            remarks_.push_back({Remark::Kind::View,
                                plan,
                                {},
                                ViewReading{questions[i].contract, questions[i].function, world.name_of(caller),
                                            text_of(world, function, *before[i]), text_of(world, function, *answers[i]),
                                            text_of(world, function, *after[i])}});
            break;
        }
    }
}

}  // namespace interlock::analyzer
