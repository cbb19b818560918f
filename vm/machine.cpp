#include "vm/machine.hpp"

#include <cassert>
#include <cstring>

#include "vm/interpreter/core.hpp"
#include "vm/limbs.hpp"

namespace interlock::vm {

struct Machine::Impl : Core {
    using Core::Core;

    [[nodiscard]] bool at_stranger() const { return activity == Activity::Yielded || activity == Activity::Returned; }
};

Machine::Machine(Host& host, Fork fork) : impl_(std::make_unique<Impl>(host, fork)) {}
Machine::~Machine() = default;

void Machine::set_strangers(std::function<bool(const Address&)> is_stranger) { impl_->is_stranger = std::move(is_stranger); }
void Machine::set_keccak_observer(KeccakObserver observer) { impl_->keccak_observer = std::move(observer); }
void Machine::set_tracer(Tracer* tracer) { impl_->set_tracer(tracer); }

void Machine::set_interceptor(CallInterceptor* interceptor) { impl_->interceptor = interceptor; }
void Machine::lift_code_limits() { impl_->limits_code = false; }

void Machine::start(const Message& message) {
    impl_->reset();
    Frame& frame = impl_->frames.next();
    impl_->take(frame, message);
    impl_->begin(frame);
}

Stop Machine::run() {
    if (impl_->activity == Activity::Running) impl_->is_traced() ? interpret<true>(*impl_) : interpret<false>(*impl_);
    switch (impl_->activity) {
        case Activity::Yielded: return {Stop::Yield, &impl_->message(), {}};
        case Activity::Returned: return {Stop::Returned, &impl_->message(), impl_->outcome};
        default: return {Stop::Done, nullptr, impl_->outcome};
    }
}

void Machine::enter(const Message& given) {
    assert(impl_->at_stranger());
    Frame& stranger = impl_->frame();
    const Message& sent = stranger.message;
    Frame& callee = impl_->frames.next();
    impl_->take(callee, given);

    Message& message = callee.message;
    message.sender = message.kind == CallKind::DelegateCall ? sent.sender : sent.recipient;
    message.depth = sent.depth + 1;
    message.is_static = sent.is_static || message.kind == CallKind::StaticCall;
    if (message.kind == CallKind::Call || message.kind == CallKind::StaticCall) message.code_address = message.recipient;
    const Gas most = impl_->rules.keeps_a_64th ? all_but_one_64th(stranger.gas) : stranger.gas;
    message.gas = message.gas == Gas{0} ? most : std::min(message.gas, most);
    stranger.gas -= message.gas;
    impl_->begin_from_stranger(callee, sent.is_static);
}

void Machine::resume(const Reply& reply) {
    assert(impl_->at_stranger());
    Frame& stranger = impl_->frame();
    stranger.gas -= reply.gas_used;
    const Status status = stranger.gas < Gas{0} ? Status::OutOfGas : reply.revert ? Status::Revert : Status::Success;
    impl_->finish(stranger, status, reply.output);
}

std::size_t Machine::open_frames() const { return impl_->frames.size(); }

std::size_t Machine::open_strangers() const {
    std::size_t count = 0;
    for (std::size_t depth = 0; depth < impl_->frames.size(); ++depth) count += impl_->frames[depth].is_stranger;
    return count;
}

Gas Machine::stranger_gas() const {
    for (std::size_t depth = impl_->frames.size(); depth-- > 0;)
        if (impl_->frames[depth].is_stranger) return impl_->frames[depth].gas;
    return {};
}

// The whole state of a suspended machine. What the arenas hold above the top frame is not part of it.
class Machine::Snapshot {
  public:
    std::vector<Frame> frames;
    std::vector<Word> stack;
    Bytes memory;
    Bytes return_data;
    Activity activity = Activity::Done;
    Outcome outcome;
};

std::shared_ptr<const Machine::Snapshot> Machine::snapshot() const {
    auto copy = std::make_shared<Snapshot>();
    copy->activity = impl_->activity;
    copy->outcome = impl_->outcome;
    copy->return_data = impl_->return_data;
    const FrameStack& frames = impl_->frames;
    if (frames.empty()) return copy;

    copy->frames.reserve(frames.size());
    for (std::size_t depth = 0; depth < frames.size(); ++depth) copy->frames.push_back(frames[depth]);
    const Frame& top = frames.top();
    const Word* const words = impl_->stack.data();
    copy->stack.assign(words, words + top.stack_base + top.stack_size + 1);
    const ByteView memory = impl_->memory.at({0, top.memory_base + top.memory_size});
    copy->memory.assign(memory.begin(), memory.end());
    return copy;
}

void Machine::restore(const Snapshot& snapshot) {
    impl_->reset();
    impl_->activity = snapshot.activity;
    impl_->outcome = snapshot.outcome;
    impl_->return_data = snapshot.return_data;
    for (const Frame& frame : snapshot.frames) {
        impl_->frames.next() = frame;
        impl_->frames.push();
    }
    impl_->stack.reserve(snapshot.stack.size() + Core::stack_room);
    std::copy(snapshot.stack.begin(), snapshot.stack.end(), impl_->stack.data());
    impl_->memory.put(0, snapshot.memory);
    if (!snapshot.frames.empty()) impl_->select_memory(snapshot.frames.back());
}

Machine::Mark Machine::mark() const {
    assert(impl_->at_stranger());
    const Frame& stranger = impl_->frames.top();
    Mark mark;
    mark.frames_ = impl_->frames.size();
    mark.gas_ = stranger.gas;
    mark.refund_ = stranger.refund;
    mark.has_returned_ = impl_->activity == Activity::Returned;
    if (mark.has_returned_) mark.outcome_ = impl_->outcome;
    mark.return_data_ = impl_->return_data;
    return mark;
}

void Machine::go_back(const Mark& mark) {
    while (impl_->frames.size() > mark.frames_) impl_->frames.pop();
    Frame& stranger = impl_->frames.top();
    assert(impl_->frames.size() == mark.frames_ && stranger.is_stranger);
    stranger.gas = mark.gas_;
    stranger.refund = mark.refund_;
    impl_->activity = mark.has_returned_ ? Activity::Returned : Activity::Yielded;
    if (mark.has_returned_) impl_->outcome = mark.outcome_;
    impl_->return_data = mark.return_data_;
}

namespace {

// A running hash. Each step multiplies two values that take in 64 bits each and folds the 128 bits of the product.
class Hasher {
  public:
    void add(std::uint64_t first, std::uint64_t second = 0) {
        constexpr std::uint64_t odd_a = 0x9e3779b97f4a7c15ULL, odd_b = 0xbf58476d1ce4e5b9ULL;
        const auto product = static_cast<limbs::U128>(state_ ^ first ^ odd_a) * (second ^ odd_b);
        // The state takes part again, so that a factor of zero forgets nothing.
        state_ = (state_ << 23 | state_ >> 41) +
                 (static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64));
    }
    void add(const Word& word) {
        add(word.limbs[0], word.limbs[1]);
        add(word.limbs[2], word.limbs[3]);
    }
    void add(ByteView bytes) {
        add(bytes.size());
        for (; bytes.size() >= 16; bytes = bytes.subspan(16)) add(lane(bytes), lane(bytes.subspan(8)));
        if (bytes.size() >= 8) {
            add(lane(bytes));
            bytes = bytes.subspan(8);
        }
        for (const std::uint8_t byte : bytes) add(std::uint64_t{byte});
    }
    [[nodiscard]] std::uint64_t value() const { return state_; }
    // What goes on from a value instead of a beginning.
    static Hasher from(std::uint64_t value) {
        Hasher hasher;
        hasher.state_ = value;
        return hasher;
    }

