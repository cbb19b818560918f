// Reads trace files. A file may come from anybody, so everything is checked.
#include "analyzer/report/trace_reader.hpp"

#include <map>
#include <memory>

#include "analyzer/bytecode/assemble.hpp"
#include "analyzer/bytecode/code_text.hpp"
#include "lang/loading/load.hpp"

namespace interlock::analyzer {

namespace {

using Read = nlohmann::json;  // finds members by name quickly, however many there are

constexpr std::uint64_t max_times = 10'000;      // more than a crowd's call is made in a check
constexpr std::size_t max_transactions = 1'000;  // far more than any attack within the bounds of `check` has

struct NoTrace {
    std::string why;
};

// A part of the file and its name: "transactions[2].value".
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

    [[nodiscard]] std::uint32_t index() const {
        if (!json_.is_number_unsigned() || json_.get<std::uint64_t>() > UINT32_MAX) throw NoTrace{name_ + " is no index"};
        return json_.get<std::uint32_t>();
    }

    [[nodiscard]] std::uint64_t number() const {
        if (!json_.is_number_unsigned()) throw NoTrace{name_ + " is no number"};
        return json_.get<std::uint64_t>();
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

    [[nodiscard]] Address address() const {
        const Bytes read = bytes();
        if (read.size() != Address::size) throw NoTrace{name_ + " is no address"};
        Address address;
        std::ranges::copy(read, address.bytes.begin());
        return address;
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

// The source files that a trace contains.
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

lang::Compilation compile_held(const Part& trace, vm::Fork fork) {
    const Part source = trace["source"];
    if (!trace.has("imports")) return lang::compile(source["path"].text(), source["text"].text(), {}, {.fork = fork});
    const Part imports = trace["imports"];
    HeldFiles files(imports["files"]);
    lang::ImportOptions options{.loader = &files, .remappings = {}, .include_paths = {}};
    for (const Part& each : imports["include_paths"].list()) options.include_paths.push_back(each.text());
    for (const Part& each : imports["remappings"].list())
        options.remappings.push_back({each["context"].text(), each["prefix"].text(), each["target"].text()});
    return lang::compile(source["path"].text(), source["text"].text(), options, {.fork = fork});
}

std::shared_ptr<const lang::Compilation> assemble_held(const Part& trace, vm::Fork fork) {
    auto sources = std::make_shared<lang::Sources>();
    sources->add(trace["source"]["path"].text(), trace["source"]["text"].text());
    if (trace.has("imports"))
        for (const Part& file : trace["imports"]["files"].list()) sources->add(file["path"].text(), file["text"].text());
    std::vector<lang::Bytecode> bytecodes;
    for (const Part& each : trace["bytecode"].list(max_transactions)) {
        std::vector<lang::LinkReference> links;
        for (const Part& link : each["links"].list(max_transactions))
            links.push_back({link["library"].text(), link["offset"].index()});
        bytecodes.push_back({each["name"].text(), each["path"].text(), each["code"].bytes(), each["abi"].text(),
                             std::move(links), each["library"].flag(), each["source_map"].text()});
        if (bytecodes.back().code.size() > max_code_bytes) throw NoTrace{"a code is too large"};
    }
    auto made = assemble(std::move(bytecodes), std::move(sources), fork);
    if (const auto* why = std::get_if<std::string>(&made)) throw NoTrace{*why};
    return std::get<Assembly>(made).compilation;
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
    const std::optional<PropertyKind> kind = property_kind_of(finding["property_kind"].text());
    if (!kind) throw NoTrace{"finding.property_kind is no kind of property"};
    script.which = {static_cast<ArtifactIndex>(finding["contract_index"].index()), *kind, finding["property_index"].index()};
    script.attacker_source = trace["attacker"]["source"].text();
    if (trace.has("limit")) {
        const Part limit = trace["limit"];
        script.limit = {limit["contract"].text(), limit["view"].text(), limit["selector"].index(), limit["limit"].amount(),
                        limit.has("total") && limit["total"].flag()};
        if (limit.has("id")) script.limit->id = limit["id"].amount();
        script.limit->is_id_first = limit.has("idFirst") && limit["idFirst"].flag();
    }
    if (trace.has("serial")) script.serial = {trace["serial"]["asset"].text(), trace["serial"]["most"].amount()};
    for (const Part& tx : trace["transactions"].list(max_transactions))
        script.transactions.push_back({tx["from"].text(),
                                       tx["to"].text(),
                                       tx["value"].amount(),
                                       tx["data"].bytes(),
                                       tx["attack"].flag(),
                                       {tx["wait"]["blocks"].number(), tx["wait"]["seconds"].number()}});
    const Part setup = trace["setup"];
    for (const Part& step : setup["steps"].list(max_transactions))
        script.recipe.steps.push_back(
            {step["from"].text(), step["deploys"].text(), step["environment"].flag(), step["to"].text(),
             step["value"].amount(), step["data"].bytes(), step.has("sets_up") && step["sets_up"].flag(),
             step.has("plays") ? step["plays"].text() : "", step.has("speaks_as") ? step["speaks_as"].text() : "",
             step.has("stands_at") ? std::optional(step["stands_at"].address()) : std::nullopt,
             step.has("expects") ? step["expects"].text() : "", step.has("expects") ? step["nonce"].number() : 0,
             step.has("times") ? std::min(step["times"].number(), max_times) : 1,
             step.has("wait") ? step["wait"]["blocks"].number() : 0,
             step.has("wait") ? step["wait"]["seconds"].number() : 0});
    for (const Part& each : setup["attacker"].list(max_transactions))
        script.recipe.attacker.push_back(
            {each["to"].text(), each["data"].bytes(), each.has("value") ? each["value"].amount() : Word{}});
    const std::optional<vm::Fork> fork = vm::parse_fork(trace["fork"].text());
    if (!fork) throw NoTrace{"its fork is unknown"};
    script.recipe.fork = *fork;
    if (trace.has("gas_limit")) script.recipe.gas_limit = std::min(trace["gas_limit"].number(), World::block_gas_limit);
    if (trace.has("bytecode")) {
        script.compilation = assemble_held(trace, *fork);
        return script;
    }
    auto compilation = std::make_shared<lang::Compilation>(compile_held(trace, *fork));
    if (!compilation->ok())
        throw NoTrace{"its source does not compile:\n" + render(compilation->diagnostics, *compilation->sources, false)};
    script.compilation = std::move(compilation);
    return script;
}

}  // namespace

std::variant<AttackScript, std::string> script_of(const nlohmann::json& trace) {
    try {
        return read_script(Part(trace, Part::whole));
    } catch (const NoTrace& no_trace) {
        return no_trace.why;
    }
}

}  // namespace interlock::analyzer
