// The machine: runs a message to its end, or until control reaches a stranger.
//
// Frames are values on the machine's own stack; an EVM call is never a C++ call. A call is therefore a *context
// switch*: when a message is addressed to an account that the driver declared a stranger, `run()` returns it as a yield
// instead of executing anything. The stranger's frame then belongs to the driver, which may call back (`enter`) as
// often as it likes and must finally answer (`resume`). An ordinary run declares no strangers and never yields.
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

// Why `run()` stopped.
struct Stop {
    enum Kind : std::uint8_t {
        Yield,     // a stranger was called with `message`; its value has been transferred already
        Returned,  // the call that the innermost stranger made by `enter` ended with `outcome`
        Done,      // the message given to `start` ended with `outcome`
    };
    Kind kind = Done;
    const Message* message = nullptr;  // of the innermost open stranger frame, for Yield and Returned; owned by the machine
    Outcome outcome;                   // for Returned and Done
};

// A stranger's answer to its call.
struct Reply {
    bool revert = false;  // undoes the value transfer and everything that happened inside the stranger's frame
    Bytes output;
    Gas gas_used;  // by the stranger itself; the gas of its callbacks has been taken already
    friend bool operator==(const Reply&, const Reply&) = default;
};

class Machine {
  public:
    static constexpr std::uint32_t max_depth = 1024;  // Yellow Paper, section 8
    // The limit for all frames together. Callers run out of gas long before they reach it. The one exception in the
    // public tests hashes as many bytes as there are seconds since 1970 and has the gas for it.
    static constexpr std::size_t max_memory_bytes = std::size_t{1} << 31;

    Machine(Host& host, Fork fork);
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    // Sets the accounts whose calls yield; an empty function means none. A creation never yields; a DELEGATECALL to a
    // stranger does.
    void set_strangers(std::function<bool(const Address&)> is_stranger);

    // Sets the observer of every KECCAK256, which gets the input and the digest. An analyzer learns from 64-byte inputs
    // which mapping slot is which. An empty function means no observer. It is called in plain runs, too.
    using KeccakObserver = std::function<void(ByteView input, const Hash& digest)>;
    void set_keccak_observer(KeccakObserver observer);

    // Sets the tracer. Traced runs use a second instantiation of the loop; with a null tracer the plain one runs.
    void set_tracer(Tracer* tracer);

    // Sets the interceptor, which is told of every call and may answer it; null means none.
    void set_interceptor(CallInterceptor* interceptor);

    // Lifts the fork's limits on the size of created contracts (EIP-170, EIP-3860) from here on: test contracts are
    // never deployed to a network.
    void lift_code_limits();

    // Starts a message at its depth; a depth above 0 means that it is part of what another machine runs. For a creation
    // at depth 0, `recipient` must be the new account, and the creator's nonce must have been raised already. After a
    // message to a stranger the next run() yields at once, so an attacker can act first. This transfers the value and
    // opens the frame. chain::Execution applies the transaction-level rules (nonce, fees, intrinsic gas, access list).
    // Everything that was suspended is discarded.
    void start(const Message& message);

    // Executes until one of the three kinds of Stop. If nothing was answered since the last stop, it returns the same
    // stop again.
    Stop run();

    // Lets the innermost open stranger call back in a new frame on top. The machine fills in sender, depth and
    // static-ness (for a creation also the new account, as CREATE and CREATE2 do), and caps the gas at 63/64 of what
    // the stranger has left. `message.gas` of zero units means "as much as possible". A call that cannot start (not
    // enough balance, too deep, a state change inside a static call) stops with Returned and the reason, and its gas is
    // not lost.
    void enter(const Message& message);

    // Ends the innermost open stranger. Its caller continues at the next `run()`. If the reply used more gas than the
    // stranger had left, the stranger fails with out-of-gas.
    void resume(const Reply& reply);

    [[nodiscard]] std::size_t open_strangers() const;
    [[nodiscard]] std::size_t open_frames() const;  // includes stranger frames
    [[nodiscard]] Gas stranger_gas() const;         // gas that the innermost open stranger has left

    // The suspended frames as a value: pc, gas, stack and memory of each, a few hundred bytes. The host's state is not
    // part of it, so pair it with a host checkpoint. A snapshot may be restored any number of times, into the same machine.
    class Snapshot;
    [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const;
    void restore(const Snapshot& snapshot);

    // How the innermost open stranger stands, for going back over calls that it made since: far cheaper than a snapshot, as
    // nothing of the frames is in it. The stranger must not have been answered since, unless a snapshot that was taken while
    // it was open was restored first.
    class Mark;
    [[nodiscard]] Mark mark() const;
    void go_back(const Mark& mark);

    // A hash of the suspended frames: messages, pcs, stacks, memory. Gas is left out, unless a frame has executed GAS
    // and keeps the value. Equal frames have equal hashes; together with the host's fingerprint this identifies a state
    // of a search.
    [[nodiscard]] std::uint64_t fingerprint() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

class Machine::Mark {
    friend class Machine;
    std::size_t frames_ = 0;
    Gas gas_, refund_;
    bool has_returned_ = false;  // a call of the stranger's, with the outcome
    Outcome outcome_;
    Bytes return_data_;
};

}  // namespace interlock::vm
