#include "chain/process/child.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

namespace interlock::chain::process {

bool Child::start(const std::function<int()>& run) {
    const pid_t parent = getpid(), process = fork();
    if (process == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(1);
        _exit(run());
    }
    id_ = std::max<pid_t>(process, 0);
    return runs();
}

void Child::kill() {
    if (!runs()) return;
    (void)::kill(id_, SIGKILL);
    (void)waitpid(id_, nullptr, 0);
    id_ = 0;
}

ScratchFolder::ScratchFolder(const std::string& name) {
    std::error_code failed;
    const std::filesystem::path below = std::filesystem::temp_directory_path(failed);
    std::string path = (below / (name + "-XXXXXX")).string();
    if (!failed && mkdtemp(path.data())) path_ = path;
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace interlock::chain::process
