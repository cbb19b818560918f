#include "chain/process/cluster.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <unordered_set>

#include "chain/process/child.hpp"
#include "chain/process/node.hpp"
#include "chain/sim/workload.hpp"

namespace interlock::chain::process {

namespace {

using consensus::millisecond, consensus::Nanoseconds, consensus::second;

constexpr Nanoseconds pause = 20 * millisecond, patience = second;  // between questions; until a client sends again

class Cluster {
  public:
    explicit Cluster(const ClusterOptions& options)
        : options_(options), workload_(sim::transfers(options.transactions, millisecond)), began_(steady_time()) {}

    ~Cluster() {
        for (const Listener& listener : listeners_) close(listener.descriptor);
    }
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;

    ClusterOutcome run() {
        outcome_.final_transactions.resize(options_.nodes);
        if (prepare()) {
            bool goes_on = true;
            while (goes_on && outcome_.error.empty() && steady_time() - began_ < options_.most_time) {
                submit();
                ask();
                goes_on = !advance();
            }
            for (const Member& member : members_) count_missing(member);
        }
        outcome_.acknowledged = static_cast<std::uint32_t>(acknowledged_.size());
        outcome_.time = steady_time() - began_;
        return outcome_;
    }

  private:
    struct Member {
        Child process;
        std::optional<Connection> connection;
        std::vector<Hash> order;  // of final transactions, as it last said
    };

    bool prepare() {
        if (folder_.path().empty()) outcome_.error = "no folder can be made for the nodes' files";
        for (std::uint32_t i = 0; i < options_.nodes && outcome_.error.empty(); ++i) {
            const std::optional<Listener> listener = listen_somewhere();
            if (!listener) outcome_.error = "no socket can listen on 127.0.0.1";
            else listeners_.push_back(*listener);
        }
        members_.resize(options_.nodes);
        for (Member& member : members_)
            if (outcome_.error.empty()) start(member);
        return outcome_.error.empty();
    }

    void start(Member& member) {
        const auto id = static_cast<consensus::NodeId>(&member - members_.data());
        const bool runs = member.process.start([&] {
            for (Member& other : members_) other.connection.reset();
            for (const Listener& listener : listeners_)
                if (&listener != &listeners_[id]) close(listener.descriptor);
            return run_node({options_.engine, options_.engine_options, id, listeners_, &workload_.genesis, file_of(id),
                             began_, options_.most_time + second});
        });
        if (!runs) outcome_.error = "no process can be started";
    }

    static void kill(Member& member) {
        member.connection.reset();
        member.process.kill();
    }

    [[nodiscard]] std::string file_of(consensus::NodeId node) const { return folder_.path() + "/" + std::to_string(node); }

    // Sends what is due, or has not been acknowledged for long, each time to another node.
    void submit() {
        const Nanoseconds now = steady_time() - began_;
        sent_.resize(workload_.submissions.size());
        for (std::size_t i = 0; i < sent_.size(); ++i) {
            const consensus::SealedTransaction& tx = *workload_.submissions[i].transaction;
            const auto due = static_cast<Nanoseconds>(i) * pause;
            if (acknowledged_.contains(tx.hash) || now < due + static_cast<Nanoseconds>(sent_[i]) * patience) continue;
            const std::size_t first = i + sent_[i]++;
            for (std::uint32_t k = 0; k < options_.nodes; ++k) {
                Member& member = members_[(first + k) % options_.nodes];
                if (!connect(member)) continue;
                member.connection->send(tx.encoded);
                break;
            }
        }
    }

    bool connect(Member& member) {
        if (!member.process.runs()) return false;
        if (member.connection && !member.connection->is_broken()) return true;
        member.connection.reset();
        std::optional<Connection> fresh =
            Connection::open(listeners_[static_cast<std::size_t>(&member - members_.data())].port);
        if (!fresh) return false;
        member.connection.emplace(std::move(*fresh));
        member.connection->send(greeting_of(client));
        return true;
    }

    // Asks all nodes what is final, and hears what they say within a moment.
    void ask() {
        std::vector<pollfd> polled;
        for (Member& member : members_)
            if (connect(member)) {
                member.connection->send({});
                polled.push_back({member.connection->descriptor(), POLLIN, 0});
            }
        (void)poll(polled.data(), polled.size(), static_cast<int>(pause / millisecond));
        usleep(static_cast<useconds_t>(pause / consensus::microsecond));
        for (Member& member : members_) {
            if (!member.connection) continue;
            member.connection->flush();
            member.connection->receive();
            while (const std::optional<vm::Bytes> frame = member.connection->take()) hear(member, *frame);
        }
    }

    void hear(Member& member, vm::ByteView frame) {
        if (frame.size() % Hash::size != 0) {
            outcome_.agree = false;
            return;
        }
        member.order.clear();
        for (; !frame.empty(); frame = frame.subspan(Hash::size))
            std::copy_n(frame.begin(), Hash::size, member.order.emplace_back().bytes.begin());
        acknowledged_.insert(member.order.begin(), member.order.end());
        outcome_.final_transactions[static_cast<std::size_t>(&member - members_.data())] =
            static_cast<std::uint32_t>(member.order.size());
        // The longest order that was ever heard goes on from all others.
        const std::size_t common = std::min(longest_.size(), member.order.size());
        outcome_.agree &=
            std::equal(longest_.begin(), longest_.begin() + static_cast<std::ptrdiff_t>(common), member.order.begin());
        if (member.order.size() > longest_.size()) longest_ = member.order;
    }

    // Kills, starts again; returns whether everything is done.
    bool advance() {
        const std::size_t all = workload_.submissions.size();
        const std::uint32_t survived = options_.engine->tolerance(options_.nodes).crashes;
        const std::uint32_t crashes = std::min(options_.kills.value_or(survived), options_.nodes);
        if (outcome_.killed == 0 && crashes > 0 && 3 * acknowledged_.size() >= all) {
            for (; outcome_.killed < crashes; ++outcome_.killed) {
                kill(members_[outcome_.killed]);
                std::error_code ignored;
                if (options_.forgets) std::filesystem::remove(file_of(outcome_.killed), ignored);
            }
            if (options_.when_killed) options_.when_killed();
            return false;
        }
        if (outcome_.restarted < outcome_.killed && (crashes > survived || 3 * acknowledged_.size() >= 2 * all)) {
            for (; outcome_.restarted < outcome_.killed; ++outcome_.restarted) start(members_[outcome_.restarted]);
            if (options_.when_restarted) options_.when_restarted();
            return false;
        }
        if (outcome_.restarted < crashes) return false;
        outcome_.is_complete = std::ranges::all_of(members_, [&](const Member& each) { return each.order.size() == all; });
        return outcome_.is_complete;
    }

    void count_missing(const Member& member) {
        const std::unordered_set<Hash> known(member.order.begin(), member.order.end());
        std::uint32_t missing = 0;
        for (const Hash& tx : acknowledged_) missing += !known.contains(tx);
        outcome_.missing = std::max(outcome_.missing, missing);
    }

    ClusterOptions options_;
    sim::Workload workload_;
    Nanoseconds began_;
    ScratchFolder folder_{"interlock-nodes"};
    std::vector<Listener> listeners_;
    std::vector<Member> members_;
    std::vector<std::uint32_t> sent_;  // how often
    std::unordered_set<Hash> acknowledged_;
    std::vector<Hash> longest_;
    ClusterOutcome outcome_;
};

}  // namespace

ClusterOutcome run_cluster(const ClusterOptions& options) { return Cluster(options).run(); }

}  // namespace interlock::chain::process
