// A crew: threads that lend a hand with a job for as long as it is open.
//
// Whoever opens a job works, too. Helpers join when they come to it, and one that comes too late is not waited for. They stay
// awake while somebody has the crew, because one job of a block follows the other, and waking takes as long as fifty
// transfers; they sleep in between.
// There is one crew in a process, and one at a time has it; who does not get it works alone.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace interlock::chain {

class Crew {
  public:
    explicit Crew(std::size_t helpers);
    ~Crew();
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;

    // Wakes those who sleep, for a job that will probably come: see above.
    void rouse();
    // Lets helpers begin with the job, each with its own number from 1 on. It must outlive `close`, and not throw.
    void open(const std::function<void(std::size_t worker)>& job);
    // Nobody begins any more. Returns when everybody is done.
    void close();
    [[nodiscard]] std::size_t workers() const { return helpers_.size() + 1; }  // with whoever opens jobs

    // Whose it is until it is given back; null if somebody else has it, unless one waits for it. On one processor it has no
    // helpers.
    struct GiveBack {
        void operator()(Crew*) const;
    };
    using Lease = std::unique_ptr<Crew, GiveBack>;
    [[nodiscard]] static Lease hire(bool waits = false);

  private:
    // The gate: how often it changed in the upper half, whether it is open in bit 31, how many are inside below.
    static constexpr std::uint64_t is_open = std::uint64_t{1} << 31, inside = is_open - 1, once = is_open << 1;

    void help(std::size_t worker);
    [[nodiscard]] std::uint64_t wait_for_change(std::uint64_t known);

    std::atomic<std::uint64_t> gate_ = 0;
    std::atomic<bool> ends_ = false, is_hired_ = false;
    std::atomic<unsigned> asleep_ = 0;
    const std::function<void(std::size_t)>* job_ = nullptr;
    std::vector<std::thread> helpers_;
};

// Work that becomes ready bit by bit, for helpers to do while somebody makes more of it ready. It must not throw.
class Trail {
  public:
    Trail(Crew& crew, std::function<void(std::size_t)> work) : crew_(crew), work_(std::move(work)) {}
    ~Trail() { close(); }
    Trail(const Trail&) = delete;
    Trail& operator=(const Trail&) = delete;

    void open();   // helpers come and work on what is ready
    void close();  // they go, whatever is left; does nothing if it is not open
    // All numbers below `count` are ready. Helpers are told of many at once: what they look at comes and goes between
    // processors, which takes as long as half a transfer.
    void grow(std::size_t count) {
        if ((grown_ = count) % lump == 0) ready_.store(count, std::memory_order_release);
    }
    // Works on all that is left, with the helpers.
    void finish();

  private:
    void follow(bool to_the_end);

    Crew& crew_;
    const std::function<void(std::size_t)> work_;
    const std::function<void(std::size_t)> job_ = [this](std::size_t) { follow(false); };
    static constexpr std::size_t lump = 128;
    bool is_open_ = false;
    std::size_t grown_ = 0;
    alignas(128) std::atomic<std::size_t> ready_ = 0;
    alignas(128) std::atomic<std::size_t> taken_ = 0;
    alignas(128) std::atomic<bool> is_over_ = false;
};

}  // namespace interlock::chain
