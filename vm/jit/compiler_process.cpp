#include "vm/jit/compiler_process.hpp"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "vm/jit/native_code.hpp"

extern char** environ;

namespace interlock::vm {
namespace {

constexpr int most_jobs = 500;           // after which another process begins with nothing
constexpr int milliseconds_a_wait = 20;  // until somebody looks whether all is to stop

// What is wanted of an object file: twice the code that may be used, and its tables.
constexpr std::uint64_t max_answer_bytes(std::size_t code_bytes) {
    return 4 * NativeCode::max_bytes(code_bytes) + (1 << 20);
}

}  // namespace

const std::filesystem::path& CompilerProcess::program() {
    static const std::filesystem::path found = [] {
        std::error_code error;
        const std::filesystem::path here = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
        for (const char* const place : {".", "../libexec/interlock", "../vm/jit", "../../vm/jit"}) {
            const std::filesystem::path path = here / place / "interlock_jit_compiler";
            if (std::filesystem::exists(path, error)) return path;
        }
        return std::filesystem::path();
    }();
    return found;
}

Bytes CompilerProcess::compile(ByteView code, Fork fork, const std::stop_token& stop) {
    if (jobs_++ == most_jobs) end();
    if (!begin()) return {};
    const Wait wait{std::chrono::steady_clock::now() + limit_, stop};
    const CompilerQuestion question{static_cast<std::uint32_t>(fork), static_cast<std::uint32_t>(code.size())};
    const auto bytes_of = [](auto& value) { return std::span(reinterpret_cast<std::uint8_t*>(&value), sizeof value); };
    CompilerQuestion copy = question;
    std::uint64_t size = 0;
    Bytes answer;
    bool is_whole = send(bytes_of(copy), wait) && send(code, wait) && receive(bytes_of(size), wait) &&
                    size <= max_answer_bytes(code.size());
    if (is_whole) {
        answer.resize(size);
        is_whole = receive(answer, wait);
    }
    if (is_whole) return answer;
    end();
    return {};
}

bool CompilerProcess::begin() {
    if (process_ > 0) return true;
    if (program_.empty()) return false;
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return false;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pair[1], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, pair[1], STDOUT_FILENO);
    std::string name = program_.string();
    char* arguments[] = {name.data(), nullptr};
    const int failure = posix_spawn(&process_, name.c_str(), &actions, nullptr, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(pair[1]);
    socket_ = pair[0];
    jobs_ = 1;
    if (failure != 0) process_ = -1, end();
    return failure == 0;
}

void CompilerProcess::end() {
    if (socket_ >= 0) close(socket_);
    socket_ = -1;
    if (process_ <= 0) return;
    kill(process_, SIGKILL);
    while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {}
    process_ = -1;
}

bool CompilerProcess::is_ready(short events, const Wait& wait) const {
    while (!wait.stop.stop_requested() && std::chrono::steady_clock::now() < wait.deadline) {
        pollfd watched{socket_, events, 0};
        const int count = poll(&watched, 1, milliseconds_a_wait);
        if (count > 0) return (watched.revents & events) != 0;
        if (count < 0 && errno != EINTR) return false;
    }
    return false;
}

bool CompilerProcess::send(ByteView bytes, const Wait& wait) {
    while (!bytes.empty()) {
        if (!is_ready(POLLOUT, wait)) return false;
        const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) bytes = bytes.subspan(static_cast<std::size_t>(sent));
        else if (errno != EINTR && errno != EAGAIN) return false;
    }
    return true;
}

bool CompilerProcess::receive(std::span<std::uint8_t> bytes, const Wait& wait) {
    while (!bytes.empty()) {
        if (!is_ready(POLLIN, wait)) return false;
        const ssize_t received = recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (received > 0) bytes = bytes.subspan(static_cast<std::size_t>(received));
        else if (received == 0 || (errno != EINTR && errno != EAGAIN)) return false;
    }
    return true;
}

}  // namespace interlock::vm
