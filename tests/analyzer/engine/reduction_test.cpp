// The reduction leaves out steps and nothing else: on a thousand random models.
#include <gtest/gtest.h>

#include <array>

#include "analyzer/engine/search.hpp"
#include "analyzer/engine/weights.hpp"

namespace interlock::analyzer::engine {
namespace {

// Five variables of two bits, and some rules: where one variable has one of certain values, another is set or increased.
class RandomModel {
  public:
    static constexpr Property properties[] = {{"first", ""}, {"second", ""}, {"third", ""}};
    static constexpr std::size_t variables_count = 5;

    struct Choice {
        std::uint8_t rule = 0;
        friend bool operator==(const Choice&, const Choice&) = default;
    };
    using Undo = std::uint8_t;  // the value of before

    RandomModel(std::uint64_t seed, std::uint32_t most_rules) {
        chain::SeededChooser chooser(seed);
        const auto draw = [&](std::uint32_t n) { return static_cast<std::uint8_t>(chooser.choose("model", n)); };
        rules_.resize(1 + draw(most_rules));
        for (Rule& rule : rules_)
            rule = {draw(variables_count), draw(3) == 0 ? std::uint8_t{15} : draw(16), draw(variables_count), draw(3) != 0,
                    draw(4)};
        for (auto& bad : bad_) bad = {draw(variables_count), draw(4), draw(variables_count), draw(4)};
    }

    template <class Visit>
    void choices(Visit&& visit) const {
        for (std::uint8_t i = 0; i < rules_.size(); ++i)
            if (rules_[i].values >> values_[rules_[i].guard] & 1) visit(Choice{i});
    }
    Undo apply(const Choice& choice) {
        const Rule& rule = rules_[choice.rule];
        std::uint8_t& value = values_[rule.target];
        const Undo before = value;
        value = rule.is_addition ? (value + rule.operand) % 4 : rule.operand;
        return before;
    }
    void undo(const Choice& choice, Undo before) { values_[rules_[choice.rule].target] = before; }

    [[nodiscard]] std::uint64_t fingerprint() const {
        std::uint64_t all = 0;
        for (const std::uint8_t value : values_) all = all * 4 + value;
        return mixed(all + 1);
    }
    [[nodiscard]] std::uint32_t broken() const {
        std::uint32_t broken = 0;
        for (std::size_t i = 0; i < bad_.size(); ++i)
            if (values_[bad_[i][0]] == bad_[i][1] && values_[bad_[i][2]] == bad_[i][3]) broken |= 1u << i;
        return broken;
    }
    [[nodiscard]] Footprint footprint(const Choice& choice) const {
        const Rule& rule = rules_[choice.rule];
        Footprint footprint;
        if (rule.values != 15) footprint.reads = 1u << rule.guard;
        (rule.is_addition ? footprint.adds : footprint.writes) = 1u << rule.target;
        return footprint;
    }
    [[nodiscard]] std::string describe(const Choice& choice) const { return std::to_string(choice.rule); }
    [[nodiscard]] std::vector<Variable> variables() const { return {}; }

