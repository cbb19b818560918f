// Three ZooKeeper servers on this machine, from Debian's package, started and killed by whoever needs them.
#pragma once

#include <array>
#include <string>

#include "chain/process/child.hpp"

namespace interlock::chain::process {

class ZooKeeperServers {
  public:
    static constexpr std::size_t count = 3;

    // Why they cannot run here, or an empty text.
    [[nodiscard]] static std::string what_is_missing();

    ZooKeeperServers();  // starts them, and waits until they serve; `error` says if not

    [[nodiscard]] const std::string& error() const { return error_; }
    [[nodiscard]] const std::string& addresses() const { return addresses_; }  // of all, for a client
    void kill(std::size_t server) { processes_.at(server).kill(); }
    void start(std::size_t server);

  private:
    [[nodiscard]] bool write_settings();
    [[nodiscard]] bool serves(std::size_t server) const;

    struct Ports {
        std::uint16_t client = 0, follow = 0, elect = 0;
    };
    std::array<Ports, count> ports_;
    ScratchFolder folder_{"interlock-zookeeper"};
    std::array<Child, count> processes_;
    std::string addresses_, error_;
};

}  // namespace interlock::chain::process
