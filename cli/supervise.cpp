#include "cli/supervise.hpp"

#include <gmp.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iostream>
#include <new>
#include <string_view>
#include <system_error>

#include "cli/command.hpp"
#include "lang/diagnostics/printable.hpp"

namespace interlock::cli {

namespace {

constexpr std::size_t usual_stack_bytes = std::size_t{8} << 20;
constexpr std::size_t deep_stack_bytes = std::size_t{32} << 20;

// This must neither allocate nor wait for a lock, because the lock's owner may have run out of memory as well.
[[noreturn]] void end_without_memory() {
    constexpr std::string_view line = "interlock: out of memory\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
    ::_exit(exit_resources);
}

// GMP would abort the program if it got no memory.
void* allocate(std::size_t size) {
    void* memory = std::malloc(size);
    if (memory == nullptr) end_without_memory();
    return memory;
}

void* reallocate(void* old, std::size_t, std::size_t size) {
    void* memory = std::realloc(old, size);
    if (memory == nullptr) end_without_memory();
    return memory;
}

void release(void* memory, std::size_t) { std::free(memory); }

// Otherwise threads, also those of libraries, would get the shell's stack limit.
void give_threads_the_usual_stack() {
    pthread_attr_t attributes;
    if (pthread_getattr_default_np(&attributes) != 0) return;
    std::size_t size = 0;
    if (pthread_attr_getstacksize(&attributes, &size) == 0 && size < usual_stack_bytes &&
        pthread_attr_setstacksize(&attributes, usual_stack_bytes) == 0)
        pthread_setattr_default_np(&attributes);
    pthread_attr_destroy(&attributes);
}

// Each thread's heap reserves 64 MB of addresses; if that is refused, malloc tries again at every call.
void share_one_heap_where_addresses_are_few() {
    struct rlimit limit {};
    if (::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) ::mallopt(M_ARENA_MAX, 1);
}

int write_out(int exit) {
    errno = 0;
    std::cout.flush();
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout) return exit;
    std::cerr << "interlock: the output could not be written" << (errno != 0 ? ": " : "")
              << (errno != 0 ? std::strerror(errno) : "") << "\n";
    return exit_output;
}

int run(const std::function<int()>& work) {
    try {
        return write_out(work());
    } catch (const std::bad_alloc&) {
        end_without_memory();
    } catch (const std::system_error& error) {
        if (error.code() == std::errc::not_enough_memory) end_without_memory();
        const bool is_refused = error.code() == std::errc::resource_unavailable_try_again;
        std::cerr << "interlock: " << (is_refused ? "no room for another thread" : lang::printable(error.what())) << "\n";
        return is_refused ? exit_resources : exit_internal;
    } catch (const std::exception& error) {
        std::cerr << "interlock: internal error: " << lang::printable(error.what()) << "\n";
        return exit_internal;
    }
}

struct Job {
    const std::function<int()>* work;
    int exit = exit_internal;
};

void* run_job(void* data) {
    Job& job = *static_cast<Job*>(data);
    job.exit = run(*job.work);
    return nullptr;
}

bool run_on_stack(Job& job, std::size_t bytes) {
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return false;
    pthread_t thread{};
    const bool is_started =
        pthread_attr_setstacksize(&attributes, bytes) == 0 && pthread_create(&thread, &attributes, run_job, &job) == 0;
    pthread_attr_destroy(&attributes);
    return is_started && pthread_join(thread, nullptr) == 0;
}

}  // namespace

int supervise(const std::function<int()>& work) {
    std::set_new_handler(end_without_memory);
    mp_set_memory_functions(allocate, reallocate, release);
    share_one_heap_where_addresses_are_few();
    give_threads_the_usual_stack();
    Job job{&work};
    if (run_on_stack(job, deep_stack_bytes) || run_on_stack(job, usual_stack_bytes)) return job.exit;
    end_without_memory();
}

}  // namespace interlock::cli
