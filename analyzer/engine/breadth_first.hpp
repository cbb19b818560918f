// The search in breadth order, level by level.
//
// No state is stored: a level is a list of choices, each with its parent in the level before. To expand a state a model
// goes there, back to the last common ancestor and down again. Neighbours in a level have most of their paths in common,
// so this is a step or two for each.
//
// Several threads take the states of a level in chunks. Each has a model of its own and writes a part of the next level;
// the fingerprints are shared. Which of several shortest paths to a state is kept is then a matter of chance, therefore
// traces come from a second search by one thread, which ends as soon as it has them.
#pragma once

#include <algorithm>
#include <atomic>
#include <barrier>
#include <bit>
#include <deque>
#include <exception>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <utility>

#include "analyzer/engine/fingerprint_table.hpp"
#include "analyzer/engine/report.hpp"
#include "analyzer/engine/sleep_sets.hpp"

namespace interlock::analyzer::engine {

template <Model M>
class BreadthFirst {
  public:
    using Choice = typename M::Choice;

    // Ends as soon as all properties of `wanted` (a mask) are known to be false; zero: not before the last state.
    BreadthFirst(const M& start, const Options& options, std::uint32_t wanted = 0)
        : start_(start),
          options_(options),
          wanted_(wanted),
          is_shared_(options.threads > 1),
          is_reduced_(Reducible<M> && options.is_reduced && !is_shared_),
          table_(is_shared_ ? shared_capacity : FingerprintTable::least_capacity) {}

    Report run() {
        std::deque<Worker> workers;  // whose elements stay where they are
        for (unsigned i = 0; i < options_.threads; ++i) workers.emplace_back(*this, start_);
        workers.front().begin();
        expand_levels(workers);
        for (Worker& worker : workers) {
            if (worker.failure) std::rethrow_exception(worker.failure);
            report_.generated += worker.generated;
            report_.taken += worker.taken;
        }
        report_.states = states_;
        report_.end = end_;
        report_.table_bytes = table_.bytes();
        report_.other_bytes = sleep_sets_.bytes();
        for (const Level& level : levels_) report_.other_bytes += level.capacity() * sizeof(Node);
        return std::move(report_);
    }

  private:
    // A state, as a way to it: a choice in the state with index `parent` of the level before.
    struct Node {
        std::uint32_t parent;
        Choice choice;
    };
    using Level = std::vector<Node>;

    struct Found {
        std::size_t property, node;  // in the level that is expanded
    };

    static constexpr std::size_t chunk = 64;                  // states that a thread takes at a time
    static constexpr std::size_t shared_capacity = 1u << 16;  // leaves room for what is not counted yet:
    static constexpr std::uint64_t most_uncounted = 32;       // new states of one thread
    static constexpr std::size_t cache_line = 64;

    class alignas(cache_line) Worker {
      public:
        Worker(BreadthFirst& search, const M& start) : search_(search), model_(start), path_{0} {}

        void begin() {
            generated = 1;
            (void)is_new(model_.fingerprint());
            next.push_back({});
            plans.emplace_back();
        }

        // Expands states of the last level until there are none left.
        void expand_chunks() noexcept try {
            std::shared_lock lock(search_.table_in_use_);
            lock_ = &lock;
            const std::size_t size = search_.levels_.back().size();
            while (!search_.is_stopped()) {
                const std::size_t first = search_.next_node_.fetch_add(chunk);
                if (first >= size) break;
                for (std::size_t i = first; i < std::min(first + chunk, size) && !search_.stop_; ++i) expand(i);
            }
            search_.states_ += std::exchange(uncounted_, 0);
        } catch (...) {
            failure = std::current_exception();
            search_.stop_ = true;
        }

        Level next;
        std::vector<Plan> plans;   // of the states in `next`; kept only with reduction
        bool is_deeper = false;    // one of them is new
        std::vector<Found> found;  // properties that are false in the level that is expanded
        std::uint64_t generated = 0, taken = 0;
        std::exception_ptr failure;

      private:
        void expand(std::size_t node) {
            go_to(static_cast<std::uint32_t>(node));
            choices_.clear();
            model_.choices([this](const Choice& choice) { choices_.push_back(choice); });
            const Plan plan = search_.is_reduced_ ? search_.plans_[node] : Plan{};
            if (plan.is_first) judge(node);
            if constexpr (Reducible<M>)
                if (search_.is_reduced_ && is_worth_it(left_out_, taken)) return follow_reduced(node, plan);
            follow(node, plan);
        }

