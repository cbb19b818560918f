// An order that somebody else keeps: numbered places, in each of which the first thing that was offered stays for ever.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "vm/bytes.hpp"

namespace interlock::chain::process {

class OrderingService {
  public:
    struct Placed {
        std::uint64_t place = 0;
        vm::Bytes content;
    };

    virtual ~OrderingService() = default;
    // Neither waits, and either may come to nothing where the service is not there: ask again.
    virtual void offer(std::uint64_t place, vm::ByteView content) = 0;
    virtual void ask(std::uint64_t place) = 0;  // to be told what is there, now or once something is
    [[nodiscard]] virtual std::optional<Placed> take() = 0;
};

// A session with a running ensemble of ZooKeeper servers, at "127.0.0.1:2181,…". Its client library is loaded now, and is
// needed by nothing else: null, with the reason, where it is not installed.
[[nodiscard]] std::unique_ptr<OrderingService> open_zookeeper(const std::string& servers, std::string& error);

}  // namespace interlock::chain::process
