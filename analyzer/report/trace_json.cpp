// The trace as JSON, and back to the script that makes it again. Amounts are decimal strings of wei.
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
    const ScriptedTransaction& tx = record.transaction;
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

Json known(const std::optional<bool>& holds) { return holds ? Json(*holds) : Json(); }

Json outcome(const Trace& trace) {
    Json json{{"gain", vm::to_decimal(trace.gain)}, {"ether", Json::array()}, {"invariants", Json::array()}};
    for (const Holding& holding : trace.ether)
        json["ether"].push_back(
            {{"name", holding.name}, {"before", vm::to_decimal(holding.before)}, {"after", vm::to_decimal(holding.after)}});
    for (const InvariantChange& change : trace.invariants)
        json["invariants"].push_back(
            {{"contract", change.contract},
             {"label", change.label},
             {"text", change.text},
             {"before", {{"holds", known(change.held_before)}, {"operands", operands(change.before)}}},
             {"after", {{"holds", known(change.holds_after)}, {"operands", operands(change.after)}}}});
    return json;
}

// --- reading: the file may be anybody's, so nothing is taken for granted ---

using Read = nlohmann::json;  // with members found by name quickly, however many there are

constexpr std::size_t max_transactions = 1'000;  // far more than an attack within the bounds of `check` has

struct NoTrace {
    std::string why;
};

// A part of the file, and how it is called: "transactions[2].value".
class Part {
  public:
    Part(const Read& json, std::string name) : json_(json), name_(std::move(name)) {}

    [[nodiscard]] bool has(const char* member) const { return json_.is_object() && json_.contains(member); }

    [[nodiscard]] Part operator[](const char* member) const {
        if (!json_.is_object()) throw NoTrace{name_ + " is no object"};
        const auto found = json_.find(member);
        const std::string name = (name_ == whole ? "" : name_ + ".") + member;
        if (found == json_.end()) throw NoTrace{name + " is missing"};
        return {*found, name};
    }

    [[nodiscard]] std::string text() const {
        if (!json_.is_string()) throw NoTrace{name_ + " is no text"};
        return json_.get<std::string>();
    }

    [[nodiscard]] bool flag() const {
        if (!json_.is_boolean()) throw NoTrace{name_ + " is neither true nor false"};
        return json_.get<bool>();
    }

    [[nodiscard]] Word amount() const {
        const auto word = vm::parse_word(text());
        if (!word) throw NoTrace{name_ + " is no amount"};
        return *word;
    }

    [[nodiscard]] Bytes bytes() const {
        auto bytes = vm::parse_hex(text());
        if (!bytes) throw NoTrace{name_ + " is not hexadecimal"};
        return std::move(*bytes);
    }

    [[nodiscard]] std::vector<Part> list(std::size_t most = SIZE_MAX) const {
        if (!json_.is_array()) throw NoTrace{name_ + " is no list"};
        if (json_.size() > most) throw NoTrace{name_ + " has more than " + std::to_string(most) + " entries"};
        std::vector<Part> parts;
        for (std::size_t i = 0; i < json_.size(); ++i) parts.emplace_back(json_[i], name_ + "[" + std::to_string(i) + "]");
        return parts;
    }

    static constexpr const char* whole = "the file";

  private:
    const Read& json_;
    std::string name_;
};

// The files that a trace holds.
class HeldFiles final : public lang::Loader {
  public:
    explicit HeldFiles(const Part& files) {
        for (const Part& file : files.list()) texts_[file["path"].text()] = file["text"].text();
    }
    [[nodiscard]] File read(const std::string& path) override {
        const auto found = texts_.find(path);
        return found == texts_.end() ? File{} : File{.text = found->second, .why_not = {}};
    }

  private:
    std::map<std::string, std::string> texts_;
};

lang::Compilation compile_held(const Part& trace) {
    const Part source = trace["source"];
    if (!trace.has("imports")) return lang::compile(source["path"].text(), source["text"].text());
    const Part imports = trace["imports"];
    HeldFiles files(imports["files"]);
    lang::ImportOptions options{.loader = &files, .remappings = {}, .include_paths = {}};
    for (const Part& each : imports["include_paths"].list()) options.include_paths.push_back(each.text());
    for (const Part& each : imports["remappings"].list())
        options.remappings.push_back({each["context"].text(), each["prefix"].text(), each["target"].text()});
    return lang::compile(source["path"].text(), source["text"].text(), options);
}

AttackScript read_script(const Part& trace) {
    if (const Part format = trace["format"]; format.text() != trace_format)
        throw NoTrace{"it is not of the format " + std::string(trace_format)};
    AttackScript script;
    const Part finding = trace["finding"];
    script.id = finding["id"].text();
    script.kind = finding["kind"].text();
    script.contract = finding["contract"].text();
    script.property = finding["property"].text();
    script.attacker_source = trace["attacker"]["source"].text();
    for (const Part& tx : trace["transactions"].list(max_transactions))
        script.transactions.push_back(
            {tx["from"].text(), tx["to"].text(), tx["value"].amount(), tx["data"].bytes(), tx["attack"].flag()});
    auto compilation = std::make_shared<lang::Compilation>(compile_held(trace));
    if (!compilation->ok())
        throw NoTrace{"its source does not compile:\n" + render(compilation->diagnostics, *compilation->sources, false)};
    script.compilation = std::move(compilation);
    return script;
}

}  // namespace

Json json_of(const Trace& trace) {
    const AttackScript& script = trace.script;
    const lang::SourceFile& file = script.compilation->sources->files().front();
    Json json{{"format", trace_format},
              {"fork", "Cancun"},
              {"finding",
               {{"id", script.id}, {"kind", script.kind}, {"contract", script.contract}, {"property", script.property}}},
              {"outcome", outcome(trace)},
              {"source", {{"path", file.path}, {"text", file.text}}},
              {"attacker", {{"source", script.attacker_source}}}};
    add_imports(json, *script.compilation);
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

std::variant<AttackScript, std::string> script_of(const nlohmann::json& trace) {
    try {
        return read_script(Part(trace, Part::whole));
    } catch (const NoTrace& no_trace) {
        return no_trace.why;
    }
}

}  // namespace interlock::analyzer
