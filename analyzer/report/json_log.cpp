#include "analyzer/report/json_log.hpp"

#include "analyzer/report/diagnostic_json.hpp"
#include "lang/output/json.hpp"

namespace interlock::analyzer {

namespace {

Json bounds_json(const SearchBounds& bounds) {
    return {{"transactions", bounds.transactions},
            {"depth", bounds.depth},
            {"calls_per_callback", bounds.calls_per_callback},
            {"calls", bounds.calls},
            {"calls_with_wide_arguments", bounds.wide_calls},
            {"arguments", bounds.argument_level},
            {"states", bounds.states},
            {"transitions", bounds.macro_steps}};
}

Json stats_json(const SearchStats& stats, const SearchBounds& bounds, double seconds) {
    return {{"states", stats.states},
            {"transitions", stats.macro_steps},
            {"branches", stats.branches},
            {"branches_taken", stats.branches_taken},
            {"seconds", seconds},
            {"replays", stats.replays},
            {"unconfirmed", stats.unconfirmed},
            {"dropped_calls", stats.dropped_calls},
            {"exhausted", stats.exhausted()},
            {"stopped_by", stats.exhausted() ? Json() : Json(name_of(stats.end))},
            {"bounds", bounds_json(bounds)}};
}

Json verdict_json(std::string_view file, const PropertyVerdict& verdict, const Report& report,
                  const std::vector<std::string>& trace_paths) {
    Json json{{"file", file},
              {"contract", verdict.contract},
              {"property", verdict.property},
              {"property_kind", to_string(verdict.which.kind)},
              {"property_index", verdict.which.index},
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
    if (!report.found.empty()) json["found"] = report.found;
    if (verdict.verdict == Verdict::Safe) json["assumptions"] = report.assumptions;
    if (verdict.verdict == Verdict::Unknown || !verdict.reasons.empty()) json["reasons"] = verdict.reasons;
    return json;
}

Json warning_json(std::string_view file, const Warning& warning) {
    return {{"file", file},
            {"contract", warning.contract},
            {"id", warning.id},
            {"message", warning.message},
            {"steps", warning.steps}};
}

}  // namespace

Json diagnostics_json(const lang::Diagnostics& diagnostics, const lang::Sources& sources) {
    Json errors = Json::array();
    for (const lang::Diagnostic& diagnostic : diagnostics.all()) {
        const lang::LineColumn at = sources.position(diagnostic.primary.range.begin);
        errors.push_back(Json{{"severity", diagnostic.severity == lang::Severity::Error ? "error" : "warning"},
                              {"code", diagnostic.code},
                              {"message", diagnostic.message},
                              {"file", sources.file_of(diagnostic.primary.range).path},
                              {"line", at.line},
                              {"column", at.column},
                              {"label", diagnostic.primary.text},
                              {"help", diagnostic.helps}});
    }
    return errors;
}

struct JsonLog::Impl {
    Json verdicts = Json::array(), warnings = Json::array(), errors = Json::array(), files = Json::array();
    std::vector<std::string> contradictions;
    SearchStats stats;  // of all files together
    SearchBounds bounds;
    double seconds = 0;
};

JsonLog::JsonLog() : impl_(std::make_unique<Impl>()) {}
JsonLog::~JsonLog() = default;

void JsonLog::add(std::string_view file, const Report& report, const lang::Sources& sources,
                  const std::vector<std::string>& trace_paths) {
    for (const PropertyVerdict& verdict : report.verdicts)
        impl_->verdicts.push_back(verdict_json(file, verdict, report, trace_paths));
    for (const Warning& warning : report.warnings) impl_->warnings.push_back(warning_json(file, warning));
    Json barriers = Json::array();
    for (const lang::SourceRange& range : report.stats.barriers)
        barriers.push_back(Json{{"file", sources.file_of(range).path}, {"line", sources.position(range.begin).line}});
    impl_->files.push_back(Json{{"file", file},
                                {"status", report.is_interrupted ? "interrupted" : "checked"},
                                {"left_out", report.left_out},
                                {"barriers", std::move(barriers)},
                                {"stats", stats_json(report.stats, report.bounds, report.seconds)}});
    if (!report.contradiction.empty()) impl_->contradictions.push_back(report.contradiction);
    impl_->stats.add(report.stats);
    impl_->bounds = report.bounds;
    impl_->seconds += report.seconds;
}

void JsonLog::add(const lang::Diagnostics& diagnostics, const lang::Sources& sources) {
    Json errors = diagnostics_json(diagnostics, sources);
    for (Json& each : errors.elements()) impl_->errors.push_back(std::move(each));
}

void JsonLog::add_unchecked(std::string_view file, std::string_view status, std::string_view message) {
    impl_->files.push_back(Json{{"file", file}, {"status", status}});
    if (!message.empty()) impl_->errors.push_back(Json{{"severity", "error"}, {"message", message}, {"file", file}});
}

std::string JsonLog::text() const {
    Json json{{"verdicts", impl_->verdicts},
              {"warnings", impl_->warnings},
              {"errors", impl_->errors},
              {"files", impl_->files},
              {"stats", stats_json(impl_->stats, impl_->bounds, impl_->seconds)}};
    if (!impl_->contradictions.empty()) json["contradictions"] = impl_->contradictions;
    return json.text();
}

}  // namespace interlock::analyzer
