// A stream of frames over a TCP connection on this machine: four bytes of length, then so many bytes. Nothing blocks.
#pragma once

#include <cstdint>
#include <optional>

#include "vm/bytes.hpp"

namespace interlock::chain::process {

class Connection {
  public:
    static constexpr std::size_t most_frame = 16 << 20;   // bytes; a longer frame breaks the connection
    static constexpr std::size_t most_waiting = 8 << 20;  // bytes to be sent; further frames are dropped

    explicit Connection(int descriptor);  // owns it
    ~Connection();
    Connection(Connection&& other) noexcept;
    Connection& operator=(Connection&&) = delete;

    [[nodiscard]] static std::optional<Connection> open(std::uint16_t port);  // on 127.0.0.1

    [[nodiscard]] int descriptor() const { return descriptor_; }
    [[nodiscard]] bool is_broken() const { return is_broken_; }
    [[nodiscard]] bool has_waiting() const { return !out_.empty(); }

    void send(vm::ByteView frame);
    void flush();                                   // sends what the socket takes
    void receive();                                 // reads what has arrived
    [[nodiscard]] std::optional<vm::Bytes> take();  // the next whole frame

  private:
    int descriptor_;
    bool is_broken_ = false;
    vm::Bytes in_, out_;
};

// A socket that listens on a free port of 127.0.0.1.
struct Listener {
    int descriptor = -1;
    std::uint16_t port = 0;
};
[[nodiscard]] std::optional<Listener> listen_somewhere();

}  // namespace interlock::chain::process
