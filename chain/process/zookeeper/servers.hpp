// Three ZooKeeper servers on this machine, from Debian's package, started and killed by whoever needs them.
#pragma once

#include <sys/types.h>

#include <array>
#include <string>

namespace interlock::chain::process {

class ZooKeeperServers {
  public:
    static constexpr std::size_t count = 3;

    // Why they cannot run here, or an empty text.
    [[nodiscard]] static std::string what_is_missing();

    ZooKeeperServers();  // starts them, and waits until they serve; `error` says if not
    ~ZooKeeperServers();
    ZooKeeperServers(const ZooKeeperServers&) = delete;
    ZooKeeperServers& operator=(const ZooKeeperServers&) = delete;

    [[nodiscard]] const std::string& error() const { return error_; }
    [[nodiscard]] const std::string& addresses() const { return addresses_; }  // of all, for a client
    void kill(std::size_t server);                                             // with SIGKILL
    void start(std::size_t server);

  private:
    [[nodiscard]] bool write_settings();
    [[nodiscard]] bool serves(std::size_t server) const;

    struct Ports {
        std::uint16_t client = 0, follow = 0, elect = 0;
    };
    std::array<Ports, count> ports_;
    std::array<pid_t, count> processes_{};
    std::string folder_, addresses_, error_;
};

}  // namespace interlock::chain::process
