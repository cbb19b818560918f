#include "chain/process/node.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <chrono>
#include <deque>
#include <list>

#include "chain/process/process_env.hpp"

namespace interlock::chain::process {

using consensus::Batch, consensus::BlockRef, consensus::MessageRef, consensus::Nanoseconds, consensus::NodeId,
    consensus::TimerId, consensus::TransactionRef;

Nanoseconds steady_time() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

vm::Bytes greeting_of(std::uint32_t speaker) { return rlp::Encoder().number(speaker).take(); }

namespace {

class ProcessNode final : public ProcessEnv {
  public:
    explicit ProcessNode(const NodeSettings& settings)
        : ProcessEnv({settings.id, static_cast<std::uint32_t>(settings.listeners.size()), settings.engine, &settings.options,
                      settings.genesis, Word{}, &settings.file},
                     consensus::Random(static_cast<std::uint64_t>(settings.began), settings.id + 1)),
          settings_(settings) {
        outgoing_.resize(nodes());
    }

    int run() {
        if (!can_run()) return 1;
        engine_->start(*this, file_.content());
        while (now() < settings_.lifetime && is_healthy_) {
            do_what_is_due();
            wait();
        }
        return is_healthy_ ? 0 : 1;
    }

    // --- consensus::Env ---
    Nanoseconds now() const override { return steady_time() - settings_.began; }
    void send(NodeId to, const MessageRef& message) override {
        std::optional<Connection>& connection = outgoing_.at(to);
        if (connection && connection->is_broken()) connection.reset();
        if (!connection) {
            if (std::optional<Connection> fresh = Connection::open(settings_.listeners[to].port))
                connection.emplace(std::move(*fresh));
            else return;
            connection->send(greeting_of(settings_.id));
        }
        connection->send(message->bytes());
    }
    TimerId set_timer(Nanoseconds after, consensus::Timer timer) override {
        timers_.emplace(std::pair(now() + std::max<Nanoseconds>(after, 0), ++last_timer_), timer);
        return last_timer_;
    }
    void cancel(TimerId id) override {
        std::erase_if(timers_, [id](const auto& entry) { return entry.first.second == id; });
    }
    void persist(Batch batch, consensus::Timer then) override {
        persist(std::move(batch));
        if (is_healthy_) persisted_.push_back(then);
    }
    void persist(Batch batch) override { append(batch); }

  private:
    struct Speaker {
        Connection connection;
        std::optional<std::uint32_t> who;
    };

    void do_what_is_due() {
        while (is_healthy_ && !persisted_.empty()) {
            const consensus::Timer then = persisted_.front();
            persisted_.pop_front();
            engine_->on_persisted(*this, then);
        }
        while (is_healthy_ && !timers_.empty() && timers_.begin()->first.first <= now()) {
            const consensus::Timer timer = timers_.begin()->second;
            timers_.erase(timers_.begin());
            engine_->on_timer(*this, timer);
        }
    }

    // Waits until something arrives or is due, and deals with what has arrived.
    void wait() {
        Nanoseconds until = std::min(settings_.lifetime, now() + consensus::second);
        if (!timers_.empty()) until = std::min(until, timers_.begin()->first.first);
        if (!persisted_.empty()) until = 0;
        std::vector<pollfd> polled{{settings_.listeners[settings_.id].descriptor, POLLIN, 0}};
        for (const Speaker& speaker : speakers_)
            polled.push_back({speaker.connection.descriptor(),
                              static_cast<short>(speaker.connection.has_waiting() ? POLLIN | POLLOUT : POLLIN), 0});
        for (const auto& connection : outgoing_)
            if (connection && connection->has_waiting()) polled.push_back({connection->descriptor(), POLLOUT, 0});
        const Nanoseconds left = std::max<Nanoseconds>(until - now(), 0);
        (void)poll(polled.data(), polled.size(),
                   static_cast<int>((left + consensus::millisecond - 1) / consensus::millisecond));
        for (auto& connection : outgoing_)
            if (connection) connection->flush();
        if ((polled[0].revents & POLLIN) != 0)
            for (int fresh = 0; (fresh = accept(polled[0].fd, nullptr, nullptr)) >= 0;)
                speakers_.push_back({Connection(fresh), std::nullopt});
        for (Speaker& speaker : speakers_) listen_to(speaker);
        speakers_.remove_if([](const Speaker& speaker) { return speaker.connection.is_broken(); });
    }

    void listen_to(Speaker& speaker) {
        speaker.connection.flush();
        speaker.connection.receive();
        while (const std::optional<vm::Bytes> frame = speaker.connection.take()) {
            if (!speaker.who) {
                const rlp::Decoded decoded = rlp::decode(*frame);
                const auto who = decoded.ok() ? rlp::as_u64(decoded.item) : std::nullopt;
                if (!who || *who > client) return;
                speaker.who = static_cast<std::uint32_t>(*who);
            } else if (*speaker.who < nodes()) {
                engine_->on_message(*this, *speaker.who, std::make_shared<const consensus::Message>(*frame));
            } else if (frame->empty()) {
                speaker.connection.send(final_transactions());
            } else if (const TransactionRef tx = codec_.transaction(*frame)) engine_->on_submit(*this, tx);
            do_what_is_due();
        }
    }

    vm::Bytes final_transactions() const {
        std::vector<BlockRef> chain;
        for (BlockRef at = engine_->finalised(); at; at = engine_->find(at->parent())) chain.push_back(at);
        vm::Bytes hashes;
        for (std::size_t i = chain.size(); i-- > 0;)
            for (const TransactionRef& tx : chain[i]->transactions)
                hashes.insert(hashes.end(), tx->hash.bytes.begin(), tx->hash.bytes.end());
        return hashes;
    }

    const NodeSettings& settings_;
    std::vector<std::optional<Connection>> outgoing_;
    std::list<Speaker> speakers_;
    std::map<std::pair<Nanoseconds, TimerId>, consensus::Timer> timers_;
    std::deque<consensus::Timer> persisted_;
    TimerId last_timer_ = 0;
};

}  // namespace

int run_node(const NodeSettings& settings) { return ProcessNode(settings).run(); }

}  // namespace interlock::chain::process
