// The transactions of a block, executed by all processors, with the results of one.
//
// Transactions are taken in windows. All of a window are executed as speculations on the state in front of it, in any order
// and by whoever has time; then, in the block's order, each is accepted if what it read is still as it was, and executed
// once more on the state itself if not. Windows grow while speculations hold. Where many do not, the rest of the block is
// executed one after another: a block in which each transaction needs the one before takes hardly longer than without.
// (After Block-STM, Gelashvili et al. 2022, whose multi-version memory would cost more here than a transfer takes.)
#pragma once

#include <atomic>

#include "chain/crew.hpp"
#include "chain/speculation.hpp"

namespace interlock::chain {

// Where blocks use several processors: where they are large enough, everywhere (for tests: windows of everything, never
// given up), or nowhere. The environment variable INTERLOCK_PARALLEL (always, never, auto) sets it for a process.
enum class ParallelBlocks : std::uint8_t { Auto, Always, Never };
void set_parallel_blocks(ParallelBlocks);

class ParallelTransactions {
  public:
    // Whether so many transactions should be executed by this class. They are `few` if one thread is done with them before
    // others have woken up.
    static constexpr std::size_t few = 96;
    [[nodiscard]] static bool are_worthwhile(std::size_t transactions, std::size_t few = ParallelTransactions::few);
    [[nodiscard]] static bool are_forced();

    // All four must outlive this. Helpers follow the trail while speculations are accepted.
    ParallelTransactions(State& state, std::span<const Transaction> transactions, Crew& crew, Trail& trail);
    ~ParallelTransactions();
    ParallelTransactions(const ParallelTransactions&) = delete;
    ParallelTransactions& operator=(const ParallelTransactions&) = delete;

    // What came of a transaction: an accepted speculation, for the moment, whose results are in its book until this object
    // ends; or, where that is null, a result.
    struct Done {
        const Speculation* speculation = nullptr;
        Result result;
    };
    // Executes the next transaction, as `execute` does. After the last one, and after one that was refused, `settle` must
    // be called before anybody looks at the state.
    [[nodiscard]] Done next();
    void settle();  // pays the block's producer what is owed

    // Whether the next ones will be speculated at all: otherwise they may as well be executed without this class.
    [[nodiscard]] bool speculates() const { return speculates_ || next_ < end_; }
    [[nodiscard]] std::size_t reexecuted() const { return reexecuted_; }  // speculations that did not hold

  private:
    void speculate();
    void speculate_some(std::size_t worker);
    void prefetch(std::size_t transaction) const;
    [[nodiscard]] std::size_t end_of_window() const;
    void judge_window();
    [[nodiscard]] const Speculation* made_of(std::size_t transaction) const;  // null if it was not speculated
    [[nodiscard]] Done accept_or_execute(std::size_t transaction);
    [[nodiscard]] bool accept(const Speculation&);
    void owe(const Speculation&);

    State& state_;
    const std::span<const Transaction> transactions_;
    Crew& crew_;
    Trail& trail_;
    struct Space;
    Space& space_;                                // what is kept from block to block
    std::size_t next_ = 0, begin_ = 0, end_ = 0;  // the window is from `begin_` to `end_`
    std::size_t window_size_, failed_ = 0, reexecuted_ = 0;
    bool speculates_ = true;
    std::uint64_t wasted_gas_ = 0;                     // by speculations that did not hold
    Word owed_;                                        // wei, to the block's producer
    alignas(128) std::atomic<std::size_t> taken_ = 0;  // what everybody writes lies apart from what everybody reads
};

}  // namespace interlock::chain