        // The table's memory is slow: it is asked for all fingerprints before the first is looked up.
        void follow(std::size_t node, const Plan& plan) {
            successors_.clear();
            for (std::size_t i = 0; i < choices_.size(); ++i) {
                if (!is_to_be_taken(i, plan)) continue;
                const typename M::Undo undo = model_.apply(choices_[i]);
                successors_.push_back({model_.fingerprint(), i});
                model_.undo(choices_[i], undo);
                search_.table_.prefetch(successors_.back().fingerprint);
            }
            for (const auto& [fingerprint, i] : successors_)
                if (is_new(fingerprint)) add(node, choices_[i], {});
                else if (search_.is_reduced_) wake(node, choices_[i], fingerprint, 0);
        }

        void follow_reduced(std::size_t node, Plan plan) requires Reducible<M> {
            footprints_.clear();
            for (const Choice& choice : choices_) footprints_.push_back(model_.footprint(choice));
            for (std::size_t i = 0; i < choices_.size(); ++i) {
                if (!is_to_be_taken(i, plan)) continue;
                sleepers_behind<Choice>(i, choices_, footprints_, plan.asleep, sleeping_);
                plan.asleep = with(plan.asleep, i);
                const typename M::Undo undo = model_.apply(choices_[i]);
                const std::uint64_t fingerprint = model_.fingerprint(), asleep = mask_of(model_, sleeping_);
                model_.undo(choices_[i], undo);
                if (is_new(fingerprint)) add(node, choices_[i], search_.sleep_sets_.first(fingerprint, asleep));
                else wake(node, choices_[i], fingerprint, asleep);
            }
        }

        bool is_to_be_taken(std::size_t choice, const Plan& plan) {
            const bool is_taken = plan.has(choice);
            taken += is_taken;
            left_out_ += !is_taken && plan.is_first;
            left_out_ -= is_taken && !plan.is_first;
            return is_taken;
        }

        void add(std::size_t parent, const Choice& choice, const Plan& plan) {
            next.push_back({static_cast<std::uint32_t>(parent), choice});
            if (search_.is_reduced_) plans.push_back(plan);
        }

        // A known state was reached with these sleepers: others that it has are to be followed now.
        void wake(std::size_t parent, const Choice& choice, std::uint64_t fingerprint, std::uint64_t asleep) {
            if (!search_.sleep_sets_.has_sleepers(fingerprint)) return;
            if (const Plan plan = search_.sleep_sets_.again(fingerprint, asleep); plan.todo != 0) add(parent, choice, plan);
        }

        bool is_new(std::uint64_t fingerprint) {
            if (search_.is_shared_) {
                if (!search_.table_.insert_shared(fingerprint)) return false;
                if (++uncounted_ == most_uncounted) count();
            } else {
                if (!search_.table_.insert(fingerprint)) return false;
                if (search_.states_ == search_.options_.most_states) {
                    search_.stop(End::States);
                    return false;
                }
                search_.states_.store(search_.states_ + 1, std::memory_order_relaxed);
            }
            is_deeper = true;
            return true;
        }

        // The model stands in the state, for the first time.
        void judge(std::size_t node) {
            generated += choices_.size();
            for (std::uint32_t broken = model_.broken() & ~noted_; broken != 0; broken &= broken - 1) {
                noted_ |= broken;
                found.push_back({static_cast<std::size_t>(std::countr_zero(broken)), node});
            }
        }

        // Counts the new states, and lets the table grow once nobody looks at it.
        void count() {
            const std::uint64_t states = search_.states_ += std::exchange(uncounted_, 0);
            if (states > search_.options_.most_states) search_.stop(End::States);
            if (!search_.table_.is_full_with(states)) return;
            lock_->unlock();
            {
                const std::lock_guard alone(search_.table_in_use_);
                search_.table_.grow_for(search_.states_);
            }
            lock_->lock();
        }

        // Leads the model to a state of the last level.
        void go_to(std::uint32_t node) {
            const std::vector<Level>& levels = search_.levels_;
            std::size_t level = levels.size() - 1;
            way_down_.clear();
            for (; level >= path_.size() || path_[level] != node; --level) {
                way_down_.push_back(node);
                node = levels[level][node].parent;
            }
            for (; path_.size() > level + 1; path_.pop_back(), undos_.pop_back())
                model_.undo(levels[path_.size() - 1][path_.back()].choice, undos_.back());
            for (; !way_down_.empty(); way_down_.pop_back()) {
                undos_.push_back(model_.apply(levels[path_.size()][way_down_.back()].choice));
                path_.push_back(way_down_.back());
            }
        }

        BreadthFirst& search_;
        M model_;
        std::vector<std::uint32_t> path_;  // to where the model stands: an index in each level; the first is the start
        std::vector<typename M::Undo> undos_;
        std::vector<std::uint32_t> way_down_;
        std::vector<Choice> choices_, sleeping_;
        struct Successor {
            std::uint64_t fingerprint;
            std::size_t choice;
        };
        std::vector<Successor> successors_;
        std::vector<Footprint> footprints_;
        std::uint64_t uncounted_ = 0, left_out_ = 0;
        std::uint32_t noted_ = 0;  // the properties that were found
        std::shared_lock<std::shared_mutex>* lock_ = nullptr;
    };

