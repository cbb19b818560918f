// A report as JSON. The order of keys is part of the interface.
#include <nlohmann/json.hpp>

#include "analyzer/check.hpp"

namespace interlock::analyzer {

std::string to_json(const Report& report, const std::vector<std::string>& trace_paths) {
    using Json = nlohmann::ordered_json;
    Json verdicts = Json::array();
    for (const PropertyVerdict& verdict : report.verdicts) {
        Json json{{"contract", verdict.contract},
                  {"property", verdict.property},
                  {"verdict", name_of(verdict.verdict)},
                  {"id", verdict.id},
                  {"kind", verdict.kind},
                  {"trace", nullptr}};
        if (verdict.attack) {
            const Trace& attack = report.attacks[*verdict.attack];
            if (*verdict.attack < trace_paths.size() && !trace_paths[*verdict.attack].empty())
                json["trace"] = trace_paths[*verdict.attack];
            json["gain_wei"] = vm::to_decimal(attack.gain);
        }
        if (verdict.verdict == Verdict::Safe) json["assumptions"] = report.assumptions;
        if (verdict.verdict == Verdict::Unknown) json["reasons"] = verdict.reasons;
        verdicts.push_back(std::move(json));
    }
    const SearchStats& stats = report.stats;
    const SearchBounds& bounds = report.bounds;
    Json json{{"verdicts", std::move(verdicts)},
              {"stats",
               {{"states", stats.states},
                {"transitions", stats.macro_steps},
                {"seconds", report.seconds},
                {"replays", stats.replays},
                {"unconfirmed", stats.unconfirmed},
                {"dropped_calls", stats.dropped_calls},
                {"exhausted", stats.exhausted},
                {"bounds",
                 {{"transactions", bounds.transactions},
                  {"depth", bounds.depth},
                  {"calls_per_callback", bounds.calls_per_callback},
                  {"calls", bounds.calls},
                  {"calls_with_wide_arguments", bounds.wide_calls},
                  {"arguments", bounds.argument_level},
                  {"states", bounds.states},
                  {"transitions", bounds.macro_steps}}}}}};
    if (!report.contradiction.empty()) json["contradiction"] = report.contradiction;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace interlock::analyzer
