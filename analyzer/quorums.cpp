#include "analyzer/quorums.hpp"

#include <fmt/format.h>
#include <z3++.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace interlock::analyzer {

namespace {

using Json = nlohmann::json;

struct Malformed {
    std::string message;
};

class Reader {
  public:
    QuorumSystem read(const Json& json) {
        if (!json.is_object() || json.size() != 1 || !json.contains("nodes") || !json["nodes"].is_object())
            throw Malformed{"expected {\"nodes\": {NAME: SET, …}}"};
        const Json& nodes = json["nodes"];
        if (nodes.size() > QuorumSystem::most_nodes)
            throw Malformed{fmt::format("there are more than {} nodes", QuorumSystem::most_nodes)};
        QuorumSystem system;
        for (const auto& [name, needs] : nodes.items()) {
            if (name.empty() || name.size() > QuorumSystem::most_name_bytes)
                throw Malformed{fmt::format("a node's name has 1 to {} bytes", QuorumSystem::most_name_bytes)};
            indices_.emplace(name, system.nodes.size());
            system.nodes.push_back({name, {}});
        }
        for (QuorumSystem::Node& node : system.nodes) {
            owner_ = node.name;
            node.needs = set(nodes[node.name], 1);
        }
        return system;
    }

  private:
    [[noreturn]] void fail(const std::string& what) const { throw Malformed{fmt::format("node `{}`: {}", owner_, what)}; }

    QuorumSet set(const Json& json, std::size_t depth) {
        if (depth > QuorumSystem::most_depth)
            fail(fmt::format("sets are nested more than {} deep", QuorumSystem::most_depth));
        if (!json.is_object() || json.size() != 2 || !json.contains("threshold") || !json.contains("of") ||
            !json["of"].is_array() || !json["threshold"].is_number_unsigned())
            fail("expected {\"threshold\": NUMBER, \"of\": [NAME or SET, …]}");
        QuorumSet set;
        for (const Json& member : json["of"]) {
            if (++members_ > QuorumSystem::most_members)
                fail(fmt::format("there are more than {} members in all", QuorumSystem::most_members));
            if (member.is_string()) set.nodes.push_back(index_of(member.get<std::string>(), set));
            else set.inner.push_back(this->set(member, depth + 1));
        }
        const auto threshold = json["threshold"].get<std::uint64_t>();
        const std::size_t most = set.nodes.size() + set.inner.size();
        if (threshold < 1 || threshold > most)
            fail(fmt::format("the threshold {} is not between 1 and {}", threshold, most));
        set.threshold = threshold;
        return set;
    }

    [[nodiscard]] std::size_t index_of(const std::string& name, const QuorumSet& set) const {
        const auto found = indices_.find(name);
        if (found == indices_.end()) fail(fmt::format("there is no node `{}`", name));
        if (std::ranges::count(set.nodes, found->second) != 0) fail(fmt::format("`{}` stands twice in one set", name));
        return found->second;
    }

    std::map<std::string, std::size_t> indices_;
    std::string owner_;
    std::size_t members_ = 0;
};

bool is_met(const QuorumSet& set, const std::vector<bool>& members, const std::vector<bool>& faulty) {
    std::size_t count = 0;
    for (const std::size_t node : set.nodes) count += members[node] || faulty[node];
    for (const QuorumSet& inner : set.inner) count += is_met(inner, members, faulty);
    return count >= set.threshold;
}

// A quorum as a formula: one unknown for each node.
class Unknown {
  public:
    Unknown(z3::context& context, const QuorumSystem& system, const std::vector<bool>& faulty, const char* prefix)
        : context_(context), system_(system), faulty_(faulty), members(context) {
        for (std::size_t i = 0; i < system.nodes.size(); ++i)
            members.push_back(context.bool_const(fmt::format("{}{}", prefix, i).c_str()));
    }

    void require(z3::solver& solver) const {
        solver.add(z3::mk_or(members));
        for (unsigned i = 0; i < members.size(); ++i) {
            if (faulty_[i]) solver.add(!members[static_cast<int>(i)]);
            else solver.add(z3::implies(members[static_cast<int>(i)], met(system_.nodes[i].needs)));
        }
    }

    [[nodiscard]] std::vector<bool> in(const z3::model& model) const {
        std::vector<bool> all;
        for (unsigned i = 0; i < members.size(); ++i)
            all.push_back(model.eval(members[static_cast<int>(i)], true).is_true());
        return all;
    }

  private:
    [[nodiscard]] z3::expr met(const QuorumSet& set) const {
        z3::expr_vector all(context_);
        for (const std::size_t node : set.nodes)
            all.push_back(faulty_[node] ? context_.bool_val(true) : members[static_cast<int>(node)]);
        for (const QuorumSet& inner : set.inner) all.push_back(met(inner));
        return z3::atleast(all, static_cast<unsigned>(set.threshold));
    }

    z3::context& context_;
    const QuorumSystem& system_;
    const std::vector<bool>& faulty_;

  public:
    z3::expr_vector members;
};

std::vector<std::string> names(const QuorumSystem& system, const std::vector<bool>& members) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < members.size(); ++i)
        if (members[i]) all.push_back(system.nodes[i].name);
    return all;
}

}  // namespace

bool QuorumSystem::is_quorum(const std::vector<bool>& members, const std::vector<bool>& faulty) const {
    bool is_any = false;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (!members[i]) continue;
        if (faulty[i] || !is_met(nodes[i].needs, members, faulty)) return false;
        is_any = true;
    }
    return is_any;
}

std::variant<QuorumSystem, std::string> parse_quorums(std::string_view text) {
    // Objects and arrays alternate, and two levels stand around the sets. What is deeper is not kept.
    constexpr int most_levels = 2 * static_cast<int>(QuorumSystem::most_depth) + 6;
    bool is_too_deep = false;
    const Json json = Json::parse(
        text,
        [&is_too_deep](int depth, Json::parse_event_t, Json&) {
            is_too_deep |= depth > most_levels;
            return depth <= most_levels;
        },
        false);
    if (is_too_deep) return "values are nested too deep";
    if (json.is_discarded()) return "this is not JSON";
    try {
        return Reader().read(json);
    } catch (const Malformed& malformed) {
        return malformed.message;
    }
}

QuorumAnswer intersect(const QuorumSystem& system, const std::vector<bool>& faulty, unsigned timeout_ms) {
    using Kind = QuorumAnswer::Kind;
    z3::context context;
    z3::solver solver(context);
    solver.set("timeout", timeout_ms);
    solver.set("ctrl_c", false);  // the signal is the caller's
    const Unknown left(context, system, faulty, "l"), right(context, system, faulty, "r");
    if (system.nodes.empty()) return {Kind::NoQuorum, {}, {}};
    left.require(solver);
    const z3::check_result one = solver.check();
    if (one != z3::sat) return {one == z3::unsat ? Kind::NoQuorum : Kind::Unknown, {}, {}};
    right.require(solver);
    for (unsigned i = 0; i < left.members.size(); ++i)
        solver.add(!left.members[static_cast<int>(i)] || !right.members[static_cast<int>(i)]);
    const z3::check_result two = solver.check();
    if (two != z3::sat) return {two == z3::unsat ? Kind::Intersect : Kind::Unknown, {}, {}};
    const z3::model model = solver.get_model();
    const std::vector<bool> first = left.in(model), second = right.in(model);
    if (!system.is_quorum(first, faulty) || !system.is_quorum(second, faulty))
        throw std::logic_error("Z3 named quorums that are none");
    return {Kind::Disjoint, names(system, first), names(system, second)};
}

}  // namespace interlock::analyzer
