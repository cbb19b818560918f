// Writes the trace as JSON; trace_reader.cpp reads the script from it to make the trace again. Amounts are decimal
// strings of wei.
#include "analyzer/trace.hpp"
#include "lang/output/json.hpp"

namespace interlock::analyzer {

namespace {

Json operands(const std::vector<lang::Operand>& list) {
    Json json = Json::array();
    for (const lang::Operand& operand : list) json.push_back(Json{{"text", operand.text}, {"value", operand.value}});
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
              {"wait", {{"blocks", tx.wait.blocks}, {"seconds", tx.wait.seconds}}},
              {"status", record.status},
              {"gas_used", record.gas_used},
              {"calls", Json::array()}};
    for (const CallRecord& c : record.recording.calls) json["calls"].push_back(call(c));
    return json;
}

// Adds the imported files and how their paths were found, if there are any.
void add_imports(Json& json, const lang::Compilation& compilation) {
    const auto& files = compilation.sources->files();
    if (files.size() < 2) return;
    Json list = Json::array(), remappings = Json::array();
    for (std::size_t i = 1; i < files.size(); ++i) list.push_back(Json{{"path", files[i].path}, {"text", files[i].text}});
    for (const lang::Remapping& each : compilation.remappings)
        remappings.push_back(Json{{"context", each.context}, {"prefix", each.prefix}, {"target", each.target}});
    json["imports"] = {{"files", list}, {"remappings", remappings}, {"include_paths", compilation.include_paths}};
}

// Adds what was given as bytecode.
void add_bytecodes(Json& json, const lang::Compilation& compilation) {
    if (compilation.bytecodes.empty()) return;
    json["bytecode"] = Json::array();
    for (const lang::Bytecode& each : compilation.bytecodes) {
        Json links = Json::array();
        for (const lang::LinkReference& link : each.links)
            links.push_back(Json{{"library", link.library}, {"offset", link.offset}});
        json["bytecode"].push_back(Json{{"name", each.name},
                                        {"path", each.path},
                                        {"code", vm::to_hex(each.code)},
                                        {"abi", each.abi},
                                        {"links", links},
                                        {"library", each.is_library},
                                        {"source_map", each.source_map}});
    }
}

Json known(const std::optional<bool>& holds) { return holds ? Json(*holds) : Json(); }

Json setup(const Recipe& recipe) {
    Json json{{"steps", Json::array()}, {"attacker", Json::array()}};
    for (const SetupStep& step : recipe.steps) {
        Json made{{"from", step.from},
                  {"deploys", step.deploys},
                  {"environment", step.is_environment},
                  {"to", step.to},
                  {"value", vm::to_decimal(step.value)},
                  {"data", vm::to_hex(step.data)}};
        if (step.sets_up) made["sets_up"] = true;
        if (!step.plays.empty()) made["plays"] = step.plays;
        if (!step.speaks_as.empty()) made["speaks_as"] = step.speaks_as;
        if (step.stands_at) made["stands_at"] = vm::to_hex(step.stands_at->bytes);
        if (!step.expects.empty()) made["expects"] = step.expects;
        if (!step.expects.empty()) made["nonce"] = step.nonce;
        if (step.times != 1) made["times"] = step.times;
        if (step.blocks != 0 || step.seconds != 0) made["wait"] = Json{{"blocks", step.blocks}, {"seconds", step.seconds}};
        json["steps"].push_back(std::move(made));
    }
    for (const Preparation& each : recipe.attacker)
        json["attacker"].push_back(
            Json{{"to", each.to}, {"data", vm::to_hex(each.data)}, {"value", vm::to_decimal(each.value)}});
    return json;
}

Json outcome(const Trace& trace) {
    Json json{{"gain", vm::to_decimal(trace.gain)},
              {"ether", Json::array()},
              {"tokens", Json::array()},
              {"invariants", Json::array()}};
    if (trace.entry) json["entry"] = vm::to_decimal(*trace.entry);
    for (const Holding& token : trace.tokens)
        json["tokens"].push_back(
            Json{{"name", token.name}, {"before", vm::to_decimal(token.before)}, {"after", vm::to_decimal(token.after)}});
    for (const Holding& holding : trace.ether)
        json["ether"].push_back(Json{
            {"name", holding.name}, {"before", vm::to_decimal(holding.before)}, {"after", vm::to_decimal(holding.after)}});
    for (const InvariantChange& change : trace.invariants)
        json["invariants"].push_back(
            Json{{"contract", change.contract},
                 {"contract_index", static_cast<std::uint32_t>(change.invariant.contract)},
                 {"label", change.label},
                 {"property_kind", to_string(change.invariant.kind)},
                 {"property_index", change.invariant.index},
                 {"text", change.text},
                 {"before", {{"holds", known(change.held_before)}, {"operands", operands(change.before)}}},
                 {"after", {{"holds", known(change.holds_after)}, {"operands", operands(change.after)}}}});
    return json;
}

Json json_of(const Trace& trace) {
    const AttackScript& script = trace.script;
    const lang::SourceFile& file = script.compilation->sources->files().front();
    Json json{{"format", trace_format},
              {"fork", vm::name_of(script.recipe.fork)},
              {"finding",
               {{"id", script.id},
                {"kind", script.kind},
                {"contract", script.contract},
                {"contract_index", static_cast<std::uint32_t>(script.which.contract)},
                {"property", script.property},
                {"property_kind", to_string(script.which.kind)},
                {"property_index", script.which.index}}},
              {"outcome", outcome(trace)},
              {"source", {{"path", file.path}, {"text", file.text}}},
              {"attacker", {{"source", script.attacker_source}}},
              {"setup", setup(script.recipe)}};
    if (script.recipe.gas_limit != Recipe::usual_gas_limit) json["gas_limit"] = script.recipe.gas_limit;
    add_imports(json, *script.compilation);
    add_bytecodes(json, *script.compilation);
    if (const auto& limit = script.limit) {
        json["limit"] = {{"contract", limit->contract},
                         {"view", limit->view},
                         {"selector", limit->selector},
                         {"limit", vm::to_decimal(limit->limit)},
                         {"total", limit->is_total}};
        if (limit->id) json["limit"]["id"] = vm::to_decimal(*limit->id);
        if (limit->id) json["limit"]["idFirst"] = limit->is_id_first;
    }
    if (const auto& serial = script.serial)
        json["serial"] = {{"asset", serial->asset}, {"most", vm::to_decimal(serial->most)}};
    json["contracts"] = Json::array();
    json["transactions"] = Json::array();
    for (const DeployedCode& code : trace.contracts)
        json["contracts"].push_back(Json{{"name", code.name},
                                         {"address", vm::to_hex(code.address)},
                                         {"creation_data", vm::to_hex(code.creation_data)},
                                         {"runtime_code", vm::to_hex(code.runtime_code)},
                                         {"code_hash", vm::to_hex(code.code_hash)}});
    for (const TransactionRecord& record : trace.transactions) json["transactions"].push_back(transaction(record));
    return json;
}

}  // namespace

std::string to_json(const Trace& trace) { return json_of(trace).indented_text() + "\n"; }

}  // namespace interlock::analyzer
