#include "analyzer/report/sarif.hpp"

#include <set>

#include "analyzer/report/findings.hpp"
#include "analyzer/report/report_text.hpp"
#include "lang/diagnostics/explanations.hpp"
#include "lang/diagnostics/printable.hpp"
#include "lang/output/json.hpp"

namespace interlock::analyzer {

namespace {

// Returns whether RFC 3986 allows the character in a path. A colon would make the first part a scheme.
bool is_plain_in_uri(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~/!$&'()*+,;=@").find(c) != std::string_view::npos;
}

// Columns in SARIF count characters; ours count bytes.
std::size_t column_of(const lang::Sources& sources, std::uint32_t offset, const lang::SourceRange& range) {
    const lang::LineColumn place = sources.position(offset);
    std::string_view line = sources.line(sources.file_of(range), place.line);
    line = line.substr(0, place.column - 1);
    std::size_t column = 1;
    for (; !line.empty(); line.remove_prefix(lang::first_character(line).bytes)) ++column;
    return column;
}

Json location(const lang::SourceRange& range, const lang::Sources& sources) {
    return {{"physicalLocation",
             {{"artifactLocation", {{"uri", uri_of(sources.file_of(range).path)}}},
              {"region",
               {{"startLine", sources.position(range.begin).line},
                {"startColumn", column_of(sources, range.begin, range)},
                {"endLine", sources.position(range.end).line},
                {"endColumn", column_of(sources, range.end, range)}}}}}};
}

Json rule(const std::string& id) {
    Json rule{{"id", id}};
    std::string_view title, text;
    if (const Finding* finding = find_finding(id)) title = finding->title, text = finding->text;
    else if (const auto page = lang::explanation_of(id)) title = page->title, text = page->text;
    if (title.empty()) return rule;
    rule["shortDescription"] = {{"text", title}};
    rule["fullDescription"] = {{"text", text}};
    rule["help"] = {{"text", text}};
    return rule;
}

}  // namespace

std::string uri_of(std::string_view path) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string uri = path.starts_with('/') ? "file://" : "";
    for (const char c : path) {
        if (is_plain_in_uri(c)) uri += c;
        else uri += {'%', digits[static_cast<unsigned char>(c) >> 4], digits[static_cast<unsigned char>(c) & 15]};
    }
    return uri;
}

struct SarifLog::Impl {
    Json results = Json::array(), notifications = Json::array();
    std::set<std::string> rules;

    void add(const std::string& rule, std::string_view level, const std::string& message, const lang::SourceRange& range,
             const lang::Sources& sources, const PropertyVerdict* about = nullptr) {
        rules.insert(rule);
        Json result{{"ruleId", rule},
                    {"level", level},
                    {"message", {{"text", message}}},
                    {"locations", Json::array({location(range, sources)})}};
        if (about)
            result["properties"] = {{"contract", about->contract},
                                    {"property", about->property},
                                    {"propertyKind", to_string(about->which.kind)},
                                    {"propertyIndex", about->which.index}};
        results.push_back(std::move(result));
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
            impl_->add(verdict.id, "error", name + ": " + diagnostic.message, diagnostic.primary.range, sources, &verdict);
        } else if (verdict.verdict == Verdict::Unknown) {
            std::string message = name + ": " + verdict.kind;
            for (const std::string& reason : verdict.reasons) message += "; " + reason;
            impl_->add(verdict.id, "note", message, verdict.range, sources, &verdict);
        }
    }
    for (const Warning& warning : report.warnings) {
        std::string message = warning.message;
        for (const std::string& step : warning.steps) message += "; " + step;
        impl_->add(warning.id, "warning", message, warning.range, sources);
    }
}

void SarifLog::add_unchecked(std::string_view file, std::string_view message) {
    impl_->notifications.push_back(
        Json{{"level", "error"},
             {"message", {{"text", message}}},
             {"locations", Json::array({{{"physicalLocation", {{"artifactLocation", {{"uri", uri_of(file)}}}}}}})}});
}

std::string SarifLog::text() const {
    Json rules = Json::array();
    for (const std::string& id : impl_->rules) rules.push_back(rule(id));
    Json invocation{{"executionSuccessful", impl_->notifications.empty()}};
    if (!impl_->notifications.empty()) invocation["toolExecutionNotifications"] = impl_->notifications;
    const Json log{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                   {"version", "2.1.0"},
                   {"runs", Json::array({{{"tool", {{"driver", {{"name", "interlock"}, {"rules", std::move(rules)}}}}},
                                          {"invocations", Json::array({std::move(invocation)})},
                                          {"columnKind", "unicodeCodePoints"},
                                          {"results", impl_->results}}})}};
    return log.indented_text() + "\n";
}

}  // namespace interlock::analyzer