  private:
    struct Rule {
        std::uint8_t guard, values, target;
        bool is_addition;
        std::uint8_t operand;
    };
    std::vector<Rule> rules_;
    std::array<std::array<std::uint8_t, 4>, 3> bad_;  // variable, value, variable, value
    std::array<std::uint8_t, variables_count> values_{};
};

std::vector<std::pair<std::size_t, std::size_t>> lengths(const Report& report) {
    std::vector<std::pair<std::size_t, std::size_t>> lengths;
    for (const Broken& broken : report.broken) lengths.emplace_back(broken.property, broken.trace.size());
    std::ranges::sort(lengths);
    return lengths;
}

std::vector<std::size_t> properties(const Report& report) {
    std::vector<std::size_t> properties;
    for (const auto& [property, length] : lengths(report)) properties.push_back(property);
    return properties;
}

TEST(Reduction, FindsTheSameStatesAndTheSameVerdictsInRandomModels) {
    std::uint64_t saved = 0, broken = 0;
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
        // From some models with many rules choices come that never sleep, since there are more than 64.
        const RandomModel model(seed, seed % 10 == 0 ? 100 : 12);
        Options plain, reduced;
        plain.is_reduced = false;
        const Report expected = search(model, plain);
        const Report breadth = search(model, reduced);
        ASSERT_EQ(breadth.states, expected.states) << seed;
        ASSERT_EQ(breadth.generated, expected.generated) << seed;
        ASSERT_EQ(breadth.depth, expected.depth) << seed;
        ASSERT_EQ(lengths(breadth), lengths(expected)) << seed;

        plain.order = reduced.order = Order::Depth;
        for (const Options& options : {plain, reduced}) {
            const Report depth = search(model, options);
            ASSERT_EQ(depth.states, expected.states) << seed;
            ASSERT_EQ(depth.generated, expected.generated) << seed;
            ASSERT_EQ(properties(depth), properties(expected)) << seed;
            ASSERT_LE(depth.taken, depth.generated - 1) << seed;
        }
        ASSERT_LE(breadth.taken, breadth.generated - 1) << seed;
        saved += breadth.generated - 1 - breadth.taken;
        broken += expected.broken.size();
    }
    EXPECT_GT(saved, 5'000U);
    EXPECT_GT(broken, 300U);
}

// Counters that know nothing of each other.
class Counters {
  public:
    static constexpr Property properties[] = {{"none", "no property"}};
    struct Choice {
        std::uint8_t counter = 0;
        friend bool operator==(const Choice&, const Choice&) = default;
    };
    struct Undo {};

    template <class Visit>
    void choices(Visit&& visit) const {
        for (std::uint8_t i = 0; i < values_.size(); ++i)
            if (values_[i] < most) visit(Choice{i});
    }
    Undo apply(const Choice& choice) { return ++values_[choice.counter], Undo{}; }
    void undo(const Choice& choice, Undo) { --values_[choice.counter]; }
    [[nodiscard]] std::uint64_t fingerprint() const {
        std::uint64_t all = 0;
        for (const int value : values_) all = all * (most + 1) + static_cast<std::uint64_t>(value);
        return mixed(all + 1);
    }
    [[nodiscard]] std::uint32_t broken() const { return 0; }
    [[nodiscard]] Footprint footprint(const Choice& choice) const {
        return {.reads = 1u << choice.counter, .writes = 1u << choice.counter, .adds = 0};
    }
    [[nodiscard]] std::string describe(const Choice&) const { return "increase"; }
    [[nodiscard]] std::vector<Variable> variables() const { return {}; }

  private:
    static constexpr int most = 4;
    std::array<int, 5> values_{};
};

TEST(Reduction, EntersEachStateOfIndependentCountersOnce) {
    for (const Order order : {Order::Breadth, Order::Depth}) {
        const Report report = search(Counters(), {.order = order});
        EXPECT_EQ(report.states, 3125U);
        EXPECT_EQ(report.generated, 1U + 5 * 4 * 625);
        EXPECT_EQ(report.taken, 3124U);
    }
}

TEST(Footprints, CommuteUnlessOneSeesTheOther) {
    EXPECT_TRUE(commute({.reads = 1}, {.reads = 1}));
    EXPECT_TRUE(commute({.adds = 1}, {.adds = 1}));
    EXPECT_TRUE(commute({.reads = 1, .writes = 2, .adds = 4}, {.reads = 1, .writes = 8, .adds = 4}));
    for (const Footprint& other : {Footprint{.reads = 1}, Footprint{.writes = 1}, Footprint{.adds = 1}}) {
        EXPECT_FALSE(commute({.writes = 1}, other));
        EXPECT_FALSE(commute(other, {.writes = 1}));
    }
    EXPECT_FALSE(commute({.reads = 1}, {.adds = 1}));
    EXPECT_FALSE(commute({.adds = 1}, {.reads = 1}));
}

}  // namespace
}  // namespace interlock::analyzer::engine
