#include "analyzer/report/sarif.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "analyzer/report/report_text.hpp"

namespace interlock::analyzer {

using Json = nlohmann::ordered_json;

struct SarifLog::Impl {
    Json results = Json::array();
    std::set<std::string> rules;

    void add(const std::string& rule, std::string_view level, const std::string& message, const lang::SourceRange& range,
             const lang::Sources& sources) {
        rules.insert(rule);
        const lang::LineColumn begin = sources.position(range.begin), end = sources.position(range.end);
        results.push_back({{"ruleId", rule},
                           {"level", level},
                           {"message", {{"text", message}}},
                           {"locations",
                            {{{"physicalLocation",
                               {{"artifactLocation", {{"uri", sources.file_of(range).path}}},
                                {"region",
                                 {{"startLine", begin.line},
                                  {"startColumn", begin.column},
                                  {"endLine", end.line},
                                  {"endColumn", end.column}}}}}}}}});
    }
};

SarifLog::SarifLog() : impl_(std::make_unique<Impl>()) {}
SarifLog::~SarifLog() = default;

void SarifLog::add(const lang::Diagnostics& diagnostics, const lang::Sources& sources) {
    for (const lang::Diagnostic& diagnostic : diagnostics.all())
        impl_->add(diagnostic.code, diagnostic.severity == lang::Severity::Error ? "error" : "warning", diagnostic.message,
                   diagnostic.primary.range, sources);
}

void SarifLog::add(const Report& report, const lang::Sources& sources) {
    for (const PropertyVerdict& verdict : report.verdicts) {
        const std::string name = verdict.contract + "." + verdict.property;
        if (verdict.attack) {
            const lang::Diagnostic diagnostic = diagnose(report.attacks[*verdict.attack]);
            impl_->add(verdict.id, "error", name + ": " + diagnostic.message, diagnostic.primary.range, sources);
        } else if (verdict.verdict == Verdict::Unknown) {
            std::string message = name + ": " + verdict.kind;
            for (const std::string& reason : verdict.reasons) message += "; " + reason;
            impl_->add(verdict.id, "note", message, verdict.place, sources);
        }
    }
}

std::string SarifLog::text() const {
    Json rules = Json::array();
    for (const std::string& rule : impl_->rules) rules.push_back({{"id", rule}});
    const Json log{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                   {"version", "2.1.0"},
                   {"runs", Json::array({{{"tool", {{"driver", {{"name", "interlock"}, {"rules", std::move(rules)}}}}},
                                          {"results", impl_->results}}})}};
    return log.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace interlock::analyzer