    // The threads meet at a gate before each level and behind it.
    void expand_levels(std::deque<Worker>& workers) {
        std::barrier gate(static_cast<std::ptrdiff_t>(workers.size()));
        bool is_over = false;
        std::vector<std::jthread> threads;
        const struct Opening {  // lets the threads go home, also those that were never born
            ~Opening() {
                is_over = true;
                (void)gate.arrive(static_cast<std::ptrdiff_t>(all - threads.size()));
            }
            std::barrier<>& gate;
            bool& is_over;
            std::vector<std::jthread>& threads;
            std::size_t all;
        } opening{gate, is_over, threads, workers.size()};
        for (std::size_t i = 1; i < workers.size(); ++i)
            threads.emplace_back([&gate, &is_over, &worker = workers[i]] {
                while (true) {
                    gate.arrive_and_wait();
                    if (is_over) return;  // set by the first thread while the others wait
                    worker.expand_chunks();
                    gate.arrive_and_wait();
                }
            });
        while (finish_level(workers)) {
            next_node_ = 0;
            gate.arrive_and_wait();
            workers.front().expand_chunks();
            gate.arrive_and_wait();
        }
    }

    // Makes one level of what the workers found; returns whether it is to be expanded.
    bool finish_level(std::deque<Worker>& workers) {
        Level level;
        std::size_t size = 0;
        for (const Worker& worker : workers) size += worker.next.size();
        level.reserve(size);
        plans_.clear();
        bool is_deeper = false;
        for (Worker& worker : workers) {
            for (const Found& found : worker.found) {
                if (broken_ >> found.property & 1) continue;
                broken_ |= std::uint32_t{1} << found.property;
                report_.broken.push_back({found.property, trace_of(start_, path_to(found.node))});
            }
            worker.found.clear();
            is_deeper |= std::exchange(worker.is_deeper, false);
            level.insert(level.end(), worker.next.begin(), worker.next.end());
            worker.next.clear();
            plans_.insert(plans_.end(), worker.plans.begin(), worker.plans.end());
            worker.plans.clear();
        }
        report_.depth += is_deeper;
        levels_.push_back(std::move(level));
        if (is_shared_) grow_between_levels();
        return !stop_ && !levels_.back().empty() && (wanted_ == 0 || (wanted_ & ~broken_) != 0);
    }

    // Where the table will be full before the next level is done, it grows now, since nobody has to wait. (The next level
    // is taken to be to the last as that is to the one before.)
    void grow_between_levels() {
        if (levels_.size() < 2) return;
        const double last = static_cast<double>(levels_.back().size());
        const double expected = last * last / static_cast<double>(levels_[levels_.size() - 2].size());
        const std::uint64_t states = states_;
        if (table_.is_full_with(states + static_cast<std::uint64_t>(expected))) table_.grow_for(table_.most() + 1);
    }

    // The path to a state of the last level.
    std::vector<Choice> path_to(std::size_t node) const {
        std::vector<Choice> path;
        for (std::size_t level = levels_.size() - 1; level > 0; --level) {
            path.push_back(levels_[level][node].choice);
            node = levels_[level][node].parent;
        }
        std::ranges::reverse(path);
        return path;
    }

    void stop(End why) {
        end_ = why;
        stop_ = true;
    }

    bool is_stopped() {
        if (!stop_ && options_.deadline.has_passed())
            stop(options_.deadline.is_interrupted() ? End::Interruption : End::Time);
        return stop_;
    }

    const M& start_;
    const Options& options_;
    const std::uint32_t wanted_;
    const bool is_shared_, is_reduced_;
    FingerprintTable table_;
    std::shared_mutex table_in_use_;  // held alone by who makes it grow
    SleepSets sleep_sets_;
    std::vector<Level> levels_;
    std::vector<Plan> plans_;  // of the last level; kept only with reduction
    std::uint32_t broken_ = 0;
    Report report_;
    std::atomic<bool> stop_ = false;
    std::atomic<End> end_ = End::Complete;
    // What all threads write stands apart from what they read.
    alignas(cache_line) std::atomic<std::size_t> next_node_ = 0;
    alignas(cache_line) std::atomic<std::uint64_t> states_ = 0;
};

template <Model M>
[[nodiscard]] Report search_breadth_first(const M& start, const Options& options) {
    Report report = BreadthFirst<M>(start, options).run();
    if (options.threads == 1 || report.broken.empty()) return report;
    std::uint32_t wanted = 0;
    for (const Broken& broken : report.broken) wanted |= std::uint32_t{1} << broken.property;
    Options alone = options;
    alone.threads = 1;
    Report again = BreadthFirst<M>(start, alone, wanted).run();
    if (again.broken.size() == report.broken.size()) report.broken = std::move(again.broken);
    return report;
}

}  // namespace interlock::analyzer::engine
