// The trace as JSON, and back to the scenario that makes it again. Amounts are decimal strings of wei.
#include "analyzer/report/trace_json.hpp"

#include <map>

#include "lang/load.hpp"

namespace interlock::analyzer {

namespace {

using Json = nlohmann::ordered_json;

Json operands(const std::vector<lang::Operand>& list) {
    Json json = Json::array();
    for (const lang::Operand& operand : list) json.push_back({{"text", operand.text}, {"value", operand.value}});
    return json;
}

Json event(const Event& event) {
    Json json;
    switch (event.kind) {
        case Event::Kind::Call: return {{"call", event.child}};
        case Event::Kind::Read:
            json = {{"reads", event.name}, {"value", event.before}};
            if (event.is_stale) json["stale"] = true;
            break;
        case Event::Kind::Write:
            json = {{"writes", event.name}, {"before", event.before}, {"after", event.after}};
            if (event.is_missed) json["missed"] = true;
            break;
    }
    if (event.line) json["line"] = event.line;
    return json;
}

Json call(const CallRecord& call) {
    Json json{{"depth", call.depth},  {"kind", call.kind},         {"from", call.from},
              {"to", call.to},        {"function", call.function}, {"value", vm::to_decimal(call.value)},
              {"status", call.status}};
    if (!call.result.empty()) json["result"] = call.result;
    if (call.is_reentry) json["reentry"] = true;
    if (call.line) json["line"] = call.line;
    Json balances = Json::object();
    for (const auto& [name, wei] : call.balances) balances[name] = vm::to_decimal(wei);
    json["balances"] = std::move(balances);
    json["events"] = Json::array();
    for (const Event& e : call.events) json["events"].push_back(event(e));
    return json;
}

Json transaction(const TransactionRecord& record) {
    const ScenarioTransaction& tx = record.transaction;
    Json json{{"from", tx.from},
              {"to", tx.to},
              {"value", vm::to_decimal(tx.value)},
              {"data", vm::to_hex(tx.data)},
              {"attack", tx.is_attack},
              {"status", record.status},
              {"gas_used", record.gas_used},
              {"calls", Json::array()}};
    for (const CallRecord& c : record.recording.calls) json["calls"].push_back(call(c));
    return json;
}

// The files that were imported, and how their paths were found; nothing where there are none.
void add_imports(Json& json, const lang::Compilation& compilation) {
    const auto& files = compilation.sources->files();
    if (files.size() < 2) return;
    Json list = Json::array(), remappings = Json::array();
    for (std::size_t i = 1; i < files.size(); ++i) list.push_back({{"path", files[i].path}, {"text", files[i].text}});
    for (const lang::Remapping& each : compilation.remappings)
        remappings.push_back({{"context", each.context}, {"prefix", each.prefix}, {"target", each.target}});
    json["imports"] = {{"files", list}, {"remappings", remappings}, {"include_paths", compilation.include_paths}};
}

// The files that a trace holds.
class HeldFiles final : public lang::Loader {
  public:
    explicit HeldFiles(const Json& files) {
        for (const Json& file : files) texts_[file.at("path").get<std::string>()] = file.at("text");
    }
    [[nodiscard]] Answer read(const std::string& path) override {
        const auto found = texts_.find(path);
        return found == texts_.end() ? Answer{} : Answer{.text = found->second, .why_not = {}};
    }

  private:
    std::map<std::string, std::string> texts_;
};

lang::Compilation compile_held(const Json& json) {
    const Json& source = json.at("source");
    if (!json.contains("imports")) return lang::compile(source.at("path"), source.at("text"));
    const Json& imports = json.at("imports");
    HeldFiles files(imports.at("files"));
    lang::ImportOptions options{.loader = &files, .remappings = {}, .include_paths = imports.at("include_paths")};
    for (const Json& each : imports.at("remappings"))
        options.remappings.push_back({each.at("context"), each.at("prefix"), each.at("target")});
    return lang::compile(source.at("path"), source.at("text"), options);
}

Json outcome(const Trace& trace) {
    Json json{{"gain", vm::to_decimal(trace.gain)}, {"ether", Json::array()}, {"invariants", Json::array()}};
    for (const Holding& holding : trace.ether)
        json["ether"].push_back(
            {{"name", holding.name}, {"before", vm::to_decimal(holding.before)}, {"after", vm::to_decimal(holding.after)}});
    for (const InvariantChange& change : trace.invariants)
        json["invariants"].push_back({{"contract", change.contract},
                                      {"label", change.label},
                                      {"text", change.text},
                                      {"before", {{"holds", change.held_before}, {"operands", operands(change.before)}}},
                                      {"after", {{"holds", change.holds_after}, {"operands", operands(change.after)}}}});
    return json;
}

}  // namespace

Json json_of(const Trace& trace) {
    const Scenario& scenario = trace.scenario;
    const lang::SourceFile& file = scenario.compilation->sources->files().front();
    Json json{
        {"format", trace_format},
        {"fork", "Cancun"},
        {"finding",
         {{"id", scenario.id}, {"kind", scenario.kind}, {"contract", scenario.contract}, {"property", scenario.property}}},
        {"outcome", outcome(trace)},
        {"source", {{"path", file.path}, {"text", file.text}}},
        {"attacker", {{"source", scenario.attacker_source}}}};
    add_imports(json, *scenario.compilation);
    json["contracts"] = Json::array();
    json["transactions"] = Json::array();
    for (const DeployedCode& code : trace.contracts)
        json["contracts"].push_back({{"name", code.name},
                                     {"address", vm::to_hex(code.address)},
                                     {"creation_data", vm::to_hex(code.creation_data)},
                                     {"runtime_code", vm::to_hex(code.runtime_code)},
                                     {"code_hash", vm::to_hex(code.code_hash)}});
    for (const TransactionRecord& record : trace.transactions) json["transactions"].push_back(transaction(record));
    return json;
}

std::string to_json(const Trace& trace) { return json_of(trace).dump(1, ' ', false, Json::error_handler_t::replace) + "\n"; }

std::variant<Scenario, std::string> scenario_of(const Json& json) {
    try {
        if (json.at("format").get<std::string>() != trace_format)
            return "it is not of the format " + std::string(trace_format);
        Scenario scenario;
        const Json& finding = json.at("finding");
        scenario.id = finding.at("id");
        scenario.kind = finding.at("kind");
        scenario.contract = finding.at("contract");
        scenario.property = finding.at("property");
        scenario.attacker_source = json.at("attacker").at("source");
        for (const Json& tx : json.at("transactions")) {
            const auto value = vm::parse_word(tx.at("value").get<std::string>());
            const auto data = vm::parse_hex(tx.at("data").get<std::string>());
            if (!value || !data) return "a transaction's value or data is not a number or not hexadecimal";
            scenario.transactions.push_back({tx.at("from"), tx.at("to"), *value, *data, tx.at("attack")});
        }
        auto compilation = std::make_shared<lang::Compilation>(compile_held(json));
        if (!compilation->ok())
            return "its source does not compile:\n" + render(compilation->diagnostics, *compilation->sources, false);
        scenario.compilation = std::move(compilation);
        return scenario;
    } catch (const nlohmann::json::exception& error) {
        return std::string("it lacks something, or something in it is of the wrong type: ") + error.what();
    }
}

}  // namespace interlock::analyzer
