// Runs independent pieces of work on several threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

namespace interlock::lang {

// Calls work(0) … work(count - 1), each once, on up to `jobs` threads, of which the caller's is one. The calls must not
// depend on each other. If some throw, the exception of the lowest number is thrown when all calls have ended.
template <class Work>
void in_parallel(std::size_t count, unsigned jobs, Work&& work) {
    std::vector<std::exception_ptr> thrown(count);
    std::atomic<std::size_t> next = 0;
    const auto run = [&] {
        for (std::size_t i = next++; i < count; i = next++) {
            try {
                work(i);
            } catch (...) {
                thrown[i] = std::current_exception();
            }
        }
    };
    {
        std::vector<std::jthread> helpers;
        try {
            while (helpers.size() + 1 < std::min<std::size_t>(jobs, count)) helpers.emplace_back(run);
        } catch (const std::system_error&) {
            // The system provides no further thread. Those that there are do the work.
        }
        run();
    }
    const auto first = std::ranges::find_if(thrown, [](const std::exception_ptr& each) { return each != nullptr; });
    if (first != thrown.end()) std::rethrow_exception(*first);
}

}  // namespace interlock::lang
