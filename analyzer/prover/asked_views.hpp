// Asked views: what a view answers while an entry waits for a call, be it one that hands over or one that only asks. A view
// is one more visitor, who writes nothing: where it can be moved out of the entry as visitors are, it answers what it answers
// between two calls.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "analyzer/prover/callback_free.hpp"
#include "analyzer/prover/directions.hpp"

namespace interlock::analyzer::prover {

class AskedViews {
  public:
    AskedViews(const CodeInScope& code, const lang::Sources& sources) : code_(&code), sources_(&sources) {}

    // Asks all views at a call of the entry: those that somebody can complete come to stand in `stop`. The footprints of
    // `site` hold what the entries do that its calls enter.
    void ask(const CallSite& site, const Flow& entry, Stop& stop, Visitors& visitors);
    // Moves each view out of the entry, together with its visitors, which can be moved out of it.
    void move_out(const ir::Function& entry, std::vector<Stop>& stops, Fit directions);

    // Views that answer at some call neither as before the entry nor as after it.
    [[nodiscard]] const std::set<std::string>& odd() const { return odd_; }
    // Some of which answer as before, where others, or the balance, are as after it: who asks both sees a state that never
    // was.
    [[nodiscard]] const std::set<std::string>& mixed() const { return mixed_; }
    // Returns the names of those of both that somebody may ask.
    using MayAsk = std::function<bool(std::uint32_t selector)>;
    [[nodiscard]] std::set<std::string> asked_by(const MayAsk& may_ask) const;
    // The same of those who thereby see a state that never was: of mixed ones it takes two.
    [[nodiscard]] std::set<std::string> seen_by(const MayAsk& may_ask) const;

    // Of the views of one contract of the scope: those that are torn, and why nothing is known of one, or an empty text.
    [[nodiscard]] std::optional<ViewsProof::Torn> torn_of(std::uint32_t contract) const;
    [[nodiscard]] std::string open_of(std::uint32_t contract) const;

  private:
    // A view that sees some of what an entry writes, and not the rest.
    struct Torn {
        lang::SourceRange call;
        std::string written, unwritten;  // "`supply`", "the balance"
    };

    void note_if_torn(const Entry& view, Footprint seen, const CallSite& site);
    using Names = std::map<std::uint32_t, std::string>;  // by selector
    struct Mix {
        Names before, after;  // those that answer as before the call's entry, and as after it
        bool is_balance_before = false, is_balance_after = false;
    };

    [[nodiscard]] Names names_of(const std::vector<Entry>& views) const;
    [[nodiscard]] static std::set<std::string> asked_among(const Names& names, const MayAsk& may_ask);
    [[nodiscard]] std::string name_of_area(const Area& area) const;

    const CodeInScope* code_;
    const lang::Sources* sources_;
    std::set<std::string> odd_, mixed_;
    Names odd_ones_;
    std::vector<Mix> mixes_;
    std::map<Entry, Torn> torn_;
    std::map<std::uint32_t, std::string> open_;
};

}  // namespace interlock::analyzer::prover
