// getCode, deployCode, expectCreate: cheatcodes about the code of a contract, given by its name.
#include "analyzer/devnet/foundry/table.hpp"
#include "vm/code.hpp"

namespace interlock::analyzer::foundry {

namespace {

enum class Part : std::uint8_t { Creation, Runtime };

// A contract's name is "Token.sol:Token", "Token.sol", "Token", "src/Token.sol:Token" or "out/Token.sol/Token.json".
// After another colon it may give the compiler's version; there is only one.
struct CodeName {
    std::string file;      // the end of its path; empty: any file
    std::string contract;  // never empty
};

CodeName code_name(std::string_view text) {
    const auto last_part = [](std::string_view path) { return path.substr(path.rfind('/') + 1); };
    if (text.ends_with(".json")) return {"", std::string(last_part(text.substr(0, text.size() - 5)))};
    const std::size_t colon = text.rfind(':');
    if (colon != std::string_view::npos && colon + 1 < text.size() && text[colon + 1] >= '0' && text[colon + 1] <= '9')
        return code_name(text.substr(0, colon));
    if (colon != std::string_view::npos) return {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
    if (!text.ends_with(".sol")) return {"", std::string(last_part(text))};
    const std::string_view file = last_part(text);
    return {std::string(text), std::string(file.substr(0, file.size() - 4))};
}

const lang::Artifact* find(const lang::Compilation& compilation, const CodeName& name) {
    for (const lang::Artifact& each : compilation.artifacts) {
        const std::string& full = each.ir->qualified_name;  // "path:Name"
        const std::string path = full.substr(0, full.rfind(':'));
        if (each.name == name.contract && (name.file.empty() || path == name.file || path.ends_with("/" + name.file)))
            return &each;
    }
    return nullptr;
}

// Returns the code, or a reply that says why there is none.
std::variant<vm::Bytes, vm::Reply> code_of(const Call& call, Part part) {
    const std::string text = call.text(0);
    const CodeName name = code_name(text);
    const lang::Artifact* artifact = find(call.session.compilation(), name);
    std::string problem = "no contract `" + text + "` is in this project";
    if (artifact == nullptr)
        for (const auto& compilation : call.session.project().sources_with(name.file, name.contract)) {
            if (artifact = find(*compilation, name); artifact != nullptr) break;
            if (!compilation->ok()) problem = "the source of `" + text + "` does not compile";
        }
    if (artifact == nullptr) return call.refuse(problem);
    const bool is_creation = part == Part::Creation;
    const bool is_linked = (is_creation ? artifact->creation_links : artifact->runtime_links).empty();
    if (!is_linked) return call.refuse("`" + text + "` needs libraries: use `new`");
    return is_creation ? artifact->creation_code : artifact->runtime_code;
}

vm::Reply give_code(const Call& call, Part part) {
    auto code = code_of(call, part);
    if (vm::Reply* const refusal = std::get_if<vm::Reply>(&code)) return std::move(*refusal);
    return gives(std::get<vm::Bytes>(code));
}

vm::Reply creation_code(const Call& call) { return give_code(call, Part::Creation); }
vm::Reply deployed_code(const Call& call) { return give_code(call, Part::Runtime); }

// The arguments are the name, and then, where declared, the encoded arguments, the value and the salt.
vm::Reply deploy(const Call& call) {
    if (call.message.is_static) return call.refuse("nothing can be created in a static call");
    auto code = code_of(call, Part::Creation);
    if (vm::Reply* const refusal = std::get_if<vm::Reply>(&code)) return std::move(*refusal);
    vm::Message message{.kind = vm::CallKind::Create, .input = std::move(std::get<vm::Bytes>(code))};
    for (std::size_t i = 1; i < call.count(); ++i) {
        if (call.is(i, "bytes")) message.input.insert(message.input.end(), call.bytes(i).begin(), call.bytes(i).end());
        else if (call.is(i, "uint256")) message.value = call.word(i);
        else {
            message.kind = vm::CallKind::Create2;
            message.salt = call.word(i);
        }
    }
    message.sender = call.message.sender;
    message.depth = call.message.depth;
    message.gas = call.message.gas;
    const std::optional<vm::Outcome> outcome = call.session.create(message);
    if (!outcome) return call.refuse("constructors that deploy go too deep");
    const vm::Gas used = message.gas - outcome->gas_left;
    if (!outcome->ok() && outcome->output.empty()) return call.refuse(std::string(vm::name_of(outcome->status)));
    if (!outcome->ok()) return {.revert = true, .output = outcome->output, .gas_used = used};
    return {.output = gives(outcome->created).output, .gas_used = used};
}

vm::Reply expect(const Call& call, vm::CallKind kind) {
    call.arrangement().expected_creations.add({call.bytes(0), call.address(1), kind});
    return nothing();
}

vm::Reply expect_create(const Call& call) { return expect(call, vm::CallKind::Create); }
vm::Reply expect_create2(const Call& call) { return expect(call, vm::CallKind::Create2); }

}  // namespace

Cheatcodes code_cheatcodes() {
    Cheatcodes all{
        {"getCode(string)", creation_code},
        {"getDeployedCode(string)", deployed_code},
        {"expectCreate(bytes,address)", expect_create},
        {"expectCreate2(bytes,address)", expect_create2},
    };
    for (const char* const arguments : {"", ",bytes"})
        for (const char* const value : {"", ",uint256"})
            for (const char* const salt : {"", ",bytes32"})
                all.push_back({std::string("deployCode(string") + arguments + value + salt + ")", deploy});
    return all;
}

}  // namespace interlock::analyzer::foundry
