// Observations: what runs tell about the code. A comparison that a run meets shows both of its operands; if one is what
// the caller chose, the other is a value worth choosing (input-to-state correspondence; Aschermann et al., "REDQUEEN",
// NDSS 2019). The same tracer counts the branches that were taken.
#pragma once

#include <map>
#include <set>
#include <unordered_set>
#include <vector>

#include "analyzer/explorer/lessons.hpp"
#include "analyzer/explorer/mending.hpp"
#include "analyzer/explorer/plan.hpp"
#include "analyzer/explorer/signatures.hpp"
#include "vm/tracer.hpp"

namespace interlock::analyzer {

// Returns whether the word may be a hash rather than an address.
[[nodiscard]] inline bool is_hash(const vm::Word& value) { return vm::bit_length(value) > 200; }

// Returns whether the word may be an amount or a count rather than a mask or a hash.
[[nodiscard]] inline bool is_amount(const vm::Word& value) { return vm::bit_length(value) <= 128; }

// A number in a call that its caller chooses.
struct ChosenNumber {
    DeployedIndex contract{};
    std::uint32_t function = 0;
    std::uint32_t position = 0;  // of the argument; `of_value`: the ether that is sent along
    static constexpr std::uint32_t of_value = 0xffffffff;
    friend auto operator<=>(const ChosenNumber&, const ChosenNumber&) = default;
};

class Observations final : public vm::Tracer {
  public:
    [[nodiscard]] vm::OpcodeSet wanted() const override;
    [[nodiscard]] bool wants_cost() const override { return false; }
    void on_instruction(const vm::TracePoint& point) override;
    void on_enter(const vm::Message& message) override;

    // Forgets the comparisons of the last run; branches and lessons stay.
    void begin_run() {
        comparisons_.clear();
        equations_.clear();
        met_.clear();
        length_ = 0;
        path_ = 0;
        asked_.reset();
    }
    // Returns the last signature that the run asked about, if it did, and what it compared words with.
    [[nodiscard]] const std::optional<AskedSignature>& asked_signature() const { return asked_; }
    [[nodiscard]] std::vector<vm::Word> compared_words() const;
    // Returns where the run since begin_run() failed, which the call began, and what may get further.
    [[nodiscard]] Failure failure_of(const Call& call) const;
    // Returns the words like hashes that were compared with zero since begin_run().
    [[nodiscard]] std::vector<vm::Word> compared_with_zero() const;
    [[nodiscard]] std::uint64_t last_place() const { return place_; }  // the last branch that was taken
    // Returns the amounts that the run compared last, each with the other.
    [[nodiscard]] std::vector<Mismatch> compared_amounts() const;
    void count_branches(bool on) { counts_branches_ = on; }
    // Draws lessons from the comparisons since begin_run(), in which the call took part. Returns whether there are new ones.
    bool learn(const Call& call, std::uint64_t timestamp, std::uint64_t block_number, bool failed);

    [[nodiscard]] const std::vector<vm::Word>& lessons(const ChosenNumber& number) const;
    // Notes whether the ether that was sent along is just what it was compared with: more may be needed. The call was the
    // only one of the run.
    void learn_threshold(const Call& call);
    [[nodiscard]] bool just_meets(const ChosenNumber& value) const { return just_met_.contains(value); }
    // Draws lessons from the comparisons for what the attacker returned when she was called with this selector.
    void learn_answer(std::uint32_t selector, vm::ByteView answer);
    [[nodiscard]] const std::set<vm::Word>& answers(std::uint32_t selector) const;   // first words worth returning
    [[nodiscard]] const std::set<std::uint64_t>& times() const { return times_; }    // seconds; worth waiting for
    [[nodiscard]] const std::set<std::uint64_t>& blocks() const { return blocks_; }  // numbers; worth waiting for
    // Words like hashes that a run which failed compared with something else, in the order in which they were met.
    [[nodiscard]] const std::vector<vm::Word>& hashes() const { return hashes_; }
    [[nodiscard]] bool reads_time() const { return reads_time_; }            // or the number of the block
    [[nodiscard]] std::size_t branches() const { return branches_.size(); }  // sides of conditional jumps that were taken
    [[nodiscard]] bool has_taken(const vm::Address& code, std::uint64_t pc, bool jumps) const;
    [[nodiscard]] std::uint64_t version() const { return version_; }  // grows with the lessons

  private:
    void learn_number(const ChosenNumber& number, const vm::Word& chosen, bool failed);

    struct Comparison {
        vm::Word a, b;
        bool is_equation = false;
    };
    void note(const vm::Word& a, const vm::Word& b, bool is_equation);

    struct Difference {
        vm::Word a, b, result;
        std::uint32_t pc = 0;
    };
    [[nodiscard]] std::vector<vm::Word> worth_choosing_for(const vm::Word& chosen, std::size_t most) const;

    Difference difference_;    // the last one that was computed
    std::uint64_t place_ = 0;  // the last branch of the run
    std::size_t length_ = 0;   // branches of the run
    std::uint64_t path_ = 0;   // a hash of them
    std::optional<AskedSignature> asked_;
    std::vector<Comparison> comparisons_;  // of amounts
    std::vector<Comparison> equations_;    // of words that are no amounts
    std::vector<vm::Word> met_;            // amounts that were compared with themselves
    std::set<ChosenNumber> just_met_;
    std::map<ChosenNumber, Lessons> lessons_;
    std::map<std::uint32_t, std::set<vm::Word>> answers_;
    std::set<std::uint64_t> times_, blocks_;
    std::vector<vm::Word> hashes_;
    std::unordered_set<std::uint64_t> branches_;
    std::uint64_t version_ = 0;
    bool reads_time_ = false, reads_number_ = false, counts_branches_ = true;
};

}  // namespace interlock::analyzer
