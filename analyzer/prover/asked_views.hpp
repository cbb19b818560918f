// Asked views: what a view answers while an entry waits for a call, be it one that hands over or one that only asks. A view
// is one more visitor, who writes nothing: where it can be moved out of the entry as visitors are, it answers what it answers
// between two calls.
#pragma once

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
    [[nodiscard]] const std::set<std::uint32_t>& selectors() const { return selectors_; }  // of all these

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
    void note(const std::vector<Entry>& views, std::set<std::string>& names);
    [[nodiscard]] std::string name_of_area(const Area& area) const;

    const CodeInScope* code_;
    const lang::Sources* sources_;
    std::set<std::string> odd_, mixed_;
    std::set<std::uint32_t> selectors_;
    std::map<Entry, Torn> torn_;
    std::map<std::uint32_t, std::string> open_;
};

}  // namespace interlock::analyzer::prover
