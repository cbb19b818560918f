// interlock_jit_compiler: answers questions for native code on its standard input (compiler_process.hpp), one after
// another, until the input ends. It limits itself, and dies with who started it.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>

#include "vm/jit/compiler_process.hpp"
#include "vm/jit/module.hpp"

using namespace interlock::vm;

namespace {

constexpr std::size_t max_code_bytes = 1 << 20;
constexpr rlim_t max_memory_bytes = rlim_t{3} << 30;
constexpr rlim_t max_seconds = 30;  // of processor time for one question

#if defined(__SANITIZE_ADDRESS__)
constexpr bool is_sanitized = true;
#elif defined(__has_feature)
constexpr bool is_sanitized = __has_feature(address_sanitizer);
#else
constexpr bool is_sanitized = false;
#endif

void limit(decltype(RLIMIT_CPU) resource, rlim_t most) {
    const rlimit both{most, RLIM_INFINITY};
    static_cast<void>(setrlimit(resource, &both));
}

void limit_this_question() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    limit(RLIMIT_CPU, static_cast<rlim_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + max_seconds);
}

bool receive(void* to, std::size_t size) {
    for (auto* at = static_cast<char*>(to); size > 0;) {
        const ssize_t got = read(STDIN_FILENO, at, size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        at += got, size -= static_cast<std::size_t>(got);
    }
    return true;
}

bool send(const void* from, std::size_t size) {
    for (const auto* at = static_cast<const char*>(from); size > 0;) {
        const ssize_t put = write(STDOUT_FILENO, at, size);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        at += put, size -= static_cast<std::size_t>(put);
    }
    return true;
}

}  // namespace

int main() {
    const pid_t parent = getppid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) return 1;
    limit(RLIMIT_CORE, 0);
    if (!is_sanitized) limit(RLIMIT_AS, max_memory_bytes);
    static_cast<void>(setpriority(PRIO_PROCESS, 0, 10));
    CompilerQuestion question;
    while (receive(&question, sizeof question)) {
        if (question.code_bytes > max_code_bytes || question.fork >= fork_count) return 1;
        Bytes bytes(question.code_bytes);
        if (!receive(bytes.data(), bytes.size())) return 1;
        limit_this_question();
        const Bytes answer = compile_to_bytes(Code(bytes), Fork(question.fork));
        const std::uint64_t size = answer.size();
        if (!send(&size, sizeof size) || !send(answer.data(), size)) return 1;
    }
}
