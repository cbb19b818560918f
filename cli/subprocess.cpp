#include "cli/subprocess.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <memory>

extern char** environ;

namespace interlock::cli {

namespace {

constexpr std::size_t most_output_bytes = std::size_t{256} << 20;

struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

}  // namespace

// Files in between keep both sides from waiting for each other.
ProgramResult run_program(const std::vector<std::string>& words, const std::string& input) {
    const File in(std::tmpfile()), out(std::tmpfile());
    if (!in || !out) return {.exit = 0, .out = {}, .error = "no temporary file: " + std::string(std::strerror(errno))};
    if (std::fwrite(input.data(), 1, input.size(), in.get()) != input.size() || std::fflush(in.get()) != 0)
        return {.exit = 0, .out = {}, .error = "a temporary file cannot be written"};
    std::rewind(in.get());

    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(in.get()), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fileno(out.get()), STDOUT_FILENO);
    pid_t child = 0;
    const int failure = posix_spawnp(&child, arguments.front(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) return {.exit = 0, .out = {}, .error = words.front() + ": " + std::strerror(failure)};
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}

    ProgramResult result;
    result.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    std::rewind(out.get());
    char piece[1 << 16];
    while (const std::size_t size = std::fread(piece, 1, sizeof piece, out.get())) {
        result.out.append(piece, size);
        if (result.out.size() > most_output_bytes)
            return {.exit = 0, .out = {}, .error = words.front() + ": its output is too large"};
    }
    return result;
}

}  // namespace interlock::cli
