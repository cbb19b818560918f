#include "vm/jit/background.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "vm/jit/compiler_process.hpp"
#include "vm/jit/native_code.hpp"

namespace interlock::vm {
namespace {

constexpr std::size_t most_waiting = 1'000;
constexpr std::chrono::seconds limit{60};  // on a busy machine; the process itself limits its processor time

class Compilations {
  public:
    void add(const std::shared_ptr<const Code>& code, Fork fork) {
        {
            const std::scoped_lock lock(adding_);
            if (waiting_.size() == most_waiting) return;
            waiting_.push_back({code, fork});
        }
        added_.notify_one();
    }

  private:
    struct Job {
        std::weak_ptr<const Code> code;
        Fork fork;
    };

    void work(const std::stop_token& stop) {
        CompilerProcess process(CompilerProcess::program(), limit);
        while (const std::optional<Job> job = next(stop)) {
            const std::shared_ptr<const Code> code = job->code.lock();
            if (code == nullptr) continue;
            const Bytes compiled = process.compile(code->bytes(), job->fork, stop);
            static_cast<void>(code->keep(std::make_unique<NativeCode>(job->fork, compiled, code->size())));
        }
    }

    std::optional<Job> next(const std::stop_token& stop) {
        std::unique_lock lock(adding_);
        if (!added_.wait(lock, stop, [this] { return !waiting_.empty(); })) return {};
        const Job job = waiting_.front();
        waiting_.pop_front();
        return job;
    }

    std::mutex adding_;
    std::condition_variable_any added_;
    std::deque<Job> waiting_;
    std::jthread worker_{[this](const std::stop_token& stop) { work(stop); }};  // last: it uses the others
};

}  // namespace

void compile_in_background(const std::shared_ptr<const Code>& code, Fork fork) {
    if (CompilerProcess::program().empty() || !code->is_first_request(fork)) return;
    static Compilations compilations;
    compilations.add(code, fork);
}

}  // namespace interlock::vm
