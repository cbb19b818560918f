// Bytecode: whatever the bytes, a run ends, its gas never rises, all ways to run it agree, and undoing leaves nothing.
//
// Input: the fork, to which two others are added; the length of the first program; two programs that can call each other;
// what is left is call data.
#include <algorithm>

#include "chain/state.hpp"
#include "tests/fuzz/expect.hpp"
#include "vm/machine.hpp"
#include "vm/tracer.hpp"
#include "vm/translator/tiering.hpp"
#include "vm/translator/translation.hpp"

namespace {

using namespace interlock;
using chain::Fingerprint, chain::State;
using fuzz::expect;
using vm::Gas;

constexpr Gas gas_limit{120'000};

vm::Address account(std::uint8_t number) {
    vm::Address address;
    address.bytes.back() = number;
    return address;
}
// Small enough that one PUSH1 names them, and no precompiles.
const vm::Address sender = account(0xaa), first = account(0xbb), second = account(0xcc);

// Gas may rise only when a call returns what it was given, and never above what there was before the call.
class FallingGas final : public vm::Tracer {
  public:
    void on_enter(const vm::Message& message) override {
        last_.resize(message.depth + 1);
        last_[message.depth] = message.gas;
        expect(message.depth <= vm::Machine::max_depth, "a call is too deep");
    }
    void on_instruction(const vm::TracePoint& point) override {
        Gas& last = last_.at(point.depth - 1);
        expect(point.gas >= Gas{0} && point.gas <= last, "gas rises");
        expect(point.cost >= Gas{0}, "an instruction earns gas");
        expect(point.stack.size() <= 1024, "the stack is too high");
        expect(point.memory_bytes % 32 == 0, "memory has half a word");
        last = point.gas;
    }

  private:
    std::vector<Gas> last_;
};

struct Ended {
    vm::Outcome outcome;
    Fingerprint state;

    friend bool operator==(const Ended& a, const Ended& b) {
        return a.outcome.status == b.outcome.status && a.outcome.gas_left == b.outcome.gas_left &&
               a.outcome.gas_refund == b.outcome.gas_refund && a.outcome.output == b.outcome.output && a.state == b.state;
    }
};

struct Case {
    std::uint8_t first_fork;
    vm::Bytes programs[2], data;
};

Case read(vm::ByteView input) {
    const auto byte = [&] {
        const std::uint8_t value = input.empty() ? 0 : input[0];
        if (!input.empty()) input = input.subspan(1);
        return value;
    };
    const auto bytes = [&](std::size_t size) {
        size = std::min(size, input.size());
        const vm::Bytes taken(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(size));
        input = input.subspan(size);
        return taken;
    };
    Case made{byte(), {}, {}};
    made.programs[0] = bytes(std::size_t{2} * byte());
    made.programs[1] = bytes(std::size_t{2} * byte());
    made.data = bytes(input.size());
    return made;
}

State world(const Case& made, vm::Fork fork) {
    State state(fork);
    state.keep_fingerprint(true);
    state.set_balance(sender, 1'000'000);
    state.set_balance(first, 1'000);
    state.set_nonce(first, 1);
    state.set_code(first, made.programs[0]);
    state.set_code(second, made.programs[1]);
    state.store(first, 0, 1);
    state.store(second, 1, 2);
    state.begin_transaction({sender, 1, {}});
    state.forget_history();
    return state;
}

vm::Message message(const Case& made) {
    vm::Message message;
    message.sender = sender;
    message.recipient = message.code_address = first;
    message.gas = gas_limit;
    message.value = 3;
    message.input = made.data;
    return message;
}

// One way to run: the state must be as it was when everything is undone.
Ended run(State& state, const vm::Message& message, vm::Tiering tiering, vm::Tracer* tracer = nullptr) {
    vm::set_tiering(tiering);
    const Fingerprint before = state.fingerprint();
    vm::Machine machine(state, state.fork());
    machine.set_tracer(tracer);
    machine.start(message);
    Ended ended{machine.run().outcome, state.fingerprint()};
    expect(ended.state == state.rehash(), "the fingerprint is not the state's");
    expect(ended.outcome.gas_left >= Gas{0} && ended.outcome.gas_left <= message.gas, "gas is made");
    if (!ended.outcome.ok()) expect(ended.state == before, "a failure changes the state");
    state.rewind_to(0);
    expect(state.fingerprint() == before && state.rehash() == before, "undoing leaves something");
    return ended;
}

void run_everyhow(const Case& made, vm::Fork fork) {
    State state = world(made, fork);
    const vm::Message sent = message(made);
    FallingGas tracer;
    const Ended plain = run(state, sent, vm::Tiering::Never);
    expect(plain == run(state, sent, vm::Tiering::Never, &tracer), "a traced run ends differently");
    expect(plain == run(state, sent, vm::Tiering::Always), "translated code ends differently");
    expect(plain == run(state, sent, vm::Tiering::Adaptive), "code that is translated on the way ends differently");
    expect(vm::blocks_given_up() == 0, "the translator breaks one of its rules");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Case made = read({data, size});
    constexpr std::size_t step = vm::fork_count / 3;
    for (std::size_t i = 0; i < 3; ++i)
        run_everyhow(made, static_cast<vm::Fork>((made.first_fork + i * step) % vm::fork_count));
    return 0;
}
