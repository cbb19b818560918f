#include "chain/crew.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace interlock::chain {
namespace {

constexpr unsigned most_helpers = 7;
constexpr int patience = 1'000;  // so often somebody looks before letting others have the processor

constexpr std::size_t portion_of_trail = 8;

void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#else
    std::this_thread::yield();
#endif
}

std::mutex& possession() {
    static std::mutex mutex;
    return mutex;
}

}  // namespace

Crew::Crew(std::size_t helpers) {
    helpers_.reserve(helpers);
    for (std::size_t worker = 1; worker <= helpers; ++worker) helpers_.emplace_back([this, worker] { help(worker); });
}

Crew::~Crew() {
    ends_ = true;
    gate_ += once;
    gate_.notify_all();
    for (std::thread& helper : helpers_) helper.join();
}

void Crew::rouse() {
    if (asleep_.load() == 0) return;
    gate_ += once;
    gate_.notify_all();
}

void Crew::open(const std::function<void(std::size_t)>& job) {
    assert((gate_ & (is_open | inside)) == 0);
    job_ = &job;
    gate_.store((gate_.load(std::memory_order_relaxed) + once) | is_open);
    if (asleep_.load() != 0) gate_.notify_all();
}

void Crew::close() {
    std::uint64_t gate = gate_.fetch_and(~is_open) & ~is_open;
    for (int looks = 0; (gate & inside) != 0; gate = gate_.load()) {
        if (++looks < patience) pause();
        else std::this_thread::yield();
    }
}

void Trail::open() {
    if (is_open_ || crew_.workers() == 1) return;
    is_open_ = true;
    is_over_ = false;
    crew_.open(job_);
}

void Trail::close() {
    if (!std::exchange(is_open_, false)) return;
    is_over_ = true;
    crew_.close();
}

void Trail::finish() {
    close();
    ready_ = grown_;
    if (ready_ - taken_ > portion_of_trail) open();
    follow(true);
    close();
}

void Trail::follow(bool to_the_end) {
    std::size_t from = taken_.load();
    while (!is_over_.load(std::memory_order_relaxed) || to_the_end) {
        const std::size_t ready = ready_.load(std::memory_order_acquire), to = std::min(from + portion_of_trail, ready);
        if (from >= ready) {
            if (to_the_end) return;
            pause();
            from = taken_.load();
        } else if (taken_.compare_exchange_weak(from, to)) {
            for (; from < to; ++from) work_(from);
        }
    }
}

// Nobody wakes up for one who comes in or goes out: sleepers would wake for nothing.
std::uint64_t Crew::wait_for_change(std::uint64_t known) {
    std::uint64_t gate = gate_.load();
    for (int looks = 0; gate == known && (looks < patience || is_hired_.load(std::memory_order_relaxed));
         gate = gate_.load()) {
        if (++looks % patience == 0) std::this_thread::yield();
        else pause();
    }
    if (gate != known) return gate;
    ++asleep_;
    gate_.wait(known);
    --asleep_;
    return gate_.load();
}

void Crew::help(std::size_t worker) {
    std::uint64_t done = 0, gate = gate_.load();
    while (!ends_.load()) {
        const bool is_new = (gate & is_open) != 0 && gate / once != done;
        if (!is_new) {
            gate = wait_for_change(gate);
        } else if (gate_.compare_exchange_weak(gate, gate + 1)) {
            done = gate / once;
            (*job_)(worker);
            gate = gate_.fetch_sub(1) - 1;
        }
    }
}

void Crew::GiveBack::operator()(Crew* crew) const {
    crew->is_hired_ = false;
    possession().unlock();
}

Crew::Lease Crew::hire(bool waits) {
    if (waits) possession().lock();
    else if (!possession().try_lock()) return nullptr;
    static Crew crew(std::min(std::max(std::thread::hardware_concurrency(), 1u) - 1, most_helpers));
    crew.is_hired_ = true;
    return Lease(&crew);
}

}  // namespace interlock::chain