  private:
    static std::uint64_t lane(ByteView bytes) {
        std::uint64_t value;
        std::memcpy(&value, bytes.data(), 8);
        return value;
    }

    std::uint64_t state_ = 0x6a09e667f3bcc908ULL;
};

}  // namespace

// While a stranger is open, nothing of its frame and of those below it changes but gas. So their hash is kept with it.
std::uint64_t Machine::fingerprint() const {
    FrameStack& frames = impl_->frames;
    std::size_t known = frames.size();  // so many frames are in the hash
    while (known > 0 && !(frames[known - 1].is_stranger && frames[known - 1].hash_up_to_here != 0)) --known;
    Hasher hasher = known == 0 ? Hasher{} : Hasher::from(frames[known - 1].hash_up_to_here);
    for (std::size_t depth = known; depth < frames.size(); ++depth) {
        Frame& frame = frames[depth];
        const Message& message = frame.message;
        hasher.add(std::uint64_t{static_cast<std::uint8_t>(message.kind)} << 1 | (message.is_static ? 1u : 0u));
        for (const Address* address : {&message.sender, &message.recipient, &message.code_address})
            hasher.add(ByteView(*address));
        hasher.add(message.value);
        hasher.add(impl_->memory.at(frame.input));
        hasher.add(frame.pc && frame.code ? static_cast<std::uint64_t>(frame.pc - frame.code->begin()) : 0);
        hasher.add(frame.output_offset);
        hasher.add(frame.output_size);
        hasher.add(std::uint64_t{frame.stack_size});
        for (std::size_t i = 1; i <= frame.stack_size; ++i) hasher.add(impl_->stack.data()[frame.stack_base + i]);
        hasher.add(impl_->memory.at({frame.memory_base, frame.memory_size}));  // between frames is what ended ones left
        if (frame.is_stranger) frame.hash_up_to_here = hasher.value();
    }
    hasher.add(static_cast<std::uint64_t>(impl_->activity));
    hasher.add(ByteView(impl_->return_data));
    return hasher.value();
}

}  // namespace interlock::vm
