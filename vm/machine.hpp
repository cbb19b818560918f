// The machine: runs a message to its end, or until control reaches a stranger.
//
// Frames are values on the machine's own stack; a call is never a C++ call. That is what makes a call a *context
// switch*: when a message is addressed to an account that the driver declared a stranger, `run()` returns it as a
// yield instead of executing anything. The stranger is then an open frame of the driver's: it may call back (`enter`)
// as often as it likes and must finally answer (`resume`). An ordinary run declares no strangers and yields never.
//
//     machine.start(message);
//     for (Stop stop = machine.run(); stop.kind != Stop::Done; stop = machine.run())
//         adversary.can(stop) ? machine.enter(callback) : machine.resume(reply);
#pragma once

#include <functional>
#include <memory>

#include "vm/fork.hpp"
#include "vm/host.hpp"
#include "vm/message.hpp"

namespace interlock::vm {

class CallInterceptor;  // vm/call_interceptor.hpp: sees and may answer every call
class Tracer;           // vm/tracer.hpp: sees every instruction; EIP-3155 lines are one implementation

// What stopped `run()`.
struct Stop {
    enum Kind : std::uint8_t {
        Yield,     // a stranger was called: `message` is what it was sent. Value has been transferred already.
        Returned,  // the call that the innermost stranger made by `enter` ended: `outcome`
        Done,      // the message given to `start` ended: `outcome`
    };
    Kind kind = Done;
    const Message* message = nullptr;  // of the innermost open stranger frame, for Yield and Returned; owned by the machine
    Outcome outcome;                   // for Returned and Done
};

// How a stranger answers the call that it was sent.
struct Reply {
    bool revert = false;  // undoes the value transfer and everything that happened inside the stranger's frame
    Bytes output;
    Gas gas_used;  // its own; what its callbacks used has been taken already
};

class Machine {
  public:
    static constexpr std::uint32_t max_depth = 1024;  // Yellow Paper, section 8
    // All frames together. A caller pays for memory long before this is reached, but for one that hashes as many bytes as
    // there are seconds since 1970: one of the public tests has the gas to do that.
    static constexpr std::size_t max_memory_bytes = std::size_t{1} << 31;

    Machine(Host& host, Fork fork);
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    // Accounts whose calls yield. An empty function: none. A creation never yields; DELEGATECALL into a stranger does.
    void set_strangers(std::function<bool(const Address&)> is_stranger);

    // Told of every KECCAK256: its input and the digest. From 64-byte inputs an analyzer learns which mapping slot is
    // which. An empty function: nobody. Plain runs tell it too.
    using KeccakObserver = std::function<void(ByteView input, const Hash& digest)>;
    void set_keccak_observer(KeccakObserver observer);

    // Traced runs take a second instantiation of the loop; a null tracer takes the plain one.
    void set_tracer(Tracer* tracer);

    // Told of every call, and may answer it; null: nobody.
    void set_interceptor(CallInterceptor* interceptor);

    // Contracts of any size can be created from here on, whatever the fork says (EIP-170, EIP-3860): tests are not
    // deployed anywhere.
    void lift_code_limits();

    // Starts a message, at its depth: one above 0 is part of what another machine runs. For a creation at 0 `recipient`
    // is the new account and the creator's nonce has been raised already. A message to a stranger makes the next run()
    // yield at once: so an attacker acts. Transfers its value, opens its frame; the transaction-level rules (nonce, fees,
    // intrinsic gas, access list) are chain::Execution's. Discards whatever was suspended.
    void start(const Message& message);

    // Executes until one of the three kinds of Stop. Nothing was answered since the last one: gives the same again.
    Stop run();

    // The innermost open stranger calls back: a new frame on top. The machine fills in sender, depth and static-ness
    // (for a creation also the new account, as CREATE and CREATE2 do), and caps the gas at 63/64 of what the stranger
    // has left. `message.gas` of zero units means "all it may give". A call that cannot start (no balance, too deep, a
    // change of state inside a static call) gives Returned with the reason, and its gas is not lost.
    void enter(Message message);

    // The innermost open stranger ends. Its caller goes on at the next `run()`. A reply that used more gas than the
    // stranger had left is an out-of-gas failure of the stranger.
    void resume(const Reply& reply);

    [[nodiscard]] std::size_t open_strangers() const;
    [[nodiscard]] std::size_t open_frames() const;  // stranger frames included
    [[nodiscard]] Gas stranger_gas() const;         // what the innermost open stranger has left

    // The suspended frames as a value: pc, gas, stack and memory of each, some hundred bytes. Host state is not part of
    // it: pair it with a host checkpoint. A snapshot may be restored any number of times, into the same machine.
    class Snapshot;
    [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const;
    void restore(const Snapshot& snapshot);

    // A hash of the suspended frames: messages, pcs, stacks, memory. Gas is left out, unless a frame has looked at it
    // and keeps the figure. Equal frames hash alike; with the host's fingerprint this identifies a state of a search.
    [[nodiscard]] std::uint64_t fingerprint() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace interlock::vm
