#include "chain/process/replay.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "chain/process/child.hpp"
#include "chain/process/node.hpp"
#include "chain/process/trace_node.hpp"

namespace interlock::chain::process {

namespace {

using sim::TraceStep;

constexpr consensus::Nanoseconds most_answer_time = 20 * consensus::second;  // with a node's answer

constexpr std::string_view step_names[] = {"starts", "receives", "is rung", "has written", "is asked", "crashes"};

class Replay {
  public:
    Replay(const sim::Simulation& simulation, const sim::Trace& trace, ReplayOutcome& outcome)
        : simulation_(simulation), trace_(trace), outcome_(outcome), members_(simulation.options().nodes) {}
    ~Replay() {
        if (listener_.descriptor >= 0) close(listener_.descriptor);
    }
    Replay(const Replay&) = delete;
    Replay& operator=(const Replay&) = delete;

    void run() {
        const std::optional<Listener> listener = listen_somewhere();
        if (!listener || folder_.path().empty()) {
            outcome_.error = "no socket can listen on 127.0.0.1, or no folder can be made for the nodes' files";
            return;
        }
        listener_ = *listener;
        for (const TraceStep& step : trace_) {
            if (!take(step)) return;
            ++outcome_.steps;
        }
        compare_ends();
    }

  private:
    struct Member {
        Child process;
        std::optional<Connection> connection;
        TraceAnswer last;
    };

    bool take(const TraceStep& step) {
        Member& member = members_[step.node];
        if (step.kind == TraceStep::Start && !start(step.node)) return false;
        if (!member.connection) return differs(step, "does not run");
        member.connection->send(encoded(step));
        const std::optional<vm::Bytes> frame = next_frame(*member.connection, most_answer_time);
        const std::optional<TraceAnswer> answer = frame ? TraceAnswer::read(*frame) : std::nullopt;
        if (!answer) return differs(step, "does not answer");
        member.last = *answer;
        std::uint64_t sent = 0;
        for (const auto& [to, bytes] : answer->sent) sent = sim::with_sent(sent, to, consensus::digest_of(bytes));
        outcome_.messages += answer->sent.size();
        if (step.kind == TraceStep::Crash) {
            kill(member);
            std::error_code ignored;
            if (step.forgets) std::filesystem::remove(file_of(step.node), ignored);
            return true;
        }
        if (sent != step.sent) return differs(step, "sends something else");
        if (step.digest != 0 && answer->digest != step.digest) return differs(step, "comes to another state");
        return true;
    }

    bool differs(const TraceStep& step, std::string_view how) {
        outcome_.difference = "at step " + std::to_string(outcome_.steps + 1) + ", where node " + std::to_string(step.node) +
                              " " + std::string(step_names[step.kind]) + ", its process " + std::string(how);
        return false;
    }

    [[nodiscard]] std::string file_of(consensus::NodeId node) const { return folder_.path() + "/" + std::to_string(node); }

    bool start(consensus::NodeId id) {
        const sim::SimulationOptions& options = simulation_.options();
        Member& member = members_[id];
        outcome_.restarts += std::filesystem::exists(file_of(id));
        const bool runs = member.process.start([&] {
            for (Member& other : members_) other.connection.reset();
            close(listener_.descriptor);
            return run_trace_node({options.engine, options.engine_options, id, options.nodes, &options.workload->genesis,
                                   options.reward, options.disk == 0, file_of(id), listener_.port});
        });
        pollfd polled{listener_.descriptor, POLLIN, 0};
        if (!runs || poll(&polled, 1, static_cast<int>(most_answer_time / consensus::millisecond)) != 1)
            outcome_.error = "a node's process cannot be started";
        const int accepted = outcome_.error.empty() ? accept(listener_.descriptor, nullptr, nullptr) : -1;
        if (accepted < 0) return false;
        member.connection.emplace(accepted);
        return next_frame(*member.connection, most_answer_time) == greeting_of(id) ||
               differs({.kind = TraceStep::Start, .node = id}, "does not answer");
    }

    static void kill(Member& member) {
        member.connection.reset();
        member.process.kill();
    }

    void compare_ends() {
        for (consensus::NodeId node = 0; node < members_.size(); ++node) {
            if (!members_[node].connection) continue;
            const sim::Head& head = simulation_.outcome().heads[node];
            outcome_.height = std::max(outcome_.height, head.final_height);
            if (members_[node].last.head != head.hash)
                outcome_.difference = "node " + std::to_string(node) + " ends with another block";
        }
    }

    const sim::Simulation& simulation_;
    const sim::Trace& trace_;
    ReplayOutcome& outcome_;
    ScratchFolder folder_{"interlock-replay"};
    std::vector<Member> members_;
    Listener listener_;
};

}  // namespace

ReplayOutcome replay_in_processes(sim::SimulationOptions options, const std::function<void(sim::Trace&)>& change) {
    options.traces = true;
    options.signatures = sim::Signatures::Secp256k1;
    options.network.degree = 0;
    sim::Simulation simulation(options);
    (void)simulation.run();
    ReplayOutcome outcome;
    sim::Trace trace = simulation.trace();
    if (change) change(trace);
    Replay(simulation, trace, outcome).run();
    return outcome;
}

}  // namespace interlock::chain::process
