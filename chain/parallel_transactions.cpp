#include "chain/parallel_transactions.hpp"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <string_view>

namespace interlock::chain {
namespace {

constexpr std::size_t first_window = 8, largest_window = 512, growth = 8;
constexpr std::size_t portion = 16;  // that a worker takes at once

std::atomic<ParallelBlocks> parallel_blocks = [] {
    const char* const chosen = std::getenv("INTERLOCK_PARALLEL");
    const std::string_view word = chosen == nullptr ? "" : chosen;
    return word == "always" ? ParallelBlocks::Always : word == "never" ? ParallelBlocks::Never : ParallelBlocks::Auto;
}();

// Whether nobody among these pays who had a part in a transaction before. What contracts do is not known yet.
bool begin_independently(std::span<const Transaction> transactions) {
    for (std::size_t at = 1; at < transactions.size(); ++at)
        for (const Transaction& before : transactions.first(at))
            if (transactions[at].sender == before.sender || transactions[at].sender == before.to) return false;
    return true;
}

}  // namespace

// Who has the crew has this, too. Allocating it anew would cost each block a good part of what is gained.
struct ParallelTransactions::Space {
    struct alignas(128) Worker {
        StateView view;
        SpeculationBook book;
        bool is_attached = false;
    };
    struct Place {
        const Worker* worker = nullptr;
        std::size_t number = 0;  // in the worker's book
    };
    std::deque<Worker> workers;
    std::vector<Place> window;

    static Space& of_the_crew(std::size_t workers) {
        static Space space;
        while (space.workers.size() < workers) space.workers.emplace_back();
        for (Worker& worker : space.workers) worker.is_attached = false;
        return space;
    }
};

void set_parallel_blocks(ParallelBlocks chosen) { parallel_blocks = chosen; }

bool ParallelTransactions::are_forced() { return parallel_blocks.load(std::memory_order_relaxed) == ParallelBlocks::Always; }

bool ParallelTransactions::are_worthwhile(std::size_t transactions, std::size_t few) {
    const ParallelBlocks chosen = parallel_blocks.load(std::memory_order_relaxed);
    if (chosen == ParallelBlocks::Auto) return transactions >= few && std::thread::hardware_concurrency() > 1;
    return chosen == ParallelBlocks::Always && transactions > 0;
}

ParallelTransactions::ParallelTransactions(State& state, std::span<const Transaction> transactions, Crew& crew, Trail& trail)
    : state_(state),
      transactions_(transactions),
      crew_(crew),
      trail_(trail),
      space_(Space::of_the_crew(crew.workers())),
      window_size_(are_forced() ? transactions.size() : first_window) {
    if (begin_independently(transactions.first(std::min(transactions.size(), first_window)))) crew.rouse();
}

ParallelTransactions::~ParallelTransactions() = default;

// A transaction may find another state than it would have in its turn, and spend all the gas that it may. So the gas of a
// window is bounded by a block's.
std::size_t ParallelTransactions::end_of_window() const {
    const std::size_t last = std::min(transactions_.size(), next_ + window_size_);
    std::uint64_t gas_left = state_.block().gas_limit;
    std::size_t end = next_;
    while (end < last && transactions_[end].gas_limit <= gas_left) gas_left -= transactions_[end++].gas_limit;
    return end;
}

void ParallelTransactions::speculate_some(std::size_t number) {
    Space::Worker& worker = space_.workers[number];
    if (!worker.is_attached) {
        worker.view.attach(state_);
        worker.book.clear();
        worker.is_attached = true;
    }
    const std::size_t share = are_forced() ? 1 : portion;
    for (std::size_t from = taken_.fetch_add(share); from < end_; from = taken_.fetch_add(share)) {
        const std::size_t to = std::min(from + share, end_);
        worker.view.prefetch(transactions_.subspan(from, to - from));
        for (std::size_t at = from; at < to; ++at) {
            worker.view.speculate(transactions_[at], worker.book);
            space_.window[at - begin_] = {&worker, worker.book.made.size() - 1};
        }
    }
}

void ParallelTransactions::speculate() {
    settle();
    begin_ = next_;
    end_ = end_of_window();
    failed_ = 0;
    if (begin_ == end_) return;
    space_.window.assign(end_ - begin_, {});
    taken_.store(begin_);
    const std::function<void(std::size_t)> job = [this](std::size_t worker) {
        try {
            speculate_some(worker);
        } catch (...) {  // what was not speculated will be executed in its turn
        }
    };
    if (begin_ == 0 && !are_forced()) return job(0);  // nobody is woken before it is known that there is work for him
    crew_.open(job);
    job(0);
    crew_.close();
}

const Speculation* ParallelTransactions::made_of(std::size_t transaction) const {
    if (transaction >= end_) return nullptr;
    const Space::Place& place = space_.window[transaction - begin_];
    return place.worker == nullptr ? nullptr : &place.worker->book.made[place.number];
}

// Has the processor fetch what the next transactions' acceptance will look at: what they are, then what is behind that.
void ParallelTransactions::prefetch(std::size_t transaction) const {
    constexpr std::size_t far = 6, near = 3;
    asm volatile("");  // see FlatTable
    if (const Speculation* const made = made_of(transaction + far)) __builtin_prefetch(made);
    if (const Speculation* const made = made_of(transaction + near)) state_.prefetch(*made);
}

void ParallelTransactions::settle() {
    if (owed_.is_zero()) return;
    state_.pay_producer(owed_);
    owed_ = {};
}

// A fee of nothing touches the producer's account, too, which matters where that is empty.
void ParallelTransactions::owe(const Speculation& made) {
    if (!made.pays_producer) return;
    owed_ += made.fee;
    if (!owed_.is_zero() || !state_.is_empty(state_.block().coinbase)) return;
    state_.begin_transaction({});
    state_.pay_producer({});
    state_.end_transaction();
}

bool ParallelTransactions::accept(const Speculation& made) {
    if (!made.pays_producer) settle();  // it may have looked at the producer's account
    if (!state_.holds(made)) return false;
    state_.apply(made);
    owe(made);
    return true;
}

// Where more than a third must be executed once more, they had better be executed once. And nobody may have much more
// executed than a block has gas for.
void ParallelTransactions::judge_window() {
    const std::size_t size = end_ - begin_;
    const bool pays = 3 * failed_ <= size && wasted_gas_ <= state_.block().gas_limit / 4;
    speculates_ = are_forced() || pays;
    if (8 * failed_ <= size) window_size_ = std::min(growth * window_size_, largest_window);
}

ParallelTransactions::Done ParallelTransactions::next() {
    if (speculates_ && next_ == end_) {
        trail_.close();
        speculate();
        if (begin_ != 0) trail_.open();
    }
    const std::size_t at = next_++;
    if (at >= end_) {  // it may spend more gas than a window has, or nothing is speculated any more
        settle();
        end_ = begin_ = next_;
        return {nullptr, execute(state_, transactions_[at])};
    }
    Done done = accept_or_execute(at);
    if (next_ == end_) judge_window();
    return done;
}

ParallelTransactions::Done ParallelTransactions::accept_or_execute(std::size_t at) {
    prefetch(at);
    if (const Speculation* const made = made_of(at)) {
        if (accept(*made)) return {made, {}};
        wasted_gas_ += made->gas_used;
    }
    ++failed_;
    ++reexecuted_;
    settle();
    return {nullptr, execute(state_, transactions_[at])};
}

}  // namespace interlock::chain
