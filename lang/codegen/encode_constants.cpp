#include "lang/codegen/encode_constants.hpp"

#include <optional>

namespace interlock::lang::codegen {

namespace {

using vm::all_ones;
using enum vm::Opcode;

constexpr std::uint64_t instruction_gas = 3, push_zero_gas = 2;

// Instructions that leave one word; what is pushed is an item of its own kind.
class Recipe {
  public:
    [[nodiscard]] static Recipe direct(const Word& word) {
        Recipe recipe;
        recipe.steps_.push_back({.is_push = true, .word = word});
        recipe.gas_ = word.is_zero() ? push_zero_gas : instruction_gas;
        recipe.bytes_ = 1 + vm::byte_length(word);
        return recipe;
    }

    Recipe& push(const Word& word) {
        const Recipe more = direct(word);
        steps_.push_back(more.steps_.front());
        gas_ += more.gas_;
        bytes_ += more.bytes_;
        return *this;
    }
    Recipe& op(Opcode op) {
        steps_.push_back({.op = op});
        gas_ += instruction_gas;
        bytes_ += 1;
        return *this;
    }

    [[nodiscard]] std::uint64_t cost(const CostModel& model, bool is_cold) const { return model.of(gas_, bytes_, is_cold); }

    void append_to(std::vector<Item>& items, Assembly& assembly, const SourceRange& range) const {
        for (const Step& step : steps_)
            items.push_back(step.is_push
                                ? Item{.kind = Item::Kind::Push, .index = assembly.add_word(step.word), .range = range}
                                : Item{.kind = Item::Kind::Op, .op = step.op, .range = range});
    }

  private:
    struct Step {
        bool is_push = false;
        Opcode op = STOP;
        Word word;
    };
    std::vector<Step> steps_;
    std::uint64_t gas_ = 0, bytes_ = 0;
};

unsigned trailing_zeros(const Word& word) {
    unsigned bits = 0;
    while (bits < 255 && ((word >> bits).low64() & 1) == 0) ++bits;
    return bits;
}

// k, where the word is 2^k - 1 with 0 < k < 256.
std::optional<unsigned> ones_of(const Word& word) {
    if (word.is_zero() || word == all_ones || !(word & (word + Word(1))).is_zero()) return std::nullopt;
    return trailing_zeros(~word);
}

class Encoder {
  public:
    explicit Encoder(const CostModel& model) : model_(model) {}

    [[nodiscard]] Recipe cheapest(const Word& word, bool is_cold) const {
        Recipe best = Recipe::direct(word);
        if (vm::byte_length(word) < shortest_worth_it) return best;
        const auto consider = [&](const Recipe& other) {
            if (other.cost(model_, is_cold) < best.cost(model_, is_cold)) best = other;
        };
        consider(Recipe::direct(~word).op(NOT));
        if (const auto bits = ones_of(word)) consider(Recipe::direct(Word()).op(NOT).push(Word(256 - *bits)).op(SHR));
        if (const auto bits = ones_of(~word)) consider(Recipe::direct(Word()).op(NOT).push(Word(*bits)).op(SHL));
        if (const unsigned zeros = trailing_zeros(word); zeros > 0) {
            const Word shifted = word >> zeros;
            consider(Recipe::direct(shifted).push(Word(zeros)).op(SHL));
            if (const auto bits = ones_of(shifted))
                consider(Recipe::direct(Word()).op(NOT).push(Word(256 - *bits)).op(SHR).push(Word(zeros)).op(SHL));
        }
        return best;
    }

    // Of a constant and an AND: what does the same to the word below.
    [[nodiscard]] std::optional<Recipe> shifts_for_mask(const Word& mask, bool is_cold) const {
        const auto low = ones_of(mask), high = ones_of(~mask);
        if (!low && !high) return std::nullopt;
        const Word bits(low ? 256 - *low : *high);
        const Recipe shifts =
            low ? Recipe().push(bits).op(SHL).push(bits).op(SHR) : Recipe().push(bits).op(SHR).push(bits).op(SHL);
        Recipe with_mask = cheapest(mask, is_cold);
        if (shifts.cost(model_, is_cold) >= with_mask.op(AND).cost(model_, is_cold)) return std::nullopt;
        return shifts;
    }

  private:
    static constexpr std::size_t shortest_worth_it = 5;  // bytes; nothing is shorter than four, with its instructions
    const CostModel& model_;
};

}  // namespace

void encode_constants(Assembly& assembly, const CostModel& cost) {
    const std::vector<bool> cold = find_cold_items(assembly);
    const Encoder encoder(cost);
    std::vector<Item> items, made;
    items.swap(assembly.items);
    made.reserve(items.size() + items.size() / 8);
    for (std::size_t i = 0; i < items.size(); ++i) {
        const Item& item = items[i];
        if (!item.is(Item::Kind::Push)) {
            made.push_back(item);
            continue;
        }
        const Word word = assembly.words[item.index];
        if (i + 1 < items.size() && items[i + 1].is(AND)) {
            if (const auto shifts = encoder.shifts_for_mask(word, cold[i])) {
                shifts->append_to(made, assembly, item.range);
                ++i;
                continue;
            }
        }
        encoder.cheapest(word, cold[i]).append_to(made, assembly, item.range);
    }
    assembly.items = std::move(made);
}

}  // namespace interlock::lang::codegen
