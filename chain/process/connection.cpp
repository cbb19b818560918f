#include "chain/process/connection.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace interlock::chain::process {

namespace {

constexpr std::size_t prefix = 4;  // bytes of a frame's length

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

}  // namespace

Connection::Connection(int descriptor) : descriptor_(descriptor) {
    (void)fcntl(descriptor, F_SETFL, O_NONBLOCK);
    const int one = 1;
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

Connection::~Connection() {
    if (descriptor_ >= 0) close(descriptor_);
}

Connection::Connection(Connection&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      is_broken_(other.is_broken_),
      in_(std::move(other.in_)),
      out_(std::move(other.out_)) {}

std::optional<Connection> Connection::open(std::uint16_t port) {
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return std::nullopt;
    const sockaddr_in address = loopback(port);
    if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        close(descriptor);
        return std::nullopt;
    }
    return Connection(descriptor);
}

void Connection::send(vm::ByteView frame) {
    if (is_broken_ || out_.size() + frame.size() > most_waiting) return;
    for (std::size_t i = 0; i < prefix; ++i) out_.push_back(static_cast<std::uint8_t>(frame.size() >> 8 * i));
    out_.insert(out_.end(), frame.begin(), frame.end());
    flush();
}

void Connection::flush() {
    std::size_t sent = 0;
    while (!is_broken_ && sent < out_.size()) {
        const ssize_t count = ::send(descriptor_, out_.data() + sent, out_.size() - sent, MSG_NOSIGNAL);
        if (count > 0) sent += static_cast<std::size_t>(count);
        else if (errno == EAGAIN || errno == EWOULDBLOCK) break;
        else if (errno != EINTR) is_broken_ = true;
    }
    out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(sent));
}

void Connection::receive() {
    constexpr std::size_t piece = 65536;
    while (!is_broken_ && in_.size() < prefix + most_frame) {
        const std::size_t before = in_.size();
        in_.resize(before + piece);
        const ssize_t count = recv(descriptor_, in_.data() + before, piece, 0);
        const int error = errno;
        in_.resize(before + static_cast<std::size_t>(count > 0 ? count : 0));
        if (count > 0) continue;
        if (count < 0 && (error == EAGAIN || error == EWOULDBLOCK)) return;
        is_broken_ = count == 0 || error != EINTR;
    }
}

std::optional<vm::Bytes> Connection::take() {
    if (in_.size() < prefix) return std::nullopt;
    std::size_t size = 0;
    for (std::size_t i = 0; i < prefix; ++i) size |= std::size_t{in_[i]} << 8 * i;
    if (size > most_frame) is_broken_ = true;
    if (is_broken_ && size > most_frame) return std::nullopt;
    if (in_.size() < prefix + size) return std::nullopt;
    const auto begin = in_.begin() + prefix, end = begin + static_cast<std::ptrdiff_t>(size);
    vm::Bytes frame(begin, end);
    in_.erase(in_.begin(), end);
    return frame;
}

std::optional<Listener> listen_somewhere() {
    constexpr int backlog = 128;
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return std::nullopt;
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (bind(descriptor, reinterpret_cast<const sockaddr*>(&address), size) != 0 || listen(descriptor, backlog) != 0 ||
        getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        close(descriptor);
        return std::nullopt;
    }
    (void)fcntl(descriptor, F_SETFL, O_NONBLOCK);
    return Listener{descriptor, ntohs(address.sin_port)};
}

}  // namespace interlock::chain::process
