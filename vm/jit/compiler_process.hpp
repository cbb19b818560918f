// CompilerProcess: the compiler in a process of its own, which may be killed, and which has limits of time and memory.
//
// Hostile code may make a compiler take minutes or gigabytes, or find a mistake in it. None of that reaches the machine: a
// process that does not answer in time, or not as it should, is killed, and the next code gets another.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <stop_token>

#include "vm/bytes.hpp"
#include "vm/fork.hpp"

namespace interlock::vm {

class CompilerProcess {
  public:
    // Where the program is; an empty path if it is not there.
    [[nodiscard]] static const std::filesystem::path& program();

    CompilerProcess(std::filesystem::path program, std::chrono::milliseconds limit)
        : program_(std::move(program)), limit_(limit) {}
    CompilerProcess(const CompilerProcess&) = delete;
    CompilerProcess& operator=(const CompilerProcess&) = delete;
    ~CompilerProcess() { end(); }

    // Returns the bytes of which NativeCode is made; empty if none came within the limit, or before `stop`.
    [[nodiscard]] Bytes compile(ByteView code, Fork fork, const std::stop_token& stop);

  private:
    struct Wait {
        std::chrono::steady_clock::time_point deadline;
        const std::stop_token& stop;
    };
    [[nodiscard]] bool begin();
    void end();
    [[nodiscard]] bool send(ByteView bytes, const Wait& wait);
    [[nodiscard]] bool receive(std::span<std::uint8_t> bytes, const Wait& wait);
    [[nodiscard]] bool is_ready(short events, const Wait& wait) const;

    const std::filesystem::path program_;
    const std::chrono::milliseconds limit_;
    pid_t process_ = -1;
    int socket_ = -1;
    int jobs_ = 0;
};

// A question is this, then the code. The answer is a number of bytes (64 bits), then these.
struct CompilerQuestion {
    std::uint32_t fork = 0;
    std::uint32_t code_bytes = 0;
};

}  // namespace interlock::vm
