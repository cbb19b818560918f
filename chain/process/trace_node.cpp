#include "chain/process/trace_node.hpp"

#include <poll.h>

#include <algorithm>
#include <deque>

#include "chain/process/node.hpp"
#include "chain/process/process_env.hpp"

namespace interlock::chain::process {

using consensus::Batch, consensus::Fields, consensus::MessageRef, consensus::Nanoseconds, consensus::NodeId,
    consensus::TimerId, consensus::TransactionRef;
using sim::TraceStep;

// --- on the wire ---

vm::Bytes encoded(const TraceStep& step) {
    rlp::Encoder out;
    out.open().number(step.kind).number(static_cast<std::uint64_t>(step.clock)).number(step.from);
    out.string(step.message ? step.message->bytes() : vm::ByteView{}).number(step.timer.kind).number(step.timer.number);
    out.string(step.transaction ? vm::ByteView(step.transaction->encoded) : vm::ByteView{}).number(step.random).open();
    for (const std::size_t kept : step.kept_entries) out.number(kept);
    out.close().close();
    return out.take();
}

vm::Bytes TraceAnswer::encode() const {
    rlp::Encoder out;
    out.open().number(digest).string(head).string(finalised).open();
    for (const auto& [to, bytes] : sent) out.open().number(to).string(bytes).close();
    out.close().close();
    return out.take();
}

std::optional<TraceAnswer> TraceAnswer::read(vm::ByteView bytes) {
    const rlp::Decoded decoded = rlp::decode(bytes);
    if (!decoded.ok()) return std::nullopt;
    Fields fields(decoded.item);
    TraceAnswer answer;
    answer.digest = fields.number();
    answer.head = fields.hash();
    answer.finalised = fields.hash();
    for (const rlp::Item& item : fields.list()) {
        Fields sent(item);
        const std::uint64_t to = sent.number();
        const vm::ByteView content = sent.string();
        answer.sent.emplace_back(static_cast<NodeId>(to), vm::Bytes(content.begin(), content.end()));
        if (!sent.ok()) return std::nullopt;
    }
    return fields.ok() ? std::optional(std::move(answer)) : std::nullopt;
}

std::optional<vm::Bytes> next_frame(Connection& connection, Nanoseconds at_most) {
    const Nanoseconds end = steady_time() + at_most;
    for (;;) {
        connection.flush();
        connection.receive();
        if (std::optional<vm::Bytes> frame = connection.take()) return frame;
        const Nanoseconds left = end - steady_time();
        if (connection.is_broken() || left <= 0) return std::nullopt;
        pollfd polled{connection.descriptor(), static_cast<short>(connection.has_waiting() ? POLLIN | POLLOUT : POLLIN), 0};
        (void)poll(&polled, 1,
                   static_cast<int>(std::min<Nanoseconds>(left, consensus::second) / consensus::millisecond + 1));
    }
}

namespace {

class TraceNode final : public ProcessEnv {
  public:
    explicit TraceNode(const TraceNodeSettings& settings)
        : ProcessEnv({settings.id, settings.nodes, settings.engine, &settings.options, settings.genesis, settings.reward,
                      &settings.file},
                     consensus::Random(0)),
          settings_(settings) {}

    int run() {
        std::optional<Connection> connection = Connection::open(settings_.port);
        if (!can_run() || !connection) return 1;
        connection->send(greeting_of(settings_.id));
        while (const std::optional<vm::Bytes> frame = next_frame(*connection, 600 * consensus::second)) {
            answer_ = {};
            if (!take(*frame)) return 1;
            answer_.digest = engine_->digest();
            answer_.head = engine_->head()->hash;
            answer_.finalised = engine_->finalised()->hash;
            connection->send(answer_.encode());
        }
        return 0;
    }

    // --- consensus::Env ---
    Nanoseconds now() const override { return clock_; }
    void send(NodeId to, const MessageRef& message) override {
        answer_.sent.emplace_back(to, vm::Bytes(message->bytes().begin(), message->bytes().end()));
    }
    TimerId set_timer(Nanoseconds, consensus::Timer timer) override {
        timers_.emplace(++last_timer_, timer);
        return last_timer_;
    }
    void cancel(TimerId id) override { timers_.erase(id); }
    void persist(Batch batch, consensus::Timer then) override { writes_.emplace_back(std::move(batch), then); }
    void persist(Batch batch) override {
        if (settings_.writes_at_once && writes_.empty()) append(batch);
        else writes_.emplace_back(std::move(batch), std::nullopt);
    }

  private:
    // Does a step; false: it cannot be done here.
    bool take(vm::ByteView frame) {
        const rlp::Decoded decoded = rlp::decode(frame);
        if (!decoded.ok()) return false;
        Fields fields(decoded.item);
        const std::uint64_t kind = fields.number();
        clock_ = static_cast<Nanoseconds>(fields.number());
        const auto from = static_cast<NodeId>(fields.number());
        const vm::ByteView message = fields.string();
        const consensus::Timer timer{static_cast<std::uint32_t>(fields.number()), fields.number()};
        const vm::ByteView transaction = fields.string();
        const std::uint64_t random = fields.number();
        switch (kind) {
            case TraceStep::Start:
                random_ = consensus::Random::going_on_from(random);
                engine_->start(*this, file_.content());
                break;
            case TraceStep::Deliver:
                engine_->on_message(*this, from,
                                    std::make_shared<const consensus::Message>(vm::Bytes(message.begin(), message.end())));
                break;
            case TraceStep::Ring: return ring(timer);
            case TraceStep::Written: return write_oldest();
            case TraceStep::Submit:
                if (const TransactionRef tx = codec_.transaction(transaction)) engine_->on_submit(*this, tx);
                break;
            case TraceStep::Crash: return lose_writes(fields.list());
            default: return false;
        }
        return fields.ok() && is_healthy_;
    }

    bool ring(consensus::Timer timer) {
        const auto pending = std::ranges::find(timers_, timer, [](const auto& entry) { return entry.second; });
        if (pending == timers_.end()) return false;
        timers_.erase(pending);
        engine_->on_timer(*this, timer);
        return is_healthy_;
    }

    bool write_oldest() {
        if (writes_.empty()) return false;
        const auto [batch, then] = std::move(writes_.front());
        writes_.pop_front();
        append(batch);
        if (then && is_healthy_) engine_->on_persisted(*this, *then);
        return is_healthy_;
    }

    // What a crash leaves of the writes under way; the process is killed next.
    bool lose_writes(const std::vector<rlp::Item>& kept) {
        for (std::size_t i = 0; i < kept.size() && i < writes_.size(); ++i) {
            const std::uint64_t entries = rlp::as_u64(kept[i]).value_or(0);
            const Batch& batch = writes_[i].first;
            const Batch part(batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(std::min(entries, batch.size())));
            append(part);
        }
        return is_healthy_;
    }

    const TraceNodeSettings& settings_;
    Nanoseconds clock_ = 0;
    std::map<TimerId, consensus::Timer> timers_;
    TimerId last_timer_ = 0;
    std::deque<std::pair<Batch, std::optional<consensus::Timer>>> writes_;
    TraceAnswer answer_;
};

}  // namespace

int run_trace_node(const TraceNodeSettings& settings) { return TraceNode(settings).run(); }

}  // namespace interlock::chain::process
